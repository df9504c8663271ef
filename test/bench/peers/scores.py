"""XGBoost, LightGBM and scikit-learn forests on given rows and splits: X (float32), y (float64), orders (uint32, a row a seed)."""
import json, os, sys
import numpy as np
import lightgbm
import sklearn
import xgboost
from sklearn.ensemble import RandomForestClassifier, RandomForestRegressor
from sklearn.metrics import roc_auc_score

x_path, y_path, orders_path, d, task, n_trains, categories = sys.argv[1:8]
d, n_trains, categories = int(d), json.loads(n_trains), json.loads(categories)
threads = int(os.environ.get("PITH_BENCH_THREADS", "2"))
X = np.fromfile(x_path, dtype=np.float32).reshape(-1, d)
y = np.fromfile(y_path, dtype=np.float64)
orders = np.fromfile(orders_path, dtype=np.uint32).reshape(-1, len(y))
n_classes = int(y.max()) + 1 if task != "regression" else 0


def error(y_true, predicted):
    """predicted: probabilities (n, k) or values (n,)"""
    if task == "regression":
        return float(np.sqrt(np.mean((y_true - predicted) ** 2)))
    if task == "binary":
        return 1 - float(roc_auc_score(y_true, predicted[:, 1]))
    return 1 - float(np.mean(predicted.argmax(1) == y_true))


def with_xgboost(train, test, seed):
    kinds = ["c" if j in categories else "q" for j in range(d)]
    rows = lambda r: xgboost.DMatrix(X[r], y[r], feature_types=kinds, enable_categorical=True)
    objective = {"regression": "reg:squarederror", "binary": "binary:logistic", "multiclass": "multi:softprob"}[task]
    params = {"objective": objective, "eta": 0.1, "max_leaves": 31, "max_depth": 0, "grow_policy": "lossguide",
              "tree_method": "hist", "seed": seed, "nthread": threads}
    if task == "multiclass":
        params["num_class"] = n_classes
    found = xgboost.train(params, rows(train), 100).predict(rows(test))
    return np.column_stack([1 - found, found]) if task == "binary" else found


def with_lightgbm(train, test, seed):
    objective = {"regression": "regression", "binary": "binary", "multiclass": "multiclass"}[task]
    params = {"objective": objective, "learning_rate": 0.1, "num_leaves": 31, "seed": seed, "num_threads": threads,
              "verbosity": -1}
    if task == "multiclass":
        params["num_class"] = n_classes
    data = lightgbm.Dataset(X[train], y[train], categorical_feature=categories or "auto", params={"verbosity": -1})
    found = lightgbm.train(params, data, 100).predict(X[test])
    return np.column_stack([1 - found, found]) if task == "binary" else found


def with_sklearn(train, test, seed):
    if task == "regression":
        return RandomForestRegressor(100, n_jobs=threads, random_state=seed).fit(X[train], y[train]).predict(X[test])
    model = RandomForestClassifier(100, n_jobs=threads, random_state=seed).fit(X[train], y[train])
    found = np.zeros((len(test), n_classes))
    found[:, model.classes_.astype(int)] = model.predict_proba(X[test])
    return found


out = {"name": "peers", "version": f"{xgboost.__version__} / {lightgbm.__version__} / {sklearn.__version__}", "scores": {}}
for name, fit in {"xgboost": with_xgboost, "lightgbm": with_lightgbm, "sklearn": with_sklearn}.items():
    out["scores"][name] = []
    for seed, (order, n_train) in enumerate(zip(orders, n_trains), start=1):
        train, test = order[:n_train], order[n_train:]
        out["scores"][name].append(error(y[test], fit(train, test, seed)))
print(json.dumps(out))
