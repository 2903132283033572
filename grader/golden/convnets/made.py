"""Numbers made by rule, as `grader/probe/convnets/src/made.rs` makes them: no file holds a network's weights."""
import numpy
import torch


def numbers(name, count, limit):
    """`count` float32 numbers in ±`limit` that follow from the name alone."""
    seed = 0x811C9DC5
    for byte in name.encode():
        seed = (seed ^ byte) * 0x01000193 & 0xFFFFFFFF
    with numpy.errstate(over="ignore"):
        x = numpy.uint32(seed) ^ numpy.arange(count, dtype=numpy.uint32) * numpy.uint32(0x9E3779B1)
        x = (x ^ (x >> 16)) * numpy.uint32(0x85EBCA6B)
        x = (x ^ (x >> 13)) * numpy.uint32(0xC2B2AE35)
    x = ((x ^ (x >> 16)) >> 8).astype(numpy.float32)
    return (x / numpy.float32(8_388_608) - numpy.float32(1)) * numpy.float32(limit)


def parameter(name, shape, inputs):
    limit = 0.1 if len(shape) == 1 else (6 / inputs) ** 0.5
    return torch.from_numpy(numbers(name, int(numpy.prod(shape)), limit).reshape(shape))


def image(height, width, channels):
    """An image (1, channels, height, width), made in the order (height, width, channels)."""
    values = numbers("image", height * width * channels, 1.0).reshape(1, height, width, channels)
    return torch.from_numpy(values).permute(0, 3, 1, 2).contiguous()


def fill(network, maps, channels_last):
    """Gives a PyTorch network made weights: made in PyTorch's layout, or in the course's and then laid out anew. `maps` is
    (height, width, channels) of what the first dense layer sees."""
    first = True
    for name, tensor in network.state_dict().items():
        shape = tuple(tensor.shape)
        inputs = int(numpy.prod(shape[1:]))
        if not channels_last or len(shape) == 1:
            values = parameter(name, shape, inputs)
        elif len(shape) == 4:
            values = parameter(name, shape[2:] + shape[1::-1], inputs).permute(3, 2, 0, 1)
        else:
            values = parameter(name, shape[::-1], inputs)
            if first:
                values = values.reshape(*maps, -1).permute(2, 0, 1, 3).reshape(shape[::-1])
            values, first = values.T, False
        tensor.copy_(values)
    return network.eval()
