"""Writes torch.json: losses of 100 training steps of PyTorch from given weights and batches.

Run with PyTorch installed: python test/golden/network/make_golden.py
Data, weights and batches come from formulas, so that the test makes the same without a large file.
"""
import json, math, os
import torch

torch.set_num_threads(1)
N, D, STEPS, BATCH = 256, 6, 100, 32


def wave(n, seed):
    """n numbers in (-1, 1) that look random: fractional parts of sines, computed in float64."""
    out = []
    for i in range(n):
        v = math.sin((i + 1) * 12.9898 + seed * 78.233) * 43758.5453
        out.append(2 * (v - math.floor(v)) - 1)
    return out


X = torch.tensor(wave(N * D, 1), dtype=torch.float32).reshape(N, D)
score = X[:, 0] - 0.5 * X[:, 1] + X[:, 2] * X[:, 3]
targets = {
    "binary": (score > 0).float()[:, None],
    "multiclass": ((score > -0.3).long() + (score > 0.3).long()),
    "regression": (2 * score - 0.1)[:, None],
}
K = {"binary": 1, "multiclass": 3, "regression": 1}
ACT = {
    "relu": torch.nn.ReLU, "tanh": torch.nn.Tanh, "sigmoid": torch.nn.Sigmoid, "elu": torch.nn.ELU, "gelu": torch.nn.GELU,
    "leakyRelu": lambda: torch.nn.LeakyReLU(0.3),
}


class Residual(torch.nn.Module):
    def __init__(self, n_in, units, act):
        super().__init__()
        self.first, self.second = torch.nn.Linear(n_in, units), torch.nn.Linear(units, units)
        self.projection = None if n_in == units else torch.nn.Linear(n_in, units, bias=False)
        self.act = ACT[act]()

    def forward(self, x):
        skip = x if self.projection is None else self.projection(x)
        return skip + self.second(self.act(self.first(x)))


def build(case):
    parts, width, params = [], D, []
    def linear(module):
        params.append(("matrix", module.weight))
        if module.bias is not None:
            params.append(("vector", module.bias))
    for layer in case["layers"]:
        kind, act = layer["type"], layer.get("activation", "relu")
        if kind == "dense":
            module = torch.nn.Linear(width, layer["units"])
            linear(module)
            parts += [module, ACT[act]()]
            width = layer["units"]
        elif kind == "residual":
            module = Residual(width, layer["units"], act)
            linear(module.first)
            linear(module.second)
            if module.projection is not None:
                linear(module.projection)
            parts.append(module)
            width = layer["units"]
        else:
            module = torch.nn.BatchNorm1d(width) if kind == "batchNorm" else torch.nn.LayerNorm(width)
            params += [("keep", module.weight), ("keep", module.bias)]
            parts.append(module)
    head = torch.nn.Linear(width, K[case["head"]])
    linear(head)
    parts.append(head)
    with torch.no_grad():
        for k, (kind, p) in enumerate(params):
            if kind == "matrix":  # ours is (nIn, nOut), PyTorch's (nOut, nIn)
                n_out, n_in = p.shape
                p.copy_((torch.tensor(wave(n_in * n_out, 10 + k)) / math.sqrt(n_in)).reshape(n_in, n_out).T)
            elif kind == "vector":
                p.copy_(0.1 * torch.tensor(wave(p.numel(), 10 + k)))
    return torch.nn.Sequential(*parts)


def optimizer(case, net):
    o, lr = case["optimizer"], case["learningRate"]
    name = o["optimizer"]
    if name == "sgd":
        return torch.optim.SGD(net.parameters(), lr, momentum=o.get("momentum", 0), nesterov=o.get("nesterov", False))
    if name == "rmsprop":
        return torch.optim.RMSprop(net.parameters(), lr, alpha=0.9, eps=1e-8)
    if name == "adamW":
        return torch.optim.AdamW(net.parameters(), lr, weight_decay=o["weightDecay"])
    return torch.optim.Adam(net.parameters(), lr)


LOSS = {
    "binary": torch.nn.functional.binary_cross_entropy_with_logits,
    "multiclass": torch.nn.functional.cross_entropy,
    "regression": torch.nn.functional.mse_loss,
}
d = lambda units, activation="relu": {"type": "dense", "units": units, "activation": activation}
adam = {"optimizer": "adam"}
cases = [
    {"name": "adam, relu, binary", "head": "binary", "layers": [d(16), d(8)], "optimizer": adam, "learningRate": 0.01},
    {"name": "adam, tanh, multiclass", "head": "multiclass", "layers": [d(12, "tanh")], "optimizer": adam, "learningRate": 0.01},
    {"name": "adam, gelu, regression", "head": "regression", "layers": [d(12, "gelu")], "optimizer": adam, "learningRate": 0.01},
    {"name": "adamW, elu", "head": "regression", "layers": [d(12, "elu")], "optimizer": {"optimizer": "adamW", "weightDecay": 0.05}, "learningRate": 0.01},
    {"name": "sgd", "head": "binary", "layers": [d(12, "sigmoid")], "optimizer": {"optimizer": "sgd", "momentum": 0}, "learningRate": 0.3},
    {"name": "sgd with momentum", "head": "multiclass", "layers": [d(12)], "optimizer": {"optimizer": "sgd", "momentum": 0.9, "nesterov": False}, "learningRate": 0.02},
    {"name": "sgd with Nesterov momentum, clipped by norm", "head": "regression", "layers": [d(12, "leakyRelu")], "optimizer": {"optimizer": "sgd", "momentum": 0.9, "nesterov": True}, "learningRate": 0.02, "clipNorm": 0.5},
    {"name": "rmsprop, clipped by value", "head": "binary", "layers": [d(12)], "optimizer": {"optimizer": "rmsprop"}, "learningRate": 0.003, "clipValue": 0.01},
    {"name": "batch normalisation", "head": "binary", "layers": [d(12), {"type": "batchNorm"}, d(8)], "optimizer": adam, "learningRate": 0.01},
    {"name": "layer normalisation, residual", "head": "multiclass", "layers": [{"type": "residual", "units": 10, "activation": "relu"}, {"type": "layerNorm"}, {"type": "residual", "units": 10, "activation": "tanh"}], "optimizer": adam, "learningRate": 0.01},
    {"name": "l1 and l2", "head": "binary", "layers": [d(12), d(6)], "optimizer": adam, "learningRate": 0.01, "l1": 0.001, "l2": 0.01},
]
for case in cases:
    net, y = build(case), targets[case["head"]]
    opt = optimizer(case, net)
    losses = []
    for step in range(STEPS):
        rows = torch.tensor([(step * BATCH + i * 7) % N for i in range(BATCH)])
        opt.zero_grad()
        loss = LOSS[case["head"]](net(X[rows]), y[rows])
        losses.append(loss.item())
        total = loss
        for p in net.parameters():
            if p.dim() == 2:
                total = total + case.get("l1", 0) * p.abs().sum() + case.get("l2", 0) * (p * p).sum()
        total.backward()
        if "clipValue" in case:
            torch.nn.utils.clip_grad_value_(net.parameters(), case["clipValue"])
        if "clipNorm" in case:
            torch.nn.utils.clip_grad_norm_(net.parameters(), case["clipNorm"])
        opt.step()
    case["losses"] = [float(f"{v:.7g}") for v in losses]

path = os.path.join(os.path.dirname(__file__), "torch.json")
with open(path, "w") as f:
    json.dump({"torch": torch.__version__, "nRows": N, "nFeatures": D, "batch": BATCH, "cases": cases}, f, indent=None)
