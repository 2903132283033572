"""Golden values for the topics `convnets::residual` and `convnets::degradation`: PyTorch's autograd in float64, torchvision's
ResNet-18.

    cd grader/golden && python -m convnets.residual        # rewrites convnets/*.json; needs torchvision

A network's weights come from a formula of their name and index, so that a call carries one number for all of them.
"""
import numpy
import torchvision
from golden import normal, torch, write
from torch import nn


def formula(name, shape, seed):
    """The array `name`, the last axis fastest, as float32 numbers in float64. Kernels are (height, width, in, out).

    FNV-1a of the name, xor the seed, plus index times 0x9e3779b9, scrambled by MurmurHash3's last step, all modulo 2^32; of that
    the upper 24 bits as a number in -1..1, times a spread, plus a centre.
    """
    if name.endswith((".bias", ".running_mean")):
        centre, spread = 0.0, 0.25
    elif len(shape) == 1:
        centre, spread = 1.0, 0.5
    else:
        centre, spread = 0.0, numpy.sqrt(6.0 / numpy.prod(shape[:-1]))
    start = 0x811C9DC5
    for byte in name.encode():
        start = (start ^ byte) * 0x01000193 % 2**32
    x = numpy.arange(numpy.prod(shape), dtype=numpy.uint32) * numpy.uint32(0x9E3779B9) + numpy.uint32(start ^ seed)
    x = (x ^ (x >> 16)) * numpy.uint32(0x85EBCA6B)
    x = (x ^ (x >> 13)) * numpy.uint32(0xC2B2AE35)
    uniform = ((x ^ (x >> 16)) >> 8).astype(numpy.float64) / 2**23 - 1.0
    return torch.tensor((centre + spread * uniform).astype(numpy.float32).astype(numpy.float64)).reshape(tuple(shape))


def load(module, rename, seed):
    """Fills every array of `module` by the formula, under the name that `rename` gives it."""
    state = module.state_dict()
    for name, array in state.items():
        if name.endswith("num_batches_tracked"):
            continue
        shape = list(array.shape)
        if len(shape) == 4:
            out, inputs, height, width = shape
            state[name] = formula(rename(name), [height, width, inputs, out], seed).permute(3, 2, 0, 1)
        elif len(shape) == 2:
            state[name] = formula(rename(name), shape[::-1], seed).T
        else:
            state[name] = formula(rename(name), shape, seed)
    module.load_state_dict(state)
    return module.double()


def residual_block():
    """torchvision's basic block in training, with a projection, stride 2 and odd height and width."""
    layers = [(3, 2, 3), (3, 3, 3), (1, 2, 3)]
    downsample = nn.Sequential(nn.Conv2d(2, 3, 1, stride=2, bias=False), nn.BatchNorm2d(3))
    block = torchvision.models.resnet.BasicBlock(2, 3, stride=2, downsample=downsample).double()
    modules = [(block.conv1, block.bn1), (block.conv2, block.bn2), (downsample[0], downsample[1])]
    x = normal(0, 2, 5, 7, 2).requires_grad_()
    args = {"x": x, "stride": 2, "shortcut": "projection", "training": True, "d_y": normal(1, 2, 3, 4, 3)}
    for i, ((size, inputs, out), (conv, norm)) in enumerate(zip(layers, modules), 1):
        args[f"kernel{i}"] = normal(10 * i, size, size, inputs, out, std=0.4)
        args[f"gamma{i}"] = 1 + normal(10 * i + 1, out, std=0.25)
        args[f"beta{i}"] = normal(10 * i + 2, out, std=0.5)
        args[f"running_mean{i}"] = normal(10 * i + 3, out, std=0.5)
        args[f"running_variance{i}"] = 1 + normal(10 * i + 4, out).abs()
        with torch.no_grad():
            conv.weight.copy_(args[f"kernel{i}"].permute(3, 2, 0, 1))
            for tensor, name in [
                (norm.weight, "gamma"),
                (norm.bias, "beta"),
                (norm.running_mean, "running_mean"),
                (norm.running_var, "running_variance"),
            ]:
                args[f"{name}{i}"] = args[f"{name}{i}"].float().double()
                tensor.copy_(args[f"{name}{i}"])
    y = block.train()(x.permute(0, 3, 1, 2)).permute(0, 2, 3, 1)
    y.backward(args["d_y"])
    outputs = {"y": y.contiguous(), "d_x": x.grad}
    for i, (conv, norm) in enumerate(modules, 1):
        outputs[f"d_kernel{i}"] = conv.weight.grad.permute(2, 3, 1, 0).contiguous()
        outputs[f"d_gamma{i}"], outputs[f"d_beta{i}"] = norm.weight.grad, norm.bias.grad
        outputs[f"running_mean{i}"], outputs[f"running_variance{i}"] = norm.running_mean, norm.running_var
    return args, outputs


