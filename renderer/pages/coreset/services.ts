/** What coresets can be built for, as a person chooses it. */
export const SERVICES: readonly { readonly value: string; readonly label: string; readonly serves: string }[] = [
  { value: 'auto', label: 'Automatic', serves: 'follows the target' },
  { value: 'logistic', label: 'Logistic', serves: 'logistic regression' },
  { value: 'linear', label: 'Least squares', serves: 'linear and ridge regression' },
  { value: 'tree', label: 'Trees', serves: 'boosting, forests, decision trees' },
  { value: 'svm', label: 'Support vectors', serves: 'SVC and linear SVM' },
  { value: 'network', label: 'Network', serves: 'neural networks' },
  { value: 'generic', label: 'Any model', serves: 'SVR and whatever is not named here' },
  { value: 'kmeans', label: 'k-means', serves: 'clusters' },
  { value: 'pca', label: 'PCA', serves: 'components, SVD' },
];

const UNSUPERVISED: ReadonlySet<string> = new Set(['kmeans', 'pca']);

export const needsTarget = (service: string): boolean => !UNSUPERVISED.has(service);

export const serviceLabel = (service: string): string => SERVICES.find((s) => s.value === service)?.label ?? service;

/** Choices of a select. */
export const serviceChoices = SERVICES.map(({ value, label }) => ({ value, label }));

export const servesWhat = (service: string): string => SERVICES.find((s) => s.value === service)?.serves ?? '';
