"""Golden values for the topic `tricks::throughput`: NumPy in float64.

    cd grader/golden && python -m tricks.throughput        # rewrites tricks/*.json

How long it takes is no golden value; what is computed is.
"""
import numpy

from golden import write


def matmul_throughput():
    draw = numpy.random.default_rng(11).normal
    a, b, repeats = draw(size=(3, 5)), draw(size=(5, 2)), 7
    return {"a": a, "b": b, "repeats": repeats}, {"product": a @ b}


CALLS = {"matmul_throughput": "matmul_throughput in double precision"}


if __name__ == "__main__":
    write(__spec__, [matmul_throughput], CALLS)
