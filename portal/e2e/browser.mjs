import { mkdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import { keepFailures } from './report.mjs';

const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const screenshots = process.env.SCREENSHOT_DIR;
if (screenshots) mkdirSync(screenshots, { recursive: true });

export const desktop = { width: 1440, height: 900 };
export const phone = { width: 390, height: 844 };

/** `extra` are further switches of the browser's. */
export function launch(extra = []) {
  return chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync', ...extra],
  });
}

/** A page that remembers what went wrong inside it: exceptions, refused styles and scripts, missing texts. */
export async function openPage(browser, baseURL) {
  const context = await browser.newContext({ baseURL, viewport: desktop, locale: 'en-GB', reducedMotion: 'reduce' });
  const page = await context.newPage();
  const faults = [];
  page.on('pageerror', (error) => faults.push(String(error)));
  page.on('console', (message) => {
    // Chromium reports every 4xx; refusals are part of the walk.
    if (message.type() === 'error' && !message.text().startsWith('Failed to load resource')) faults.push(message.text());
  });
  page.setDefaultTimeout(20_000); // the machine may be busy with other tests
  keepFailures((name) => shoot(page, name).catch(() => undefined)); // it may be the browser that has gone
  return { page, faults };
}

/** Waits until nothing is loading any more. */
export async function settled(page) {
  await page.waitForLoadState('networkidle');
  await page.waitForFunction(
    () => document.querySelector('h1') !== null && document.querySelector('[aria-busy="true"], .mantine-Skeleton-root') === null,
  );
}

/** WCAG 2.2 AA by axe; throws with every finding. */
export async function assertAccessible(page) {
  // axe looks at colours one after the other: a button that stops being busy in between has those of two states.
  await page.waitForFunction(() => document.querySelector('[data-loading]') === null);
  // A dialog gets its name a moment after it is there; of one that keeps none axe tells.
  await page.waitForFunction(() => document.querySelector('[role="dialog"]:not([aria-label], [aria-labelledby])') === null, undefined, { timeout: 2000 }).catch(() => undefined);
  await page.evaluate(() => Promise.allSettled(document.getAnimations().filter((a) => a.effect?.getComputedTiming().iterations !== Infinity).map((a) => a.finished)));
  await page.evaluate(axeSource);
  const { violations } = await page.evaluate(() =>
    window.axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] }),
  );
  if (violations.length > 0) {
    const lines = violations.map((violation) => `${violation.id}: ${violation.nodes.slice(0, 3).map((node) => `${node.target.join(' ')} ${node.failureSummary?.split('\n')[1]?.trim() ?? ''}`).join(' | ')}`);
    throw new Error(lines.join('\n      '));
  }
}

/** Nothing may push the page sideways: only tables and commands scroll, inside themselves. */
export async function assertFits(page) {
  const over = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  if (over > 0) throw new Error(`the page is ${over} px wider than the window`);
}

export async function shoot(page, name) {
  if (screenshots) await page.screenshot({ path: join(screenshots, `${name}.png`) });
}

/** Sets the remembered language and theme, as the switches do, for all pages that are opened next. */
export async function look(page, language, theme) {
  await page.evaluate(([l, t]) => {
    localStorage.setItem('roadstead.language', l);
    localStorage.setItem('roadstead.theme', t);
  }, [language, theme]);
}

/** The page of an address in both languages, both themes and two widths, each accessible and no wider than the window; show brings what matters into view. */
export async function assertEverywhere(page, name, path, show = async () => undefined) {
  for (const language of ['en', 'zh-CN']) {
    for (const theme of ['light', 'dark']) {
      await look(page, language, theme);
      for (const size of [desktop, phone]) {
        await page.setViewportSize(size);
        await page.goto(path);
        await settled(page);
        await show(page, language);
        await shoot(page, `${name}-${language}-${theme}-${size.width}`);
        await assertFits(page);
        await assertAccessible(page);
      }
    }
  }
  await page.setViewportSize(desktop);
  await look(page, 'en', 'light');
  await page.goto(path);
  await settled(page);
}

/** Ticks a box. In long tables the tick is drawn a moment after the press, so it is waited for and not looked for at once. */
export async function tick(box) {
  if (await box.isChecked()) return;
  await box.click();
  await box.and(box.page().locator(':checked')).waitFor();
}
