"""Golden values for the topic `first_steps::tensors`: PyTorch in float64.

    cd grader/golden && python -m first_steps.tensors        # rewrites its first_steps/*.json
"""
from golden import normal, write


def add_bias():
    x, bias = normal(1, 3, 4), normal(2, 4)
    return {"x": x, "bias": bias}, {"y": x + bias}


def matrix_product():
    a, b = normal(3, 3, 4), normal(4, 4, 2)
    return {"a": a, "b": b}, {"y": a @ b}


if __name__ == "__main__":
    write(__spec__, [add_bias, matrix_product])
