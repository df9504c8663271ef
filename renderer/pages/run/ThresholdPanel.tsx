import { NumberInput, Slider } from '@mantine/core';
import { useMemo } from 'react';
import type { Evaluation } from '../../../main/contract/run.ts';
import { Confusion } from '../../charts/Confusion.tsx';
import { formatCount, formatShare } from '../../charts/format.ts';
import { LineChart } from '../../charts/LineChart.tsx';
import {
  bestThresholds,
  costCurve,
  countsAt,
  ratesOf,
  rowsWord,
  toMatrix,
  type ThresholdCounts,
} from './evaluation.ts';

export interface ThresholdPanelProps {
  readonly first: Evaluation;
  readonly full: Evaluation | undefined;
  /** The same model on test rows, once they were opened. */
  readonly test: Evaluation | undefined;
  readonly threshold: number;
  readonly onThreshold: (threshold: number) => void;
  readonly costs: { readonly falseAlarm: number; readonly missed: number };
  readonly onCosts: (costs: { falseAlarm: number; missed: number }) => void;
}

/** Confusion matrix and cost at a threshold of the person's choice, for two classes. */
export function ThresholdPanel({ first, full, test, threshold, onThreshold, costs, onCosts }: ThresholdPanelProps) {
  const counts = countsAt(first, threshold);
  const fullCounts = full && full !== first ? countsAt(full, threshold) : undefined;
  const testCounts = countsAt(test, threshold);
  const { points, best } = useMemo(() => costCurve(first, costs.falseAlarm, costs.missed), [first, costs]);
  const byMetric = useMemo(() => bestThresholds(first), [first]);
  const series = useMemo(
    () => [
      {
        name: '',
        role: first.rows === 'full' ? ('full' as const) : ('coreset' as const),
        x: points.map((p) => p.threshold),
        y: points.map((p) => p.cost),
      },
    ],
    [points, first.rows],
  );
  const verticals = useMemo(() => [{ x: threshold, label: '' }], [threshold]);
  if (!counts) return null;
  const rates = ratesOf(counts);
  const classes = first.classes ?? ['negative', 'positive'];
  const cost = counts.fp * costs.falseAlarm + counts.fn * costs.missed;
  const set = (value: number | string) => {
    const n = typeof value === 'number' ? value : Number.parseFloat(value);
    if (Number.isFinite(n)) onThreshold(Math.min(1, Math.max(0, n)));
  };
  return (
    <>
      <section className="run-inspector-part">
        <div className="run-inspector-row">
          <label htmlFor="threshold">Predict {classes.at(-1)} at or above</label>
          <NumberInput
            id="threshold"
            size="xs"
            w={72}
            min={0}
            max={1}
            step={0.01}
            decimalScale={2}
            fixedDecimalScale
            value={threshold}
            onChange={set}
          />
        </div>
        <Slider
          min={0}
          max={1}
          step={0.01}
          value={threshold}
          onChange={set}
          label={null}
          size="xs"
          thumbLabel="Threshold"
          marks={[
            { value: 0, label: '0' },
            { value: 0.5, label: '0.5' },
            { value: 1, label: '1' },
          ]}
          mb={18}
        />
        {best && (
          <button type="button" className="pith-link" onClick={() => onThreshold(best.threshold)}>
            Lowest cost at {best.threshold.toFixed(2)}
          </button>
        )}
        {byMetric && (
          <p className="run-hint">
            or the best{' '}
            <button type="button" className="pith-link" onClick={() => onThreshold(byMetric.f1)}>
              F1 at {byMetric.f1.toFixed(2)}
            </button>
            {', '}
            <button type="button" className="pith-link" onClick={() => onThreshold(byMetric.balancedAccuracy)}>
              balanced accuracy at {byMetric.balancedAccuracy.toFixed(2)}
            </button>
          </p>
        )}
      </section>
      <section className="run-inspector-part">
        <h3>Confusion at {threshold.toFixed(2)}</h3>
        <p className="run-hint">
          validation · {formatCount(first.nValidation)} rows · {rowsWord(first.rows)}
        </p>
        <Confusion classes={classes} counts={toMatrix(counts)} fullCounts={fullCounts && toMatrix(fullCounts)} />
        <p className="run-facts">
          <span>
            Precision <b>{formatShare(rates.precision, 3)}</b>
          </span>
          <span>
            Recall <b>{formatShare(rates.recall, 3)}</b>
          </span>
          <span>
            Flagged <b>{formatShare(rates.flagged, 3)}</b>
          </span>
        </p>
        {threshold !== 0.5 && (
          <p className="run-hint">
            Chosen on these {formatCount(first.nValidation)} validation rows: expect a little less on new rows.
          </p>
        )}
        {testCounts && <TestFacts counts={testCounts} nRows={test!.nValidation} costs={costs} />}
      </section>
      <section className="run-inspector-part">
        <div className="run-inspector-row">
          <h3>Cost</h3>
          <strong className="run-cost">{formatCount(cost)}</strong>
        </div>
        <div className="run-inspector-row">
          <label htmlFor="cost-fp">False alarm</label>
          <NumberInput
            id="cost-fp"
            size="xs"
            w={64}
            min={0}
            value={costs.falseAlarm}
            onChange={(v) => onCosts({ ...costs, falseAlarm: Number(v) || 0 })}
          />
          <label htmlFor="cost-fn">Missed</label>
          <NumberInput
            id="cost-fn"
            size="xs"
            w={64}
            min={0}
            value={costs.missed}
            onChange={(v) => onCosts({ ...costs, missed: Number(v) || 0 })}
          />
        </div>
        <LineChart
          title="Total cost by threshold"
          subtitle={`${formatCount(first.nValidation)} rows`}
          series={series}
          xLabel="threshold"
          height={130}
          verticals={verticals}
          labelWidth={10}
          isStacked
        />
      </section>
    </>
  );
}

/** What the threshold, chosen elsewhere, does to rows it was not chosen on. */
function TestFacts({
  counts,
  nRows,
  costs,
}: {
  counts: ThresholdCounts;
  nRows: number;
  costs: ThresholdPanelProps['costs'];
}) {
  const { precision, recall, flagged } = ratesOf(counts);
  return (
    <>
      <p className="run-hint">
        On {formatCount(nRows)} test rows, at the same threshold; one chosen by these numbers would flatter them:
      </p>
      <p className="run-facts" aria-label="On test rows">
        <span>
          Precision <b>{formatShare(precision, 3)}</b>
        </span>
        <span>
          Recall <b>{formatShare(recall, 3)}</b>
        </span>
        <span>
          Flagged <b>{formatShare(flagged, 3)}</b>
        </span>
        <span>
          Cost <b>{formatCount(counts.fp * costs.falseAlarm + counts.fn * costs.missed)}</b>
        </span>
      </p>
    </>
  );
}
