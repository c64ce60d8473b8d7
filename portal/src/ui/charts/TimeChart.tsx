import { useElementSize } from '@mantine/hooks';
import { useState, type KeyboardEvent, type PointerEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { areaPath, linePath, nearest, ticks, xOf, yOf } from './scale';
import classes from './TimeChart.module.css';

export interface Series {
  name: string;
  values: number[];
}

interface Props {
  title: string;
  /** 2026-11-21, one for each value */
  days: string[];
  /** at most two: told apart by a full and a broken line, and by their names */
  series: Series[];
  format: (value: number) => string;
  base?: 10 | 1024;
  /** what stands in the legend while no day is pointed at */
  summary: (series: Series) => number;
}

const height = 120;
const axis = 18;
/** for the numbers beside the lines */
const side = 52;

/** Values over days: for the eyes a chart, for everybody else, and for copying, a table. */
export function TimeChart({ title, days, series, format, base = 10, summary }: Props) {
  const { t, i18n } = useTranslation();
  const { ref, width: whole } = useElementSize<HTMLDivElement>();
  const width = Math.max(0, whole - side);
  const [at, setAt] = useState<number>();
  const lines = ticks(Math.max(0, ...series.flatMap(({ values }) => values)), base);
  const highest = lines.at(-1) ?? 1;
  const date = new Intl.DateTimeFormat(i18n.language, { month: 'short', day: 'numeric', timeZone: 'UTC' });
  const dayName = (index: number) => (days[index] ? date.format(new Date(days[index])) : '');

  function onPointerMove(event: PointerEvent<HTMLDivElement>) {
    const box = event.currentTarget.getBoundingClientRect();
    setAt(nearest(event.clientX - box.left - side, days.length, box.width - side));
  }
  function onKeyDown(event: KeyboardEvent) {
    const steps: Record<string, number> = { ArrowLeft: -1, ArrowRight: 1, Home: -days.length, End: days.length };
    const step = steps[event.key];
    if (event.key === 'Escape') setAt(undefined);
    if (step === undefined) return;
    event.preventDefault();
    setAt(Math.max(0, Math.min(days.length - 1, (at ?? days.length - 1) + step)));
  }
  return (
    <figure className={classes.figure} aria-label={title}>
      <div className={classes.legend} aria-live="polite">
        {series.map((each, i) => (
          <span key={each.name} className={classes.entry}>
            <svg width="18" height="8" aria-hidden>
              <line x1="1" x2="17" y1="4" y2="4" className={classes.line} data-series={i} />
            </svg>
            {each.name} <b className="tabular">{format(at === undefined ? summary(each) : (each.values[at] ?? 0))}</b>
          </span>
        ))}
        <span className={classes.when}>{at === undefined ? t('charts.days', { count: days.length }) : dayName(at)}</span>
      </div>
      <div
        ref={ref}
        className={classes.plot}
        tabIndex={0}
        role="slider"
        aria-label={t('charts.pick', { title })}
        aria-orientation="horizontal"
        aria-valuemin={0}
        aria-valuemax={Math.max(0, days.length - 1)}
        aria-valuenow={at ?? Math.max(0, days.length - 1)}
        aria-valuetext={`${dayName(at ?? days.length - 1)}: ${series.map((each) => `${each.name} ${format(each.values[at ?? days.length - 1] ?? 0)}`).join(', ')}`}
        onPointerMove={onPointerMove}
        onPointerLeave={() => setAt(undefined)}
        onKeyDown={onKeyDown}
        onBlur={() => setAt(undefined)}
      >
        {width > 0 && (
          <svg width={whole} height={height + axis} viewBox={`${-side} 0 ${whole} ${height + axis}`} aria-hidden focusable="false">
            {lines.map((value) => (
              <g key={value}>
                <line x1="0" x2={width} y1={yOf(value, height, highest)} y2={yOf(value, height, highest)} className={classes.grid} />
                <text x={-8} y={yOf(value, height, highest) + 4} textAnchor="end" className={classes.label}>
                  {format(value)}
                </text>
              </g>
            ))}
            {series[0] && <path d={areaPath(series[0].values, width, height, highest)} className={classes.area} />}
            {series.map((each, i) => (
              <path key={each.name} d={linePath(each.values, width, height, highest)} className={classes.line} data-series={i} />
            ))}
            {at !== undefined && (
              <>
                <line x1={xOf(at, days.length, width)} x2={xOf(at, days.length, width)} y1="0" y2={height} className={classes.cursor} />
                {series.map((each, i) => (
                  <circle key={each.name} cx={xOf(at, days.length, width)} cy={yOf(each.values[at] ?? 0, height, highest)} r="3.5" className={classes.dot} data-series={i} />
                ))}
              </>
            )}
            <text x="0" y={height + 14} className={classes.label}>
              {dayName(0)}
            </text>
            <text x={width} y={height + 14} textAnchor="end" className={classes.label}>
              {dayName(days.length - 1)}
            </text>
          </svg>
        )}
      </div>
      <details className={classes.numbers}>
        <summary>{t('charts.table')}</summary>
        <div className={classes.scroll} tabIndex={0} role="region" aria-label={title}>
          <table>
            <thead>
              <tr>
                <th scope="col">{t('charts.day')}</th>
                {series.map(({ name }) => (
                  <th key={name} scope="col">
                    {name}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {days.map((day, i) => (
                <tr key={day}>
                  <th scope="row">{day}</th>
                  {series.map(({ name, values }) => (
                    <td key={name}>{format(values[i] ?? 0)}</td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      </details>
    </figure>
  );
}
