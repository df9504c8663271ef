import { AppError } from '../../contract/errors.ts';
import { pack, PackError, unpack, type PackedArray } from '../../kernels/pack.ts';
import type { TargetInfo } from '../../models/estimator.ts';
import { restorePilot } from '../services/registry.ts';
import type { Pilot, PilotState } from '../services/service.ts';
import { CoresetTree, type TreeSettings } from './coresetTree.ts';
import type { AppliedEdit, FormerRow, FormerTotals, RowOverride } from './editLog.ts';
import type { Leaf } from './leaves.ts';
import type { TreeNode } from './nodes.ts';

const VERSION = 3;

interface TreeJson {
  readonly kind: 'coresetTree';
  readonly version: number;
  readonly settings: Omit<TreeSettings, 'guarantees'> & {
    readonly minimum: number;
    readonly sizes: readonly (readonly [number, number | 'all'])[];
  };
  readonly target: TargetInfo | null;
  readonly nFeatures: number;
  readonly isOnePilot: boolean;
  readonly drawPilot: Omit<PilotState, 'arrays'>;
  readonly pilot: Omit<PilotState, 'arrays'>;
  readonly leaves: readonly LeafJson[];
  readonly nodes: readonly NodeJson[];
  readonly dirty: readonly string[];
  readonly levels: readonly number[];
  readonly solved: readonly number[];
  readonly overrides: readonly OverrideJson[];
  readonly edits: readonly EditJson[];
}

type LeafJson = Pick<Leaf, 'ordinal' | 'nRowsCovered' | 'firstRowId' | 'lastRowId' | 'endRowId' | 'lastTime'>;
type NodeJson = Pick<TreeNode, 'from' | 'to'>;
interface OverrideJson {
  readonly rowId: number;
  readonly isSet: boolean;
  readonly y: number | null;
  readonly hasX: boolean;
  readonly isRemoved: boolean;
}
interface EditJson extends Pick<AppliedEdit, 'kind' | 'rowIds' | 'recalc' | 'dirty' | 'covered' | 'id' | 'nAdded'> {
  readonly rows: readonly (Omit<FormerRow, 'x'> & { readonly hasX: boolean })[];
  readonly totals: readonly Omit<FormerTotals, 'values'>[];
  readonly overrides: readonly OverrideJson[];
  readonly nodes: readonly NodeJson[];
  readonly dropped: readonly LeafJson[];
  readonly levels: readonly number[] | null;
  readonly solved: readonly number[];
  readonly hasSpread: boolean;
}

/** The tree as bytes: versioned, checksummed, arrays packed. `loadTree` reads it back to the last bit. */
export function saveTree(tree: CoresetTree): Uint8Array<ArrayBuffer> {
  const out = new Writer();
  const { guarantees, ...settings } = tree.settings;
  const isOnePilot = tree.pilot === tree.drawPilot;
  const json: TreeJson = {
    kind: 'coresetTree',
    version: VERSION,
    settings: { ...settings, minimum: guarantees.minimum, sizes: [...(guarantees.sizes ?? [])] },
    target: tree.target,
    nFeatures: tree.nFeatures,
    isOnePilot,
    drawPilot: out.pilot('drawPilot', tree.drawPilot),
    pilot: out.pilot('pilot', isOnePilot ? null : tree.pilot, tree.pilot),
    leaves: tree.leaves.map((leaf) => out.leaf(leaf)),
    nodes: [...tree.nodes.values()].map((node) => out.node(node)),
    dirty: [...tree.dirty],
    levels: out.levels(tree.weights),
    solved: out.levels(tree.solutions),
    overrides: [...tree.overrides].map((entry) => out.override(entry)),
    edits: tree.edits.map((edit) => ({
      kind: edit.kind,
      rowIds: edit.rowIds,
      recalc: edit.recalc,
      id: edit.id,
      nAdded: edit.nAdded,
      dirty: edit.dirty,
      covered: edit.covered,
      rows: edit.rows.map((row) => out.formerRow(row)),
      totals: edit.totals.map((totals) => out.formerTotals(totals)),
      overrides: edit.overrides.map((entry) => out.override(entry)),
      nodes: [...edit.nodes.values()].map((node) => out.node(node)),
      dropped: edit.dropped.map((leaf) => out.leaf(leaf)),
      levels: edit.weights && out.levels(edit.weights),
      solved: out.levels(edit.solutions),
      hasSpread: out.maybe(edit.spread),
    })),
  };
  out.put('seen', Uint32Array.from(tree.seen));
  out.put('spread', tree.spreads());
  out.put('order', Uint32Array.from(out.order));
  return pack(json, out.arrays);
}

