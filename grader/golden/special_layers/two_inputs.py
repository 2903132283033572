"""Golden values for the topic `special_layers::two_inputs`: PyTorch in float64.

    cd grader/golden && python -m special_layers.two_inputs        # rewrites special_layers/*.json
"""
from golden import differentiate, normal, torch, write


def two_inputs():
    """Two branches that are concatenated: the order matters, and both inputs have another size."""
    sizes = {"first": (3, 4), "second": (5, 4), "output": (8, 2)}
    args = {"a": normal(41, 2, 3), "b": normal(42, 2, 5)}
    for seed, (name, shape) in enumerate(sizes.items()):
        args[f"{name}_weight"] = normal(50 + seed, *shape, std=0.5)
        args[f"{name}_bias"] = normal(60 + seed, shape[1], std=0.5)

    def network(a):
        dense = lambda x, name: torch.nn.functional.linear(x, a[f"{name}_weight"].T, a[f"{name}_bias"])
        first, second = dense(a["a"], "first").relu(), dense(a["b"], "second").relu()
        return dense(torch.cat([first, second], dim=1), "output")

    return differentiate(args | {"meeting": "concatenate"}, network)


if __name__ == "__main__":
    write(__spec__, [two_inputs])
