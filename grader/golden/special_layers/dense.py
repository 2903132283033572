"""Golden values for the topic `special_layers::dense`: PyTorch in float64.

    cd grader/golden && python -m special_layers.dense        # rewrites special_layers/*.json

The table's shapes come from running PyTorch's own layers on one image, its counts from their parameters.
"""
from golden import array, differentiate, normal, numpy, torch, write


def dense():
    args = {"x": normal(0, 3, 4), "weight": normal(1, 4, 2), "bias": array([0.5, -2.0])}
    return differentiate(args, lambda a: torch.nn.functional.linear(a["x"], a["weight"].T, a["bias"]))


def sequential_summary():
    """The notebook's convolutional network for MNIST: 600,810 parameters."""
    layers = {
        "Conv2d 32 3 3": torch.nn.Conv2d(1, 32, 3),
        "Conv2d 32 3 3 ": torch.nn.Conv2d(32, 32, 3),
        "MaxPool2d 2 2": torch.nn.MaxPool2d(2),
        "Dropout": torch.nn.Dropout(0.25),
        "Flatten": torch.nn.Flatten(),
        "Dense 128": torch.nn.Linear(4608, 128),
        "Activation": torch.nn.ReLU(),
        "Dense 10": torch.nn.Linear(128, 10),
    }
    line = lambda name, shape, count: f"{name:<20}{shape:<24}{count:>12}\n"
    x, total, ruler = torch.zeros(1, 1, 28, 28), 0, "-" * 56 + "\n"
    table = line("Layer", "Output shape", "Params") + ruler
    for name, layer in layers.items():
        x = layer(x)
        count = sum(parameter.numel() for parameter in layer.parameters())
        shape = x.permute(0, 2, 3, 1).shape if x.ndim == 4 else x.shape
        table += line(name.split()[0], f"(None, {', '.join(map(str, shape[1:]))})", count)
        total += count
    table += ruler + line("Total", "", total)
    args = {"input": numpy.array([28, 28, 1]), "layers": ", ".join(name.strip() for name in layers)}
    return args, {"summary": table}


if __name__ == "__main__":
    write(__spec__, [dense, sequential_summary])
