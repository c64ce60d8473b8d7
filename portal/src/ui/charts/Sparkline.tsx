import { areaPath, linePath } from './scale';
import classes from './TimeChart.module.css';

interface Props {
  values: number[];
  /** what it shows, in words: "42 pulls in 30 days" */
  label: string;
  width?: number;
  height?: number;
}

/** A line without axes, beside a number. */
export function Sparkline({ values, label, width = 96, height = 24 }: Props) {
  const highest = Math.max(1, ...values);
  const inner = height - 4;
  return (
    <svg width={width} height={height} role="img" aria-label={label} viewBox={`-1 -2 ${width + 2} ${height}`}>
      <path d={areaPath(values, width, inner, highest)} className={classes.area} />
      <path d={linePath(values, width, inner, highest)} className={classes.line} />
    </svg>
  );
}
