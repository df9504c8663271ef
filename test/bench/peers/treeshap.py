"""XGBoost pred_contribs of 10,000 of the float32 rows in argv[1]; prints median seconds."""
import json, os, sys, time
import numpy as np
import xgboost

path, n, d, runs = sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4])
threads = int(os.environ.get("PITH_BENCH_THREADS", "2"))
raw = np.fromfile(path, dtype=np.float32)
X, y = raw[: n * d].reshape(n, d), raw[n * d :]
model = xgboost.XGBClassifier(n_estimators=100, max_depth=6, learning_rate=0.1, tree_method="hist", n_jobs=threads).fit(X, y)
rows = xgboost.DMatrix(X[:10_000], nthread=threads)
booster = model.get_booster()
seconds = []
for _ in range(runs + 1):
    start = time.perf_counter()
    booster.predict(rows, pred_contribs=True)
    seconds.append(time.perf_counter() - start)
leaves = sum(dump.count("leaf") for dump in booster.get_dump())
print(json.dumps({"name": "XGBoost", "version": xgboost.__version__, "seconds": float(np.median(seconds[1:])), "leaves": leaves}))
