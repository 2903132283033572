"""Golden values for the topic `special_layers::merge`: PyTorch in float64.

    cd grader/golden && python -m special_layers.merge        # rewrites special_layers/*.json
"""
from golden import differentiate, normal, numpy, torch, write


def inputs(*shapes):
    return {f"x{i}": normal(i, *shape) for i, shape in enumerate(shapes)}


def merge_arithmetic():
    """The average of three, which no pair of inputs gives."""
    args = inputs((2, 3), (2, 3), (2, 3))
    return differentiate(args, lambda a: torch.stack([a["x0"], a["x1"], a["x2"]]).mean(dim=0))


def merge_concatenate():
    args = inputs((2, 1, 3), (2, 3, 3), (2, 2, 3)) | {"axis": 1}
    return differentiate(args, lambda a: torch.cat([a["x0"], a["x1"], a["x2"]], dim=1))


def merge_dot():
    """Cosines of vectors along the last axis of one and the middle axis of the other."""
    args = {"a": normal(0, 2, 2, 4), "b": normal(1, 2, 4, 3), "axes": numpy.array([2, 1]), "normalize": True}

    def cosines(a):
        return torch.cosine_similarity(a["a"][:, :, None, :], a["b"].permute(0, 2, 1)[:, None, :, :], dim=-1)

    return differentiate(args, cosines)


CALLS = {"merge_arithmetic": "merge_average"}


if __name__ == "__main__":
    write(__spec__, [merge_arithmetic, merge_concatenate, merge_dot], CALLS)
