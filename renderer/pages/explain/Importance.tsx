import { useState } from 'react';
import { BarList } from '../../charts/BarList.tsx';
import { formatCount } from '../../charts/format.ts';
import { Segmented } from '../../components/Segmented.tsx';
import { QuestionPanel } from './QuestionPanel.tsx';
import type { TopicProps } from './topic.ts';
import { useExplanation } from './useExplanation.ts';

/** Which columns the model leans on. */
export function Importance({ projectId, runId, result, isReadOnly }: TopicProps) {
  const isTree = /tree|forest|boost/i.test(result.model);
  const [kind, setKind] = useState('permutation');
  const explanation = useExplanation(projectId, runId, 'importance', { kind });
  const chooser = isTree && (
    <Segmented
      label="Kind of importance"
      value={kind}
      options={[
        { value: 'permutation', label: 'Permutation' },
        { value: 'impurity', label: 'Impurity' },
      ]}
      onChange={setKind}
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
        text="Each column is shuffled in the validation rows, several times; what the score loses is its importance, with an interval."
      >
        {(answer) => (
          <BarList
            title="Importance of columns"
            subtitle={`${answer.rowsKind} · ${formatCount(answer.nRows)} rows · ${answer.unit}`}
            items={answer.items.map((i) => ({ label: i.feature, value: i.value, low: i.low, high: i.high }))}
            actions={chooser}
          />
        )}
      </QuestionPanel>
    </>
  );
}
