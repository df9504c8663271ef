"""Seconds to predict all float32 rows in argv[1] with models fitted on the first of them."""
import json, os, sys, time
import lightgbm
import numpy as np
import sklearn
import xgboost
from sklearn.ensemble import RandomForestClassifier

path, n, d, n_train = sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4])
threads = int(os.environ.get("PITH_BENCH_THREADS", "2"))
raw = np.fromfile(path, dtype=np.float32)
X, y = raw[: n * d].reshape(n, d), raw[n * d :]


def seconds(model):
    model.fit(X[:n_train], y[:n_train])
    model.predict_proba(X[:10_000])
    times = []
    for _ in range(3):
        start = time.perf_counter()
        model.predict_proba(X)
        times.append(time.perf_counter() - start)
    return float(np.median(times))


forest = lambda **more: RandomForestClassifier(100, n_jobs=threads, random_state=0, **more)
cases = {
    "gradientBoosting": {
        "LightGBM": seconds(lightgbm.LGBMClassifier(n_estimators=100, n_jobs=threads, verbose=-1)),
        "XGBoost": seconds(xgboost.XGBClassifier(n_estimators=100, max_depth=6, tree_method="hist", n_jobs=threads)),
    },
    "randomForest": {"scikit-learn": seconds(forest(max_depth=12))},
    "randomForest, not limited": {"scikit-learn": seconds(forest())},
}
print(json.dumps({"name": "peers", "version": sklearn.__version__, "cases": cases}))
