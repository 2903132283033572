"""How many layers, and how wide? Networks of about as many parameters, from none to sixteen hidden layers, on digits.

    CRASH_COURSE_DATA=… python grader/bench/pytorch/depth.py

Learns from the first 20,000 images of MNIST and prints, for each depth, which share of the 10,000 test images three seeds get
right after ten epochs: relu, He's weights, Adam at 0.001, batches of 128. Needs torch and numpy, and MNIST in full.
"""
import gzip
import os
import pathlib

import numpy
import torch
from torch import nn
from torch.nn.functional import cross_entropy

torch.set_num_threads(1)
DATA = pathlib.Path(os.environ.get("CRASH_COURSE_DATA", ".")) / "mnist"


def digits(part):
    """Images, one a row, from 0 to 1, and their labels."""
    images = numpy.frombuffer(gzip.open(DATA / f"{part}-images-idx3-ubyte.gz").read(), numpy.uint8, offset=16)
    labels = numpy.frombuffer(gzip.open(DATA / f"{part}-labels-idx1-ubyte.gz").read(), numpy.uint8, offset=8)
    return torch.tensor(images.reshape(-1, 784) / numpy.float32(255)), torch.tensor(labels.astype("int64"))


def network(depth, width):
    sizes = [784] + [width] * depth + [10]
    layers = []
    for size, units in zip(sizes, sizes[1:]):
        linear = nn.Linear(size, units)
        nn.init.kaiming_normal_(linear.weight, nonlinearity="relu")
        nn.init.zeros_(linear.bias)
        layers += [linear, nn.ReLU()]
    return nn.Sequential(*layers[:-1])


def accuracy(depth, width, seed, train, test):
    torch.manual_seed(seed)
    net = network(depth, width)
    optimizer = torch.optim.Adam(net.parameters(), 1e-3)
    for _ in range(10):
        for batch in torch.randperm(len(train[1])).split(128):
            loss = cross_entropy(net(train[0][batch]), train[1][batch])
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
    with torch.no_grad():
        right = net(test[0]).argmax(1) == test[1]
    return right.float().mean().item(), sum(p.numel() for p in net.parameters())


if __name__ == "__main__":
    images, labels = digits("train")
    train, test = (images[:20_000], labels[:20_000]), digits("t10k")
    for depth, width in ((0, 0), (1, 512), (2, 355), (4, 260), (8, 191), (16, 141)):
        runs = [accuracy(depth, width, seed, train, test) for seed in range(3)]
        shares = ", ".join(f"{share:.4f}" for share, _ in runs)
        print(f"{depth} hidden layers of {width}, {runs[0][1]} parameters: {shares}", flush=True)
