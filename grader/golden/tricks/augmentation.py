"""Golden values for the topic `tricks::augmentation`: PyTorch in float64.

    cd grader/golden && python -m tricks.augmentation        # rewrites tricks/*.json
"""
import numpy
from golden import normal, torch, write


def flips():
    x = normal(0, 2, 2, 3, 2)
    return {"x": x}, {"horizontal": torch.flip(x, [2]), "vertical": torch.flip(x, [1])}


def random_crop_resize():
    x = normal(0, 2, 4, 6, 2)
    top, left, height, width = crop = [1, 2, 3, 4]
    size = [5, 3]
    cut = x[:, top : top + height, left : left + width].movedim(3, 1)
    y = torch.nn.functional.interpolate(cut, size, mode="bilinear", align_corners=False, antialias=False).movedim(1, 3)
    return {"x": x, "crop": numpy.array(crop), "size": numpy.array(size)}, {"y": y.contiguous()}


CALLS = {"random_crop_resize": "crop_resize"}


if __name__ == "__main__":
    write(__spec__, [flips, random_crop_resize], CALLS)
