"""Golden values for the topic `special_layers::conv`: PyTorch's `conv1d` and `conv2d` in float64.

    cd grader/golden && python -m special_layers.conv        # rewrites special_layers/*.json

PyTorch wants channels first and kernels (out, in, ...): both are permuted on the way in and back on the way out.
"""
from golden import differentiate, normal, torch, write

LEAVES = ["x", "kernel", "bias"]


def conv1d():
    """An even kernel with same padding, where PyTorch too puts the odd zero behind."""
    args = {
        "x": normal(0, 2, 5, 4),
        "kernel": normal(2, 4, 2, 6),
        "bias": normal(3, 6),
        "stride": 1,
        "padding": "same",
        "dilation": 1,
        "groups": 2,
    }

    def function(a):
        x, kernel = a["x"].permute(0, 2, 1), a["kernel"].permute(2, 1, 0)
        y = torch.nn.functional.conv1d(x, kernel, a["bias"], padding="same", groups=a["groups"])
        return y.permute(0, 2, 1)

    return differentiate(args, function, LEAVES)


def conv2d():
    """Stride, dilation and groups on images and with a kernel that are not square."""
    args = {
        "x": normal(0, 2, 5, 7, 4),
        "kernel": normal(2, 2, 3, 2, 4),
        "bias": normal(3, 4),
        "stride": 2,
        "padding": "valid",
        "dilation": 2,
        "groups": 2,
    }

    def function(a):
        x, kernel = a["x"].permute(0, 3, 1, 2), a["kernel"].permute(3, 2, 0, 1)
        options = {name: a[name] for name in ["stride", "dilation", "groups"]}
        return torch.nn.functional.conv2d(x, kernel, a["bias"], **options).permute(0, 2, 3, 1)

    return differentiate(args, function, LEAVES)


if __name__ == "__main__":
    write(__spec__, [conv1d, conv2d])
