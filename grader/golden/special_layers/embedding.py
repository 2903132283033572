"""Golden values for the topic `special_layers::embedding`: PyTorch in float64.

    cd grader/golden && python -m special_layers.embedding        # rewrites special_layers/*.json
"""
from golden import differentiate, normal, numpy, torch, write


def embedding():
    """Two sentences of three words, some of them repeated."""
    indexes = numpy.array([3, 0, 3, 1, 3, 0])
    args = {"table": normal(0, 5, 2), "indexes": indexes, "shape": numpy.array([2, 3])}
    places = torch.tensor(indexes.reshape(2, 3))
    return differentiate(args, lambda a: torch.nn.functional.embedding(places, a["table"]))


if __name__ == "__main__":
    write(__spec__, [embedding])
