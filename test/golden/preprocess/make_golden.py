"""Makes sklearn.json beside this file: what scikit-learn's preprocessing gives. Run by hand; needs scikit-learn."""
import json
import pathlib
import numpy as np
import sklearn
from sklearn.feature_extraction import FeatureHasher
from sklearn.feature_extraction.text import HashingVectorizer
from sklearn.preprocessing import PowerTransformer, TargetEncoder

rng = np.random.default_rng(5)
out = {"sklearn": sklearn.__version__, "power": [], "target": []}
n = 60
columns = {
    "lognormal": np.exp(rng.normal(size=n)),
    "negative skew": -np.exp(rng.normal(size=n)),
    "both signs": rng.normal(size=n) ** 3,
    "normal": rng.normal(5, 2, size=n),
    "large": rng.gamma(2, 50_000, size=n),
    "mostly zero": np.where(rng.uniform(size=n) < 0.8, 0, rng.gamma(2, 3000, size=n)),
    "small": rng.gamma(0.5, 1e-3, size=n),
    "counts": rng.poisson(3, size=n),
}
for name, x in columns.items():
    x = np.round(x.astype(float), 6)
    m = PowerTransformer().fit(x[:, None])
    out["power"].append({"name": name, "x": x.tolist(), "lambda": float(m.lambdas_[0]), "z": m.transform(x[:, None])[:, 0].tolist()})

towns = np.array(["Aachen", "Bonn", "Jena", "Köln", "Trier", "Ulm"])
codes = rng.choice(6, size=n, p=[0.4, 0.25, 0.2, 0.1, 0.03, 0.02])
codes[:6] = np.arange(6)
targets = {
    "binary": (codes + rng.normal(size=n) * 2 > 2).astype(int),
    "multiclass": np.clip(np.round(codes / 2 + rng.normal(size=n)), 0, 2).astype(int),
    "regression": np.round(100 * codes + rng.normal(size=n) * 80, 3),
}
for task, y in targets.items():
    for smooth in ["auto", 10.0, 0.0]:
        kind = "continuous" if task == "regression" else task
        m = TargetEncoder(smooth=smooth, target_type=kind).fit(towns[codes][:, None], y)
        out["target"].append({
            "task": task, "smooth": smooth, "codes": codes.tolist(), "y": y.tolist(),
            "encodings": [e.tolist() for e in m.encodings_], "mean": np.atleast_1d(m.target_mean_).tolist(),
        })

words = ["", "a", "Bern", "Zürich", "São Paulo", "東京", "hello world", "0", "ABCDEFGHIJKLMNOP"]
out["hash"] = {"words": words, "nBuckets": 16, "rows": FeatureHasher(16, input_type="string").transform([[w] for w in words]).toarray().tolist()}
texts = ["FREE entry now", "see you now", "", "now now now FREE", "  two  blanks ", "one", "a b a b a b c"]
v = HashingVectorizer(n_features=16, ngram_range=(1, 2), lowercase=False, token_pattern=r"[^ ]+")
out["texts"] = {"texts": texts, "nBuckets": 16, "rows": v.transform(texts).toarray().tolist()}
target = pathlib.Path(__file__).with_name("sklearn.json")
target.write_text(json.dumps(out, separators=(",", ":"), ensure_ascii=False) + "\n")
print(target.stat().st_size)
