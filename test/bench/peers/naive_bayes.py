"""scikit-learn's GaussianNB on the rows in argv[1] (float32 X row by row, then y); prints seconds and AUC."""
import json, sys, time
import numpy as np
import sklearn
from sklearn.metrics import roc_auc_score
from sklearn.naive_bayes import GaussianNB

path, n, d, n_test, n_runs = sys.argv[1], *map(int, sys.argv[2:6])
raw = np.fromfile(path, dtype=np.float32)
total = n + n_test
X, y = raw[: total * d].reshape(total, d), raw[total * d :]
model, seconds = GaussianNB(), []
for _ in range(n_runs + 1):
    start = time.perf_counter()
    model.fit(X[:n], y[:n])
    seconds.append(time.perf_counter() - start)
auc = float(roc_auc_score(y[n:], model.predict_proba(X[n:])[:, 1]))
print(json.dumps({"name": "scikit-learn", "version": sklearn.__version__, "fit": float(np.median(seconds[1:])), "auc": auc}))
