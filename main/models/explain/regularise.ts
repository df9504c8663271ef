/** A change of the configuration that makes a model stiffer, as a merge patch. */
export interface Regularisation {
  readonly label: string;
  readonly patch: Readonly<Record<string, unknown>>;
}

type Params = Readonly<Record<string, unknown>>;

/**
 * What would answer over-fitting of this model, strongest lever first; empty for models that have none.
 * @param searched names of the parameters the run searches: those get values to search instead of one
 */
export function regularisationOf(type: string, params: Params, searched: readonly string[]): Regularisation[] {
  const number = (name: string, fallback: number) => (typeof params[name] === 'number' ? params[name] : fallback);
  const set = (label: string, changes: Record<string, unknown>): Regularisation => {
    const free = Object.entries(changes).filter(([name]) => !searched.includes(name));
    const space = Object.entries(changes).filter(([name]) => searched.includes(name));
    return {
      label,
      patch: {
        ...(free.length > 0 && { model: { params: Object.fromEntries(free) } }),
        ...(space.length > 0 && {
          tune: { space: Object.fromEntries(space.map(([name, value]) => [name, [value, params[name]]])) },
        }),
      },
    };
  };
  switch (type) {
    case 'logisticRegression':
    case 'linearSvm':
    case 'svc':
    case 'svr': {
      const C = round(number('C', 1) / 10);
      return [set(`Lower C to ${C}`, { C })];
    }
    case 'ridge':
    case 'lasso':
    case 'elasticNet': {
      const alpha = round(10 * number('alpha', 1));
      return [set(`Raise alpha to ${alpha}`, { alpha })];
    }
    case 'linearRegression':
      return [{ label: 'Use ridge regression', patch: { model: { type: 'ridge', params: { alpha: 1 } } } }];
    case 'gradientBoosting': {
      const maxLeafNodes = Math.max(4, Math.round(number('maxLeafNodes', 31) / 2));
      const minSamplesLeaf = 2 * number('minSamplesLeaf', 20);
      const l2Regularization = Math.max(1, 10 * number('l2Regularization', 0));
      return [
        set('Grow smaller trees', { maxLeafNodes, minSamplesLeaf, l2Regularization }),
        set('Stop early', { earlyStopping: true }),
      ];
    }
    case 'randomForest':
    case 'extraTrees': {
      const minSamplesLeaf = 5 * number('minSamplesLeaf', 1);
      return [set(`Ask for ${minSamplesLeaf} rows in a leaf`, { minSamplesLeaf })];
    }
    case 'decisionTree':
      return [set('Prune the tree', { ccpAlpha: Math.max(0.002, 3 * number('ccpAlpha', 0)) })];
    case 'neuralNetwork': {
      const l2 = Math.max(1e-4, 10 * number('l2', 0));
      return [set(`Raise l2 to ${l2}`, { l2 })];
    }
    default:
      return [];
  }
}

const round = (value: number): number => Number(value.toPrecision(3));
