"""Golden values for the topic `regularization::pipeline`: scikit-learn's `Pipeline` in float64.

    cd grader/golden && python -m regularization.pipeline        # rewrites regularization/*.json

Needs scikit-learn beside PyTorch; 1.9.1 made the numbers that are here. Thirty people of the diabetes table, ten features.
"""
import numpy
from sklearn.feature_selection import SelectKBest, r_regression
from sklearn.linear_model import Ridge
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from golden import write
from regularization.cross_validation import diabetes


def pipeline():
    (a, y), keep, gamma = diabetes(30, list(range(10))), 4, 2.0
    training, unseen = a[:24], a[24:]
    by_size = SelectKBest(lambda x, y: numpy.abs(r_regression(x, y)), k=keep)
    fitted = make_pipeline(StandardScaler(), by_size, Ridge(alpha=gamma)).fit(training, y[:24])
    args = {"a": training, "y": y[:24], "unseen": unseen, "keep": keep, "gamma": gamma}
    return args, {"chosen": by_size.get_support(indices=True), "predicted": fitted.predict(unseen)}


if __name__ == "__main__":
    write(__spec__, [pipeline])
