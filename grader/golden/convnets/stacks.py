"""Golden values for the topic `convnets::stacks`: shapes that PyTorch's layers make, and the pixels to which a unit's
gradient reaches.

    cd grader/golden && python -m convnets.stacks        # rewrites convnets/*.json
"""
import numpy
from golden import torch, write
from torch import nn

# filters (0 for a pooling), size, stride, padding, dilation
STACK = [
    (6, 7, 2, 3, 1),
    (0, 3, 2, 0, 1),
    (8, 3, 1, 2, 2),
    (0, 2, 2, 0, 1),
    (5, 3, 1, 1, 1),
]


def network(channels):
    """All weights 1, and means instead of maxima: whatever is seen has a gradient."""
    layers = []
    for filters, size, stride, padding, dilation in STACK:
        if filters:
            conv = nn.Conv2d(channels, filters, size, stride, padding, dilation, bias=False, dtype=torch.float64)
            nn.init.ones_(conv.weight)
            channels = filters
        else:
            conv = nn.AvgPool2d(size, stride, padding)
        layers.append(conv)
    return nn.Sequential(*layers)


def stack():
    return numpy.array(STACK, dtype=numpy.int64).ravel()


def output_shape():
    h, w, c = image = (61, 90, 3)
    _, channels, rows, columns = network(c)(torch.ones(1, c, h, w, dtype=torch.float64)).shape
    args = {"layers": stack(), "image": numpy.array(image, dtype=numpy.int64)}
    return args, {"shape": numpy.array([rows, columns, channels], dtype=numpy.int64)}


def receptive_field():
    """A unit far from every edge and its neighbour show size and stride; the first of all, the padding."""
    x = torch.ones(1, 1, 257, 257, dtype=torch.float64, requires_grad=True)
    y = network(1)(x)
    middle = y.shape[2] // 2

    def pixels(unit):
        (slope,) = torch.autograd.grad(y[0, 0, unit, middle], x, retain_graph=True)
        rows = slope[0, 0].abs().sum(1).nonzero().ravel()
        return int(rows[0]), int(rows[-1])

    first, last = pixels(middle)
    stride = pixels(middle + 1)[0] - first
    args = {"layers": stack()}
    return args, {"size": float(last - first + 1), "stride": float(stride), "padding": float(middle * stride - first)}


if __name__ == "__main__":
    write(__spec__, [output_shape, receptive_field])
