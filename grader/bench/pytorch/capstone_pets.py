"""PyTorch's cats and dogs: EfficientNet-Lite0 from the bundled weights, frozen, then fine-tuned, and a network from scratch."""
import pathlib
import time

import numpy
import torch
from PIL import Image
from safetensors.torch import load_file
from torch import nn
from torch.nn import functional as F

BUNDLE = pathlib.Path(__file__).parents[3] / "datasets/bundled"
# expansion, kernel's size, stride, channels
BLOCKS = [(1, 3, 1, 16), (6, 3, 2, 24), (6, 3, 1, 24), (6, 5, 2, 40), (6, 5, 1, 40), (6, 3, 2, 80)]
BLOCKS += [(6, 3, 1, 80)] * 2 + [(6, 5, 1, 112)] * 3 + [(6, 5, 2, 192)] + [(6, 5, 1, 192)] * 3 + [(6, 3, 1, 320)]


class Conv(nn.Module):
    """Convolution with its batch normalization folded in, TensorFlow's padding, ReLU6."""

    def __init__(self, weights, conv, norm, size, stride, groups=1, activate=True):
        super().__init__()
        get = lambda name: weights[name].float()
        scale = get(norm + ".weight") / (get(norm + ".running_var") + 1e-3).sqrt()
        kernel = get(conv + ".weight") * scale[:, None, None, None]
        self.weight = nn.Parameter(kernel.contiguous(memory_format=torch.channels_last))
        self.bias = nn.Parameter(get(norm + ".bias") - get(norm + ".running_mean") * scale)
        self.size, self.stride, self.groups, self.activate = size, stride, groups, activate

    def forward(self, x):
        pad = []
        for length in (x.shape[3], x.shape[2]):
            zeros = max((-(-length // self.stride) - 1) * self.stride + self.size - length, 0)
            pad += [zeros // 2, zeros - zeros // 2]
        x = F.conv2d(F.pad(x, pad), self.weight, self.bias, self.stride, 0, 1, self.groups)
        return F.relu6(x) if self.activate else x


class Block(nn.Module):
    def __init__(self, weights, i, inputs, expand, size, stride, outputs):
        super().__init__()
        name, wide = f"_blocks.{i}.", inputs * expand
        parts = [Conv(weights, name + "_expand_conv", name + "_bn0", 1, 1)] if expand > 1 else []
        parts.append(Conv(weights, name + "_depthwise_conv", name + "_bn1", size, stride, wide))
        parts.append(Conv(weights, name + "_project_conv", name + "_bn2", 1, 1, activate=False))
        self.body, self.skip = nn.Sequential(*parts), stride == 1 and inputs == outputs

    def forward(self, x):
        return x + self.body(x) if self.skip else self.body(x)


class Mean(nn.Module):
    def forward(self, x):
        return x.mean((2, 3))


def efficientnet(depth):
    """The first blocks, and the rest up to the features."""
    weights = load_file(BUNDLE / "efficientnet-lite0/efficientnet_lite0.safetensors")
    layers, channels = [Conv(weights, "_conv_stem", "_bn0", 3, 2)], 32
    for i, block in enumerate(BLOCKS):
        layers.append(Block(weights, i, channels, *block))
        channels = block[-1]
    layers += [Conv(weights, "_conv_head", "_bn1", 1, 1), Mean()]
    return nn.Sequential(*layers[: depth + 1]), nn.Sequential(*layers[depth + 1 :])


def images(part, n):
    """The first n / 2 images of each class, between 0 and 1."""
    tiles = []
    for name in ("cat", "dog"):
        sheet = numpy.asarray(Image.open(BUNDLE / f"cats-and-dogs/{part}-{name}.png").convert("RGB"))
        rows, columns = sheet.shape[0] // 32, sheet.shape[1] // 32
        tiles.append(sheet.reshape(rows, 32, columns, 32, 3).transpose(0, 2, 4, 1, 3).reshape(-1, 3, 32, 32)[: n // 2])
    return torch.tensor(numpy.concatenate(tiles)).float() / 255, torch.arange(2).repeat_interleave(n // 2)


def learn(model, x, y, epochs, rate, batch):
    adam = torch.optim.Adam(model.parameters(), lr=rate)
    model.train()
    for _ in range(epochs):
        for rows in torch.randperm(len(x)).split(batch):
            adam.zero_grad()
            F.cross_entropy(model(x[rows]), y[rows]).backward()
            adam.step()
    model.eval()


@torch.no_grad()
def apply(model, x, batch):
    return torch.cat([model(part) for part in x.split(batch)])


def compare(n, measured, side, batch, channels, epochs, rates, depth=15):
    (x, y), (vx, vy) = images("train", n), images("test", measured)
    accuracy = lambda model, x: (apply(model, x, batch).argmax(1) == vy).float().mean().item()
    began = time.process_time()
    told = lambda what, value: print(f"  {what}: {value:.3f}, {time.process_time() - began:.1f} s of CPU so far", flush=True)

    layers, inputs = [], 3
    for i, outputs in enumerate(channels):
        layers += [nn.Conv2d(inputs, outputs, 3, padding=1, bias=False), nn.BatchNorm2d(outputs), nn.ReLU()]
        layers += [nn.MaxPool2d(2)] if i + 1 < len(channels) else []
        nn.init.xavier_uniform_(layers[-3 if i + 1 == len(channels) else -4].weight)
        inputs = outputs
    scratch = nn.Sequential(*layers, Mean(), nn.Linear(inputs, 2)).to(memory_format=torch.channels_last)
    learn(scratch, torch.cat([x, x.flip(3)]), torch.cat([y, y]), epochs[0], rates[0], batch)
    told("from scratch", accuracy(scratch, vx))

    first, tail = efficientnet(depth)
    scaled = lambda x: F.interpolate(x, size=(side, side), mode="bilinear", align_corners=False)
    frozen = lambda x: first(((scaled(x) * 255 - 127) / 128).contiguous(memory_format=torch.channels_last))
    maps, vmaps = apply(frozen, x, batch), apply(frozen, vx, batch)
    head = nn.Linear(1280, 2)
    nn.init.xavier_uniform_(head.weight)
    learn(head, apply(tail, maps, batch), y, epochs[1], rates[1], batch)
    classifier = nn.Sequential(tail, head)
    told("frozen features", accuracy(classifier, vmaps))
    learn(classifier, maps, y, epochs[2], rates[2], batch)
    told("fine-tuned", accuracy(classifier, vmaps))
