"""scikit-learn LogisticRegression with L2 and L1: argv file n d runs; prints seconds and the objective reached."""
import json, sys, time, warnings
import numpy as np
import sklearn
from sklearn.linear_model import LogisticRegression

path, n, d, runs = sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4])
raw = np.fromfile(path, dtype=np.float32)
X, y = raw[: n * d].reshape(n, d), raw[n * d :]


def measure(C, l1, repeats, **options):
    seconds = []
    for _ in range(repeats):
        start = time.perf_counter()
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            model = LogisticRegression(C=C, l1_ratio=1.0 if l1 else 0.0, **options).fit(X, y)
        seconds.append(time.perf_counter() - start)
    w = model.coef_[0].astype(np.float64)
    z = X.astype(np.float64) @ w + model.intercept_[0]
    loss = np.sum(np.logaddexp(0, z) - y * z)
    penalty = np.abs(w).sum() if l1 else w @ w / 2
    return {"fit": float(np.median(seconds[1:] or seconds)), "objective": float(C * loss + penalty), "zeros": int((w == 0).sum())}


cases = {
    "l2": {"lbfgs": measure(1, False, runs + 1), "newton-cholesky": measure(1, False, runs + 1, solver="newton-cholesky")},
    "l1": {"liblinear": measure(0.001, True, 2, solver="liblinear"), "saga": measure(0.001, True, 2, solver="saga")},
}
print(json.dumps({"name": "scikit-learn", "version": sklearn.__version__, "cases": cases}))
