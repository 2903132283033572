"""Golden values for the topic `convnets::transfer`: PyTorch's convolution, batch normalization, cross entropy and SGD, with
`requires_grad` off and `training` false for what is frozen.

    cd grader/golden && python -m convnets.transfer        # rewrites convnets/*.json
"""
import numpy
from golden import array, differentiate, normal, torch, write

F = torch.nn.functional
BLOCKS, FROZEN = 3, 1


def network():
    """Tensors by name: 2 channels, then 3, 2 and 3; 3 classes. The second block has a pooling."""
    tensors, channels = {}, [2, 3, 2, 3]
    for i, (inputs, outputs) in enumerate(zip(channels, channels[1:])):
        tensors[f"kernel{i}"] = normal(10 + i, 3, 3, inputs, outputs, std=0.5)
        tensors[f"gamma{i}"] = array(1 + 0.25 * normal(20 + i, outputs).numpy())
        tensors[f"beta{i}"] = normal(30 + i, outputs, std=0.5)
        tensors[f"mean{i}"] = normal(40 + i, outputs, std=0.5)
        tensors[f"variance{i}"] = array(1 + 0.25 * numpy.abs(normal(50 + i, outputs).numpy()))
    return tensors | {"head_weight": normal(60, 3, 3), "head_bias": normal(61, 3, std=0.5)}


def logits(tensors, images):
    """Moves the running statistics of what is trained in place."""
    x = images.permute(0, 3, 1, 2)
    for i in range(BLOCKS):
        x = F.conv2d(x, tensors[f"kernel{i}"].permute(3, 2, 0, 1), padding=1)
        statistics = tensors[f"mean{i}"], tensors[f"variance{i}"]
        x = F.batch_norm(x, *statistics, tensors[f"gamma{i}"], tensors[f"beta{i}"], training=i >= FROZEN)
        x = torch.relu(x)
        if i == 1:
            x = F.max_pool2d(x, 2)
    return x.mean((2, 3)) @ tensors["head_weight"] + tensors["head_bias"]


def trained():
    names = [f"{name}{i}" for i in range(FROZEN, BLOCKS) for name in ("kernel", "gamma", "beta")]
    return names + ["head_weight", "head_bias"]


def copies(tensors):
    return {name: tensor.clone() if isinstance(tensor, torch.Tensor) else tensor for name, tensor in tensors.items()}


def freeze_and_replace_head():
    images, moved = normal(1, 4, 4, 6, 2), {}

    def batch(args):
        moved.update(copies(args))
        return logits(moved, images)

    tensors = network()
    _, outputs = differentiate(tensors, batch, trained())
    statistics = {f"{name}{i}": moved[f"{name}{i}"] for i in range(BLOCKS) for name in ("mean", "variance")}
    args = tensors | {"images": images, "d_y": normal(1, 4, 3), "pooled": numpy.array([0, 1, 0]), "frozen": FROZEN}
    return args, outputs | statistics


def fine_tune():
    start, images, labels = network(), normal(2, 5, 4, 6, 2), numpy.array([0, 2, 1, 1, 0])
    settings = {"learning_rate": 0.125, "momentum": 0.5, "weight_decay": 0.25}
    args = start | settings | {"images": images, "labels": labels, "pooled": numpy.array([0, 1, 0]), "frozen": BLOCKS}
    args |= {"unfrozen": BLOCKS - FROZEN, "epochs": 3, "batch_size": 8, "seed": 1}
    tensors, losses = copies(start), []
    everything = [name for name in tensors if not name.startswith(("mean", "variance"))]
    for name in everything:
        tensors[name].requires_grad_().grad = torch.zeros_like(tensors[name])
    sgd = torch.optim.SGD([tensors[name] for name in everything], 0.125, momentum=0.5, weight_decay=0.25)
    sgd.step()  # the adapter's earlier step, without a gradient
    sgd.zero_grad()  # to None: what has no gradient is left alone
    for name in set(everything) - set(trained()):
        tensors[name].requires_grad_(False)
    for _ in range(3):
        sgd.zero_grad()
        loss = F.cross_entropy(logits(tensors, images), torch.as_tensor(labels))
        loss.backward()
        sgd.step()
        losses.append(loss.item())
    outputs = {name: tensor.detach() for name, tensor in tensors.items()}
    return args, outputs | {"losses": torch.tensor(losses), "frozen": float(FROZEN)}


CALLS = {"freeze_and_replace_head": "training_logits"}


if __name__ == "__main__":
    write(__spec__, [freeze_and_replace_head, fine_tune], CALLS)
