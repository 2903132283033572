"""PyTorch's time for the capstones that the grader trains on full-size data: the same models, batches and epochs.

    CRASH_COURSE_DATA=… python grader/bench/pytorch/capstones.py factors network mnist_mlp mnist_cnn
    python grader/bench/pytorch/capstones.py pets small_pets

Needs torch and numpy; pets also pillow and safetensors, and only what is bundled. Prints the error or accuracy at the end,
and the seconds.
"""
import csv
import gzip
import os
import pathlib
import sys
import time

import numpy
import torch
from torch import nn

torch.set_num_threads(2)
DATA = pathlib.Path(os.environ.get("CRASH_COURSE_DATA", "."))


def movielens():
    """Users, items and ratings, and the order of a random 80/20 split."""
    rows = list(csv.reader(open(DATA / "movielens/ratings.csv")))[1:]
    users, items = {}, {}
    pairs = [(users.setdefault(r[0], len(users)), items.setdefault(r[1], len(items))) for r in rows]
    pairs, values = torch.tensor(pairs), torch.tensor([float(r[2]) for r in rows])
    order = torch.as_tensor(numpy.random.default_rng(42).permutation(len(rows)))
    cut = len(rows) * 4 // 5
    return pairs, values, order[:cut], order[cut:], (len(users), len(items))


def batches(train, size):
    return train[torch.randperm(len(train))].split(size)


def factors(k=50, epochs=30, l2=0.1, lr=0.02):
    """with_bias: plain descent on the sum of each batch, tables with sparse gradients."""
    pairs, values, train, validation, sizes = movielens()
    tables = [nn.Embedding(n, width, sparse=True) for width in (k, 1) for n in sizes]
    for table, std in zip(tables, (0.05, 0.05, 0.0, 0.0)):
        nn.init.normal_(table.weight, std=std)
    p, q, b, c = tables
    mean = values[train].mean()
    optimizer = torch.optim.SGD([table.weight for table in tables], lr=lr)

    def predict(which):
        u, i = pairs[which].T
        return (p(u) * q(i)).sum(1) + b(u)[:, 0] + c(i)[:, 0] + mean

    def step(which):
        u, i = pairs[which].T
        squares = (p(u) ** 2).sum() + (q(i) ** 2).sum()
        return 0.5 * ((predict(which) - values[which]) ** 2).sum() + 0.5 * l2 * squares

    run(train, validation, values, epochs, 64, [optimizer], step, predict)


def network(k=50, epochs=8, hidden=70):
    """neural_recommender: Adam, the mean of each batch."""
    pairs, values, train, validation, sizes = movielens()
    p, q = (nn.Embedding(n, k) for n in sizes)
    net = nn.Sequential(nn.Dropout(0.3), nn.Linear(2 * k, hidden), nn.ReLU(), nn.Dropout(0.75), nn.Linear(hidden, 1))
    for layer in (p, q):
        nn.init.normal_(layer.weight, std=0.05)
    for layer in (net[1], net[4]):
        nn.init.xavier_uniform_(layer.weight)
        nn.init.zeros_(layer.bias)
    mean = values[train].mean()
    optimizer = torch.optim.Adam([*p.parameters(), *q.parameters(), *net.parameters()], lr=1e-3)

    def predict(which):
        u, i = pairs[which].T
        return net(torch.cat([p(u), q(i)], 1))[:, 0] + mean

    def step(which):
        net.train()
        loss = ((predict(which) - values[which]) ** 2).mean()
        net.eval()
        return loss

    run(train, validation, values, epochs, 256, [optimizer], step, predict)


def run(train, validation, values, epochs, size, optimizers, step, predict):
    began = time.time()
    for _ in range(epochs):
        for which in batches(train, size):
            for optimizer in optimizers:
                optimizer.zero_grad()
            step(which).backward()
            for optimizer in optimizers:
                optimizer.step()
    seconds = time.time() - began
    with torch.no_grad():
        error = ((predict(validation) - values[validation]) ** 2).mean().item()
    print(f"  validation error {error:.4f} after {epochs} epochs, {seconds:.1f} s")


def mnist(part):
    """Images (n, 1, 28, 28) between 0 and 1, and their digits."""
    def read(name, offset):
        return numpy.frombuffer(gzip.open(DATA / f"mnist/{part}-{name}-ubyte.gz").read(), numpy.uint8, offset=offset).copy()

    images = torch.from_numpy(read("images-idx3", 16)).reshape(-1, 1, 28, 28).float() / 255
    return images.to(memory_format=torch.channels_last), torch.from_numpy(read("labels-idx1", 8)).long()


