"""Golden values for the topic `tricks::initialization`: PyTorch in float64.

    cd grader/golden && python -m tricks.initialization        # rewrites its tricks/*.json

What is drawn at random has no golden values; of `xavier_normal` that leaves the fans.
"""
from golden import normal, numpy, write, torch


def calculate_gain():
    slope = 0.25
    return {"nonlinearity": "leaky_relu", "slope": slope}, {"y": torch.nn.init.calculate_gain("leaky_relu", slope)}


def xavier_normal():
    height, width, inputs, outputs = shape = (3, 5, 4, 6)
    # PyTorch's kernels are (out, in, height, width).
    fans = torch.nn.init._calculate_fan_in_and_fan_out(torch.empty(outputs, inputs, height, width))
    return {"shape": numpy.array(shape), "gain": 1.0, "seed": 1}, {"fans": numpy.array(fans)}


def signal_propagation():
    widths = [4, 6, 3, 5]
    args = {"x": normal(2, 5, widths[0]), "activation": "relu"}
    layers = [normal(3 + l, *pair) for l, pair in enumerate(zip(widths, widths[1:]))]
    signal, stds = args["x"], []
    for l, layer in enumerate(layers):
        args[f"layer{l}"] = layer
        signal = torch.relu(signal @ layer)
        stds.append(torch.std(signal, correction=0))
    return args, {"y": torch.stack(stds)}


if __name__ == "__main__":
    write(__spec__, [calculate_gain, xavier_normal, signal_propagation])
