"""scikit-learn SVC on the rows in argv[1] (float32 X row by row, then y); prints median seconds."""
import json, sys, time
import numpy as np
import sklearn
from sklearn.svm import SVC

path, n, d, runs = sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4])
raw = np.fromfile(path, dtype=np.float32)
X, y = raw[: n * d].reshape(n, d).astype(np.float64), raw[n * d :]
seconds = []
for _ in range(runs + 1):
    start = time.perf_counter()
    model = SVC(cache_size=500).fit(X, y)
    seconds.append(time.perf_counter() - start)
print(json.dumps({"name": "scikit-learn", "version": sklearn.__version__, "seconds": float(np.median(seconds[1:])), "vectors": int(len(model.support_))}))
