import { Select, TextInput } from '@mantine/core';
import { useState } from 'react';
import type { In } from '../../../main/contract/channels.ts';
import { formatCount } from '../../charts/format.ts';
import { call } from '../../client/engine.ts';
import type { ChangeDialogProps } from './ChangeDialogs.tsx';
import { Dialog } from './Dialog.tsx';

type Filter = NonNullable<In<'coreset.removeSamples'>['filters']>[number];

const NUMBER_OPS = [
  { value: 'less', label: 'is less than' },
  { value: 'lessOrEqual', label: 'is at most' },
  { value: 'greater', label: 'is greater than' },
  { value: 'greaterOrEqual', label: 'is at least' },
] as const;
const ANY_OPS = [
  { value: 'equals', label: 'is' },
  { value: 'notEquals', label: 'is not' },
  { value: 'isMissing', label: 'is missing' },
  { value: 'isPresent', label: 'is not missing' },
] as const;

/** Rows of the data that a condition picks are taken out of the tree, whether the coreset keeps them or not. */
export function FilterDialog({ projectId, info, datasets, onDone, onClose }: ChangeDialogProps) {
  const version = datasets.flatMap((d) => d.versions).find((v) => v.id === info.versionId);
  const [column, setColumn] = useState<string | null>(null);
  const [op, setOp] = useState<string>('equals');
  const [text, setText] = useState('');
  const type = version?.columns.find((c) => c.name === column)?.type;
  const isNumber = type === 'number' || type === 'integer';
  const ops = isNumber ? [...ANY_OPS.slice(0, 2), ...NUMBER_OPS, ...ANY_OPS.slice(2)] : ANY_OPS;
  const known = ops.some((o) => o.value === op) ? op : 'equals';
  const takesValue = known !== 'isMissing' && known !== 'isPresent';
  const isValid = !takesValue || (text.trim() !== '' && (!isNumber || Number.isFinite(Number(text))));
  return (
    <Dialog
      title="Take out rows by a condition"
      verb="Take out"
      isReady={column !== null && isValid}
      onClose={onClose}
      onSubmit={async () => {
        const value = isNumber ? Number(text) : text.trim();
        const filter = { column: column!, op: known, ...(takesValue && { value }) } as Filter;
        await call('coreset.removeSamples', { projectId, coresetId: info.id, filters: [filter] });
        onDone();
      }}
    >
      <p className="dialog-text">
        All of the {formatCount(info.nRowsCovered)} rows that meet it leave the tree, and the weights stand for the
        rest. The data set stays as it is, and the change can be undone.
      </p>
      <div className="build-grid">
        <Select
          label="Column"
          size="xs"
          searchable
          data={version?.columns.map((c) => c.name) ?? []}
          value={column}
          placeholder="Choose a column"
          data-autofocus
          openOnFocus={false}
          onChange={setColumn}
        />
        <Select
          label="Condition"
          size="xs"
          allowDeselect={false}
          data={ops.map((o) => ({ ...o }))}
          value={known}
          onChange={(v) => v !== null && setOp(v)}
        />
        {takesValue && (
          <TextInput
            label="Value"
            size="xs"
            value={text}
            error={isValid || text === '' ? null : 'A number, as the column holds numbers'}
            onChange={(e) => setText(e.currentTarget.value)}
          />
        )}
      </div>
    </Dialog>
  );
}
