"""Golden values for the topic `convnets::classics`: torchvision's networks with weights made by rule (see `made.py`).

    cd grader/golden && python -m convnets.classics          # rewrites convnets/*.json
    cd grader/golden && python -m convnets.classics full     # prints what the cases with full-size networks expect
"""
import sys

import numpy
import torchvision
from convnets.made import fill, image
from golden import torch, write
from torch import nn

torch.set_grad_enabled(False)


class LeNet5(nn.Module):
    def __init__(self):
        super().__init__()
        self.features = nn.Sequential(
            nn.Conv2d(1, 6, 5), nn.Tanh(), nn.AvgPool2d(2), nn.Conv2d(6, 16, 5), nn.Tanh(), nn.AvgPool2d(2)
        )
        self.classifier = nn.Sequential(
            nn.Linear(400, 120), nn.Tanh(), nn.Linear(120, 84), nn.Tanh(), nn.Linear(84, 10)
        )

    def forward(self, x):
        return self.classifier(self.features(x).flatten(1))


def narrow_alexnet(divisor):
    """torchvision's AlexNet with a fraction of its filters and units."""
    network = torchvision.models.alexnet()
    for part in (network.features, network.classifier):
        for i, layer in enumerate(part):
            if isinstance(layer, nn.Conv2d):
                channels = [size if size == 3 else size // divisor for size in (layer.in_channels, layer.out_channels)]
                part[i] = nn.Conv2d(*channels, layer.kernel_size, layer.stride, layer.padding)
            elif isinstance(layer, nn.Linear):
                part[i] = nn.Linear(layer.in_features // divisor, layer.out_features // divisor)
    return network


def narrow_vgg(configuration, divisor):
    """torchvision's VGG with a fraction of its filters and units."""
    configuration = torchvision.models.vgg.cfgs[configuration]
    features = torchvision.models.vgg.make_layers([f if f == "M" else f // divisor for f in configuration])
    network = torchvision.models.VGG(features, num_classes=1000 // divisor, init_weights=False)
    units, maps = 4096 // divisor, 512 // divisor * 49
    classifier = network.classifier
    classifier[0], classifier[3] = nn.Linear(maps, units), nn.Linear(units, units)
    classifier[6] = nn.Linear(units, 1000 // divisor)
    return network


def logits(network, size, maps, every, count):
    assert sum(p.numel() for p in network.parameters()) == count
    network = fill(network, maps, channels_last=True).double()
    return {"logits": network(image(*size).double())[0][::every]}


def lenet5():
    return {"made": 1}, logits(LeNet5(), (32, 32, 1), (5, 5, 16), 1, 61_706)


def narrow(network, divisor, maps, every, count):
    args = {"made": every, "narrow": divisor, "input": numpy.array([224, 224, 3], dtype=numpy.int64)}
    return args, logits(network, (224, 224, 3), maps, every, count)


def alexnet():
    return narrow(narrow_alexnet(4), 4, (6, 6, 64), 5, 3_825_098)


def vgg16():
    return narrow(narrow_vgg("D", 16), 16, (7, 7, 32), 1, 541_218)


def vgg19():
    return narrow(narrow_vgg("E", 16), 16, (7, 7, 32), 1, 562_034)


def full():
    for name, maps, count in [
        ("alexnet", (6, 6, 256), 61_100_840),
        ("vgg16", (7, 7, 512), 138_357_544),
        ("vgg19", (7, 7, 512), 143_667_240),
    ]:
        network = getattr(torchvision.models, name)()
        print(name, [f"{x:.6f}" for x in logits(network, (224, 224, 3), maps, 100, count)["logits"].tolist()])


CALLS = {
    "lenet5": "logits by rule",
    "alexnet": "logits by rule of a narrow plan",
    "vgg16": "logits by rule of a narrow plan",
    "vgg19": "logits by rule of a narrow plan",
}


if __name__ == "__main__":
    full() if "full" in sys.argv else write(__spec__, [lenet5, alexnet, vgg16, vgg19], CALLS)
