import { useMemo } from 'react';
import type { Evaluation } from '../../../main/contract/run.ts';
import { CurveChart, type CurveSeries } from '../../charts/CurveChart.tsx';
import { formatCount, formatShare } from '../../charts/format.ts';
import { classColour } from '../../charts/theme.ts';
import { countsAt, ratesOf, rowsWord } from './evaluation.ts';

export interface ClassificationCurvesProps {
  readonly evaluations: readonly Evaluation[];
  readonly threshold: number | null;
}

type CurveKind = 'roc' | 'precisionRecall' | 'calibration';

/** ROC, precision–recall and calibration, side by side. */
export function ClassificationCurves({ evaluations, threshold }: ClassificationCurvesProps) {
  const first = evaluations[0];
  const nClasses = first?.roc?.length ?? 0;
  const subtitle = `validation · ${formatCount(first?.nValidation)} rows${
    nClasses > MAX_CLASSES ? ` · first ${MAX_CLASSES} of ${formatCount(nClasses)} classes` : ''
  }`;
  const counts = threshold === null ? undefined : countsAt(first, threshold);
  const rates = counts && ratesOf(counts);
  const roc = useMemo(() => toSeries(evaluations, 'roc', 'rocAuc'), [evaluations]);
  const precisionRecall = useMemo(() => toSeries(evaluations, 'precisionRecall', 'averagePrecision'), [evaluations]);
  const calibration = useMemo(() => toSeries(evaluations, 'calibration', null), [evaluations]);
  const recall = rates?.recall ?? null;
  const precision = rates?.precision ?? null;
  const falsePositiveRate = rates?.falsePositiveRate ?? null;
  const rocMarker = useMemo(
    () =>
      recall !== null && falsePositiveRate !== null
        ? { x: falsePositiveRate, y: recall, label: `threshold ${threshold?.toFixed(2) ?? ''}` }
        : undefined,
    [recall, falsePositiveRate, threshold],
  );
  const prMarker = useMemo(
    () => (recall !== null && precision !== null ? { x: recall, y: precision, label: '' } : undefined),
    [recall, precision],
  );
  const base = counts ? (counts.tp + counts.fn) / Math.max(1, counts.tp + counts.fn + counts.fp + counts.tn) : null;
  const reference = useMemo(
    () => (base === null ? undefined : { y: base, label: `base rate ${formatShare(base)}` }),
    [base],
  );
  return (
    <div className="run-curves">
      {roc.length > 0 && (
        <CurveChart
          title="ROC"
          subtitle={subtitle}
          series={roc}
          xLabel="false positive rate"
          yLabel="true positive rate"
          hasDiagonal
          {...(rocMarker && { marker: rocMarker })}
        />
      )}
      {precisionRecall.length > 0 && (
        <CurveChart
          title="Precision–recall"
          subtitle={subtitle}
          series={precisionRecall}
          xLabel="recall"
          yLabel="precision"
          labelAt={base !== null && base > 0.35 ? PR_LABELS_LOW : PR_LABELS}
          {...(prMarker && { marker: prMarker })}
          {...(reference && { reference })}
        />
      )}
      {calibration.length > 0 && (
        <CurveChart
          title="Calibration"
          subtitle={subtitle}
          series={calibration}
          xLabel="predicted probability"
          yLabel="share observed"
          labelAt={CALIBRATION_LABELS}
          hasDiagonal
        />
      )}
    </div>
  );
}

const PR_LABELS = { x: 0.06, y: 0.5 };
/** Below the line of the base rate, where that stands high. */
const PR_LABELS_LOW = { x: 0.06, y: 0.26 };
const CALIBRATION_LABELS = { x: 0.52, y: 0.24 };
const MAX_CLASSES = 7;

/** Two classes: a line per kind of rows. More: a line per class, of the first kind of rows. */
function toSeries(evaluations: readonly Evaluation[], kind: CurveKind, metric: string | null): CurveSeries[] {
  const nCurves = evaluations[0]?.[kind]?.length ?? 0;
  if (nCurves > 1) {
    const first = evaluations[0]!;
    return (first[kind] ?? []).slice(0, MAX_CLASSES).map((curve, k) => ({
      name: first.classes?.[k] ?? `class ${k}`,
      role: first.rows === 'full' ? 'full' : 'coreset',
      x: curve.x,
      y: curve.y,
      colour: classColour(k),
    }));
  }
  return evaluations.flatMap((e) => {
    const curve = e[kind]?.[0];
    if (!curve) return [];
    const score = metric === null ? undefined : e.metrics[metric]?.value;
    return [
      {
        name: rowsWord(e.rows),
        role: e.rows === 'full' ? ('full' as const) : ('coreset' as const),
        x: curve.x,
        y: curve.y,
        ...(score !== undefined && { score }),
      },
    ];
  });
}
