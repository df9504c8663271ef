import { Button } from '@mantine/core';
import { IconX } from '@tabler/icons-react';
import { useEffect, useMemo, useState } from 'react';
import type { Evaluation, MetricValue, RunDetail } from '../../../main/contract/run.ts';
import { CurveChart, type CurveSeries } from '../../charts/CurveChart.tsx';
import { formatCount, formatDuration, formatSigned, formatValue } from '../../charts/format.ts';
import { inReadingOrder, metricName } from '../../charts/metricNames.ts';
import { classColour } from '../../charts/theme.ts';
import { call } from '../../client/engine.ts';
import { ErrorState } from '../../components/ErrorState.tsx';
import { LoadingState } from '../../components/LoadingState.tsx';
import { looksSentence } from '../run/testLooks.ts';
import { configDiff } from './configDiff.ts';
import { haveSameValidationRows } from './sameRows.ts';
import { wholeConfig } from './wholeConfig.ts';

/** Two or more runs side by side: what differs in their files, their metrics, their curves. */
export function ComparePanel({
  projectId,
  runIds,
  onClose,
}: {
  projectId: string;
  runIds: readonly string[];
  onClose: () => void;
}) {
  const [runs, setRuns] = useState<readonly RunDetail[] | null>(null);
  const [configs, setConfigs] = useState<Awaited<ReturnType<typeof wholeConfig>>[]>([]);
  const [error, setError] = useState<unknown>(null);
  const [isAll, setIsAll] = useState(false);
  const key = runIds.join(',');
  useEffect(() => {
    let isStale = false;
    Promise.all(key.split(',').map((runId) => call('run.get', { projectId, runId })))
      .then(async (found) => {
        const whole = await Promise.all(found.map((run) => wholeConfig(run.yaml)));
        if (isStale) return;
        setConfigs(whole);
        setRuns(found);
      })
      .catch((cause: unknown) => !isStale && setError(cause));
    return () => {
      isStale = true;
    };
  }, [projectId, key]);
  const config = useMemo(() => configDiff(configs), [configs]);
  if (error) return <ErrorState error={error} />;
  if (!runs) return <LoadingState label="Reading the runs" />;
  const nDifferent = config.filter((c) => c.isDifferent).length;
  return (
    <section className="compare" aria-label="Compare">
      <header className="compare-head">
        <h2>Compare {runs.length} runs</h2>
        <Button
          size="compact-xs"
          variant="subtle"
          color="gray"
          leftSection={<IconX size={14} stroke={1.4} />}
          onClick={onClose}
        >
          Close
        </Button>
      </header>
      <div className="compare-body">
        <div className="pith-scroll">
          <table className="pith-table">
            <thead>
              <tr>
                <th scope="col">
                  Configuration{' '}
                  <small>
                    {nDifferent} of {config.length} differ
                  </small>
                </th>
                {runs.map((r) => (
                  <th scope="col" key={r.id}>
                    <i className={r.coresetRows === null ? 'dot is-full' : 'dot is-coreset'} />
                    {r.name}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {config
                .filter((c) => isAll || c.isDifferent)
                .map((c) => (
                  <tr key={c.path} className={c.isDifferent ? 'is-different' : undefined}>
                    <td>{c.path}</td>
                    {c.values.map((v, k) => (
                      <td key={runs[k]!.id} className="is-clip" title={v}>
                        {v === '' ? 'default' : v}
                      </td>
                    ))}
                  </tr>
                ))}
              {nDifferent === 0 && !isAll && (
                <tr>
                  <td colSpan={runs.length + 1}>The same configuration.</td>
                </tr>
              )}
            </tbody>
          </table>
          <button type="button" className="pith-link" onClick={() => setIsAll((was) => !was)}>
            {isAll ? 'Show differences only' : `Show ${config.length - nDifferent} equal`}
          </button>
        </div>
        <MetricsTable runs={runs} configs={configs} />
      </div>
      <CompareCurves runs={runs} />
    </section>
  );
}

function mainEvaluation(run: RunDetail): Evaluation | undefined {
  return (
    run.result?.evaluations.find((e) => e.rows === 'coreset') ?? run.result?.evaluations.find((e) => e.rows === 'full')
  );
}

function MetricsTable({
  runs,
  configs,
}: {
  runs: readonly RunDetail[];
  configs: readonly Readonly<Record<string, unknown>>[];
}) {
  const evaluations = runs.map(mainEvaluation);
  const names = inReadingOrder([...new Set(evaluations.flatMap((e) => Object.keys(e?.metrics ?? {})))]).slice(0, 10);
  const isPair = runs.length === 2;
  const base = evaluations[0];
  const isSameRows = haveSameValidationRows(runs, configs);
  return (
    <div className="pith-scroll">
      <table className="pith-table">
        <thead>
          <tr>
            <th scope="col">
              Metric{' '}
              <small>
                {isSameRows ? `validation · ${formatCount(base?.nValidation)} rows` : 'validation · not the same rows'}
              </small>
            </th>
            {runs.map((r) => (
              <th scope="col" key={r.id} className="is-right">
                {r.name}
              </th>
            ))}
            {isPair && (
              <th scope="col" className="is-right">
                Difference
              </th>
            )}
            {isPair && <th scope="col">Reading</th>}
          </tr>
        </thead>
        <tbody>
          {names.map((name) => {
            const values = evaluations.map((e) => e?.metrics[name]);
            const [a, b] = values;
            const { label, isHigherBetter } = metricName(name);
            const best = !isSameRows
              ? null
              : values.reduce(
                  (m, v) => (v && (m === null || (isHigherBetter ? v.value > m : v.value < m)) ? v.value : m),
                  null as number | null,
                );
            return (
              <tr key={name}>
                <td>{label}</td>
                {values.map((v, k) => (
                  <td key={runs[k]!.id} className={v && v.value === best ? 'is-right is-strong' : 'is-right'}>
                    {formatValue(v?.value)}
                  </td>
                ))}
                {isPair && <td className="is-right">{a && b ? formatSigned(a.value - b.value) : '–'}</td>}
                {isPair && <td>{a && b ? (isSameRows ? reading(a, b) : 'other rows') : ''}</td>}
              </tr>
            );
          })}
          <TestMetrics runs={runs} names={names} nColumns={runs.length + (isPair ? 3 : 1)} />
          <tr>
            <td>Time</td>
            {runs.map((r) => (
              <td key={r.id} className="is-right">
                {formatDuration(r.seconds === null ? null : r.seconds * 1000)}
              </td>
            ))}
            {isPair && <td className="is-right">{ratio(runs[0]!.seconds, runs[1]!.seconds)}</td>}
            {isPair && <td>wall time</td>}
          </tr>
        </tbody>
      </table>
    </div>
  );
}

/** Below the validation rows: what each run measured on its test rows, where they were opened. */
function TestMetrics({
  runs,
  names,
  nColumns,
}: {
  runs: readonly RunDetail[];
  names: readonly string[];
  nColumns: number;
}) {
  const tests = runs.map((run) => run.result?.test);
  if (tests.every((test) => !test)) return null;
  const isPair = runs.length === 2;
  const evaluations = tests.map(
    (test, k) => test?.evaluations.find(({ rows }) => rows === mainEvaluation(runs[k]!)?.rows) ?? test?.evaluations[0],
  );
  const looks = Math.max(...tests.map((test) => test?.looks ?? 0));
  const inPart = Math.max(...tests.map((test) => test?.looksInPart ?? 0));
  const sets = runs.filter((_, k) => tests[k]).map((run) => `${run.versionHash} ${run.result?.testRowsHash}`);
  const isSameRows = new Set(sets).size === 1;
  const shown = names.filter((name) => evaluations.some((e) => e?.metrics[name])).slice(0, MAX_TEST_METRICS);
  return (
    <>
      <tr>
        <th scope="rowgroup" colSpan={nColumns}>
          On test rows{' '}
          <small>{isSameRows ? looksSentence(looks, inPart) : 'not the same rows in every run: hard to compare'}</small>
        </th>
      </tr>
      {shown.map((name) => {
        const values = evaluations.map((e) => e?.metrics[name]);
        const [a, b] = values;
        return (
          <tr key={name}>
            <td>{metricName(name).label}</td>
            {values.map((v, k) => (
              <td key={runs[k]!.id} className="is-right" title={intervalText(v)}>
                {tests[k] ? formatValue(v?.value) : runs[k]!.result?.nTest ? 'locked' : 'none kept'}
              </td>
            ))}
            {isPair && <td className="is-right">{a && b ? formatSigned(a.value - b.value) : '–'}</td>}
            {isPair && <td>{a && b ? (isSameRows ? reading(a, b) : 'other rows') : ''}</td>}
          </tr>
        );
      })}
      <tr>
        <td>Runs that looked</td>
        {tests.map((test, k) => (
          <td key={runs[k]!.id} className="is-right">
            {test ? formatCount(test.looks) : '–'}
          </td>
        ))}
        {isPair && <td colSpan={2}>of this project</td>}
      </tr>
    </>
  );
}

const MAX_TEST_METRICS = 5;

const intervalText = (v: MetricValue | undefined): string | undefined =>
  v?.low === undefined || v.high === undefined
    ? undefined
    : `95 % interval ${formatValue(v.low)} to ${formatValue(v.high)}`;

/** Intervals that overlap in their halves leave the difference open; said so rather than ranked. */
function reading(a: { value: number; low?: number | undefined; high?: number | undefined }, b: typeof a): string {
  if (a.low === undefined || a.high === undefined || b.low === undefined || b.high === undefined) return '';
  const isInside = a.value >= b.low && a.value <= b.high && b.value >= a.low && b.value <= a.high;
  return isInside ? 'within error' : 'differs';
}

function ratio(a: number | null, b: number | null): string {
  if (!a || !b) return '–';
  return a <= b ? `${formatValue(b / a, 2)} × less` : `${formatValue(a / b, 2)} × more`;
}

function CompareCurves({ runs }: { runs: readonly RunDetail[] }) {
  const curves = useMemo(() => {
    const of = (kind: 'roc' | 'precisionRecall' | 'calibration', metric: string | null): CurveSeries[] =>
      runs.flatMap((r, k) => {
        const e = mainEvaluation(r);
        const list = e?.[kind];
        // One curve a run is all that can be laid over others.
        if (!e || list?.length !== 1) return [];
        const score = metric === null ? undefined : e.metrics[metric]?.value;
        return [
          {
            name: r.name,
            role: 'neutral' as const,
            colour: classColour(k),
            x: list[0]!.x,
            y: list[0]!.y,
            ...(score !== undefined && { score }),
          },
        ];
      });
    return {
      roc: of('roc', 'rocAuc'),
      pr: of('precisionRecall', 'averagePrecision'),
      calibration: of('calibration', null),
    };
  }, [runs]);
  if (curves.roc.length === 0) return null;
  const subtitle = 'validation rows of each run';
  return (
    <div className="run-curves">
      <CurveChart
        title="ROC"
        subtitle={subtitle}
        series={curves.roc}
        xLabel="false positive rate"
        yLabel="true positive rate"
        hasDiagonal
      />
      <CurveChart
        title="Precision–recall"
        subtitle={subtitle}
        series={curves.pr}
        xLabel="recall"
        yLabel="precision"
        labelAt={{ x: 0.06, y: 0.5 }}
      />
      <CurveChart
        title="Calibration"
        subtitle={subtitle}
        series={curves.calibration}
        xLabel="predicted probability"
        labelAt={{ x: 0.5, y: 0.3 }}
        hasDiagonal
      />
    </div>
  );
}