def resnet18():
    """The whole network at full width, on an image that is not square."""
    seed, classes = 18, 10
    network = torchvision.models.resnet18(num_classes=1000)
    assert sum(p.numel() for p in network.parameters()) == 11_689_512
    network = load(torchvision.models.resnet18(num_classes=classes), lambda name: name, seed).eval()
    x, d_y = normal(1, 1, 40, 33, 3).requires_grad_(), normal(2, 1, classes)
    y = network(x.permute(0, 3, 1, 2))
    y.backward(d_y)
    args = {"x": x, "d_y": d_y, "channels": 3, "width": 64, "classes": classes, "weights": seed}
    outputs = {"y": y, "norm(d_x)": x.grad.norm().item(), "norm(d_conv1)": network.conv1.weight.grad.norm().item()}
    return args | {"training": False}, outputs


class Stack(nn.Module):
    """The network of the topic `degradation`; its arrays are called as in its adapter."""

    def __init__(self, residual, depth, channels, width, classes):
        super().__init__()

        def conv_norm(inputs):
            return nn.ModuleDict({"conv": nn.Conv2d(inputs, width, 3, padding=1, bias=False), "bn": nn.BatchNorm2d(width)})

        self.residual = residual
        self.stem = conv_norm(channels)
        parts = [nn.ModuleDict({"first": conv_norm(width), "second": conv_norm(width)}) for _ in range(depth)]
        self.blocks = nn.ModuleList(parts)
        self.fc = nn.Linear(width, classes)

    def forward(self, images):
        def run(layer, x):
            return layer["bn"](layer["conv"](x))

        x = torch.relu(run(self.stem, images.permute(0, 3, 1, 2)))
        for block in self.blocks:
            y = run(block["second"], torch.relu(run(block["first"], x)))
            x = torch.relu(y + x if self.residual else y)
        return self.fc(x.mean((2, 3)))


def degradation():
    """Five steps of SGD with momentum 0.9, each on all images."""
    sizes = {"residual": True, "depth": 3, "channels": 2, "width": 4, "classes": 3}
    seed, images, labels = 7, normal(3, 6, 5, 4, 2), numpy.array([0, 2, 1, 1, 0, 2])
    network = load(Stack(**sizes), lambda name: name, seed).train()
    sgd = torch.optim.SGD(network.parameters(), lr=0.0625, momentum=0.9)
    losses = []
    for _ in range(5):
        loss = nn.functional.cross_entropy(network(images), torch.tensor(labels))
        losses.append(loss.item())
        sgd.zero_grad()
        loss.backward()
        sgd.step()
    args = sizes | {"weights": seed, "images": images, "labels": labels, "seed": 1}
    args |= {"epochs": 5, "batch_size": 6, "learning_rate": 0.0625}
    stem = network.stem["conv"].weight.permute(2, 3, 1, 0).contiguous()
    outputs = {"losses": numpy.array(losses), "stem": stem, "head": network.fc.weight.T.contiguous()}
    return args, outputs | {"running_mean": network.stem["bn"].running_mean}


CALLS = {
    "resnet18": "resnet18 + resnet_logits",
    "degradation": "train",
}


if __name__ == "__main__":
    write(__spec__, [residual_block, resnet18, degradation], CALLS)
