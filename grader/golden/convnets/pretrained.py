"""Golden values for the topic `convnets::pretrained`: torchvision's VGG-16 with weights made by rule in PyTorch's layout.

    cd grader/golden && python -m convnets.pretrained        # rewrites convnets/*.json
    cd grader/golden && python -m convnets.pretrained full   # prints what the case with the full-size network expects
"""
import sys

import numpy
import torchvision
from convnets.classics import narrow_vgg
from convnets.made import fill, image
from golden import torch, write

torch.set_grad_enabled(False)


def arrays(network):
    """Names and shapes as the adapter reads them."""
    lines = [" ".join([name, *map(str, tensor.shape)]) for name, tensor in network.state_dict().items()]
    return "\n".join(lines)


def logits(network, every):
    network = fill(network, None, channels_last=False).double()
    return network(image(224, 224, 3).double())[0][::every]


def load_pretrained():
    network = narrow_vgg("D", 16)
    size = numpy.array([224, 224, 3], dtype=numpy.int64)
    return {"made": 1, "narrow": 16, "input": size, "arrays": arrays(network)}, {"logits": logits(network, 1)}


def full():
    print([f"{x:.6f}" for x in logits(torchvision.models.vgg16(init_weights=False), 100).tolist()])


CALLS = {"load_pretrained": "load_pretrained + logits of a narrow plan"}


if __name__ == "__main__":
    full() if "full" in sys.argv else write(__spec__, [load_pretrained], CALLS)
