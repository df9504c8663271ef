/** TypeScript view of what `assembly/index.ts` exports. Every address is a byte offset in the arena. */
export interface Exports {
  findCuts(
    sample: number,
    n: number,
    d: number,
    column: number,
    weights: number,
    maxBins: number,
    scratch: number,
    cuts: number,
  ): number;
  binRows(
    block: number,
    d: number,
    from: number,
    to: number,
    start: number,
    cuts: number,
    nBins: number,
    tables: number,
    byRow: number,
    stride: number,
    byColumn: number,
    n: number,
  ): void;
  histogram(
    bins: number,
    stride: number,
    nGroups: number,
    rows: number,
    from: number,
    to: number,
    gh: number,
    out: number,
  ): void;
  mergeHistograms(parts: number, nParts: number, partBytes: number, g: number, small: number, parent: number): void;
  bestSplits(
    hist: number,
    from: number,
    to: number,
    nBins: number,
    monotone: number,
    active: number,
    node: number,
    scratch: number,
    out: number,
  ): void;
  bestSplitsOfRows(
    bins: number,
    stride: number,
    rows: number,
    from: number,
    to: number,
    gh: number,
    nFeatures: number,
    nBins: number,
    monotone: number,
    active: number,
    node: number,
    hist: number,
    scratch: number,
    out: number,
  ): void;
  partitionChunk(
    rows: number,
    from: number,
    to: number,
    column: number,
    threshold: number,
    missingLeft: number,
    bits: number,
    left: number,
    right: number,
  ): number;
  sumWeights(rows: number, from: number, to: number, weights: number): number;
  gradients(
    loss: number,
    from: number,
    to: number,
    score: number,
    y: number,
    weights: number,
    alpha: number,
    g: number,
    h: number,
    sums: number,
  ): void;
  softmaxGradients(
    nClasses: number,
    n: number,
    from: number,
    to: number,
    score: number,
    y: number,
    weights: number,
    g: number,
    h: number,
    sums: number,
  ): void;
  quantise(
    from: number,
    to: number,
    g: number,
    h: number,
    weights: number,
    scaleG: number,
    scaleH: number,
    gh: number,
  ): void;
  addLeafValues(rows: number, from: number, to: number, leaves: number, score: number): void;
  routeBinned(
    bins: number,
    stride: number,
    rows: number,
    from: number,
    to: number,
    nodes: number,
    bits: number,
    score: number,
    leafOut: number,
  ): void;
  predictRaw(
    X: number,
    d: number,
    from: number,
    to: number,
    nodes: number,
    bits: number,
    packed: number,
    roots: number,
    depths: number,
    nTrees: number,
    values: number,
    nOut: number,
    width: number,
    scale: number,
    blockRows: number,
    scratch: number,
    out: number,
  ): void;
  predictLeafBits(
    X: number,
    d: number,
    from: number,
    to: number,
    tests: number,
    starts: number,
    values: number,
    nTrees: number,
    width: number,
    scale: number,
    columns: number,
    out: number,
  ): number;
  applyRaw(
    X: number,
    d: number,
    from: number,
    to: number,
    nodes: number,
    bits: number,
    roots: number,
    nTrees: number,
    out: number,
  ): void;
  routeSums(
    X: number,
    d: number,
    from: number,
    to: number,
    nodes: number,
    bits: number,
    packed: number,
    root: number,
    nNodes: number,
    g: number,
    h: number,
    weights: number,
    leafOut: number,
    sums: number,
  ): void;
  routeBinSums(
    bins: number,
    stride: number,
    from: number,
    to: number,
    nodes: number,
    nNodes: number,
    g: number,
    h: number,
    weights: number,
    leafOut: number,
    sums: number,
  ): void;
  addReached(leaf: number, from: number, to: number, values: number, score: number): void;
  growTree(params: number): number;
  growBoosted(params: number): number;
  bestWeighedSplit(
    column: number,
    rows: number,
    from: number,
    to: number,
    gh: number,
    weights: number,
    nBins: number,
    monotone: number,
    node: number,
    hist: number,
    counts: number,
    scratch: number,
    out: number,
  ): void;
  smoSteps(problem: number, maxSteps: number): number;
  kernelExpand(
    kernel: number,
    gamma: number,
    coef0: number,
    degree: number,
    A: number,
    from: number,
    to: number,
    X: number,
    nSv: number,
    stride: number,
    coef: number,
    nOut: number,
    scratch: number,
    out: number,
  ): void;
  assignRows(
    X: number,
    d: number,
    from: number,
    to: number,
    centres: number,
    k: number,
    kPad: number,
    halfNorms: number,
    labels: number,
    weights: number,
    norms: number,
    sums: number,
    scratch: number,
    out: number,
  ): void;
  candidates(
    X: number,
    d: number,
    from: number,
    to: number,
    points: number,
    count: number,
    closest: number,
    weights: number,
    keep: number,
    out: number,
  ): void;
  treeShapRows(
    X: number,
    d: number,
    from: number,
    to: number,
    nodes: number,
    bits: number,
    leaves: number,
    nLeaves: number,
    paths: number,
    features: number,
    tables: number,
    out: number,
  ): void;
  sumRows(rows: number, from: number, to: number, gh: number, weights: number, out: number): void;
  placeHalves(toLeft: number, left: number, nLeft: number, toRight: number, right: number, nRight: number): void;
  quadraticForms(A: number, n: number, q: number, pitch: number, W: number, nDir: number, out: number): void;
  logisticRows(
    A: number,
    pitch: number,
    n: number,
    beta: number,
    y: number,
    w: number,
    scores: number,
    p: number,
    loss: number,
    C: number,
    V: number,
  ): void;
  logisticScores(
    n: number,
    p: number,
    y: number,
    h: number,
    m: number,
    so: number,
    sh: number,
    sl: number,
    sn: number,
    out: number,
  ): void;
  addOuterProducts(A: number, pitch: number, rows: number, count: number, C: number, nCoef: number, sums: number): void;
  addRowGram(A: number, q: number, pitch: number, rows: number, count: number, V: number, sums: number): void;
  sumSquares(g: number, n: number): number;
  cutValues(g: number, n: number, limit: number): void;
  scaleValues(g: number, n: number, factor: number): void;
  adamStep(
    theta: number,
    g: number,
    m: number,
    v: number,
    n: number,
    beta1: number,
    beta2: number,
    rate: number,
    epsilon: number,
    keep: number,
  ): void;
  rmspropStep(theta: number, g: number, v: number, n: number, rho: number, rate: number, epsilon: number): void;
  sgdStep(theta: number, g: number, v: number, n: number, momentum: number, isNesterov: number, rate: number): void;
}
