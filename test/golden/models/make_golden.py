"""Makes sklearn.json beside this file: what scikit-learn finds on iris and a small regression. Run by hand; needs scikit-learn."""
import json
import pathlib
import numpy as np
import sklearn
from sklearn.cluster import KMeans
from sklearn.datasets import load_iris
from sklearn.decomposition import PCA
from sklearn.model_selection import GridSearchCV, StratifiedKFold
from sklearn.naive_bayes import GaussianNB
from sklearn.svm import SVC, SVR
from sklearn.tree import DecisionTreeClassifier, DecisionTreeRegressor

iris = load_iris()
X, y = iris.data, iris.target
out = {"sklearn": sklearn.__version__, "X": X.tolist(), "y": y.tolist(), "svc": [], "trees": []}
for params in [
    {"kernel": "linear"}, {"kernel": "rbf"}, {"kernel": "poly"}, {"kernel": "sigmoid", "gamma": 0.01},
    {"kernel": "rbf", "C": 10, "gamma": "auto"}, {"kernel": "rbf", "gamma": 0.5}, {"kernel": "linear", "C": 0.01},
]:
    m = SVC(tol=1e-6, decision_function_shape="ovo", **params).fit(X, y)
    out["svc"].append({
        "params": params, "nSupport": m.n_support_.tolist(), "intercept": m.intercept_.tolist(),
        "decision": m.decision_function(X[::10]).tolist(), "predict": m.predict(X).tolist(),
    })
m = SVR(tol=1e-6, C=2, epsilon=0.05).fit(X[:, :3], X[:, 3])
out["svr"] = {"nSupport": len(m.support_), "predict": m.predict(X[::10, :3]).tolist()}
for params in [{"max_depth": 3}, {"criterion": "entropy", "max_depth": 3}, {"max_leaf_nodes": 5}, {"ccp_alpha": 0.02}, {"min_samples_leaf": 10}]:
    m = DecisionTreeClassifier(random_state=0, **params).fit(X, y)
    t = m.tree_
    out["trees"].append({
        "params": params, "nLeaves": int(m.get_n_leaves()), "rootCover": float(t.weighted_n_node_samples[t.children_left[0]]),
        "impurity": float(sum(t.impurity[k] * t.weighted_n_node_samples[k] for k in range(t.node_count) if t.children_left[k] < 0) / len(y)),
        "accuracy": float(m.score(X, y)),
    })
m = DecisionTreeRegressor(random_state=0, max_depth=4).fit(X[:, :3], X[:, 3])
out["treeRegression"] = {"nLeaves": int(m.get_n_leaves()), "mse": float(((m.predict(X[:, :3]) - X[:, 3]) ** 2).mean())}
m = KMeans(3, n_init=20, random_state=0, tol=0).fit(X)
out["kmeans"] = {"inertia": float(m.inertia_), "centres": sorted(m.cluster_centers_.tolist())}
m = PCA(4).fit(X)
out["pca"] = {"variance": m.explained_variance_.tolist(), "ratio": m.explained_variance_ratio_.tolist(), "components": np.abs(m.components_).tolist()}
m = GaussianNB().fit(X, y, sample_weight=1 + (np.arange(150) % 3))
out["naiveBayes"] = {"mean": m.theta_.tolist(), "variance": m.var_.tolist(), "proba": m.predict_proba(X[::10]).tolist()}
grid = {"C": [0.1, 1, 10], "kernel": ["linear", "rbf"], "gamma": ["scale", 0.1]}
folds = list(StratifiedKFold(5).split(X, y))
g = GridSearchCV(SVC(), grid, cv=folds).fit(X, y)
out["grid"] = {
    "best": float(g.best_score_), "folds": [test.tolist() for _, test in folds],
    "scores": [{"params": p, "score": float(s)} for p, s in zip(g.cv_results_["params"], g.cv_results_["mean_test_score"])],
}
target = pathlib.Path(__file__).with_name("sklearn.json")
target.write_text(json.dumps(out, separators=(",", ":")) + "\n")
print(target.stat().st_size)
