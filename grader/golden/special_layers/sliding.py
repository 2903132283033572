"""Golden values for the topic `special_layers::sliding`: PyTorch's `conv1d` in float64.

    cd grader/golden && python -m special_layers.sliding        # rewrites special_layers/*.json

PyTorch wants channels first and kernels (out, in, size): both are permuted on the way in and back on the way out.
"""
from golden import differentiate, normal, torch, write

LEAVES = ["x", "kernel", "bias"]


def convolve(a, frame, stride):
    """PyTorch's convolution of a sequence with zeros before it and behind."""
    x = torch.nn.functional.pad(a["x"].permute(0, 2, 1), frame)
    y = torch.nn.functional.conv1d(x, a["kernel"].permute(2, 1, 0), a["bias"], stride=stride)
    return y.permute(0, 2, 1)


def sliding_window():
    """Two sequences of six elements, and a kernel of three."""
    args = {"x": normal(0, 2, 6, 2), "kernel": normal(2, 3, 2, 3), "bias": normal(3, 3)}
    return differentiate(args, lambda a: convolve(a, (0, 0), 1), LEAVES)


def strided_conv1d():
    """Six elements, a kernel of three, stride 2: one zero is missing, and it goes behind."""
    args = {
        "x": normal(0, 2, 6, 2),
        "kernel": normal(2, 3, 2, 3),
        "bias": normal(3, 3),
        "stride": 2,
        "padding": "same",
    }
    return differentiate(args, lambda a: convolve(a, (0, 1), a["stride"]), LEAVES)


if __name__ == "__main__":
    write(__spec__, [sliding_window, strided_conv1d])
