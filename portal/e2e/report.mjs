let passed = 0;
let failed = 0;

let seen = () => undefined;

/** Says how what is on the screen is kept when a step fails. */
export function keepFailures(keep) {
  seen = keep;
}

/** Runs one step and goes on after a failure: a run shows everything that is wrong. */
export async function step(name, run) {
  try {
    await run();
    passed++;
    console.log(`  ok    ${name}`);
    return true;
  } catch (error) {
    failed++;
    console.error(`  FAIL  ${name}\n      ${error.message}`);
    await seen(`failed-${failed}`);
    return false;
  }
}

export function finish() {
  console.log(`${passed} passed, ${failed} failed`);
  process.exitCode = failed > 0 || passed === 0 ? 1 : 0;
}
