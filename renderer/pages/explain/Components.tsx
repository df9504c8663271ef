import { useMemo, useState } from 'react';
import type { ComponentsAnswer } from '../../../main/contract/explain.ts';
import { BarList } from '../../charts/BarList.tsx';
import { formatCount, formatShare } from '../../charts/format.ts';
import { ClusterMap } from './ClusterMap.tsx';
import { QuestionPanel } from './QuestionPanel.tsx';
import type { TopicProps } from './topic.ts';
import { useExplanation } from './useExplanation.ts';

const NO_ARGS = {};
const NO_LABELS: readonly string[] = [];
const MOST_LOADINGS = 20;

/** What the components explain and are made of. */
export function Components({ projectId, runId, isReadOnly }: TopicProps) {
  const explanation = useExplanation(projectId, runId, 'components', NO_ARGS, !isReadOnly);
  return (
    <QuestionPanel
      explanation={explanation}
      projectId={projectId}
      isReadOnly={isReadOnly}
      title="Components"
      text="How much of the variance each component explains, what it is made of, and a map of the rows."
    >
      {(answer) => <Parts answer={answer} />}
    </QuestionPanel>
  );
}

function Parts({ answer }: { answer: ComponentsAnswer }) {
  const [shown, setShown] = useState(0);
  const rows = `${answer.rowsKind} · ${formatCount(answer.nRows)} rows`;
  const explained = useMemo(
    () =>
      answer.components.map((c) => ({
        label: c.label,
        detail: `together ${formatShare(c.cumulative, 3)}`,
        value: c.explained,
      })),
    [answer],
  );
  const component = answer.components[shown] ?? answer.components[0];
  return (
    <>
      <div className="explain-two">
        <BarList title="Share of the variance explained" subtitle={rows} items={explained} />
        <ClusterMap points={answer.map} labels={NO_LABELS} />
      </div>
      {component && (
        <BarList
          title={`What ${component.label.toLowerCase()} is made of`}
          subtitle={`loadings of the scaled features · explains ${formatShare(component.explained, 3)}`}
          items={component.loadings.map((l) => ({ label: l.feature, value: l.value }))}
          isSigned
          maxItems={MOST_LOADINGS}
          actions={
            answer.components.length > 1 && (
              <select
                className="explain-select"
                aria-label="Component"
                value={shown}
                onChange={(e) => setShown(Number(e.target.value))}
              >
                {answer.components.map((c, k) => (
                  <option key={c.label} value={k}>
                    {c.label}
                  </option>
                ))}
              </select>
            )
          }
        />
      )}
    </>
  );
}