def mnist_mlp(epochs=30, size=128, lr=0.003, decay=0.85, patience=5):
    """mnist_mlp: Adam, a learning rate that falls by 15 % an epoch; stops after five epochs without a better validation loss."""
    (images, digits), (test_images, test_digits) = mnist("train"), mnist("t10k")
    images, test_images = images.reshape(-1, 784), test_images.reshape(-1, 784)
    net = nn.Sequential(
        nn.Dropout(0.2), nn.Linear(784, 512, bias=False), nn.BatchNorm1d(512), nn.ReLU(), nn.Dropout(0.3), nn.Linear(512, 10),
    )
    nn.init.kaiming_normal_(net[1].weight)
    nn.init.kaiming_normal_(net[5].weight)
    nn.init.zeros_(net[5].bias)
    optimizer = torch.optim.Adam(net.parameters(), lr=lr)
    schedule = torch.optim.lr_scheduler.ExponentialLR(optimizer, decay)
    order = torch.randperm(60_000)
    train, held_out = order[5000:], order[:5000]
    began, best, best_epoch = time.time(), float("inf"), 0
    for epoch in range(1, epochs + 1):
        net.train()
        for which in batches(train, size):
            optimizer.zero_grad()
            nn.functional.cross_entropy(net(images[which]), digits[which]).backward()
            optimizer.step()
        schedule.step()
        net.eval()
        with torch.no_grad():
            loss = nn.functional.cross_entropy(net(images[held_out]), digits[held_out]).item()
        if loss < best:
            best, best_epoch, weights = loss, epoch, {name: tensor.clone() for name, tensor in net.state_dict().items()}
        elif epoch - best_epoch >= patience:
            break
    seconds = time.time() - began
    net.load_state_dict(weights)
    with torch.no_grad():
        accuracy = (net(test_images).argmax(1) == test_digits).float().mean().item()
    print(f"  test accuracy {accuracy:.4f} of epoch {best_epoch} of {epoch}, {seconds:.1f} s, {seconds / epoch:.2f} s an epoch")


def mnist_cnn(epochs=5, size=64, lr=0.0015):
    """mnist_cnn: Adam, a learning rate that falls in a straight line; the last 2,000 training images only measure."""
    (images, digits), (test_images, test_digits) = mnist("train"), mnist("t10k")
    net = nn.Sequential(
        nn.Conv2d(1, 32, 3), nn.ReLU(), nn.Conv2d(32, 64, 3), nn.ReLU(), nn.MaxPool2d(2), nn.Dropout(0.25), nn.Flatten(),
        nn.Linear(9216, 128), nn.ReLU(), nn.Dropout(0.5), nn.Linear(128, 10),
    ).to(memory_format=torch.channels_last)
    for layer in net:
        if hasattr(layer, "weight"):
            nn.init.kaiming_normal_(layer.weight)
            nn.init.zeros_(layer.bias)
    optimizer = torch.optim.Adam(net.parameters(), lr=lr)
    train = torch.arange(58_000)
    steps = epochs * -(-len(train) // size)
    schedule = torch.optim.lr_scheduler.LambdaLR(optimizer, lambda step: 1 - step / steps)

    def accuracy(images, digits):
        net.eval()
        with torch.no_grad():
            guesses = torch.cat([net(some).argmax(1) for some in images.split(250)])
        net.train()
        return (guesses == digits).float().mean().item()

    began = time.time()
    for epoch in range(epochs):
        for which in batches(train, size):
            optimizer.zero_grad()
            nn.functional.cross_entropy(net(images[which]), digits[which]).backward()
            optimizer.step()
            schedule.step()
        seconds = time.time() - began
        print(f"  epoch {epoch + 1}: validation accuracy {accuracy(images[58_000:], digits[58_000:]):.4f}, {seconds:.1f} s", flush=True)
    print(f"  test accuracy {accuracy(test_images, test_digits):.4f} after {epochs} epochs, {seconds:.1f} s")


def pets():
    """cats_vs_dogs, full: 2,000 images to learn from, 1,000 to be measured by, 128 x 128."""
    import capstone_pets

    capstone_pets.compare(2000, 1000, side=128, batch=32, channels=(32, 64, 128), epochs=(20, 20, 5), rates=(1e-3, 1e-3, 1e-4))


def small_pets():
    """cats_vs_dogs, by default: 200 and 200 images, 96 x 96."""
    import capstone_pets

    capstone_pets.compare(200, 200, side=96, batch=20, channels=(16, 32, 48), epochs=(15, 20, 4), rates=(2e-3, 1e-3, 1e-4))


if __name__ == "__main__":
    for name in sys.argv[1:]:
        print(name)
        {program.__name__: program for program in (factors, network, mnist_mlp, mnist_cnn, pets, small_pets)}[name]()
