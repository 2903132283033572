"""Golden values for the topic `rnn::gradients`: PyTorch's `jacobian` and `clip_grad_norm_` in float64.

    cd grader/golden && python -m rnn.gradients        # rewrites rnn/*.json
"""
from golden import array, normal, torch, write


def vanishing_gradient():
    """An LSTM of two units: the norms of dh_T/dh_t and what the adapter makes of them."""
    steps, features, hidden = 5, 2, 2
    args = {
        "x": normal(60, steps, features),
        "input": normal(61, features, 4 * hidden, std=0.8),
        "hidden": normal(62, hidden, 4 * hidden, std=0.8),
        "bias": normal(63, 4 * hidden, std=0.4),
    }

    def step(t, h, c):
        zeros = torch.zeros_like(args["bias"])
        h, c = torch.lstm_cell(
            args["x"][t][None], (h[None], c[None]), args["input"].T, args["hidden"].T, args["bias"], zeros
        )
        return h[0], c[0]

    states = [(torch.zeros(hidden, dtype=torch.float64), torch.zeros(hidden, dtype=torch.float64))]
    for t in range(steps):
        states.append(step(t, *states[-1]))

    def norm(start):
        h, c = states[start]

        def last(h):
            state = (h, c)
            for t in range(start, steps):
                state = step(t, *state)
            return state[0]

        return torch.linalg.matrix_norm(torch.autograd.functional.jacobian(last, h))

    norms = torch.stack([norm(start) for start in reversed(range(steps + 1))])
    return args, {"norms": norms}


def clip_grad_norm():
    parts, limit = [normal(70, 4, std=30.0), array([0.25]), normal(71, 2, std=50.0)], 5.0
    leaves = [torch.zeros_like(part, requires_grad=True) for part in parts]
    for leaf, part in zip(leaves, parts):
        leaf.grad = part.clone()
    norm = torch.nn.utils.clip_grad_norm_(leaves, limit)
    args = {f"gradient{i}": part for i, part in enumerate(parts)} | {"max_norm": limit}
    return args, {f"clipped{i}": leaf.grad for i, leaf in enumerate(leaves)} | {"norm": float(norm)}


CALLS = {"vanishing_gradient": "vanishing_gradient_lstm"}


if __name__ == "__main__":
    write(__spec__, [vanishing_gradient, clip_grad_norm], CALLS)
