/** Round values from zero to at least the highest, three to five of them: where a chart draws its lines. */
export function ticks(highest: number, base: 10 | 1024 = 10): number[] {
  if (!(highest > 0)) return [0, 1];
  const unit = base === 1024 ? 1024 ** Math.floor(Math.log(highest) / Math.log(1024)) : 1;
  const step = niceStep(highest / unit / 4) * unit;
  // Things that are counted have no halves.
  const whole = base === 10 ? Math.max(1, step) : step;
  return Array.from({ length: Math.ceil(highest / whole - 1e-9) + 1 }, (_, i) => i * whole);
}

function niceStep(rough: number): number {
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 2.5, 5, 10].find((each) => each * power >= rough) ?? 10;
  return step * power;
}

/** A straight line through points that are evenly spaced over a width, as SVG has it. */
export function linePath(values: readonly number[], width: number, height: number, highest: number): string {
  return values.map((value, i) => `${i === 0 ? 'M' : 'L'}${xOf(i, values.length, width)} ${yOf(value, height, highest)}`).join('');
}

export function areaPath(values: readonly number[], width: number, height: number, highest: number): string {
  return values.length === 0 ? '' : `${linePath(values, width, height, highest)}L${xOf(values.length - 1, values.length, width)} ${height}L0 ${height}Z`;
}

export const xOf = (index: number, count: number, width: number) => round(count < 2 ? 0 : (index / (count - 1)) * width);
export const yOf = (value: number, height: number, highest: number) => round(highest > 0 ? height - (value / highest) * height : height);

/** Which of the evenly spaced points is the nearest to a place. */
export const nearest = (x: number, count: number, width: number) =>
  Math.max(0, Math.min(count - 1, Math.round((x / Math.max(width, 1)) * (count - 1))));

const round = (value: number) => Math.round(value * 10) / 10;
