"""Golden values for the topic `convnets::mnist_cnn`: PyTorch in float64.

    cd grader/golden && python -m convnets.mnist_cnn        # rewrites convnets/*.json
"""
from golden import differentiate, normal, torch, write

F = torch.nn.functional
FIRST, SECOND, HIDDEN = 2, 3, 4
LEAVES = {
    "first_kernel": (3, 3, 1, FIRST), "first_bias": (FIRST,), "second_kernel": (3, 3, FIRST, SECOND), "second_bias": (SECOND,),
    "hidden_weights": (2 * 3 * SECOND, HIDDEN), "hidden_bias": (HIDDEN,), "output_weights": (HIDDEN, 10), "output_bias": (10,),
}


def mnist_cnn():
    """The logits of two images of 9 × 10 pixels, nothing dropped; PyTorch's maps are channels first, the course's last."""
    args = {name: normal(40 + i, *shape, std=0.5) for i, (name, shape) in enumerate(LEAVES.items())}
    images = normal(60, 2, 9, 10, 1)

    def convolution(x, kernel, bias):
        return torch.relu(F.conv2d(x, kernel.permute(3, 2, 0, 1), bias))

    def logits(a):
        maps = convolution(images.permute(0, 3, 1, 2), a["first_kernel"], a["first_bias"])
        maps = F.max_pool2d(convolution(maps, a["second_kernel"], a["second_bias"]), 2)
        features = F.dropout(maps, 0.0).permute(0, 2, 3, 1).flatten(1)
        hidden = torch.relu(F.linear(features, a["hidden_weights"].T, a["hidden_bias"]))
        return F.linear(F.dropout(hidden, 0.0), a["output_weights"].T, a["output_bias"])

    args, outputs = differentiate(args, logits)
    return args | {"x": images, "pooled_dropout": 0.0, "hidden_dropout": 0.0, "seed": 1}, outputs


CALLS = {"mnist_cnn": "training_logits"}


if __name__ == "__main__":
    write(__spec__, [mnist_cnn], CALLS)
