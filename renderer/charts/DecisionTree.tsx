import { Slider } from '@mantine/core';
import { useMemo, useState, type KeyboardEvent, type ReactNode } from 'react';
import { ChartFrame } from './ChartFrame.tsx';
import { foldTree, shownByDepth } from './foldedTree.ts';
import { formatCount } from './format.ts';
import { extent } from './scales.ts';
import { BOX_H, BOX_W, TreeNodeBox } from './TreeNodeBox.tsx';
import { TreeNodeDetail } from './TreeNodeDetail.tsx';
import { describeNode, type DecisionNode } from './treeNode.ts';
import { layoutTree, type TreeLayout } from './treeLayout.ts';
import { ZoomPane } from './ZoomPane.tsx';

export interface DecisionTreeProps {
  readonly title: string;
  readonly subtitle: ReactNode;
  readonly nodes: readonly DecisionNode[];
  readonly classes: readonly string[];
  /** What values of nodes are, where they are no class shares. */
  readonly unit?: string | undefined;
  readonly actions?: ReactNode;
}

const GAP_X = 34;
const GAP_Y = 10;
const MARGIN = 6;
/** Trees that would have to be drawn smaller begin at this size, at their root. */
const READABLE = 0.8;
/** Leaves a tree is folded to at first: about as many as a person reads at once. */
const FIRST_LEAVES = 8;
/** More boxes than this take the browser too long. */
const MAX_SHOWN = 3000;
const [MIN_PANE, MAX_PANE] = [150, 460];

