"""What the golden programs share: rounding inputs, differentiating outputs, writing JSON. Needs torch, numpy, scipy."""
import json
import pathlib

import numpy
import scipy
import torch

HERE = pathlib.Path(__file__).parent


def array(values):
    """A float64 tensor whose elements are float32 numbers."""
    return torch.tensor(numpy.asarray(values, dtype=numpy.float32).astype(numpy.float64))


def normal(seed, *shape, std=1.0):
    """A seeded float64 tensor whose elements are float32 numbers."""
    return array(numpy.random.default_rng(seed).normal(0.0, std, shape))


def differentiate(args, function, leaves=None):
    """The call and its outputs: `y` and `d_<name>`, the gradient of <d_y, y>, for each tensor (or each of `leaves`)."""
    args = dict(args)
    names = leaves or [name for name, value in args.items() if isinstance(value, torch.Tensor)]
    for name in names:
        args[name] = args[name].clone().requires_grad_()
    y = function(args)
    args["d_y"] = normal(1, *y.shape)
    y.backward(args["d_y"])
    outputs = {"y": y} | {f"d_{name}": args[name].grad for name in names}
    return args, outputs


def _value(value):
    if isinstance(value, torch.Tensor):
        value = value.detach().numpy()
    if isinstance(value, numpy.ndarray):
        if value.dtype.kind in "iu":
            return {"Array": {"shape": list(value.shape), "data": {"Index": value.ravel().tolist()}}}
        kind = "F32" if numpy.array_equal(value, value.astype(numpy.float32), equal_nan=True) else "F64"
        return {"Array": {"shape": list(value.shape), "data": {kind: value.ravel().tolist()}}}
    if isinstance(value, bool):
        return {"Flag": value}
    if isinstance(value, int):
        return {"Count": value}
    if isinstance(value, float):
        return {"Number": value}
    return {"Text": value}


def write(module, functions, calls={}):
    """Writes `<chapter>/<exercise>.json` for each function, which is called as the exercise is; `module` is the caller's
    `__spec__`. `calls` says which of the student's functions is called where that is not the exercise's own."""
    chapter = module.parent
    versions = f"torch {torch.__version__.split('+')[0]}, numpy {numpy.__version__}, scipy {scipy.__version__}, float64"
    for function in functions:
        args, outputs = function()
        golden = {
            "by": f"grader/golden/{module.name.replace('.', '/')}.py with {versions}",
            "function": calls.get(function.__name__),
            "args": {name: _value(value) for name, value in args.items()},
            "outputs": {name: _value(value) for name, value in outputs.items()},
        }
        golden = {name: value for name, value in golden.items() if value is not None}
        path = HERE / chapter / f"{function.__name__}.json"
        path.write_text(json.dumps(golden, indent=1) + "\n")
