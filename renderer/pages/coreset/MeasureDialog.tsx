import { NumberInput, Select, TextInput } from '@mantine/core';
import { useCallback, useState } from 'react';
import type { CoresetInfo } from '../../../main/contract/coreset.ts';
import { formatCount } from '../../charts/format.ts';
import { call } from '../../client/engine.ts';
import { useReading } from '../run/useReading.ts';
import { Dialog } from './Dialog.tsx';
import { needsTarget } from './services.ts';

const never = () => false;
const OWN = 'own';

/** What is fitted to measure how faithful a coreset is, on which sizes and how often. */
export function MeasureDialog({
  projectId,
  info,
  onStarted,
  onClose,
}: {
  projectId: string;
  info: CoresetInfo;
  onStarted: (jobId: string) => void;
  onClose: () => void;
}) {
  const [model, setModel] = useState(OWN);
  const [text, setText] = useState('');
  const [nDraws, setDraws] = useState<number | string>(5);
  const read = useCallback(() => call('config.estimators', {}), []);
  const { value: estimators } = useReading(read, never);
  const suited = (estimators ?? []).filter(({ family, tasks }) => {
    if (!needsTarget(info.service)) return false;
    const isTask = tasks.some((task) => (task === 'regression' ? info.classes.length < 2 : info.classes.length >= 2));
    return isTask && family !== 'baseline' && (info.service !== 'tree' || family === 'tree');
  });
  const sizes = text
    .split(/[,;\s]+/)
    .filter((part) => part !== '')
    .map(Number);
  const isValid = sizes.every((n) => Number.isInteger(n) && n > 0);
  return (
    <Dialog
      title="Measure fidelity"
      verb="Measure"
      isReady={isValid && typeof nDraws === 'number'}
      onClose={onClose}
      onSubmit={async () => {
        const { jobId } = await call('coreset.measureFidelity', {
          projectId,
          coresetId: info.id,
          nDraws: Number(nDraws),
          ...(sizes.length > 0 && { sizes }),
          ...(model !== OWN && { model }),
        });
        onStarted(jobId);
      }}
    >
      <p className="dialog-text">
        The same model is fitted on all rows but a fifth, and on coresets and plain samples of several sizes drawn from
        them; each is compared with the fit on all.
      </p>
      <div className="build-grid">
        <Select
          label="Model"
          inputWrapperOrder={['label', 'input', 'description']}
          size="xs"
          allowDeselect={false}
          data={[
            { value: OWN, label: 'The one it was built for' },
            ...suited.map(({ type, title }) => ({ value: type, label: title })),
          ]}
          value={model}
          description="kernel machines are measured on 8,000 rows at most"
          onChange={(v) => v !== null && setModel(v)}
        />
        <NumberInput
          label="Draws of each"
          inputWrapperOrder={['label', 'input', 'description']}
          size="xs"
          min={1}
          max={50}
          value={nDraws}
          description="intervals are 10–90 % of them"
          onChange={setDraws}
        />
        <TextInput
          label="Sizes"
          inputWrapperOrder={['label', 'input', 'description', 'error']}
          size="xs"
          value={text}
          placeholder="an eighth of this one to twice it"
          description={`this coreset has ${formatCount(info.nRows)} rows`}
          error={isValid ? null : 'Numbers of rows, with commas between them'}
          onChange={(e) => setText(e.currentTarget.value)}
        />
      </div>
    </Dialog>
  );
}
