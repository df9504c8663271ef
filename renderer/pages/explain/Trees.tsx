import { NumberInput } from '@mantine/core';
import { useMemo, useState } from 'react';
import { DecisionTree } from '../../charts/DecisionTree.tsx';
import { formatCount } from '../../charts/format.ts';
import { QuestionPanel } from './QuestionPanel.tsx';
import type { TopicProps } from './topic.ts';
import { useExplanation } from './useExplanation.ts';

/** The trees of the model, one at a time. */
export function Trees({ projectId, runId, isReadOnly }: TopicProps) {
  const [index, setIndex] = useState(0);
  const args = useMemo(() => ({ index }), [index]);
  const explanation = useExplanation(projectId, runId, 'tree', args, !isReadOnly);
  return (
    <QuestionPanel
      explanation={explanation}
      projectId={projectId}
      isReadOnly={isReadOnly}
      title="Trees of the model"
      text="One tree with its questions, rows and predictions."
    >
      {(answer) => (
        <DecisionTree
          title={answer.nTrees === 1 ? 'Tree' : `Tree ${answer.index + 1} of ${answer.nTrees}`}
          subtitle={`${formatCount(answer.nodes.length)} nodes · wider lines carry more rows`}
          unit={answer.unit}
          // Another tree begins anew, with its own depth.
          key={answer.index}
          nodes={answer.nodes}
          classes={answer.classes}
          actions={
            answer.nTrees > 1 && (
              <NumberInput
                size="xs"
                w={84}
                aria-label="Tree"
                min={1}
                max={answer.nTrees}
                value={index + 1}
                onChange={(v) => typeof v === 'number' && v >= 1 && v <= answer.nTrees && setIndex(v - 1)}
              />
            )
          }
        />
      )}
    </QuestionPanel>
  );
}
