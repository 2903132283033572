"""Golden values for the topic `regularization::mnist_mlp`: PyTorch in float64.

    cd grader/golden && python -m regularization.mnist_mlp        # rewrites regularization/*.json
"""
from golden import array, differentiate, normal, torch, write

F = torch.nn.functional
LEAVES = {"x": (5, 6), "hidden_weights": (6, 4), "gamma": (4,), "beta": (4,), "output_weights": (4, 10), "output_bias": (10,)}


def mnist_mlp():
    """The logits of five images of 6 pixels in training, without dropout; 4 hidden units."""
    args = {name: normal(20 + i, *shape) for i, (name, shape) in enumerate(LEAVES.items())}
    mean, variance = normal(30, 4), array(normal(31, 4).abs() + 0.5)
    after = {"running_mean": mean.clone(), "running_variance": variance.clone()}

    def logits(a):
        x = F.dropout(a["x"], 0.0, training=True)
        sums = F.linear(x, a["hidden_weights"].T)
        statistics = after["running_mean"], after["running_variance"]
        hidden = torch.relu(F.batch_norm(sums, *statistics, a["gamma"], a["beta"], training=True, momentum=0.1, eps=1e-5))
        return F.linear(F.dropout(hidden, 0.0, training=True), a["output_weights"].T, a["output_bias"])

    args, outputs = differentiate(args, logits)
    before = {"running_mean": mean, "running_variance": variance}
    return args | before | {"input_dropout": 0.0, "hidden_dropout": 0.0, "seed": 1}, outputs | after


CALLS = {"mnist_mlp": "training_logits"}


if __name__ == "__main__":
    write(__spec__, [mnist_mlp], CALLS)
