"""Golden values for the topic `rnn::vanilla`: PyTorch's `RNNCell` and `RNN` in float64.

    cd grader/golden && python -m rnn.vanilla        # rewrites rnn/*.json

PyTorch keeps its weights as (out, in) and has two biases, which it adds: ours are transposed, and the second bias is 0.
"""
from golden import differentiate, normal, torch, write

LEAVES = ["x", "h", "input", "hidden", "bias"]


def weights(features, hidden):
    return {
        "input": normal(12, features, hidden, std=0.8),
        "hidden": normal(13, hidden, hidden, std=0.8),
        "bias": normal(14, hidden, std=0.4),
    }


def rnn_cell():
    args = {"x": normal(10, 2, 3), "h": normal(11, 2, 2, std=0.5)} | weights(3, 2)

    def function(a):
        zeros = torch.zeros_like(a["bias"])
        return torch.rnn_tanh_cell(a["x"], a["h"], a["input"].T, a["hidden"].T, a["bias"], zeros)

    return differentiate(args, function, LEAVES)


def rnn_unroll():
    args = {"x": normal(20, 2, 4, 2), "h": normal(21, 2, 3, std=0.5)} | weights(2, 3)

    def function(a):
        flat = [a["input"].T, a["hidden"].T, a["bias"], torch.zeros_like(a["bias"])]
        states, _ = torch.rnn_tanh(a["x"], a["h"][None], flat, True, 1, 0.0, True, False, True)
        return states

    return differentiate(args, function, LEAVES)


if __name__ == "__main__":
    write(__spec__, [rnn_cell, rnn_unroll])
