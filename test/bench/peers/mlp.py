"""PyTorch and scikit-learn training of one network: argv file n d classes layers batch epochs runs.

Rows are float32, X row by row, then y. Prints median seconds of the epochs and the training loss afterwards.
"""
import json, os, sys, time, warnings
import numpy as np

path, n, d, classes = sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4])
layers, batch, epochs, runs = [int(u) for u in sys.argv[5].split("-")], int(sys.argv[6]), int(sys.argv[7]), int(sys.argv[8])
threads = int(os.environ.get("PITH_BENCH_THREADS", "2"))
import torch

torch.set_num_threads(threads)
raw = np.fromfile(path, dtype=np.float32)
X, y = raw[: n * d].reshape(n, d), raw[n * d :]
tX = torch.from_numpy(X)
ty = torch.from_numpy(y.astype(np.int64)) if classes > 2 else torch.from_numpy(y)[:, None]
loss_of = torch.nn.functional.cross_entropy if classes > 2 else torch.nn.functional.binary_cross_entropy_with_logits


def with_torch(seed):
    torch.manual_seed(seed)
    parts, width = [], d
    for units in layers:
        parts += [torch.nn.Linear(width, units), torch.nn.ReLU()]
        width = units
    net = torch.nn.Sequential(*parts, torch.nn.Linear(width, classes if classes > 2 else 1))
    for p in net:
        if isinstance(p, torch.nn.Linear):
            torch.nn.init.kaiming_uniform_(p.weight, nonlinearity="relu")
            torch.nn.init.zeros_(p.bias)
    optimizer = torch.optim.Adam(net.parameters(), 1e-3)
    start = time.perf_counter()
    for _ in range(epochs):
        order = torch.randperm(n)
        for at in range(0, n, batch):
            rows = order[at : at + batch]
            optimizer.zero_grad()
            loss_of(net(tX[rows]), ty[rows]).backward()
            optimizer.step()
    seconds = time.perf_counter() - start
    with torch.no_grad():
        return seconds, float(loss_of(net(tX), ty))


def with_sklearn(seed):
    from sklearn.metrics import log_loss
    from sklearn.neural_network import MLPClassifier

    model = MLPClassifier(layers, batch_size=batch, max_iter=epochs, alpha=0, tol=0, n_iter_no_change=10**6, random_state=seed)
    start = time.perf_counter()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        model.fit(X, y)
    seconds = time.perf_counter() - start
    return seconds, float(log_loss(y, model.predict_proba(X)))


cases = {}
for name, fit in {f"PyTorch {torch.__version__.split('+')[0]}": with_torch, "scikit-learn": with_sklearn}.items():
    found = [fit(k) for k in range(runs + 1)][1:]
    cases[name] = {"fit": float(np.median([s for s, _ in found])), "loss": float(np.median([l for _, l in found]))}
print(json.dumps({"name": "peers", "version": torch.__version__, "cases": cases}))
