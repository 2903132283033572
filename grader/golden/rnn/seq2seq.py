"""Golden values for the topic `rnn::seq2seq`: PyTorch's LSTM in float64.

    cd grader/golden && python -m rnn.seq2seq        # rewrites rnn/*.json
"""
from golden import differentiate, normal, torch, write


def seq2seq_addition():
    """Logits of two answers of three characters to questions of four."""
    n, steps, length, width, first, second = 2, 4, 3, 3, 2, 3
    args = {"questions": normal(2, n, steps, width)}
    for seed, (name, features, hidden) in enumerate([("encoder", width, first), ("decoder", first, second)]):
        args[f"{name}_input"] = normal(3 + 3 * seed, features, 4 * hidden)
        args[f"{name}_hidden"] = normal(4 + 3 * seed, hidden, 4 * hidden)
        args[f"{name}_bias"] = normal(5 + 3 * seed, 4 * hidden)
    args |= {"weight": normal(9, second, width), "bias": normal(10, width)}
    leaves = list(args)

    def lstm(a, name, x, hidden):
        layer = torch.nn.LSTM(x.shape[2], hidden, batch_first=True, dtype=torch.float64)
        weights = {"weight_ih_l0": a[f"{name}_input"].T, "weight_hh_l0": a[f"{name}_hidden"].T}
        weights |= {"bias_ih_l0": a[f"{name}_bias"], "bias_hh_l0": torch.zeros(4 * hidden, dtype=torch.float64)}
        return torch.func.functional_call(layer, weights, (x,))[0]

    def logits(a):
        read = lstm(a, "encoder", a["questions"], first)[:, -1:]
        states = lstm(a, "decoder", read.repeat(1, length, 1), second)
        return states @ a["weight"] + a["bias"]

    return differentiate({**args, "length": length}, logits, leaves)


CALLS = {"seq2seq_addition": "adder_logits"}


if __name__ == "__main__":
    write(__spec__, [seq2seq_addition], CALLS)
