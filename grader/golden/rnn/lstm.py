"""Golden values for the topic `rnn::lstm`: PyTorch's `LSTM` in float64.

    cd grader/golden && python -m rnn.lstm        # rewrites rnn/*.json

PyTorch keeps its weights as (out, in), with the gates in the same order i, f, g, o, and has two biases, which it adds: ours
are transposed, and the second bias is 0. It does not show single gates: those are made from its linear layer and sigmoid.
"""
from golden import differentiate, normal, torch, write

ONE = ["x", "h", "input", "hidden", "bias"]
ALL = ["x", "h", "c", "input", "hidden", "bias"]


def weights(features, hidden):
    return {
        "input": normal(42, features, 4 * hidden, std=0.8),
        "hidden": normal(43, hidden, 4 * hidden, std=0.8),
        "bias": normal(44, 4 * hidden, std=0.4),
    }


def step(cell):
    args = {"x": normal(40, 2, 3), "h": normal(41, 2, 2, std=0.5)} | weights(3, 2)
    return args | {"c": normal(45, 2, 2)} if cell else args


def gate(k):
    def function(a):
        linear = torch.nn.functional.linear
        z = linear(a["x"], a["input"].T, a["bias"]) + linear(a["h"], a["hidden"].T)
        return torch.sigmoid(torch.chunk(z, 4, dim=1)[k])

    return differentiate(step(False), function, ONE)


def input_gate():
    return gate(0)


def forget_gate():
    return gate(1)


def output_gate():
    return gate(3)


def torch_cell(a):
    zeros = torch.zeros_like(a["bias"])
    return torch.lstm_cell(a["x"], (a["h"], a["c"]), a["input"].T, a["hidden"].T, a["bias"], zeros)


def cell_update():
    return differentiate(step(True), lambda a: torch_cell(a)[1], ALL)


def lstm_cell():
    return differentiate(step(True), lambda a: torch.cat(torch_cell(a), dim=1), ALL)


def lstm_unroll():
    args = {"x": normal(50, 2, 4, 2), "h": normal(51, 2, 3, std=0.5), "c": normal(52, 2, 3)}

    def function(a):
        flat = [a["input"].T, a["hidden"].T, a["bias"], torch.zeros_like(a["bias"])]
        begin = [a["h"][None], a["c"][None]]
        states, _, _ = torch.lstm(a["x"], begin, flat, True, 1, 0.0, True, False, True)
        return states

    return differentiate(args | weights(2, 3), function, ALL)


if __name__ == "__main__":
    write(__spec__, [forget_gate, input_gate, cell_update, output_gate, lstm_cell, lstm_unroll])
