"""Seconds to predict all float32 rows in argv[1] with scikit-learn's logistic regression and PyTorch's and its networks."""
import json, os, sys, time, warnings
import numpy as np
import sklearn
import torch
from sklearn.linear_model import LogisticRegression
from sklearn.neural_network import MLPClassifier

path, n, d, n_train = sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4])
torch.set_num_threads(int(os.environ.get("PITH_BENCH_THREADS", "2")))
warnings.simplefilter("ignore")
raw = np.fromfile(path, dtype=np.float32)
X, y = raw[: n * d].reshape(n, d), raw[n * d :]
net = torch.nn.Sequential(
    torch.nn.Linear(d, 64), torch.nn.ReLU(), torch.nn.Linear(64, 32), torch.nn.ReLU(), torch.nn.Linear(32, 1), torch.nn.Sigmoid()
)


def seconds(predict):
    predict(X[:10_000])
    times = []
    for _ in range(5):
        start = time.perf_counter()
        predict(X)
        times.append(time.perf_counter() - start)
    return float(np.median(times))


def with_torch(rows):
    with torch.inference_mode():
        # Blocks that stay in the cache: faster than all rows at once.
        return torch.cat([net(block) for block in torch.from_numpy(rows).split(16_384)]).numpy()


logistic = LogisticRegression().fit(X[:n_train], y[:n_train])
mlp = MLPClassifier([64, 32], max_iter=1).fit(X[:n_train], y[:n_train])
print(json.dumps({"name": "peers", "version": sklearn.__version__, "cases": {
    "logisticRegression": {"scikit-learn": seconds(logistic.predict_proba)},
    "neuralNetwork": {"PyTorch": seconds(with_torch), "scikit-learn": seconds(mlp.predict_proba)},
}}))
