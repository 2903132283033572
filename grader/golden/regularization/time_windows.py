"""Golden values for the topic `regularization::time_windows`: NumPy's sliding windows, float64.

    cd grader/golden && python -m regularization.time_windows        # rewrites regularization/*.json
"""
import numpy

from golden import normal, write


def time_windows():
    series, start, end, length, horizon = normal(61, 13, 2).numpy(), 3, 12, 3, 2
    # A window together with what follows, up to its target; the view puts the steps last.
    stretches = numpy.lib.stride_tricks.sliding_window_view(series[start:end], length + horizon, axis=0)
    stretches = stretches.transpose(0, 2, 1)
    args = {"series": series, "start": start, "end": end, "length": length, "horizon": horizon}
    return args, {"inputs": stretches[:, :length].copy(), "targets": stretches[:, -1].copy()}


if __name__ == "__main__":
    write(__spec__, [time_windows])
