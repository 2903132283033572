"""Golden values for the topic `special_layers::pooling`: PyTorch's pooling in float64.

    cd grader/golden && python -m special_layers.pooling        # rewrites special_layers/*.json

PyTorch wants channels first: images are permuted on the way in and back on the way out.
"""
import numpy
from golden import array, differentiate, normal, torch, write

# With a window of 3, a stride of 2 and odd lengths, same padding adds one row or column at each edge, as padding=1 does.
WINDOWS = {"size": 3, "stride": 2, "padding": "same"}


def channels_first(pool):
    return lambda a: pool(a["x"].permute(0, 3, 1, 2)).permute(0, 2, 3, 1)


def max_pool():
    """Mostly negative, so that zeros would win at the edges."""
    args = {"x": array(normal(0, 2, 5, 7, 2) - 1.5)} | WINDOWS
    pool = lambda x: torch.nn.functional.max_pool2d(x, 3, stride=2, padding=1)
    return differentiate(args, channels_first(pool), ["x"])


def average_pool():
    args = {"x": normal(0, 2, 5, 7, 2)} | WINDOWS
    pool = lambda x: torch.nn.functional.avg_pool2d(x, 3, stride=2, padding=1, count_include_pad=False)
    return differentiate(args, channels_first(pool), ["x"])


def global_average_pool():
    args = {"x": normal(0, 3, 2, 5, 2)}
    return differentiate(args, lambda a: torch.nn.functional.adaptive_avg_pool2d(a["x"].permute(0, 3, 1, 2), 1)[..., 0, 0])


def flatten():
    """Weights that a channels-first network would use: both networks give the same outputs."""
    h, w, c = 2, 3, 4
    args = {"x": normal(0, 2, h, w, c), "weights": normal(2, c * h * w, 2), "size": numpy.array([h, w, c])}
    order = torch.arange(c * h * w).reshape(c, h, w).permute(1, 2, 0).flatten()
    args, outputs = differentiate(args, lambda a: torch.flatten(a["x"], start_dim=1), ["x"])
    converted = args["weights"][order]
    torch_outputs = torch.flatten(args["x"].permute(0, 3, 1, 2), start_dim=1) @ args["weights"]
    assert torch.allclose(outputs["y"] @ converted, torch_outputs)
    return args, outputs | {"converted": converted}


if __name__ == "__main__":
    write(__spec__, [max_pool, average_pool, global_average_pool, flatten])
