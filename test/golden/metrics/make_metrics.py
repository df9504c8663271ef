"""Golden metrics from scikit-learn: python make_metrics.py writes metrics.json beside itself."""

import json
import pathlib

import numpy as np
from sklearn import metrics as m

rng = np.random.default_rng(0)


def rounded(p):
    return np.round(p, 2)  # ties on purpose


def classification(n_classes, n, weighted):
    logits = rng.normal(size=(n, n_classes)) * 1.5
    proba = np.exp(logits) / np.exp(logits).sum(1, keepdims=True)
    if n_classes == 2:
        p = rounded(proba[:, 1])
        proba = np.stack([1 - p, p], 1)
    y = np.array([rng.choice(n_classes, p=row / row.sum()) for row in proba])
    w = rng.uniform(0.2, 3, n) if weighted else None
    predicted = proba.argmax(1)
    kw = dict(sample_weight=w)
    out = dict(
        accuracy=m.accuracy_score(y, predicted, **kw),
        balancedAccuracy=m.balanced_accuracy_score(y, predicted, **kw),
        logLoss=m.log_loss(y, np.clip(proba, 2**-52, 1 - 2**-52), **kw),
    )
    for average in ("macro", "weighted"):
        p, r, f, _ = m.precision_recall_fscore_support(y, predicted, average=average, zero_division=0, **kw)
        name = average.capitalize()
        out |= {f"precision{name}": p, f"recall{name}": r, f"f1{name}": f}
    if n_classes == 2:
        p, r, f, _ = m.precision_recall_fscore_support(y, predicted, average="binary", **kw)
        out |= dict(precision=p, recall=r, f1=f, brier=m.brier_score_loss(y, proba[:, 1], **kw))
        out |= dict(
            rocAuc=m.roc_auc_score(y, proba[:, 1], **kw),
            averagePrecision=m.average_precision_score(y, proba[:, 1], **kw),
        )
        fpr, tpr, _ = m.roc_curve(y, proba[:, 1], drop_intermediate=False)
        curve = dict(x=fpr.tolist(), y=tpr.tolist())
    else:
        one = np.eye(n_classes)[y]
        out |= dict(
            brier=float(np.average(((proba - one) ** 2).sum(1), weights=w)),
            rocAuc=m.roc_auc_score(one, proba, average="macro", **kw),
            averagePrecision=m.average_precision_score(one, proba, average="macro", **kw),
        )
        curve = None
    return dict(
        nClasses=n_classes,
        proba=proba.ravel().tolist(),
        y=y.tolist(),
        weight=None if w is None else w.tolist(),
        confusion=m.confusion_matrix(y, predicted, **kw).tolist(),
        metrics={k: float(v) for k, v in out.items()},
        roc=None if weighted else curve,
    )


def regression(n, weighted):
    y = rng.normal(size=n) * 3 + 5
    predicted = y + rng.normal(size=n)
    w = rng.uniform(0.2, 3, n) if weighted else None
    kw = dict(sample_weight=w)
    return dict(
        predicted=predicted.tolist(),
        y=y.tolist(),
        weight=None if w is None else w.tolist(),
        metrics=dict(
            rmse=m.root_mean_squared_error(y, predicted, **kw),
            mae=m.mean_absolute_error(y, predicted, **kw),
            r2=m.r2_score(y, predicted, **kw),
        ),
    )


out = dict(
    classification=[classification(k, 120, w) for k in (2, 3, 5) for w in (False, True)],
    regression=[regression(80, w) for w in (False, True)],
)
pathlib.Path(__file__).with_name("metrics.json").write_text(json.dumps(out))
