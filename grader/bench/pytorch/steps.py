"""Times PyTorch's training steps: `steps.py NAME` prints the median in milliseconds, as our `steps NAME` does.

The same networks, batches and optimisers on 2 threads; images channels last in memory.
"""
import statistics
import sys
import time

import torch
import torch.nn as nn
import torch.nn.functional as F

BATCH = 128
torch.set_num_threads(2)
torch.manual_seed(1)


def median(step):
    for _ in range(3):
        step()
    times, start = [], time.perf_counter()
    while len(times) < 5 or time.perf_counter() - start < 2:
        before = time.perf_counter()
        step()
        times.append(time.perf_counter() - before)
    return statistics.median(times) * 1e3


def train(parameters, loss, rule=torch.optim.Adam):
    optimizer = rule(parameters, lr=1e-3)

    def step():
        optimizer.zero_grad()
        loss().backward()
        optimizer.step()

    return median(step)


def targets(n, below):
    return torch.arange(n) * 7919 % below


def classifier(*layers):
    model = nn.Sequential(*layers).to(memory_format=torch.channels_last)
    x = torch.rand(BATCH, 1, 28, 28).to(memory_format=torch.channels_last)
    y = targets(BATCH, 10)
    return train(model.parameters(), lambda: F.cross_entropy(model(x), y))


def mlp():
    return classifier(nn.Flatten(), nn.Linear(784, 512), nn.ReLU(), nn.Linear(512, 10))


def cnn():
    convolutions = nn.Conv2d(1, 32, 3), nn.ReLU(), nn.Conv2d(32, 64, 3), nn.ReLU(), nn.MaxPool2d(2)
    return classifier(*convolutions, nn.Flatten(), nn.Linear(9216, 128), nn.ReLU(), nn.Linear(128, 10))


def lenet():
    first = nn.Conv2d(1, 6, 5, padding=2), nn.Tanh(), nn.AvgPool2d(2)
    second = nn.Conv2d(6, 16, 5), nn.Tanh(), nn.AvgPool2d(2), nn.Flatten()
    return classifier(*first, *second, nn.Linear(400, 120), nn.Tanh(), nn.Linear(120, 84), nn.Tanh(), nn.Linear(84, 10))


def seq2seq():
    encoder, decoder = nn.LSTM(12, 128, batch_first=True), nn.LSTM(128, 128, batch_first=True)
    output = nn.Linear(128, 12)
    x, y = torch.rand(BATCH, 5, 12), targets(BATCH * 3, 12)

    def loss():
        last = encoder(x)[0][:, -1]
        states = decoder(last[:, None].expand(-1, 3, -1))[0]
        return F.cross_entropy(output(states).reshape(-1, 12), y)

    return train([*encoder.parameters(), *decoder.parameters(), *output.parameters()], loss)


def _factorisation(sparse, rule):
    users, movies = nn.Embedding(671, 50, sparse=sparse), nn.Embedding(9066, 50, sparse=sparse)
    u, m, ratings = targets(64, 671), targets(64, 9066), torch.rand(64)
    loss = lambda: ((users(u) * movies(m)).sum(1) - ratings).square().mean()
    return train([*users.parameters(), *movies.parameters()], loss, rule)


def factorisation():
    return _factorisation(False, torch.optim.Adam)


def factorisation_sparse():
    return _factorisation(True, torch.optim.SparseAdam)


def vgg16():
    """One image, forward only."""
    layers, channels = [], 3
    for filters in [[64] * 2, [128] * 2, [256] * 3, [512] * 3, [512] * 3]:
        for wide in filters:
            layers += nn.Conv2d(channels, wide, 3, padding=1), nn.ReLU(inplace=True)
            channels = wide
        layers.append(nn.MaxPool2d(2))
    classifier = nn.Flatten(), nn.Linear(25_088, 4096), nn.ReLU(), nn.Linear(4096, 4096), nn.ReLU(), nn.Linear(4096, 1000)
    model = nn.Sequential(*layers, *classifier).eval().to(memory_format=torch.channels_last)
    x = torch.rand(1, 3, 224, 224).to(memory_format=torch.channels_last)
    with torch.inference_mode():
        return median(lambda: model(x))


if __name__ == "__main__":
    print(globals()[sys.argv[1].replace("-", "_")]())
