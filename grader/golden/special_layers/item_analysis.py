"""Golden values for the topic `special_layers::item_analysis`: NumPy in float64.

    cd grader/golden && python -m special_layers.item_analysis        # rewrites special_layers/*.json
"""
import numpy
from golden import normal, write


def item_analysis():
    """Two components of eight items with four factors, by the covariance's eigenvectors."""
    items = normal(3, 8, 4).numpy() * [4.0, 2.0, 1.0, 0.5] + 3.0
    items = items.astype(numpy.float32).astype(numpy.float64)
    values, vectors = numpy.linalg.eigh(numpy.cov(items.T))
    order = numpy.argsort(-values)
    directions = vectors[:, order[:2]]
    directions *= numpy.sign(directions[numpy.abs(directions).argmax(0), [0, 1]])
    outputs = {"directions": directions, "scores": (items - items.mean(0)) @ directions}
    return {"items": items, "n": 2}, {**outputs, "explained": values[order[:2]] / values.sum()}


CALLS = {"item_analysis": "principal_components"}


if __name__ == "__main__":
    write(__spec__, [item_analysis], CALLS)
