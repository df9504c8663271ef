import { extent } from './scales.ts';

/** A word-sized line with a dot at its end. */
export function Sparkline({
  values,
  label,
  width = 68,
  height = 20,
}: {
  values: readonly number[];
  label: string;
  width?: number;
  height?: number;
}) {
  const range = extent(values);
  if (!range || values.length < 2) return <span style={{ display: 'inline-block', width, height }} aria-hidden />;
  const x = (k: number) => 2 + (k / (values.length - 1)) * (width - 6);
  const y = (v: number) =>
    range[0] === range[1] ? height / 2 : height - 3 - ((v - range[0]) / (range[1] - range[0])) * (height - 6);
  const path = values.map((v, k) => `${k === 0 ? 'M' : 'L'}${x(k).toFixed(1)} ${y(v).toFixed(1)}`).join('');
  return (
    <svg width={width} height={height} role="img" aria-label={label}>
      <path d={path} className="spark-line" />
      <circle cx={x(values.length - 1)} cy={y(values.at(-1)!)} r={2.5} className="spark-dot" />
    </svg>
  );
}
