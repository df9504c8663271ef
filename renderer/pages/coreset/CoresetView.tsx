import { Button, Menu } from '@mantine/core';
import { IconChevronDown, IconPlayerPlay } from '@tabler/icons-react';
import { useCallback, useMemo, useState } from 'react';
import type { EngineEvent } from '../../../main/contract/channels.ts';
import type { CoresetInfo } from '../../../main/contract/coreset.ts';
import type { Dataset } from '../../../main/contract/data.ts';
import type { Job } from '../../../main/contract/jobs.ts';
import { CoresetTree } from '../../charts/CoresetTree.tsx';
import { formatBytes, formatCount, formatDuration, formatShare, formatValue } from '../../charts/format.ts';
import { call } from '../../client/engine.ts';
import { ErrorState } from '../../components/ErrorState.tsx';
import { LoadingState } from '../../components/LoadingState.tsx';
import { Segmented } from '../../components/Segmented.tsx';
import { ChangeDialog, type Change } from './ChangeDialogs.tsx';
import { EditsPanel } from './EditsPanel.tsx';
import { FidelitySection } from './FidelitySection.tsx';
import { EXCESS, fidelityMeasures } from './fidelityView.ts';
import { GapFacts } from './GapFacts.tsx';
import { ImportantSamples } from './ImportantSamples.tsx';
import { ModelFacts, SavedFacts } from './ModelFacts.tsx';
import { formatMoment } from './moment.ts';
import { RepresentsDialog } from './RepresentsDialog.tsx';
import { serviceLabel } from './services.ts';
import { useReading } from '../run/useReading.ts';
import { WeightsHistogram } from './WeightsHistogram.tsx';

export interface CoresetViewProps {
  readonly projectId: string;
  readonly coresetId: string;
  readonly isReadOnly: boolean;
  readonly jobs: readonly Job[];
  readonly versionHash: string | null;
  readonly datasets: readonly Dataset[];
  readonly onTrain: (info: CoresetInfo, level: number) => void;
  readonly onDrawAgain: (info: CoresetInfo) => void;
  readonly onErase: (info: CoresetInfo) => void;
}