/** Throws AppError TREE_DAMAGED, TREE_VERSION. */
export function loadTree(bytes: Uint8Array): CoresetTree {
  const { json: plain, arrays } = readPack(bytes);
  const json = plain as TreeJson;
  if (json?.kind !== 'coresetTree') throw damaged();
  if (json.version !== VERSION) throw otherVersion();
  const read = new Reader(arrays);
  const { minimum, sizes, ...settings } = json.settings;
  const drawPilot = read.pilot('drawPilot', json.drawPilot);
  const tree = new CoresetTree({
    settings: { ...settings, guarantees: { minimum, ...(sizes.length > 0 && { sizes: new Map(sizes) }) } },
    target: json.target,
    nFeatures: json.nFeatures,
    drawPilot,
    pilot: json.isOnePilot ? drawPilot : read.pilot('pilot', json.pilot),
    leaves: json.leaves.map((leaf) => read.leaf(leaf)),
    nodes: read.nodes(json.nodes),
  });
  tree.dirty = new Set(json.dirty);
  const weights = read.levels(json.levels);
  tree.restore(read.levels(json.solved), weights);
  for (const entry of json.overrides) {
    const [rowId, override] = read.override(entry);
    if (override) tree.overrides.set(rowId, override);
  }
  for (const edit of json.edits) {
    tree.edits.push({
      kind: edit.kind,
      rowIds: edit.rowIds,
      recalc: edit.recalc,
      id: edit.id,
      nAdded: edit.nAdded,
      dirty: edit.dirty,
      covered: edit.covered,
      rows: edit.rows.map(({ hasX, ...row }) => ({ ...row, x: hasX ? read.vector() : null })),
      totals: edit.totals.map((totals) => ({ ...totals, values: read.vector() })),
      overrides: edit.overrides.map((entry) => read.override(entry)),
      nodes: read.nodes(edit.nodes),
      dropped: edit.dropped.map((leaf) => read.leaf(leaf)),
      weights: edit.levels && read.levels(edit.levels),
      solutions: read.levels(edit.solved),
      spread: edit.hasSpread ? read.vector() : null,
    });
  }
  tree.spread = read.take('spread') as Float64Array;
  for (const rowId of read.take('seen') as Uint32Array) tree.seen.add(rowId);
  return tree;
}

/** Leaves drawn for a tree but not yet part of it. */
export function saveLeaves(leaves: readonly Leaf[]): Uint8Array<ArrayBuffer> {
  const out = new Writer();
  const json = { kind: 'coresetLeaves', version: VERSION, leaves: leaves.map((leaf) => out.leaf(leaf)) };
  out.put('order', Uint32Array.from(out.order));
  return pack(json, out.arrays);
}

/** Throws AppError TREE_DAMAGED, TREE_VERSION. */
export function loadLeaves(bytes: Uint8Array): Leaf[] {
  const { json: plain, arrays } = readPack(bytes);
  const json = plain as { kind?: string; version?: number; leaves: readonly LeafJson[] } | null;
  if (json?.kind !== 'coresetLeaves') throw damaged();
  if (json.version !== VERSION) throw otherVersion();
  const read = new Reader(arrays);
  return json.leaves.map((leaf) => read.leaf(leaf));
}

const LEAF_ARRAYS = ['y', 'rowIds', 'rowWeight', 'pi', 'score', 'key', 'part', 'totals'] as const;
const NODE_ARRAYS = ['leaf', 'row', 'pi'] as const;

/** Notes arrays in the order they come in, each one once however often; the reader asks in the same order. */
class Writer {
  readonly arrays: Record<string, PackedArray> = {};
  /** Number of the array at each place of the order. */
  readonly order: number[] = [];
  private readonly numbers = new Map<PackedArray, number>();

