import { NumberInput, Select, TextInput } from '@mantine/core';
import { useState } from 'react';
import type { CoresetInfo } from '../../../main/contract/coreset.ts';
import type { Dataset } from '../../../main/contract/data.ts';
import { formatCount } from '../../charts/format.ts';
import { call } from '../../client/engine.ts';
import { Dialog } from './Dialog.tsx';
import { FilterDialog } from './FilterDialog.tsx';
import { formatMoment } from './moment.ts';

export type Change = 'append' | 'window' | 'grow' | 'filter';

export interface ChangeDialogProps {
  readonly projectId: string;
  readonly info: CoresetInfo;
  readonly datasets: readonly Dataset[];
  readonly onDone: () => void;
  readonly onClose: () => void;
}

/** What can be done to a tree beyond its rows' labels; each is an edit that can be taken back. */
export function ChangeDialog({ change, ...props }: ChangeDialogProps & { change: Change }) {
  if (change === 'append') return <AppendDialog {...props} />;
  if (change === 'filter') return <FilterDialog {...props} />;
  return change === 'window' ? <WindowDialog {...props} /> : <GrowDialog {...props} />;
}

function AppendDialog({ projectId, info, datasets, onDone, onClose }: ChangeDialogProps) {
  const used = new Set(info.sources.map((s) => s.versionId));
  const versions = datasets.flatMap((d) => d.versions.map((v) => ({ name: d.name, version: v })));
  const first = versions.find((v) => !used.has(v.version.id));
  const [versionId, setVersionId] = useState<string | null>(first?.version.id ?? null);
  const chosen = versions.find((v) => v.version.id === versionId);
  return (
    <Dialog
      title="Append rows"
      verb="Append"
      isReady={chosen !== undefined}
      onClose={onClose}
      onSubmit={async () => {
        await call('coreset.append', { projectId, coresetId: info.id, versionId: versionId! });
        onDone();
      }}
    >
      <p className="dialog-text">
        New rows go behind the {formatCount(info.nRowsCovered)} the tree stands for. The old ones are not read again;
        row numbers go on from {formatCount(info.sources.reduce((end, s) => Math.max(end, s.offset + s.nRows), 0))}.
      </p>
      {!first && <p className="dialog-text">There is no other data set in the project: import the new rows first.</p>}
      <Select
        label="Rows of"
        size="xs"
        searchable
        data={versions.map((v) => ({
          value: v.version.id,
          label: `${v.name} · ${formatCount(v.version.nRows)} rows · ${v.version.hash.slice(0, 7)}${used.has(v.version.id) ? ' (in the tree already)' : ''}`,
        }))}
        value={versionId}
        placeholder="Choose a data set"
        data-autofocus
        openOnFocus={false}
        onChange={setVersionId}
      />
    </Dialog>
  );
}

function WindowDialog({ projectId, info, onDone, onClose }: ChangeDialogProps) {
  const { time } = info;
  const [from, setFrom] = useState('');
  if (time === null) return null;
  const shown = (value: number) => formatMoment(value, time.isTime);
  return (
    <Dialog
      title="Drop the oldest rows"
      verb="Drop"
      isReady={from.trim() !== ''}
      onClose={onClose}
      onSubmit={async () => {
        await call('coreset.window', { projectId, coresetId: info.id, from: from.trim() });
        onDone();
      }}
    >
      <p className="dialog-text">
        Leaves whose rows all lie before this {time.isTime ? 'time' : 'value'} of {time.column} go. The first leaf ends
        at {shown(time.first)}, the last at {shown(time.last)}.
      </p>
      <TextInput
        label={`Keep rows from ${time.column} ≥`}
        size="xs"
        data-autofocus
        value={from}
        placeholder={shown(time.first)}
        onChange={(e) => setFrom(e.currentTarget.value)}
      />
    </Dialog>
  );
}

function GrowDialog({ projectId, info, onDone, onClose }: ChangeDialogProps) {
  const [nRows, setRows] = useState<number | string>(Math.max(50, Math.round(info.nRows / 4)));
  return (
    <Dialog
      title="Grow where the model is unsure"
      verb="Grow"
      isReady={typeof nRows === 'number' && nRows >= 1}
      onClose={onClose}
      onSubmit={async () => {
        await call('coreset.grow', { projectId, coresetId: info.id, nRows: Number(nRows) });
        onDone();
      }}
    >
      <p className="dialog-text">
        The root is drawn again from all rows the tree keeps, half of it where the model is least sure. The data is not
        read, and the weights still stand for all {formatCount(info.nRowsCovered)} rows.
      </p>
      <NumberInput
        label="More rows"
        size="xs"
        min={1}
        data-autofocus
        thousandSeparator=","
        value={nRows}
        onChange={setRows}
      />
    </Dialog>
  );
}
