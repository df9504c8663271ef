import { formatCount } from './format.ts';
import { classColour } from './theme.ts';
import { describeNode, type DecisionNode } from './treeNode.ts';

export const BOX_W = 152;
export const BOX_H = 44;
const PAD = 8;

export interface TreeNodeBoxProps {
  readonly node: DecisionNode;
  readonly left: number;
  readonly top: number;
  readonly classes: readonly string[];
  /** Smallest and largest value in the tree. */
  readonly values: readonly [number, number] | null;
  /** Nodes folded away behind this one. */
  readonly nHidden: number;
  readonly isSelected: boolean;
  readonly onToggle: () => void;
  readonly onPoint: (id: number | null) => void;
}

/** One node: its question or prediction, its rows, class shares as a bar or the value's place between all values. */
export function TreeNodeBox(props: TreeNodeBoxProps) {
  const { node, left, top, classes, values, nHidden, isSelected } = props;
  const isLeaf = node.question === null;
  const told = describeNode(node, classes);
  const rows = `${formatCount(node.nRows)} row${node.nRows === 1 ? '' : 's'}`;
  const className = ['tree-box', isLeaf ? 'is-leaf' : 'is-open', isSelected && 'is-selected'].filter(Boolean).join(' ');
  return (
    // Keys belong to the pane around the drawing, which moves from node to node.
    // oxlint-disable-next-line jsx-a11y/click-events-have-key-events, jsx-a11y/no-static-element-interactions
    <g
      className="tree-node"
      onClick={props.onToggle}
      onPointerEnter={() => props.onPoint(node.id)}
      onPointerLeave={() => props.onPoint(null)}
    >
      {nHidden > 0 && (
        <>
          <rect x={left + 4} y={top + 3} width={BOX_W} height={BOX_H} rx={4} className="tree-box" />
          <text x={left + BOX_W + 8} y={top + BOX_H / 2 + 4} className="svg-hint">
            +{formatCount(nHidden)}
          </text>
        </>
      )}
      <rect x={left} y={top} width={BOX_W} height={BOX_H} rx={4} className={className} />
      <text x={left + PAD} y={top + 16} className="tree-text is-strong">
        {clip(node.question ?? told, 23)}
      </text>
      <text x={left + PAD} y={top + 30} className="tree-text is-hint">
        {clip(isLeaf ? rows : `${rows} · ${told}`, 25)}
      </text>
      {node.shares ? (
        <Shares shares={node.shares} left={left + PAD} top={top + 35} />
      ) : (
        values &&
        values[1] > values[0] &&
        node.value !== null && (
          <>
            <rect x={left + PAD} y={top + 37} width={BOX_W - 2 * PAD} height={1} className="tree-track" />
            <circle
              cx={left + PAD + ((node.value - values[0]) / (values[1] - values[0])) * (BOX_W - 2 * PAD)}
              cy={top + 37.5}
              r={3}
              className="tree-dot"
            />
          </>
        )
      )}
    </g>
  );
}

function Shares({ shares, left, top }: { shares: readonly number[]; left: number; top: number }) {
  const starts = shares.map((_, k, all) => all.slice(0, k).reduce((a, b) => a + b, 0) * (BOX_W - 2 * PAD));
  return shares.map((share, k) => (
    <rect
      // oxlint-disable-next-line react/no-array-index-key -- the index is the class
      key={k}
      x={left + starts[k]!}
      y={top}
      width={share * (BOX_W - 2 * PAD)}
      height={4}
      fill={classColour(k)}
    />
  ));
}

function clip(text: string, length: number): string {
  return text.length <= length ? text : `${text.slice(0, length - 1)}…`;
}
