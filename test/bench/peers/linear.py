"""scikit-learn Ridge and lasso_path: argv file n d runs; prints median seconds and what was reached."""
import json, sys, time
import numpy as np
import sklearn
from sklearn.linear_model import Ridge, lasso_path

path, n, d, runs = sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4])
raw = np.fromfile(path, dtype=np.float32)
X, y = raw[: n * d].reshape(n, d), raw[n * d :]


def measure(work):
    seconds = []
    for _ in range(runs + 1):
        start = time.perf_counter()
        found = work()
        seconds.append(time.perf_counter() - start)
    return float(np.median(seconds[1:])), found


def path_of_lassos():
    Xc, yc = X - X.mean(axis=0), y - y.mean()
    return lasso_path(Xc, yc, alphas=100)[1][:, -1]


ridge, model = measure(lambda: Ridge(1.0).fit(X, y))
lasso, last = measure(path_of_lassos)
print(json.dumps({"name": "scikit-learn", "version": sklearn.__version__, "cases": {
    "ridge": {"fit": ridge, "norm": float(np.linalg.norm(model.coef_))},
    "lasso path": {"fit": lasso, "norm": float(np.linalg.norm(last))},
}}))
