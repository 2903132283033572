"""Golden values for the topic `regularization::cross_validation`: SciPy's damped least squares in float64.

    cd grader/golden && python -m regularization.cross_validation        # rewrites regularization/*.json

The first 24 people of the diabetes table (Efron, Hastie, Johnstone, Tibshirani 2004), four of its features.
"""
import gzip

import numpy

from golden import HERE, array, write
from regularization.ridge import lsqr_ridge


def diabetes(rows, columns):
    folder = HERE.parents[1] / "datasets/bundled/diabetes"
    load = lambda name: numpy.loadtxt(gzip.open(folder / name, "rt"))
    features, targets = load("diabetes_data_raw.csv.gz"), load("diabetes_target.csv.gz")
    return array(features[:rows][:, columns]).numpy(), array(targets[:rows]).numpy()


def best_gamma():
    a, y = diabetes(24, [2, 3, 4, 8])
    gammas, parts = [8.0, 1.0, 64.0, 0.0], numpy.arange(24) * 7 % 24 % 5
    folds = [(numpy.flatnonzero(parts != k), numpy.flatnonzero(parts == k)) for k in range(5)]
    errors = []
    for gamma in gammas:
        squares = []
        for training, validation in folds:
            mean, std = a[training].mean(axis=0), a[training].std(axis=0)
            z, centre = (a - mean) / std, y[training].mean()
            theta = lsqr_ridge(z[training], y[training] - centre, gamma)
            squares.extend((y[validation] - centre - z[validation] @ theta) ** 2)
        errors.append(numpy.mean(squares))
    args = {"a": a, "y": y, "gammas": array(gammas)}
    for k, (training, validation) in enumerate(folds):
        args |= {f"training{k}": training, f"validation{k}": validation}
    return args, {"errors": numpy.array(errors), "gamma": float(gammas[int(numpy.argmin(errors))])}


if __name__ == "__main__":
    write(__spec__, [best_gamma])