  private next(array: PackedArray): void {
    let number = this.numbers.get(array);
    if (number === undefined) {
      number = this.numbers.size;
      this.numbers.set(array, number);
      this.arrays[String(number)] = array;
    }
    this.order.push(number);
  }
  maybe(array: PackedArray | null): boolean {
    if (array) this.next(array);
    return array !== null;
  }
  put(name: string, array: PackedArray): void {
    this.arrays[name] = array;
  }
  pilot(prefix: string, pilot: Pilot | null, described: Pilot | null = pilot): Omit<PilotState, 'arrays'> {
    const { service, json, arrays } = described!.state();
    if (pilot) for (const [name, array] of Object.entries(arrays)) this.put(`${prefix}.${name}`, array);
    return { service, json };
  }
  leaf(leaf: Leaf): LeafJson {
    this.next(leaf.X.data);
    for (const name of LEAF_ARRAYS) this.next(leaf[name]);
    const { ordinal, nRowsCovered, firstRowId, lastRowId, endRowId, lastTime } = leaf;
    return { ordinal, nRowsCovered, firstRowId, lastRowId, endRowId, lastTime };
  }
  formerRow({ x, ...row }: FormerRow): EditJson['rows'][number] {
    if (x) this.next(x);
    return { ...row, hasX: x !== null };
  }
  formerTotals({ values, ...rest }: FormerTotals): EditJson['totals'][number] {
    this.next(values);
    return rest;
  }
  node(node: TreeNode): NodeJson {
    for (const name of NODE_ARRAYS) this.next(node[name]);
    return { from: node.from, to: node.to };
  }
  levels(weights: ReadonlyMap<number, Float64Array>): number[] {
    for (const array of weights.values()) this.next(array);
    return [...weights.keys()];
  }
  override([rowId, override]: readonly [number, RowOverride | undefined]): OverrideJson {
    if (override?.x) this.next(override.x);
    return {
      rowId,
      isSet: override !== undefined,
      y: override?.y ?? null,
      hasX: override?.x !== undefined,
      isRemoved: override?.isRemoved ?? false,
    };
  }
}

class Reader {
  private readonly arrays: Readonly<Record<string, PackedArray>>;
  private count = 0;

  constructor(arrays: Readonly<Record<string, PackedArray>>) {
    this.arrays = arrays;
  }

  take(name: string): PackedArray {
    const found = this.arrays[name];
    if (!found) throw damaged();
    return found;
  }
  private next(): PackedArray {
    return this.take(String((this.take('order') as Uint32Array)[this.count++]));
  }
  vector(): Float64Array {
    return this.next() as Float64Array;
  }
  pilot(prefix: string, state: Omit<PilotState, 'arrays'>): Pilot {
    const own = Object.entries(this.arrays).filter(([name]) => name.startsWith(`${prefix}.`));
    return restorePilot({ ...state, arrays: Object.fromEntries(own.map(([n, a]) => [n.slice(prefix.length + 1), a])) });
  }
  leaf(json: LeafJson): Leaf {
    const data = this.next() as Float64Array;
    const rest = Object.fromEntries(LEAF_ARRAYS.map((name) => [name, this.next()])) as unknown as Leaf;
    const nRows = rest.y.length;
    return { ...json, ...rest, X: { data, nRows, nCols: nRows === 0 ? 0 : data.length / nRows } };
  }
  nodes(json: readonly NodeJson[]): Map<string, TreeNode> {
    return new Map(
      json.map(({ from, to }) => {
        const rest = Object.fromEntries(NODE_ARRAYS.map((name) => [name, this.next()])) as unknown as TreeNode;
        return [`${from}-${to}`, { ...rest, from, to }];
      }),
    );
  }
  levels(levels: readonly number[]): Map<number, Float64Array> {
    return new Map(levels.map((level) => [level, this.next() as Float64Array]));
  }
  override({ rowId, isSet, y, hasX, isRemoved }: OverrideJson): readonly [number, RowOverride | undefined] {
    if (!isSet) return [rowId, undefined];
    return [
      rowId,
      { ...(y !== null && { y }), ...(hasX && { x: this.next() as Float64Array }), ...(isRemoved && { isRemoved }) },
    ];
  }
}

function readPack(bytes: Uint8Array): ReturnType<typeof unpack> {
  try {
    return unpack(bytes);
  } catch (cause) {
    if (cause instanceof PackError && cause.reason === 'version') throw otherVersion();
    throw damaged(cause);
  }
}

const damaged = (cause?: unknown) =>
  new AppError({
    code: 'TREE_DAMAGED',
    message: 'The file of this coreset tree is damaged.',
    fix: { kind: 'buildCoreset', label: 'Build the coreset again' },
    isInput: false,
    cause,
  });

const otherVersion = () =>
  new AppError({
    code: 'TREE_VERSION',
    message: 'This coreset tree was written by another version of Pith.',
    fix: { kind: 'buildCoreset', label: 'Build the coreset again' },
  });
