import { useMemo, useState, type KeyboardEvent, type ReactNode } from 'react';
import { ChartFrame } from './ChartFrame.tsx';
import { formatParam, formatValue } from './format.ts';
import { parallelAxis } from './parallel.ts';
import { useWidth } from './useWidth.ts';

export interface ParallelTrial {
  readonly number: number;
  readonly params: Readonly<Record<string, unknown>>;
  readonly score: number | null;
}

export interface ParallelCoordinatesProps {
  readonly title: string;
  readonly subtitle: ReactNode;
  readonly trials: readonly ParallelTrial[];
  readonly scoreLabel: string;
  readonly isHigherBetter: boolean;
  readonly height?: number;
  readonly actions?: ReactNode;
}

const TOP = 30;
const SIDE = 30;

/** Every trial as a line through its parameters to its score; the best six are accented, one can be pointed at. */
export function ParallelCoordinates({
  title,
  subtitle,
  trials,
  scoreLabel,
  isHigherBetter,
  height = 260,
  actions,
}: ParallelCoordinatesProps) {
  const [host, width] = useWidth();
  const [pointed, setPointed] = useState<number | null>(null);
  const names = useMemo(() => [...new Set(trials.flatMap((t) => Object.keys(t.params)))], [trials]);
  const bottom = height - 14;
  const axes = useMemo(
    () => [
      ...names.map((n) =>
        parallelAxis(
          n,
          trials.map((t) => t.params[n]),
          TOP,
          bottom,
          formatParam,
        ),
      ),
      parallelAxis(
        scoreLabel,
        trials.map((t) => t.score),
        isHigherBetter ? TOP : bottom,
        isHigherBetter ? bottom : TOP,
        (v) => formatValue(v),
      ),
    ],
    [names, trials, scoreLabel, isHigherBetter, bottom],
  );
  const ranked = useMemo(
    () =>
      trials
        .filter((t) => t.score !== null)
        .sort((a, b) => (isHigherBetter ? b.score! - a.score! : a.score! - b.score!))
        .map((t) => t.number),
    [trials, isHigherBetter],
  );
  const best = ranked[0] ?? null;
  const accented = new Set(ranked.slice(0, 6));
  const x = (k: number) =>
    SIDE + (axes.length === 1 ? 0 : (k / (axes.length - 1)) * Math.max(60, width - 2 * SIDE - 40));
  const path = (t: ParallelTrial) => {
    const points = axes.map((a, k) => ({ x: x(k), y: a.place(k === axes.length - 1 ? t.score : t.params[a.name]) }));
    return points.reduce((d, p, k) => {
      if (p.y === null) return d;
      const before = points[k - 1];
      if (!before || before.y === null) return `${d}M${p.x} ${p.y}`;
      const mid = (before.x + p.x) / 2;
      return `${d}C${mid} ${before.y} ${mid} ${p.y} ${p.x} ${p.y}`;
    }, '');
  };
  const order = [...trials].sort(
    (a, b) =>
      Number(accented.has(a.number)) - Number(accented.has(b.number)) ||
      Number(a.number === best) - Number(b.number === best),
  );
  const shown = trials.find((t) => t.number === (pointed ?? best));
  const step = (event: KeyboardEvent) => {
    if (event.key !== 'ArrowDown' && event.key !== 'ArrowUp') return;
    event.preventDefault();
    const at = ranked.indexOf(pointed ?? best ?? -1);
    const next = ranked[Math.min(ranked.length - 1, Math.max(0, at + (event.key === 'ArrowDown' ? 1 : -1)))];
    if (next !== undefined) setPointed(next);
  };
  const table = {
    columns: ['Trial', ...names, scoreLabel],
    rows: trials.map((t) => [
      t.number,
      ...names.map((n) => formatParam(t.params[n])),
      t.score === null ? null : formatValue(t.score),
    ]),
  };
  return (
    <ChartFrame title={title} subtitle={subtitle} height={height + 20} table={table} actions={actions}>
      <div ref={host} style={{ height: height + 20 }}>
        {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- arrow keys walk the trials */}
        <svg
          width="100%"
          height={height}
          role="img"
          // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- arrow keys walk the trials
          tabIndex={0}
          onKeyDown={step}
          aria-label={`${title}: ${trials.length} trials, best ${scoreLabel} ${formatValue(trials.find((t) => t.number === best)?.score)}. Up and down walk the trials by rank.`}
          onPointerLeave={() => setPointed(null)}
        >
          {width > 0 &&
            order.map((t) => {
              const classes = [
                'parallel-line',
                accented.has(t.number) && 'is-good',
                t.number === best && 'is-best',
                t.number === pointed && 'is-pointed',
              ]
                .filter(Boolean)
                .join(' ');
              return (
                <g key={t.number} onPointerEnter={() => setPointed(t.number)}>
                  <path d={path(t)} className="parallel-hit" />
                  <path d={path(t)} className={classes} />
                </g>
              );
            })}
          {width > 0 &&
            axes.map((a, k) => (
              <g key={a.name}>
                <line x1={x(k)} x2={x(k)} y1={TOP} y2={bottom} className="svg-axis" />
                <text
                  x={x(k)}
                  y={14}
                  textAnchor={k === 0 ? 'start' : k === axes.length - 1 ? 'end' : 'middle'}
                  className="svg-label is-strong"
                  dx={k === 0 ? -SIDE + 2 : k === axes.length - 1 ? 44 : 0}
                >
                  {a.name}
                  {a.kind === 'log' ? ' (log)' : ''}
                </text>
                {a.ticks.map((t) => (
                  // The halo keeps a label readable where lines cross it.
                  <text key={t.label} x={x(k) + 5} y={t.y + 4} className="svg-hint has-halo">
                    {t.label.length > 14 ? `${t.label.slice(0, 13)}…` : t.label}
                  </text>
                ))}
              </g>
            ))}
        </svg>
        <p className="chart-note" aria-live="polite">
          {shown &&
            `${shown.number === best ? 'Best: trial' : 'Trial'} ${shown.number} · ${scoreLabel} ${formatValue(shown.score)} · ${names.map((n) => `${n} ${formatParam(shown.params[n])}`).join(' · ')}`}
        </p>
      </div>
    </ChartFrame>
  );
}
