"""Golden values for the topic `rnn::char_rnn`: PyTorch's LSTM in float64.

    cd grader/golden && python -m rnn.char_rnn        # rewrites rnn/*.json
"""
from golden import differentiate, normal, numpy, torch, write


def char_rnn():
    """Two streams of three characters each, from states that are not 0."""
    n, steps, characters, hidden = 2, 3, 4, 3
    inputs = numpy.array([0, 3, 1, 2, 2, 0])
    args = {"input": normal(2, characters, 4 * hidden), "hidden": normal(3, hidden, 4 * hidden), "b": normal(4, 4 * hidden)}
    args |= {"weight": normal(5, hidden, characters), "bias": normal(6, characters)}
    leaves = list(args)
    args |= {"h": normal(7, n, hidden), "c": normal(8, n, hidden), "inputs": inputs}

    def logits(a):
        lstm = torch.nn.LSTM(characters, hidden, batch_first=True, dtype=torch.float64)
        weights = {"weight_ih_l0": a["input"].T, "weight_hh_l0": a["hidden"].T, "bias_ih_l0": a["b"]}
        weights["bias_hh_l0"] = torch.zeros(4 * hidden, dtype=torch.float64)
        x = torch.nn.functional.one_hot(torch.tensor(inputs), characters).double().reshape(n, steps, characters)
        h, _ = torch.func.functional_call(lstm, weights, (x, (a["h"][None], a["c"][None])))
        return h.reshape(n * steps, hidden) @ a["weight"] + a["bias"]

    return differentiate(args, logits, leaves)


CALLS = {"char_rnn": "char_logits"}


if __name__ == "__main__":
    write(__spec__, [char_rnn], CALLS)
