"""scikit-learn KMeans on the float32 rows in argv[1]; prints median seconds and inertia."""
import json, sys, time
import numpy as np
import sklearn
from sklearn.cluster import KMeans

path, n, d, runs = sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4])
X = np.fromfile(path, dtype=np.float32)[: n * d].reshape(n, d)
seconds = []
for _ in range(runs + 1):
    start = time.perf_counter()
    model = KMeans(10, n_init=1, max_iter=50, tol=0, random_state=0).fit(X)
    seconds.append(time.perf_counter() - start)
print(json.dumps({"name": "scikit-learn", "version": sklearn.__version__, "seconds": float(np.median(seconds[1:])), "inertia": float(model.inertia_), "iterations": int(model.n_iter_)}))
