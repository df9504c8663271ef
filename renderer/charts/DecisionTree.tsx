import { useMemo, type ReactNode } from 'react';
import { ChartFrame } from './ChartFrame.tsx';
import { formatCount, formatValue } from './format.ts';
import { classColour } from './theme.ts';
import { layoutTree } from './treeLayout.ts';
import { ZoomPane } from './ZoomPane.tsx';

interface DecisionNode {
  readonly id: number;
  readonly children: readonly number[];
  /** The question, e.g. "age ≤ 37.5"; null at a leaf. */
  readonly question: string | null;
  readonly nRows: number;
  /** Predicted number, or null for classes. */
  readonly value: number | null;
  /** Class shares, in class order. */
  readonly shares: readonly number[] | null;
}

export interface DecisionTreeProps {
  readonly title: string;
  readonly subtitle: ReactNode;
  readonly nodes: readonly DecisionNode[];
  readonly classes: readonly string[];
  readonly height?: number;
  readonly actions?: ReactNode;
}

const BOX_W = 132;
const BOX_H = 50;
const GAP_X = 12;
const GAP_Y = 34;
const READABLE = 0.8;

/** A decision tree with its questions, rows and predictions; yes goes left. */
export function DecisionTree({
  title,
  subtitle,
  nodes,
  classes,
  height: paneHeight = 460,
  actions,
}: DecisionTreeProps) {
  const layout = useMemo(() => layoutTree(nodes), [nodes]);
  const byId = useMemo(() => new Map(nodes.map((n) => [n.id, n])), [nodes]);
  const nRoot = Math.max(1, ...nodes.map((n) => n.nRows));
  const x = (units: number) => units * (BOX_W + GAP_X);
  const y = (depth: number) => depth * (BOX_H + GAP_Y) + 2;
  // Large trees begin at their root, at a size that can be read; "fit" shows all of them.
  const start = useMemo(() => {
    const root = [...layout.placed.values()].find((p) => p.depth === 0);
    return { zoom: READABLE, x: (root?.x ?? 0) * (BOX_W + GAP_X) };
  }, [layout]);
  const table = useMemo(
    () => ({
      columns: ['Node', 'Question', 'Rows', 'Prediction'],
      rows: nodes.map((n) => [n.id, n.question ?? 'leaf', n.nRows, describe(n, classes)]),
    }),
    [nodes, classes],
  );
  return (
    <ChartFrame title={title} subtitle={subtitle} height={paneHeight} table={table} actions={actions}>
      <ZoomPane
        width={layout.nLeaves * (BOX_W + GAP_X)}
        height={(layout.maxDepth + 1) * (BOX_H + GAP_Y)}
        paneHeight={paneHeight}
        start={start}
        label={`${title}: ${nodes.length} nodes, depth ${layout.maxDepth}`}
      >
        {[...layout.placed.values()].map((p) => {
          const parent = p.parent === null ? undefined : layout.placed.get(p.parent);
          if (!parent) return null;
          const isYes = byId.get(parent.id)?.children[0] === p.id;
          const mid = (y(parent.depth) + BOX_H + y(p.depth)) / 2;
          const share = (byId.get(p.id)?.nRows ?? 0) / nRoot;
          return (
            <g key={p.id}>
              <path
                className="tree-edge"
                style={{ strokeWidth: 1 + 5 * Math.sqrt(share) }}
                d={`M${x(parent.x)} ${y(parent.depth) + BOX_H}V${mid}H${x(p.x)}V${y(p.depth)}`}
              />
              <text x={x(p.x) + 5} y={y(p.depth) - 4} className="svg-hint">
                {isYes ? 'yes' : 'no'}
              </text>
            </g>
          );
        })}
        {[...layout.placed.values()].map((p) => (
          <NodeBox key={p.id} node={byId.get(p.id)!} cx={x(p.x)} top={y(p.depth)} classes={classes} />
        ))}
      </ZoomPane>
    </ChartFrame>
  );
}

function NodeBox({
  node,
  cx,
  top,
  classes,
}: {
  node: DecisionNode;
  cx: number;
  top: number;
  classes: readonly string[];
}) {
  const left = cx - BOX_W / 2;
  const starts = (node.shares ?? []).map((_, k, all) => all.slice(0, k).reduce((a, b) => a + b, 0) * (BOX_W - 12));
  return (
    <g>
      <rect
        x={left}
        y={top}
        width={BOX_W}
        height={BOX_H}
        rx={4}
        className={node.question === null ? 'tree-box is-leaf' : 'tree-box'}
      >
        <title>{`${node.question ?? 'Leaf'}; ${formatCount(node.nRows)} rows; ${describe(node, classes)}`}</title>
      </rect>
      <text x={cx} y={top + 15} className="tree-text is-strong" textAnchor="middle">
        {clip(node.question ?? describe(node, classes), 21)}
      </text>
      <text x={cx} y={top + 30} className="svg-hint" textAnchor="middle">
        {clip(
          node.question === null
            ? `${formatCount(node.nRows)} rows`
            : `${formatCount(node.nRows)} · ${describe(node, classes)}`,
          24,
        )}
      </text>
      {node.shares?.map((share, k) => {
        const width = share * (BOX_W - 12);
        const at = left + 6 + (starts[k] ?? 0);
        // oxlint-disable-next-line react/no-array-index-key -- the index is the class
        return <rect key={k} x={at} y={top + 38} width={width} height={5} fill={classColour(k)} />;
      })}
    </g>
  );
}

function describe(node: DecisionNode, classes: readonly string[]): string {
  if (node.shares && node.shares.length > 0) {
    const best = node.shares.reduce((b, s, k, all) => (s > all[b]! ? k : b), 0);
    return `${classes[best] ?? `class ${best}`} ${Math.round(node.shares[best]! * 100)} %`;
  }
  return node.value === null ? '–' : formatValue(node.value);
}

function clip(text: string, length: number): string {
  return text.length <= length ? text : `${text.slice(0, length - 1)}…`;
}
