import { useMemo, useState } from 'react';
import { BarList } from '../../charts/BarList.tsx';
import { formatCount } from '../../charts/format.ts';
import { Segmented } from '../../components/Segmented.tsx';
import { QuestionPanel } from './QuestionPanel.tsx';
import { hasContributions, isTreeModel, type TopicProps } from './topic.ts';
import { useExplanation } from './useExplanation.ts';

const KINDS = {
  permutation: {
    label: 'Permutation',
    text: 'Each column is shuffled in the validation rows, several times; what the score loses is its importance, with an interval.',
    isFor: () => true,
  },
  shap: {
    label: 'Mean |SHAP|',
    text: 'How far each column moves the predictions of validation rows, on average and whichever way.',
    isFor: hasContributions,
  },
  impurity: {
    label: 'Impurity',
    text: 'How much of the impurity of the training rows the splits on each column removed. Columns with many values look better than they are.',
    isFor: isTreeModel,
  },
} as const;
type Kind = keyof typeof KINDS;

/** Which columns the model leans on. */
export function Importance({ projectId, runId, result, isReadOnly }: TopicProps) {
  const [kind, setKind] = useState<Kind>('permutation');
  const args = useMemo(() => ({ kind }), [kind]);
  const explanation = useExplanation(projectId, runId, 'importance', args);
  const kinds = (Object.keys(KINDS) as Kind[]).filter((k) => KINDS[k].isFor(result.model));
  const chooser = kinds.length > 1 && (
    <Segmented
      label="Kind of importance"
      value={kind}
      options={kinds.map((value) => ({ value, label: KINDS[value].label }))}
      onChange={(value) => setKind(value as Kind)}
    />
  );
  return (
    <>
      {!explanation.answer && chooser}
      <QuestionPanel
        explanation={explanation}
        projectId={projectId}
        isReadOnly={isReadOnly}
        title="Importance of columns"
        text={KINDS[kind].text}
      >
        {(answer) => (
          <BarList
            title="Importance of columns"
            subtitle={
              kind === 'impurity'
                ? answer.unit
                : `${answer.rowsKind} · ${formatCount(answer.nRows)} rows · ${answer.unit}`
            }
            items={answer.items.map((i) => ({ label: i.feature, value: i.value, low: i.low, high: i.high }))}
            actions={chooser}
          />
        )}
      </QuestionPanel>
    </>
  );
}
