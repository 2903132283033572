"""PyTorch's time for the capstones of the chapter rnn: the same networks, batches, step sizes and epochs.

    CRASH_COURSE_DATA=… python grader/bench/pytorch/recurrent.py char_rnn seq2seq_addition notebook
    python grader/bench/pytorch/recurrent.py bundled

`char_rnn` reads the whole King James Bible, `bundled` the 500 kB of it that come with the course. `seq2seq_addition` is our
recipe, `notebook` the notebook's: Adam at 0.001, batches of 128, 100 epochs.
Needs torch and numpy. Prints the bits a character or the share of right answers, and the seconds.
"""
import gzip
import math
import os
import pathlib
import sys
import time

import numpy
import torch
from torch import nn
from torch.nn.functional import cross_entropy, one_hot

torch.set_num_threads(2)
ROOT = pathlib.Path(__file__).parents[3]
CHARACTERS = " +0123456789"


class CharRnn(nn.Module):
    """An LSTM that reads characters, and a linear layer that says which comes next."""

    def __init__(self, characters, hidden):
        super().__init__()
        self.characters = characters
        self.lstm = nn.LSTM(characters, hidden, batch_first=True)
        self.out = nn.Linear(hidden, characters)

    def forward(self, numbers, state=None):
        states, state = self.lstm(one_hot(numbers, self.characters).float(), state)
        return self.out(states), state


def char_rnn(text, hidden=256, epochs=2, batch=16, steps=32, rate=0.005):
    """Bits a character on the last tenth of a text, after training on the rest."""
    alphabet = sorted(set(text))
    number = {c: i for i, c in enumerate(alphabet)}
    numbers = torch.tensor([number[c] for c in text])
    train, test = numbers[: len(numbers) * 9 // 10], numbers[len(numbers) * 9 // 10 :]
    length = (len(train) - 1) // batch
    streams = lambda shift: torch.stack([train[k * length + shift :][:length] for k in range(batch)])
    inputs, targets = streams(0), streams(1)
    model = CharRnn(len(alphabet), hidden)
    adam = torch.optim.Adam(model.parameters())
    windows, done, began = length // steps, 0, time.time()
    for _ in range(epochs):
        state = None
        for w in range(windows):
            adam.param_groups[0]["lr"] = rate * (1 - done / (epochs * windows))
            logits, state = model(inputs[:, w * steps :][:, :steps], state)
            loss = cross_entropy(logits.flatten(0, 1), targets[:, w * steps :][:, :steps].flatten())
            adam.zero_grad()
            loss.backward()
            adam.step()
            state, done = tuple(s.detach() for s in state), done + 1
    seconds = time.time() - began
    print(f"  {bits(model, test):.3f} held-out bits a character after {done} steps, {seconds:.1f} s")


@torch.no_grad()
def bits(model, text, piece=1000):
    """−mean log₂ p(next character), read from the beginning."""
    nats, state = 0.0, None
    for start in range(0, len(text) - 1, piece):
        end = min(start + piece, len(text) - 1)
        logits, state = model(text[start:end][None], state)
        nats += cross_entropy(logits[0], text[start + 1 : end + 1], reduction="sum").item()
    return nats / (len(text) - 1) / math.log(2)


class Adder(nn.Module):
    """An LSTM that reads a question, one that writes the answer from its last state, and a linear layer."""

    def __init__(self, hidden):
        super().__init__()
        self.reads = nn.LSTM(len(CHARACTERS), hidden, batch_first=True)
        self.writes = nn.LSTM(hidden, hidden, batch_first=True)
        self.out = nn.Linear(hidden, len(CHARACTERS))
        for lstm in (self.reads, self.writes):
            # A forget gate that is open at first, as Keras and the course begin with.
            nn.init.zeros_(lstm.bias_hh_l0)
            nn.init.zeros_(lstm.bias_ih_l0)
            nn.init.ones_(lstm.bias_ih_l0[hidden : 2 * hidden])

    def forward(self, questions, length):
        last = self.reads(one_hot(questions, len(CHARACTERS)).float())[0][:, -1]
        return self.out(self.writes(last[:, None].expand(-1, length, -1))[0])


def sums(n=5000, digits=2):
    """Different sums, reversed and padded with spaces, as numbers of characters."""
    rng, seen, questions, answers = numpy.random.default_rng(42), set(), [], []
    number = lambda: int(rng.integers(10 ** int(rng.integers(1, digits + 1))))
    while len(questions) < n:
        a, b = number(), number()
        if (min(a, b), max(a, b)) in seen:
            continue
        seen.add((min(a, b), max(a, b)))
        questions.append(f"{a}+{b}".ljust(2 * digits + 1)[::-1])
        answers.append(str(a + b).ljust(digits + 1))
    coded = lambda texts: torch.tensor([[CHARACTERS.index(c) for c in text] for text in texts])
    return coded(questions), coded(answers)


def addition(hidden=128, epochs=20, batch=32, rate=0.01, falls=True):
    """The share of 500 sums that are answered right to the last digit, after training on 4,500 others."""
    questions, answers = sums()
    model = Adder(hidden)
    adam = torch.optim.Adam(model.parameters(), lr=rate)
    steps, done, began = epochs * math.ceil(4500 / batch), 0, time.time()
    for _ in range(epochs):
        for rows in torch.randperm(4500).split(batch):
            if falls:
                adam.param_groups[0]["lr"] = rate * (1 - done / steps)
            loss = cross_entropy(model(questions[rows], 3).flatten(0, 1), answers[rows].flatten())
            adam.zero_grad()
            loss.backward()
            adam.step()
            done += 1
    seconds = time.time() - began
    with torch.no_grad():
        right = (model(questions[4500:], 3).argmax(2) == answers[4500:]).all(1).float().mean().item()
    print(f"  {right:.1%} answered right after {epochs} epochs, {seconds:.1f} s")


def bible():
    return (pathlib.Path(os.environ["CRASH_COURSE_DATA"]) / "text/kjv.txt").read_text()


def bundled():
    return gzip.open(ROOT / "datasets/bundled/text/kjv.txt.gz", "rt").read()


if __name__ == "__main__":
    torch.manual_seed(1)
    for name in sys.argv[1:]:
        print(name)
        {
            "char_rnn": lambda: char_rnn(bible()),
            "bundled": lambda: char_rnn(bundled()),
            "seq2seq_addition": addition,
            "notebook": lambda: addition(epochs=100, batch=128, rate=0.001, falls=False),
        }[name]()
