import { render } from '@testing-library/react';
import { describe, expect, test } from 'vitest';
import { Markdown } from './Markdown';

const drawn = (text: string) => render(<Markdown text={text} />).container;

describe('what a README may hold', () => {
  test('is drawn as it reads', () => {
    const page = drawn('# Tide\n\nUse `make` and **wait**.\n\n- [ ] one\n  - two\n\n| a | b |\n|--|--:|\n| 1 | *2* |\n\n```sh\nmake <all>\n```\n');
    expect(page.querySelector('h3')?.textContent).toBe('Tide');
    expect(page.querySelector('p code')?.textContent).toBe('make');
    expect(page.querySelector('li li')?.textContent).toBe('two');
    expect(page.querySelector('td[align="right"] em')?.textContent).toBe('2');
    expect(page.querySelector('pre')?.textContent).toBe('make <all>');
  });

  test.each([
    '<script>alert(1)</script>',
    '<img src=x onerror=alert(1)>',
    'a <b onclick="alert(1)">b</b> <iframe src="//x"></iframe>',
    '![p](https://example.com/p.png)',
    '<svg><style>@import url(x)</style></svg>',
    '<div><!-- <script>alert(1)</script> --></div>',
    '<scr<script>ipt>alert(1)</script>',
  ])('brings no markup and loads nothing: %s', (text) => {
    const page = drawn(text);
    expect(page.querySelector('script, img, iframe, svg, style, [onclick], [onerror]')).toBeNull();
  });

  test.each(['[x](javascript:alert(1))', '[x](JaVaScRiPt:alert(1))', '[x](data:text/html,1)', '[x](vbscript:1)', '[x](//example.com)', '[x](java&#x0A;script:alert(1))', '<javascript:alert(1)>'])('links nowhere but to the web: %s', (text) => {
    expect(drawn(text).querySelector('a')).toBeNull();
  });

  test('links to the web open elsewhere and tell nothing', () => {
    const link = drawn('[guide](https://example.com/g)').querySelector('a');
    expect(link?.getAttribute('href')).toBe('https://example.com/g');
    expect(link?.rel).toContain('noreferrer');
    expect(link?.target).toBe('_blank');
  });

  test('words of a block of HTML stay', () => {
    expect(drawn('<p align="center">The <b>tide</b></p>').textContent?.replace(/\s+/g, ' ')).toBe('The tide');
  });
});
