"""Golden values for the topic `tricks::color`: torchvision's formulas in float64.

    cd grader/golden && python -m tricks.color        # rewrites tricks/*.json

torchvision is not among the golden programs' needs, so its formulas are written out; on random images they gave exactly
what its 0.29.2 source, `transforms/_functional_tensor.py`, gives.
"""
import numpy
from golden import array, torch, write


def grey(x):
    red, green, blue = x.unbind(3)
    return (0.2989 * red + 0.587 * green + 0.114 * blue)[..., None]


def blend(x, other, factor):
    return (factor * x + (1 - factor) * other).clamp(0, 1)


ADJUST = {
    "brightness": lambda x, factor: blend(x, torch.zeros_like(x), factor),
    "contrast": lambda x, factor: blend(x, grey(x).mean(dim=(1, 2, 3), keepdim=True), factor),
    "saturation": lambda x, factor: blend(x, grey(x), factor),
}


def color_jitter():
    x = array(numpy.random.default_rng(0).uniform(size=(2, 2, 3, 3)))
    # Contrast shows most: the weights of grey, the mean of each image, the blend and (at 1.75) the clamp.
    args = {"x": x, "factor": 1.75}
    return args, {"y": ADJUST["contrast"](x, 1.75)}


CALLS = {"color_jitter": "adjust_contrast"}


if __name__ == "__main__":
    write(__spec__, [color_jitter], CALLS)
