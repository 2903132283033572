"""Golden values for the topic `tricks::affine`: SciPy's affine_transform with Keras's matrices, in float64.

    cd grader/golden && python -m tricks.affine        # rewrites tricks/*.json

On the way it checks that the definition which students are given (four neighbours, of which each may lie outside) is
SciPy's mode "grid-constant", "nearest", "reflect" or "grid-wrap", and that it is not SciPy's "constant" or "wrap".
"""
import itertools

import numpy
from golden import array, write
from scipy import ndimage

MODES = {"constant": "grid-constant", "nearest": "nearest", "reflect": "reflect", "wrap": "grid-wrap"}
# Each matrix of Keras 2, `apply_affine_transform`: rotation, shift of rows and columns, shear, zoom of rows and columns.
TRANSFORMS = [
    [30.0, 0.5, -1.25, 15.0, 0.75, 1.5],
    [-100.0, 3.0, 2.0, -20.0, 2.5, 1.25],
    [90.0, 0.0, 0.0, 0.0, 1.0, 1.0],
    [0.0, -0.25, 6.5, 0.0, 3.0, 0.5],
]


def matrix(transform, h, w):
    """M about the centre, from output to input coordinates."""
    rotation, rows, columns, shear, tall, wide = transform
    rotation, shear = numpy.deg2rad(rotation), numpy.deg2rad(shear)
    shift = lambda r, c: numpy.array([[1, 0, r], [0, 1, c], [0, 0, 1]])
    rotation = [[numpy.cos(rotation), -numpy.sin(rotation), 0], [numpy.sin(rotation), numpy.cos(rotation), 0], [0, 0, 1]]
    shear = [[1, -numpy.sin(shear), 0], [0, numpy.cos(shear), 0], [0, 0, 1]]
    zoom = numpy.diag([tall, wide, 1])
    centre = (h - 1) / 2, (w - 1) / 2
    m = numpy.array(rotation) @ shift(rows, columns) @ numpy.array(shear) @ zoom
    return shift(*centre) @ m @ shift(-centre[0], -centre[1])


def with_scipy(x, transforms, mode, value):
    y = numpy.empty_like(x)
    for n, channel in itertools.product(range(x.shape[0]), range(x.shape[3])):
        m = matrix(transforms[n], *x.shape[1:3])
        plane = numpy.ascontiguousarray(x[n, :, :, channel])
        y[n, :, :, channel] = ndimage.affine_transform(plane, m[:2, :2], m[:2, 2], order=1, mode=mode, cval=value)
    return y


def by_definition(x, transforms, fill, value):
    _, h, w, _ = x.shape

    def pixel(image, r, c):
        if fill == "constant" and not (0 <= r < h and 0 <= c < w):
            return numpy.full(x.shape[3], value)
        stand_in = {
            "constant": lambda i, n: i,
            "nearest": lambda i, n: min(max(i, 0), n - 1),
            "reflect": lambda i, n: min(i % (2 * n), 2 * n - 1 - i % (2 * n)),
            "wrap": lambda i, n: i % n,
        }[fill]
        return image[stand_in(r, h), stand_in(c, w)]

    y = numpy.zeros_like(x)
    for n, row, column in itertools.product(*map(range, x.shape[:3])):
        r, c, _ = matrix(transforms[n], h, w) @ [row, column, 1]
        for i, j in itertools.product([0, 1], [0, 1]):
            top, left = int(numpy.floor(r)) + i, int(numpy.floor(c)) + j
            y[n, row, column] += (1 - abs(r - top)) * (1 - abs(c - left)) * pixel(x[n], top, left)
    return y


def compare():
    for seed, shape in enumerate([(4, 3, 5, 2), (4, 6, 2, 1), (4, 1, 4, 1), (4, 5, 5, 1)]):
        x = numpy.random.default_rng(seed).uniform(-1, 1, shape)
        for fill, mode in MODES.items():
            definition = by_definition(x, TRANSFORMS, fill, -2.0)
            assert numpy.allclose(definition, with_scipy(x, TRANSFORMS, mode, -2.0), rtol=0, atol=1e-10), (shape, fill)
            if fill != mode and fill in ("constant", "wrap"):
                assert not numpy.allclose(definition, with_scipy(x, TRANSFORMS, fill, -2.0), atol=1e-3), (shape, fill)


def affine_augment():
    compare()
    x = array(numpy.random.default_rng(0).uniform(-1, 1, (2, 3, 5, 2)))
    transforms = array(TRANSFORMS[:2])
    y = with_scipy(x.numpy(), transforms.numpy(), MODES["reflect"], 0.0)
    return {"x": x, "transforms": transforms, "fill": "reflect"}, {"y": y}


if __name__ == "__main__":
    write(__spec__, [affine_augment])
