"""Golden values for the topic `rnn::echo_state`: PyTorch's `RNNCell` for the states, NumPy's least squares for the readout.

    cd grader/golden && python -m rnn.echo_state        # rewrites rnn/*.json

Ridge regression is least squares with rows √Γ · I added: no normal equations here.
"""
from golden import numpy, torch, write


def normal(seed, *shape, std=1.0):
    """In double precision, which is what the adapter wants: not rounded to float32."""
    return torch.tensor(numpy.random.default_rng(seed).normal(0.0, std, shape))


def echo_state_network():
    units, length, washout, gamma, steps = 3, 12, 4, 0.25, 6
    args = {
        "input": normal(80, units),
        "recurrent": normal(81, units, units, std=0.6),
        "bias": normal(82, units, std=0.3),
        "start": normal(83, units, std=0.5),
        "series": normal(84, length),
    }

    def step(u, h):
        zeros = torch.zeros_like(args["bias"])
        column, matrix = args["input"][:, None], args["recurrent"].T
        return torch.rnn_tanh_cell(u.reshape(1, 1), h[None], column, matrix, args["bias"], zeros)[0]

    h, states = args["start"], []
    for u in args["series"]:
        h = step(u, h)
        states.append(h)
    rows = torch.stack(states)[washout:-1].numpy()
    targets = args["series"][washout + 1 :].numpy()
    system = numpy.vstack([rows, numpy.sqrt(gamma) * numpy.eye(units)])
    readout = torch.tensor(numpy.linalg.lstsq(system, numpy.append(targets, numpy.zeros(units)))[0])
    ahead = []
    for _ in range(steps):
        ahead.append(h @ readout)
        h = step(ahead[-1], h)
    args |= {"washout": washout, "gamma": gamma, "steps": steps}
    return args, {"states": torch.stack(states), "readout": readout, "free_run": torch.stack(ahead)}


CALLS = {"echo_state_network": "reservoir_states + train_readout + free_run"}


if __name__ == "__main__":
    write(__spec__, [echo_state_network], CALLS)
