/** The estimator that stands for a service, with the parameters the service's pilot has. */
export const MODELS: Readonly<
  Record<string, { readonly type: string; readonly params: Readonly<Record<string, unknown>> }>
> = {
  logistic: { type: 'logisticRegression', params: { C: 1 } },
  linear: { type: 'ridge', params: { alpha: 1 } },
};
