"""scikit-learn GridSearchCV over LogisticRegression: argv file n d C…; prints seconds and the mean score of each configuration."""
import json, os, sys, time, warnings
import numpy as np
import sklearn
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GridSearchCV, StratifiedKFold

path, n, d = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
C = [float(c) for c in sys.argv[4:]]
raw = np.fromfile(path, dtype=np.float32)
X, y = raw[: n * d].reshape(n, d), raw[n * d :]
warnings.simplefilter("ignore")
os.environ["PYTHONWARNINGS"] = "ignore"
# Each penalty with the solver that is fastest for it on such data.
grid = [
    {"C": C, "class_weight": [None, "balanced"], "l1_ratio": [0.0], "solver": ["lbfgs"]},
    {"C": C, "class_weight": [None, "balanced"], "l1_ratio": [1.0], "solver": ["liblinear"]},
]
folds = StratifiedKFold(5, shuffle=True, random_state=0)
search = GridSearchCV(
    LogisticRegression(max_iter=100), grid, scoring="roc_auc", cv=folds, refit=False,
    n_jobs=int(os.environ.get("PITH_BENCH_THREADS", "1")),
)
start = time.perf_counter()
search.fit(X, y)
seconds = time.perf_counter() - start
trials = [
    {"C": p["C"], "penalty": "l1" if p["l1_ratio"] else "l2", "classWeight": p["class_weight"], "mean": float(m)}
    for p, m in zip(search.cv_results_["params"], search.cv_results_["mean_test_score"])
]
print(json.dumps({"name": "scikit-learn", "version": sklearn.__version__, "seconds": seconds, "trials": trials}))
