"""Scores of scikit-learn's grid search on iris: node test/golden/iris/folds.ts | python test/golden/iris/make_golden.py"""
import json, pathlib, sys
import numpy as np
import sklearn
from sklearn.model_selection import GridSearchCV, PredefinedSplit, StratifiedKFold
from sklearn.svm import SVC

given = json.load(sys.stdin)
X, y = np.array(given["X"]), np.array(given["y"])
grid = {"C": [0.1, 1, 10, 100], "kernel": ["linear", "rbf"], "gamma": ["scale", "auto", 0.1, 1]}


def searched(rows, folds):
    found = GridSearchCV(SVC(), grid, cv=PredefinedSplit(folds), scoring="accuracy").fit(X[rows], y[rows])
    scores = found.cv_results_
    return {
        "rows": [int(i) for i in rows],
        "foldOf": [int(f) for f in folds],
        "best": float(found.best_score_),
        "trials": [{"params": p, "mean": float(m)} for p, m in zip(scores["params"], scores["mean_test_score"])],
    }


# scikit-learn's own folds of all rows, as GridSearchCV(cv=5) makes them
own = np.empty(len(y), int)
for fold, (_, test) in enumerate(StratifiedKFold(5).split(X, y)):
    own[test] = fold
default = GridSearchCV(SVC(), grid, cv=5, scoring="accuracy").fit(X, y)
out = {"sklearn": sklearn.__version__, "grid": grid, "all": searched(np.arange(len(y)), own),
       "sample": searched(np.array(given["train"]), np.array(given["foldOf"]))}
assert out["all"]["best"] == float(default.best_score_)
pathlib.Path(__file__).with_name("sklearn.json").write_text(json.dumps(out) + "\n")
print(out["all"]["best"], out["sample"]["best"])