/** One coreset: how faithful it is, its tree, its rows and its edits. */
export function CoresetView({
  projectId,
  coresetId,
  isReadOnly,
  jobs,
  versionHash,
  datasets,
  onTrain,
  onDrawAgain,
  onErase,
}: CoresetViewProps) {
  const [level, setLevel] = useState(0);
  const [measure, setMeasure] = useState<string | null>(null);
  const [revision, setRevision] = useState(0);
  const [isBusy, setIsBusy] = useState(false);
  const [change, setChange] = useState<Change | null>(null);
  const [asked, setAsked] = useState<number | null>(null);

  const read = useCallback(async () => {
    const of = { projectId, coresetId };
    const [info, curve, edits] = await Promise.all([
      call('coreset.info', of),
      call('coreset.fidelity', of),
      call('coreset.edits', of),
    ]);
    return { info, curve, edits };
  }, [projectId, coresetId]);
  const isAbout = useCallback(
    (event: EngineEvent) => event.type === 'changed' && event.projectId === projectId && event.what === 'coresets',
    [projectId],
  );
  const { value: loaded, error, reload, setError } = useReading(read, isAbout);

  const act = async (work: () => Promise<unknown>) => {
    setIsBusy(true);
    try {
      await work();
      await reload();
      setRevision((r) => r + 1);
    } catch (cause) {
      setError(cause);
    } finally {
      setIsBusy(false);
    }
  };

  const curve = loaded?.curve ?? null;
  const measures = useMemo(() => (curve ? fidelityMeasures(curve) : []), [curve]);
  const shownMeasure =
    measure !== null && measures.some((m) => m.key === measure) ? measure : (measures[0]?.key ?? EXCESS);
  if (!loaded)
    return error !== null ? (
      <ErrorState error={error} onRetry={() => void reload()} />
    ) : (
      <LoadingState label="Reading the coreset" />
    );

  const { info, edits } = loaded;
  const size = info.nRows;
  const nDirty = info.nodes.filter((n) => n.isDirty).length;
  return (
    <div className="coreset-view">
      <header className="run-head">
        <div className="run-title">
          <h1>{info.name}</h1>
          {versionHash !== null && <span className="run-chip is-accent">built from {versionHash.slice(0, 7)}</span>}
          <span className="run-chip">{serviceLabel(info.service)}</span>
          {info.target !== null && <span className="run-chip">target {info.target}</span>}
          <div className="run-actions">
            <Menu position="bottom-end" withinPortal>
              <Menu.Target>
                <Button
                  size="xs"
                  variant="default"
                  disabled={isReadOnly}
                  rightSection={<IconChevronDown size={14} stroke={1.4} />}
                >
                  Change
                </Button>
              </Menu.Target>
              <Menu.Dropdown>
                <Menu.Item onClick={() => setChange('append')}>Append rows …</Menu.Item>
                <Menu.Item disabled={info.time === null} onClick={() => setChange('window')}>
                  {info.time === null ? 'Drop the oldest rows (built without a time column)' : 'Drop the oldest rows …'}
                </Menu.Item>
                <Menu.Item disabled={info.service !== 'logistic'} onClick={() => setChange('grow')}>
                  {info.service === 'logistic'
                    ? 'Grow where the model is unsure …'
                    : 'Grow where the model is unsure (logistic only)'}
                </Menu.Item>
                <Menu.Item onClick={() => setChange('filter')}>Take out rows by a condition …</Menu.Item>
                <Menu.Divider />
                <Menu.Item onClick={() => onDrawAgain(info)}>Build another size …</Menu.Item>
                <Menu.Item color="red" onClick={() => onErase(info)}>
                  Delete this coreset …
                </Menu.Item>
              </Menu.Dropdown>
            </Menu>
            <Button
              size="xs"
              leftSection={<IconPlayerPlay size={14} stroke={1.4} />}
              onClick={() => onTrain(info, level)}
            >
              Train on this
            </Button>
          </div>
        </div>
        <p className="run-lineage">
          {formatCount(info.nRows)} rows stand for {formatCount(info.nRowsCovered)} (
          {formatShare(info.nRows / Math.max(1, info.nRowsCovered))}) · weights {formatValue(info.weights.min, 3)} to{' '}
          {formatValue(info.weights.max, 3)}, sum {formatCount(info.weights.sum)} · seed {info.seed} · built in{' '}
          {formatDuration(info.buildMs)} · {formatBytes(info.bytes)}
          {info.sources.length > 1 && ` · ${info.sources.length} data versions`}
          {info.time && ` · ${info.time.column} up to ${formatMoment(info.time.last, info.time.isTime)}`}
        </p>
      </header>
      {error !== null && <ErrorState error={error} />}
      <div className="coreset-columns">
        <div className="coreset-main">
          <FidelitySection
            projectId={projectId}
            info={info}
            curve={curve}
            measure={shownMeasure}
            jobs={jobs}
            isReadOnly={isReadOnly}
            onMeasure={setMeasure}
          />
          <CoresetTree
            nodes={info.nodes}
            level={level}
            subtitle={`training · ${formatCount(info.nRowsCovered)} rows · rows kept in each node, largest weight by level${nDirty > 0 ? ` · ${nDirty} to be recomputed` : ''}`}
          />
          <WeightsHistogram projectId={projectId} coresetId={coresetId} level={level} revision={revision} />
          <ImportantSamples
            projectId={projectId}
            coresetId={coresetId}
            isReadOnly={isReadOnly}
            classes={info.classes.map((c) => c.label)}
            target={info.target}
            onRelabel={(rowId, label) =>
              void act(() => call('coreset.update', { projectId, coresetId, targets: { [rowId]: label } }))
            }
            onAsk={setAsked}
            onRemove={(rowIds) =>
              void act(() => call('coreset.removeSamples', { projectId, coresetId, rowIds: [...rowIds] }))
            }
          />
        </div>
        <aside className="coreset-aside" aria-label="Coreset settings">
          <section className="run-inspector-part">
            <h3>Level</h3>
            <LevelPicker info={info} level={level} onLevel={setLevel} />
            <p className="run-hint">
              Level 0 is the root; each level below has about twice the rows, without reading the data again.
            </p>
          </section>
          {curve && <GapFacts curve={curve} measure={shownMeasure} size={size} />}
          {info.model && <ModelFacts model={info.model} nRows={info.nRows} />}
          {curve?.saved && <SavedFacts saved={curve.saved} />}
          {info.classes.length > 0 && (
            <section className="run-inspector-part">
              <h3>Class sizes</h3>
              <ul className="coreset-classes">
                {info.classes.slice(0, 12).map((c) => (
                  <li key={c.label} title={`${formatCount(c.nRows)} rows stand for ${formatCount(c.nRowsCovered)}`}>
                    <span>{c.label}</span>
                    <i>
                      <b style={{ width: `${(c.nRows / Math.max(1, info.nRows)) * 100}%` }} />
                    </i>
                    <span>{formatCount(c.nRows)}</span>
                  </li>
                ))}
              </ul>
              <p className="run-hint">
                Weights restore{' '}
                {info.classes
                  .slice(0, 4)
                  .map((c) => formatShare(c.nRowsCovered / Math.max(1, info.nRowsCovered)))
                  .join(', ')}
                {info.classes.length > 4 ? ' …' : ''}.
              </p>
            </section>
          )}
          <EditsPanel
            edits={edits}
            isReadOnly={isReadOnly}
            isBusy={isBusy}
            onUndo={() => void act(() => call('coreset.undo', { projectId, coresetId }))}
          />
        </aside>
      </div>
      {change && (
        <ChangeDialog
          change={change}
          projectId={projectId}
          info={info}
          datasets={datasets}
          onDone={() => {
            void reload();
            setRevision((r) => r + 1);
          }}
          onClose={() => setChange(null)}
        />
      )}
      {asked !== null && (
        <RepresentsDialog projectId={projectId} coresetId={coresetId} rowId={asked} onClose={() => setAsked(null)} />
      )}
    </div>
  );
}

function LevelPicker({ info, level, onLevel }: { info: CoresetInfo; level: number; onLevel: (level: number) => void }) {
  const options = Array.from({ length: Math.min(info.nLevels, 8) }, (_, k) => ({
    value: String(k),
    label: k === 0 ? '0 root' : String(k),
  }));
  if (options.length < 2) return <p className="run-hint">The data fits one node: there is only the root.</p>;
  return <Segmented label="Level" value={String(level)} options={options} onChange={(v) => onLevel(Number(v))} />;
}
