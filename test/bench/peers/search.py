"""scikit-learn GridSearchCV over LogisticRegression: argv budgetSeconds file n d C…; prints seconds and the mean score of each configuration.

Values of C are taken one after the other, far apart first. When the budget is used up the rest is left out: `share` says how much
of the grid was fitted, and `seconds` is scaled up by it."""
import json, os, sys, time, warnings
import numpy as np
import sklearn
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GridSearchCV, StratifiedKFold

budget, path, n, d = float(sys.argv[1]), sys.argv[2], int(sys.argv[3]), int(sys.argv[4])
C = [float(c) for c in sys.argv[5:]]
raw = np.fromfile(path, dtype=np.float32)
X, y = raw[: n * d].reshape(n, d), raw[n * d :]
warnings.simplefilter("ignore")
os.environ["PYTHONWARNINGS"] = "ignore"
folds = StratifiedKFold(5, shuffle=True, random_state=0)
threads = int(os.environ.get("PITH_BENCH_THREADS", "1"))


def grid_of(c):
    # Each penalty with the solver that is fastest for it on such data.
    return [
        {"C": [c], "class_weight": [None, "balanced"], "l1_ratio": [0.0], "solver": ["lbfgs"]},
        {"C": [c], "class_weight": [None, "balanced"], "l1_ratio": [1.0], "solver": ["liblinear"]},
    ]


# Values in between come later, so that a part of the grid costs about what the whole does on average.
order, step = [], len(C)
while len(order) < len(C):
    step = max(1, step // 2)
    order += [i for i in range(step // 2, len(C), step) if i not in order]
    if step == 1:
        order += [i for i in range(len(C)) if i not in order]
trials, start, done = [], time.perf_counter(), 0
for i in order:
    search = GridSearchCV(
        LogisticRegression(max_iter=100), grid_of(C[i]), scoring="roc_auc", cv=folds, refit=False, n_jobs=threads
    )
    search.fit(X, y)
    done += 1
    trials += [
        {"C": p["C"], "penalty": "l1" if p["l1_ratio"] else "l2", "classWeight": p["class_weight"], "mean": float(m)}
        for p, m in zip(search.cv_results_["params"], search.cv_results_["mean_test_score"])
    ]
    if time.perf_counter() - start > budget:
        break
share = done / len(C)
seconds = (time.perf_counter() - start) / share
answer = {"name": "scikit-learn", "version": sklearn.__version__, "seconds": seconds, "share": share, "trials": trials}
print(json.dumps(answer))
