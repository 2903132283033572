"""Golden values for the topic `convnets::maximization`: PyTorch's autograd in float64.

    cd grader/golden && python -m convnets.maximization        # rewrites convnets/*.json
"""
from golden import normal, torch, write


def activation_maximization():
    start, weight = normal(1, 1, 4, 5, 3, std=0.5), normal(2, 3, 2, std=0.5)
    args = {"start": start, "weight": weight, "tanh": True, "channel": 1, "seed": 0, "jitter": 0}
    args |= {"steps": 4, "step_size": 0.25, "decay": 0.125, "blur_every": 2}
    line = torch.tensor([0.25, 0.5, 0.25], dtype=torch.float64)
    kernel = (line[:, None] * line).expand(3, 1, 3, 3)

    def activation(x):
        return torch.tanh(x @ weight)[..., 1].mean()

    x, activations = start, []
    for step in range(1, 5):
        x = x.clone().requires_grad_()
        activations.append(activation(x))
        (g,) = torch.autograd.grad(activations[-1], x)
        x = (x.detach() + 0.25 * g / (g.square().mean().sqrt() + 1e-8)) * 0.875
        if step % 2 == 0:
            padded = torch.nn.functional.pad(x.permute(0, 3, 1, 2), (1, 1, 1, 1), mode="replicate")
            x = torch.nn.functional.conv2d(padded, kernel, groups=3).permute(0, 2, 3, 1)
    outputs = {"image": x.contiguous(), "activations": torch.stack(activations)}
    return args, outputs


if __name__ == "__main__":
    write(__spec__, [activation_maximization])
