"""scikit-learn's way through the same job on all rows: read, encode, grid of C with 5 folds, validation ROC AUC."""
import json, sys, time
import pandas as pd
import sklearn
from sklearn.compose import make_column_transformer
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import GridSearchCV, train_test_split
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler

start = time.perf_counter()
table = pd.read_csv(sys.argv[1], na_values=["?"], skipinitialspace=True).drop(columns="fnlwgt")
y = table.pop("income")
y = (y == sorted(y.unique())[1]).astype(int)
numbers = table.select_dtypes("number").columns
texts = [c for c in table.columns if c not in numbers]
encode = make_column_transformer(
    (make_pipeline(SimpleImputer(strategy="median"), StandardScaler()), list(numbers)),
    (make_pipeline(SimpleImputer(strategy="constant", fill_value="missing"), OneHotEncoder(handle_unknown="ignore")), texts),
)
X_train, X_val, y_train, y_val = train_test_split(table, y, test_size=0.2, stratify=y, random_state=42)
search = GridSearchCV(
    make_pipeline(encode, LogisticRegression(max_iter=1000)),
    {"logisticregression__C": [0.01, 0.1, 1, 10]},
    cv=5,
    scoring="roc_auc",
    n_jobs=2,
)
search.fit(X_train, y_train)
auc = roc_auc_score(y_val, search.predict_proba(X_val)[:, 1])
print(json.dumps({"name": "scikit-learn", "version": sklearn.__version__, "seconds": time.perf_counter() - start, "rocAuc": auc}))
