import { Button, Collapse, Group, Modal, MultiSelect, NumberInput, Select, TextInput } from '@mantine/core';
import { useState } from 'react';
import type { Dataset } from '../../../main/contract/data.ts';
import { formatCount, formatShare } from '../../charts/format.ts';
import { call } from '../../client/engine.ts';
import { ErrorState } from '../../components/ErrorState.tsx';
import { ServiceFields } from './ServiceFields.tsx';
import { needsTarget } from './services.ts';

export interface BuildDialogProps {
  readonly projectId: string;
  readonly datasets: readonly Dataset[];
  /** Values to start from: those of the coreset that is drawn again. */
  readonly initial?: {
    readonly versionId?: string;
    readonly service?: string;
    readonly size?: number;
    readonly target?: string | null;
    readonly seed?: number;
  };
  readonly onStarted: (jobId: string) => void;
  readonly onClose: () => void;
}

/** Data, target, service and size of a new coreset tree. */
export function BuildDialog({ projectId, datasets, initial = {}, onStarted, onClose }: BuildDialogProps) {
  const versions = datasets.flatMap((d) => d.versions.map((v, k) => ({ dataset: d, version: v, isNewest: k === 0 })));
  const [versionId, setVersionId] = useState(initial.versionId ?? versions[0]?.version.id ?? '');
  const chosen = versions.find((v) => v.version.id === versionId);
  const columns = chosen?.version.columns.map((c) => c.name) ?? [];
  const timeColumns = (chosen?.version.columns ?? [])
    .filter((c) => c.type === 'time' || c.type === 'integer' || c.type === 'number')
    .map((c) => c.name);
  const [service, setService] = useState(initial.service ?? 'auto');
  const [target, setTarget] = useState<string | null>(initial.target ?? null);
  const [drop, setDrop] = useState<string[]>([]);
  const [size, setSize] = useState<number | string>(initial.size ?? 2000);
  const [seed, setSeed] = useState<number | string>(initial.seed ?? 42);
  const [chunkSize, setChunkSize] = useState<number | string>('');
  const [name, setName] = useState('');
  const [timeColumn, setTimeColumn] = useState<string | null>(null);
  const [isMore, setIsMore] = useState(false);
  const [isBusy, setIsBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const nRows = chosen?.version.nRows ?? 0;
  const rows = typeof size === 'number' ? (size < 1 ? Math.round(size * nRows) : size) : Number.NaN;
  const hasTarget = needsTarget(service);
  const isReady = chosen !== undefined && rows >= 1 && (!hasTarget || target !== null);

  const build = async () => {
    setIsBusy(true);
    setError(null);
    try {
      const { jobId } = await call('coreset.build', {
        projectId,
        versionId,
        service,
        size: Number(size),
        seed: Number(seed) || 0,
        drop,
        ...(hasTarget && target !== null && { target }),
        ...(name.trim() !== '' && { name: name.trim() }),
        ...(typeof chunkSize === 'number' && { chunkSize }),
        ...(timeColumn !== null && { timeColumn }),
      });
      onStarted(jobId);
      onClose();
    } catch (cause) {
      setError(cause);
      setIsBusy(false);
    }
  };

  return (
    <Modal opened onClose={onClose} title="Build a coreset" size="md">
      <form
        onSubmit={(e) => {
          e.preventDefault();
          if (isReady) void build();
        }}
      >
        <div className="build-grid">
          <Select
            label="Data"
            size="xs"
            allowDeselect={false}
            data={versions.map((v) => ({
              value: v.version.id,
              label: `${v.dataset.name} · ${v.version.hash.slice(0, 7)}${v.isNewest ? '' : ' (older)'}`,
            }))}
            value={versionId}
            onChange={(v) => v !== null && setVersionId(v)}
          />
          <ServiceFields
            service={service}
            onService={setService}
            columns={columns}
            target={target}
            onTarget={setTarget}
          />
          <NumberInput
            label="Size"
            inputWrapperOrder={['label', 'input', 'description']}
            size="xs"
            min={0}
            value={size}
            onChange={setSize}
            thousandSeparator=","
            description={
              Number.isFinite(rows) && nRows > 0
                ? rows >= nRows
                  ? `all ${formatCount(nRows)} rows, each with weight 1`
                  : `${formatCount(rows)} of ${formatCount(nRows)} rows (${formatShare(rows / nRows)})`
                : 'rows, or a share below 1'
            }
          />
        </div>
        <button type="button" className="pith-link" aria-expanded={isMore} onClick={() => setIsMore((was) => !was)}>
          {isMore ? 'Fewer options' : 'More options'}
        </button>
        <Collapse expanded={isMore}>
          <div className="build-grid">
            <TextInput
              label="Name"
              size="xs"
              value={name}
              placeholder={`core-${Number.isFinite(rows) ? rows : size}`}
              onChange={(e) => setName(e.currentTarget.value)}
            />
            <NumberInput label="Seed" size="xs" min={0} value={seed} onChange={setSeed} />
            <NumberInput
              label="Rows per leaf"
              size="xs"
              min={1}
              value={chunkSize}
              placeholder="automatic"
              thousandSeparator=","
              onChange={setChunkSize}
            />
            <Select
              label="Time column"
              inputWrapperOrder={['label', 'input', 'description']}
              size="xs"
              searchable
              clearable
              data={timeColumns}
              value={timeColumn}
              placeholder="none"
              description="rows follow it, so that the oldest can be dropped"
              onChange={setTimeColumn}
            />
            <MultiSelect
              label="Leave out"
              size="xs"
              searchable
              data={columns.filter((c) => c !== target)}
              value={drop}
              onChange={setDrop}
            />
          </div>
        </Collapse>
        {error !== null && <ErrorState error={error} />}
        <Group justify="flex-end" gap="xs" mt="md">
          <Button size="xs" variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button size="xs" type="submit" loading={isBusy} disabled={!isReady}>
            Build
          </Button>
        </Group>
      </form>
    </Modal>
  );
}
