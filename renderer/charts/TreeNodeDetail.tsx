import { useMemo } from 'react';
import { pathTo } from './foldedTree.ts';
import { formatCount, formatShare, formatValue } from './format.ts';
import { classColour } from './theme.ts';
import type { DecisionNode } from './treeNode.ts';

/** Classes whose shares are told by name. */
const MAX_CLASSES = 8;

export interface TreeNodeDetailProps {
  readonly nodes: readonly DecisionNode[];
  readonly node: DecisionNode;
  readonly classes: readonly string[];
  readonly unit: string | undefined;
  readonly nRoot: number;
  readonly onSelect: (id: number) => void;
}

/** The node that is pointed at or chosen, in full: the way to it, its rows, its shares, its question. */
export function TreeNodeDetail({ nodes, node, classes, unit, nRoot, onSelect }: TreeNodeDetailProps) {
  const path = useMemo(() => pathTo(nodes, node.id), [nodes, node.id]);
  const shares = (node.shares ?? [])
    .map((share, k) => ({ share, k }))
    .filter(({ share }) => share > 0)
    .sort((a, b) => b.share - a.share);
  const children = node.children.map((id) => nodes.find((n) => n.id === id)?.nRows ?? 0);
  return (
    <dl className="tree-detail" aria-live="polite">
      <dt>Way here</dt>
      <dd>
        {path.length === 0 && 'the root: all rows'}
        {path.map((step) => (
          <button key={step.id} type="button" className="tree-step" onClick={() => onSelect(step.id)}>
            {step.question} <b>{step.isYes ? 'yes' : 'no'}</b>
          </button>
        ))}
      </dd>
      <dt>Rows</dt>
      <dd>
        <b>{formatCount(node.nRows)}</b> · {formatShare(node.nRows / nRoot)} of all the tree has seen
      </dd>
      <dt>Prediction</dt>
      <dd>
        {node.value !== null && (
          <>
            <b>{formatValue(node.value)}</b> {unit}
          </>
        )}
        {shares.slice(0, MAX_CLASSES).map(({ share, k }) => (
          <span key={k} className="tree-share">
            <i style={{ background: classColour(k) }} aria-hidden />
            {classes[k] ?? `class ${k}`} <b>{formatShare(share)}</b>
          </span>
        ))}
        {shares.length > MAX_CLASSES && `and ${shares.length - MAX_CLASSES} more`}
      </dd>
      <dt>Question</dt>
      <dd>
        {node.question === null ? (
          'none: a leaf'
        ) : (
          <>
            {node.question}
            {children.length === 2 && ` · yes ${formatCount(children[0])} rows, no ${formatCount(children[1])}`}
          </>
        )}
      </dd>
    </dl>
  );
}
