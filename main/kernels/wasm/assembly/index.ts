// Everything the engine calls; see ../exports.ts for the TypeScript view of these signatures.
export * from './bin';
export * from './hist';
export * from './split';
export * from './partition';
export * from './loss';
export * from './route';
export * from './leafBits';
export * from './grow';
export * from './boostTree';
export * from './svm';
export * from './kmeans';
export * from './shap';
export * from './rowSums';
export * from './optimizer';
export * from './logisticRows';
