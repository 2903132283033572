"""Golden values for the topic `tricks::activations`: PyTorch in float64.

    cd grader/golden && python -m tricks.activations        # rewrites tricks/*.json

Each function makes one exercise's call and its outputs. Inputs are rounded to float32 first, because that is what a
student's function receives; everything after that is float64.
"""
from golden import array, differentiate, write, torch


def sigmoid():
    x = array([[-30.0, -2.0, -0.5], [0.0, 1.0, 4.0]])
    return differentiate({"x": x}, lambda a: torch.sigmoid(a["x"]))


def relu():
    x = array([[-3.0, -0.5, 0.25], [1.0, 2.0, -0.125]])
    return differentiate({"x": x}, lambda a: torch.relu(a["x"]))


def leaky_relu():
    x = array([[-3.0, -0.5, 0.25], [1.0, 2.0, -0.125]])
    return differentiate({"x": x, "slope": 0.25}, lambda a: torch.nn.functional.leaky_relu(a["x"], a["slope"]))


def activation_derivatives():
    x, slope = array([[-3.0, -0.5, 0.25], [1.0, 2.0, -0.125]]), 0.25

    def slope_of(f):
        leaf = x.clone().requires_grad_()
        f(leaf).sum().backward()
        return leaf.grad

    leaky = lambda v: torch.nn.functional.leaky_relu(v, slope)
    outputs = {
        "sigmoid": slope_of(torch.sigmoid),
        "tanh": slope_of(torch.tanh),
        "relu": slope_of(torch.relu),
        "leaky_relu": slope_of(leaky),
    }
    return {"x": x, "slope": slope}, outputs


if __name__ == "__main__":
    write(__spec__, [sigmoid, relu, leaky_relu, activation_derivatives])
