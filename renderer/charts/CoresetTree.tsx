import { useMemo, type ReactNode } from 'react';
import { ChartFrame } from './ChartFrame.tsx';
import { formatCount, formatValue } from './format.ts';
import { layoutTree } from './treeLayout.ts';
import { useWidth } from './useWidth.ts';
import { ZoomPane } from './ZoomPane.tsx';

interface CoresetTreeNode {
  readonly id: number;
  readonly level: number;
  readonly nRowsCovered: number;
  readonly nRows: number;
  readonly maxWeight: number;
  readonly isDirty: boolean;
  readonly children: readonly number[];
}

export interface CoresetTreeProps {
  readonly nodes: readonly CoresetTreeNode[];
  readonly subtitle: ReactNode;
  readonly actions?: ReactNode;
  /** Level in use (0 is the root): its nodes are outlined. */
  readonly level: number;
  readonly height?: number;
}

const ROW = 33;
const BOX_H = 18;
const GUTTER = 104;
const MIN_BOX_FOR_TEXT = 34;
/** Drawing width before the page has been measured. */
const WIDTH = 820;

/** The tree as drawn by its levels: root on top, dirty path filled, rows kept in each node. */
export function CoresetTree({ nodes, subtitle, actions, level, height: wanted }: CoresetTreeProps) {
  const layout = useMemo(() => layoutTree(nodes), [nodes]);
  const byId = useMemo(() => new Map(nodes.map((n) => [n.id, n])), [nodes]);
  const [host, available] = useWidth();
  // As wide as the page, so that its text is drawn at its own size.
  const unit = Math.max(6, ((available || WIDTH) - GUTTER - 4) / Math.max(1, layout.nLeaves));
  const width = GUTTER + unit * layout.nLeaves;
  const height = (layout.maxDepth + 1) * ROW + 6;
  const x = (units: number) => GUTTER + units * unit;
  const y = (depth: number) => 4 + depth * ROW;

  const table = useMemo(
    () => ({
      columns: ['Node', 'Level', 'Rows covered', 'Rows kept', 'Largest weight', 'State'],
      rows: nodes.map((n) => [
        n.id,
        n.level,
        n.nRowsCovered,
        n.nRows,
        formatValue(n.maxWeight),
        n.isDirty ? 'to be recomputed' : 'current',
      ]),
    }),
    [nodes],
  );
  const levels = Array.from({ length: layout.maxDepth + 1 }, (_, depth) => {
    const own = nodes.filter((n) => layout.placed.get(n.id)?.depth === depth);
    return { depth, nNodes: own.length, maxWeight: own.reduce((m, n) => Math.max(m, n.maxWeight), 0) };
  });
  // Dirty paths last, so that they lie over the others.
  const edges = [...layout.placed.values()].sort(
    (a, b) => Number(byId.get(a.id)?.isDirty ?? false) - Number(byId.get(b.id)?.isDirty ?? false),
  );
  const nDirty = nodes.filter((n) => n.isDirty).length;
  const paneHeight = wanted ?? Math.min(300, Math.max(64, height + 4));
  return (
    <ChartFrame title="Coreset tree" subtitle={subtitle} height={paneHeight} table={table} actions={actions}>
      <div ref={host}>
        <ZoomPane
          width={width}
          height={height}
          paneHeight={paneHeight}
          label={`Coreset tree: ${nodes.length} nodes on ${levels.length} levels, ${nDirty} to be recomputed`}
        >
          {levels.map((l) => (
            <g key={l.depth}>
              <text x={0} y={y(l.depth) + 13} className="svg-label">
                {l.depth === 0 ? 'root' : `level ${l.depth}`}
              </text>
              <text x={52} y={y(l.depth) + 13} className="svg-hint">
                ≤ {formatValue(l.maxWeight, 2)}×
              </text>
            </g>
          ))}
          {edges.map((p) => {
            const parent = p.parent === null ? undefined : layout.placed.get(p.parent);
            if (!parent) return null;
            const mid = (y(parent.depth) + BOX_H + y(p.depth)) / 2;
            return (
              <path
                key={p.id}
                className={byId.get(p.id)?.isDirty ? 'tree-edge is-dirty' : 'tree-edge'}
                d={`M${x(parent.x)} ${y(parent.depth) + BOX_H}V${mid}H${x(p.x)}V${y(p.depth)}`}
              />
            );
          })}
          {[...layout.placed.values()].map((p) => {
            const node = byId.get(p.id)!;
            const isRoot = p.parent === null;
            const isLeaf = node.children.length === 0;
            const room = isLeaf ? unit - 4 : Math.max(unit - 4, 64);
            const boxWidth = Math.max(3, Math.min(isRoot ? 190 : 86, isRoot ? 190 : room));
            const classes = ['tree-box', node.isDirty && 'is-dirty', p.depth === level && 'is-current']
              .filter(Boolean)
              .join(' ');
            return (
              <g key={p.id}>
                <rect
                  x={x(p.x) - boxWidth / 2}
                  y={y(p.depth)}
                  width={boxWidth}
                  height={BOX_H}
                  rx={3}
                  className={classes}
                >
                  <title>
                    {`${formatCount(node.nRows)} rows stand for ${formatCount(node.nRowsCovered)}; largest weight ${formatValue(node.maxWeight, 3)}${node.isDirty ? '; to be recomputed' : ''}`}
                  </title>
                </rect>
                {(isRoot || boxWidth >= MIN_BOX_FOR_TEXT) && (
                  <text x={x(p.x)} y={y(p.depth) + 13} className="tree-text" textAnchor="middle">
                    {isRoot
                      ? `root · ${formatCount(node.nRows)} of ${formatCount(node.nRowsCovered)} rows`
                      : formatCount(node.nRows)}
                  </text>
                )}
              </g>
            );
          })}
        </ZoomPane>
      </div>
    </ChartFrame>
  );
}
