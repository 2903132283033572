"""Golden values for the topic `regularization::ridge`: SciPy's damped least squares, PyTorch's tape and optimizer, float64.

    cd grader/golden && python -m regularization.ridge        # rewrites regularization/*.json

`lsqr` minimises ‖Ax − b‖² + damp²‖x‖² by a Krylov method: neither normal equations nor singular values.
"""
import numpy
import torch
from scipy.sparse.linalg import lsqr

from golden import array, normal, write


def lsqr_ridge(a, y, gamma):
    return lsqr(a, y, damp=numpy.sqrt(gamma), atol=1e-15, btol=1e-15, iter_lim=10_000)[0]


def ridge_closed_form():
    # Rank 2: the last column is the sum of the others.
    a = normal(31, 6, 2).numpy()
    a = array(numpy.round(8 * a) / 8 + [1.0, -2.0]).numpy()
    a = numpy.hstack([a, a.sum(axis=1, keepdims=True)])
    y, gamma = normal(32, 6).numpy() + 3.0, 0.75
    y = array(y).numpy()
    theta = lsqr_ridge(a - a.mean(axis=0), y - y.mean(), gamma)
    outputs = {
        "theta": lsqr_ridge(a, y, gamma),
        "theta_beside_an_intercept": theta,
        "intercept": numpy.array(y.mean() - a.mean(axis=0) @ theta),
    }
    return {"a": a, "y": y, "gamma": gamma}, outputs


def ridge_gradient():
    a, y, gamma, rate, steps = normal(33, 5, 3), normal(34, 5), 0.5, 0.03125, 7
    theta = torch.zeros(3, dtype=torch.float64, requires_grad=True)
    optimizer = torch.optim.SGD([theta], lr=rate)
    for _ in range(steps):
        optimizer.zero_grad()
        loss = torch.nn.functional.mse_loss(a @ theta, y, reduction="sum") + gamma * theta.square().sum()
        loss.backward()
        optimizer.step()
    args = {"a": a, "y": y, "gamma": gamma, "learning_rate": rate, "steps": steps}
    return args, {"theta_after": theta}


CALLS = {"ridge_gradient": "ridge_gradient_descent"}


if __name__ == "__main__":
    write(__spec__, [ridge_closed_form, ridge_gradient], CALLS)
