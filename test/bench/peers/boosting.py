"""Gradient boosting peers on the rows in argv[1] (float32 row-major X, then float32 y); prints seconds and AUC."""
import json, os, sys, time
import numpy as np

path, n, d, n_test = sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4])
runs = int(sys.argv[5]) if len(sys.argv) > 5 else 3
threads = int(os.environ.get("PITH_BENCH_THREADS", "2"))
raw = np.fromfile(path, dtype=np.float32)
total = n + n_test
X, y = raw[: total * d].reshape(total, d), raw[total * d :]
Xtr, ytr, Xte, yte = X[:n], y[:n], X[n:], y[n:]
from sklearn.metrics import roc_auc_score
import sklearn


def time_fit(make):
    seconds = []
    for _ in range(runs + 1):
        model = make()
        start = time.perf_counter()
        model.fit(Xtr, ytr)
        seconds.append(time.perf_counter() - start)
    start = time.perf_counter()
    p = model.predict_proba(Xte)[:, 1]
    predict = time.perf_counter() - start
    return {"fit": float(np.median(seconds[1:])), "auc": float(roc_auc_score(yte, p)), "predict": predict}


out = {"name": "boosting peers", "version": f"scikit-learn {sklearn.__version__}", "cases": {}}
import lightgbm, xgboost
from sklearn.ensemble import HistGradientBoostingClassifier

out["cases"]["lightgbm"] = time_fit(
    lambda: lightgbm.LGBMClassifier(n_estimators=100, num_leaves=31, learning_rate=0.1, n_jobs=threads, verbose=-1)
)
out["cases"]["xgboost"] = time_fit(
    lambda: xgboost.XGBClassifier(n_estimators=100, max_depth=6, learning_rate=0.1, tree_method="hist", n_jobs=threads)
)
if "--sklearn" in sys.argv:
    out["cases"]["sklearn"] = time_fit(lambda: HistGradientBoostingClassifier(max_iter=100, early_stopping=False))
out["lightgbm"], out["xgboost"] = lightgbm.__version__, xgboost.__version__
print(json.dumps(out))
