"""Golden values for the topic `convnets::capacity`: parameters counted by PyTorch.

    cd grader/golden && python -m convnets.capacity        # rewrites convnets/*.json
"""
import numpy
from golden import write
from torch import nn


def parameters_per_sample():
    """The Inception-like network of Zhang et al. 2017, figure 3; its batch normalizations have no scale."""
    layers = []

    def conv(size, inputs, outputs):
        norm = nn.BatchNorm2d(outputs)
        norm.weight = None
        layers.append(([1, inputs, outputs, size, 0], nn.Conv2d(inputs, outputs, size, bias=False)))
        layers.append(([2, outputs, 0, 0, 0], norm))

    conv(3, 3, 96)
    channels = 96
    for one, three in [(32, 32), (32, 48), (0, 80), (112, 48), (96, 64), (80, 80), (48, 96), (0, 96), (176, 160), (176, 160)]:
        if one:
            conv(1, channels, one)
        conv(3, channels, three)
        channels = (one or channels) + three
    layers.append(([0, channels, 10, 0, 1], nn.Linear(channels, 10)))
    count = sum(p.numel() for _, module in layers for p in module.parameters())
    assert count == 1_649_402, count
    numbers = numpy.array([number for layer, _ in layers for number in layer], dtype=numpy.int64)
    return {"layers": numbers, "samples": 50_000}, {"ratio": count / 50_000}


if __name__ == "__main__":
    write(__spec__, [parameters_per_sample])
