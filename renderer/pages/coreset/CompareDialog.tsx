import { NumberInput, Select, TextInput } from '@mantine/core';
import { useState } from 'react';
import type { Dataset } from '../../../main/contract/data.ts';
import { formatCount } from '../../charts/format.ts';
import { call } from '../../client/engine.ts';
import { Dialog } from './Dialog.tsx';
import { ServiceFields } from './ServiceFields.tsx';
import { needsTarget } from './services.ts';

/** Several sizes of a coreset built in the same passes over the data, to be compared. */
export function CompareDialog({
  projectId,
  datasets,
  onStarted,
  onClose,
}: {
  projectId: string;
  datasets: readonly Dataset[];
  onStarted: (comparisonId: string) => void;
  onClose: () => void;
}) {
  const versions = datasets.flatMap((d) => d.versions.map((v) => ({ dataset: d, version: v })));
  const [versionId, setVersionId] = useState(versions[0]?.version.id ?? '');
  const [target, setTarget] = useState<string | null>(null);
  const [text, setText] = useState('250, 500, 1000, 2000, 4000');
  const [service, setService] = useState('auto');
  const [seed, setSeed] = useState<number | string>(42);
  const chosen = versions.find((v) => v.version.id === versionId);
  const sizes = text
    .split(/[,;\s]+/)
    .filter((part) => part !== '')
    .map(Number);
  const hasTarget = needsTarget(service);
  const isValid = sizes.length >= 2 && sizes.length <= 12 && sizes.every((n) => Number.isFinite(n) && n > 0);
  return (
    <Dialog
      title="Compare sizes"
      verb="Build and compare"
      isReady={chosen !== undefined && (target !== null || !hasTarget) && isValid}
      onClose={onClose}
      onSubmit={async () => {
        const { comparisonId } = await call('coreset.compare', {
          projectId,
          versionId,
          service,
          ...(hasTarget && { target: target! }),
          seed: Number(seed) || 0,
          settings: sizes.map((size) => ({ size })),
        });
        onStarted(comparisonId);
      }}
    >
      <p className="dialog-text">
        All sizes are built in the same passes over the data, and each is cross-validated. They become coresets of their
        own: keep the ones you like.
      </p>
      <div className="build-grid">
        <Select
          label="Data"
          size="xs"
          allowDeselect={false}
          data={versions.map((v) => ({
            value: v.version.id,
            label: `${v.dataset.name} · ${formatCount(v.version.nRows)} rows`,
          }))}
          value={versionId}
          onChange={(v) => v !== null && setVersionId(v)}
        />
        <ServiceFields
          service={service}
          onService={setService}
          columns={chosen?.version.columns.map((c) => c.name) ?? []}
          target={target}
          onTarget={setTarget}
        />
        <TextInput
          label="Sizes"
          size="xs"
          value={text}
          error={isValid ? null : 'Two to twelve numbers of rows, or shares below 1'}
          onChange={(e) => setText(e.currentTarget.value)}
        />
        <NumberInput label="Seed" size="xs" min={0} value={seed} onChange={setSeed} />
      </div>
    </Dialog>
  );
}