/** A decision tree from left to right, folded at a depth; yes is the upper branch. Its nodes open and fold one by one. */
export function DecisionTree({ title, subtitle, nodes, classes, unit, actions }: DecisionTreeProps) {
  const counts = useMemo(() => shownByDepth(nodes), [nodes]);
  const maxDepth = Math.max(
    0,
    counts.findLastIndex(({ nNodes }) => nNodes <= MAX_SHOWN),
  );
  const firstDepth = Math.max(
    1,
    counts.findLastIndex(({ nLeaves }) => nLeaves <= FIRST_LEAVES),
  );
  const [depth, setDepth] = useState(Math.min(firstDepth, maxDepth));
  const [toggled, setToggled] = useState<ReadonlySet<number>>(new Set());
  const [selected, setSelected] = useState(nodes[0]?.id ?? 0);
  const [pointed, setPointed] = useState<number | null>(null);
  const folded = useMemo(() => foldTree(nodes, depth, toggled), [nodes, depth, toggled]);
  const layout = useMemo(() => layoutTree(folded.nodes), [folded]);
  const byId = useMemo(() => new Map(nodes.map((n) => [n.id, n])), [nodes]);
  const values = useMemo(() => extent(nodes.map((n) => n.value ?? NaN)), [nodes]);
  const nRoot = Math.max(1, nodes[0]?.nRows ?? 1);
  const x = (d: number) => MARGIN + d * (BOX_W + GAP_X);
  const y = (units: number) => MARGIN + (units - 0.5) * (BOX_H + GAP_Y);
  const place = (id: number) => {
    const p = layout.placed.get(id);
    return p && { id, x: x(p.depth) + BOX_W / 2, y: y(p.x) + BOX_H / 2 };
  };
  const root = layout.placed.get(nodes[0]?.id ?? 0);
  const start = { zoom: READABLE, x: 0, y: y(root?.x ?? 0.5) + BOX_H / 2 };
  const height = layout.nLeaves * (BOX_H + GAP_Y) + 2 * MARGIN;
  const paneHeight = Math.max(MIN_PANE, Math.min(MAX_PANE, height));

  const toggle = (id: number) => {
    setSelected(id);
    if ((byId.get(id)?.children.length ?? 0) === 0) return;
    setToggled((was) => {
      const next = new Set(was);
      if (!next.delete(id)) next.add(id);
      return next;
    });
  };
  const onKey = (event: KeyboardEvent): boolean => {
    if (event.shiftKey || event.ctrlKey || event.metaKey || event.altKey) return false;
    if (event.key === 'Enter' || event.key === ' ') {
      toggle(selected);
      return true;
    }
    if (!event.key.startsWith('Arrow')) return false;
    const next = neighbour(layout, selected, event.key);
    if (next !== null) setSelected(next);
    return true;
  };
  const table = useMemo(
    () => ({
      columns: ['Node', 'Question', 'Rows', 'Prediction'],
      rows: nodes.map((n) => [n.id, n.question ?? 'leaf', n.nRows, describeNode(n, classes)]),
    }),
    [nodes, classes],
  );
  // A node that was folded away is shown no more: its parent's place would be a guess, so the root is told.
  const told = byId.get(pointed ?? (layout.placed.has(selected) ? selected : (nodes[0]?.id ?? 0)));
  const focus = place(selected) ?? place(nodes[0]?.id ?? 0);
  return (
    <ChartFrame
      title={title}
      subtitle={subtitle}
      height={paneHeight}
      table={table}
      actions={
        <>
          {maxDepth > 1 && (
            <div className="tree-depth">
              <span>
                depth {depth} of {counts.length - 1}
              </span>
              <Slider
                size="xs"
                w={120}
                label={null}
                min={1}
                max={maxDepth}
                value={depth}
                thumbLabel="Depth shown"
                onChange={(d) => {
                  setDepth(d);
                  setToggled(new Set());
                }}
              />
            </div>
          )}
          {actions}
        </>
      }
    >
      <ZoomPane
        // Another depth is another drawing, seen from its root again.
        key={depth}
        width={(layout.maxDepth + 1) * (BOX_W + GAP_X) - GAP_X + 2 * MARGIN + 24}
        height={height}
        paneHeight={paneHeight}
        start={start}
        {...(focus && { focus })}
        onKey={onKey}
        label={`${title}: ${formatCount(folded.nodes.length)} of ${formatCount(nodes.length)} nodes shown, depth ${counts.length - 1}`}
        keysHelp="Arrow keys go to parent, child and neighbour, Enter opens and folds, with Shift they move the drawing."
      >
        {[...layout.placed.values()].map((p) => {
          const parent = p.parent === null ? undefined : layout.placed.get(p.parent);
          if (!parent) return null;
          const isYes = byId.get(parent.id)?.children[0] === p.id;
          const [fromX, fromY] = [x(parent.depth) + BOX_W, y(parent.x) + BOX_H / 2];
          const [toX, toY] = [x(p.depth), y(p.x) + BOX_H / 2];
          const share = (byId.get(p.id)?.nRows ?? 0) / nRoot;
          return (
            <g key={p.id}>
              <path
                className="tree-edge"
                style={{ strokeWidth: 1 + 5 * Math.sqrt(share) }}
                d={`M${fromX} ${fromY}H${fromX + 12}V${toY}H${toX}`}
              />
              <text x={toX - 24} y={isYes ? toY - 6 : toY + 14} className="svg-hint has-halo">
                {isYes ? 'yes' : 'no'}
              </text>
            </g>
          );
        })}
        {folded.nodes.map((n) => {
          const p = layout.placed.get(n.id);
          const node = byId.get(n.id);
          if (!p || !node) return null;
          return (
            <TreeNodeBox
              key={n.id}
              node={node}
              left={x(p.depth)}
              top={y(p.x)}
              classes={classes}
              values={values}
              nHidden={folded.hidden.get(n.id) ?? 0}
              isSelected={n.id === selected}
              onToggle={() => toggle(n.id)}
              onPoint={setPointed}
            />
          );
        })}
      </ZoomPane>
      {told && (
        <TreeNodeDetail nodes={nodes} node={told} classes={classes} unit={unit} nRoot={nRoot} onSelect={setSelected} />
      )}
    </ChartFrame>
  );
}

/** The node an arrow key goes to from node `id`: parent, first child, or the next one of the same depth. */
function neighbour({ placed }: TreeLayout, id: number, key: string): number | null {
  const at = placed.get(id);
  if (!at) return placed.keys().next().value ?? null;
  if (key === 'ArrowLeft') return at.parent;
  const all = [...placed.values()];
  if (key === 'ArrowRight') return all.filter((p) => p.parent === id).sort((a, b) => a.x - b.x)[0]?.id ?? null;
  const sign = key === 'ArrowDown' ? 1 : -1;
  const next = all.filter((p) => p.depth === at.depth && sign * (p.x - at.x) > 0);
  return next.sort((a, b) => sign * (a.x - b.x))[0]?.id ?? null;
}
