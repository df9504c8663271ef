import { Button, Select } from '@mantine/core';
import { IconBulb } from '@tabler/icons-react';
import { useState } from 'react';
import type { Dataset } from '../../../main/contract/data.ts';
import { formatCount } from '../../charts/format.ts';
import { call } from '../../client/engine.ts';
import { ErrorState } from '../../components/ErrorState.tsx';
import { YamlEditor } from './editor/YamlEditor.tsx';
import { ProposeCandidates } from './ProposeCandidates.tsx';

export interface ProposePanelProps {
  readonly projectId: string;
  readonly datasets: readonly Dataset[];
  readonly onUse: (yaml: string, name: string, isStarted: boolean) => void;
  readonly isReadOnly: boolean;
}

interface Proposal {
  readonly yaml: string;
  readonly reasons: readonly string[];
  readonly target: string;
}

/** Data and target in, a configuration with its reasons out. */
export function ProposePanel({ projectId, datasets, onUse, isReadOnly }: ProposePanelProps) {
  const [datasetId, setDatasetId] = useState(datasets[0]?.id ?? null);
  const dataset = datasets.find((d) => d.id === datasetId) ?? datasets[0];
  const version = dataset?.versions[0];
  const [target, setTarget] = useState<string | null>(null);
  const [proposal, setProposal] = useState<Proposal | null>(null);
  const [isBusy, setIsBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const propose = async (chosen: string | null) => {
    if (!version) return;
    setTarget(chosen);
    setIsBusy(true);
    setError(null);
    try {
      setProposal(
        await call('config.propose', { projectId, versionId: version.id, ...(chosen !== null && { target: chosen }) }),
      );
    } catch (cause) {
      setError(cause);
    } finally {
      setIsBusy(false);
    }
  };
  const name = `${dataset?.name ?? 'train'}${target === null ? '' : `-${target}`}`
    .replace(/[^\w.-]+/g, '-')
    .toLowerCase();
  return (
    <section className="propose" aria-label="Propose a configuration">
      <h2>What do you want to predict?</h2>
      <p className="run-hint">
        Pith looks at the column, the size and the kinds of features, and writes a configuration you can change.
      </p>
      <div className="propose-choice">
        <Select
          label="Data set"
          size="xs"
          allowDeselect={false}
          data={datasets.map((d) => ({ value: d.id, label: `${d.name} · ${formatCount(d.versions[0]?.nRows)} rows` }))}
          value={dataset?.id ?? null}
          onChange={(v) => {
            setDatasetId(v);
            setTarget(null);
            setProposal(null);
          }}
        />
        <Select
          label="Target"
          size="xs"
          searchable
          data={version?.columns.map((c) => c.name) ?? []}
          value={target}
          placeholder="Choose a column"
          onChange={(v) => void propose(v)}
        />
        <Button size="xs" variant="default" loading={isBusy} disabled={!version} onClick={() => void propose(null)}>
          Suggest the target too
        </Button>
      </div>
      {error !== null && <ErrorState error={error} />}
      {proposal && version && (
        <>
          <ProposeCandidates
            key={`${version.id}/${proposal.target}`}
            projectId={projectId}
            versionId={version.id}
            target={proposal.target}
            isReadOnly={isReadOnly}
            onUse={(yaml, type, isStarted) => onUse(yaml, `${name}-${type}`, isStarted)}
          />
          <h3 className="propose-simple">Or begin simply</h3>
          <ul className="propose-reasons">
            {proposal.reasons.map((r) => (
              <li key={r}>
                <IconBulb size={14} stroke={1.4} aria-hidden /> {r}
              </li>
            ))}
          </ul>
          <div className="propose-yaml">
            <YamlEditor value={proposal.yaml} label="Proposed configuration" isReadOnly />
          </div>
          <div className="propose-buttons">
            <Button size="xs" disabled={isReadOnly} onClick={() => onUse(proposal.yaml, name, true)}>
              Use it and start the run
            </Button>
            <Button size="xs" variant="default" disabled={isReadOnly} onClick={() => onUse(proposal.yaml, name, false)}>
              Open it in the editor
            </Button>
          </div>
        </>
      )}
    </section>
  );
}
