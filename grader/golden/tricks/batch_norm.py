"""Golden values for the topic `tricks::batch_norm`: PyTorch's `batch_norm` in float64.

    cd grader/golden && python -m tricks.batch_norm        # rewrites tricks/*.json

PyTorch wants channels first: the images are permuted on the way in and back on the way out.
"""
from golden import array, differentiate, normal, torch, write

LEAVES = ["x", "gamma", "beta"]


def images():
    """Two images of 2 × 3 pixels and 2 channels, and a layer that has seen batches before."""
    return {
        "x": normal(0, 2, 2, 3, 2, std=2.0) + array([3.0, -1.0]),
        "gamma": array([1.5, -0.5]),
        "beta": array([0.25, 2.0]),
        "running_mean": array([1.0, -2.0]),
        "running_variance": array([0.5, 3.0]),
        "momentum": 0.1,
        "epsilon": 0.125,
    }


def batch_norm(args, training):
    running = {name: args[name].clone() for name in ["running_mean", "running_variance"]}

    def function(a):
        y = torch.nn.functional.batch_norm(
            a["x"].permute(0, 3, 1, 2),
            *running.values(),
            weight=a["gamma"],
            bias=a["beta"],
            training=training,
            momentum=a["momentum"],
            eps=a["epsilon"],
        )
        return y.permute(0, 2, 3, 1)

    args["x"] = array(args["x"])
    args, outputs = differentiate(args, function, LEAVES)
    return args, outputs | running


def batch_norm_train():
    return batch_norm(images(), training=True)


def batch_norm_eval():
    return batch_norm(images(), training=False)


if __name__ == "__main__":
    write(__spec__, [batch_norm_train, batch_norm_eval])
