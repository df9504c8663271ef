"""scikit-learn forests on the rows in argv[1] (float32 X row by row, then y); prints seconds and AUC."""
import json, os, sys, time
import numpy as np
import sklearn
from sklearn.ensemble import ExtraTreesClassifier, RandomForestClassifier
from sklearn.metrics import roc_auc_score

path, n, d, n_test = sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4])
threads = int(os.environ.get("PITH_BENCH_THREADS", "2"))
raw = np.fromfile(path, dtype=np.float32)
total = n + n_test
X, y = raw[: total * d].reshape(total, d), raw[total * d :]
out = {"name": "scikit-learn", "version": sklearn.__version__, "cases": {}}
for name, make in {"randomForest": RandomForestClassifier, "extraTrees": ExtraTreesClassifier}.items():
    model = make(100, n_jobs=threads, random_state=0)
    start = time.perf_counter()
    model.fit(X[:n], y[:n])
    fit = time.perf_counter() - start
    out["cases"][name] = {"fit": fit, "auc": float(roc_auc_score(y[n:], model.predict_proba(X[n:])[:, 1]))}
print(json.dumps(out))
