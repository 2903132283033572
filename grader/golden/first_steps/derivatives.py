"""Golden values for the topic `first_steps::derivatives`: PyTorch's autograd in float64.

    cd grader/golden && python -m first_steps.derivatives        # rewrites its first_steps/*.json
"""
from golden import array, differentiate, normal, torch, write


def gradients_of(loss, *parameters):
    leaves = [torch.tensor(parameter, dtype=torch.float64, requires_grad=True) for parameter in parameters]
    loss(*leaves).backward()
    return [leaf.grad.item() for leaf in leaves]


def gradient_by_hand():
    x, targets = normal(5, 6), normal(6, 6, std=2.0)
    loss = lambda slope, intercept: torch.nn.functional.mse_loss(slope * x + intercept, targets)
    for_slope, for_intercept = gradients_of(loss, 1.5, -0.25)
    args = {"slope": 1.5, "intercept": -0.25, "x": x, "targets": targets}
    return args, {"for_slope": for_slope, "for_intercept": for_intercept}


def gradient_by_tape():
    x, targets = normal(7, 6), normal(8, 6)
    loss = lambda weight, bias: torch.nn.functional.mse_loss(torch.tanh(weight * x + bias), targets)
    for_weight, for_bias = gradients_of(loss, 0.75, -0.5)
    args = {"weight": 0.75, "bias": -0.5, "x": x, "targets": targets}
    return args, {"for_weight": for_weight, "for_bias": for_bias}


def used_twice():
    x = array([[-3.0, -1.0, -0.5], [0.0, 1.25, 4.0]])
    return differentiate({"x": x}, lambda a: a["x"] / (1.0 + a["x"] ** 2))


if __name__ == "__main__":
    write(__spec__, [gradient_by_hand, gradient_by_tape, used_twice])
