"""Golden values for the topic `convnets::occlusion`: places cut out with PyTorch's `unfold`, the convention of Captum's
`Occlusion` (the last window is cut off at the edge).

    cd grader/golden && python -m convnets.occlusion        # rewrites convnets/*.json
"""
from golden import normal, torch, write


def occlusion_map():
    image = normal(1, 5, 7, 2)
    weight0, weight1 = normal(2, 70, 6, std=0.4), normal(3, 6, 3)
    size, stride, fill, batch = 3, 2, 0.5, 4

    def network(images):
        return torch.relu(images.flatten(1) @ weight0) @ weight1

    whole = network(image[None])[0]
    # A window for every place: numbers of the pixels it covers, in an image that is padded to whole steps.
    rows, columns = [-(-(length - size) // stride) * stride + size for length in (5, 7)]
    numbers = torch.full((rows, columns), -1.0, dtype=torch.float64)
    numbers[:5, :7] = torch.arange(35.0, dtype=torch.float64).view(5, 7)
    windows = torch.nn.functional.unfold(numbers[None, None], size, stride=stride)[0].T.long()
    images = []
    for window in windows:
        pixels = image.reshape(35, 2).clone()
        pixels[window[window >= 0]] = fill
        images.append(pixels.view(5, 7, 2))
    drops = whole.max() - network(torch.stack(images))[:, whole.argmax()]
    shape = ((rows - size) // stride + 1, (columns - size) // stride + 1)
    args = {"image": image, "weight0": weight0, "weight1": weight1, "size": size, "stride": stride, "fill": fill}
    return args | {"batch_size": batch}, {"class": float(whole.argmax()), "drops": drops.view(shape)}


def class_activation_map():
    """The logit without its bias, by PyTorch's pooling and dense layer, is the mean of the map."""
    maps, weights, c = normal(4, 3, 4, 5), normal(5, 5, 6), 2
    speaks = (maps * weights[:, c]).sum(-1)
    pooled = torch.nn.functional.adaptive_avg_pool2d(maps.permute(2, 0, 1)[None], 1).flatten(1)
    torch.testing.assert_close(torch.nn.functional.linear(pooled, weights.T)[0, c], speaks.mean())
    return {"maps": maps, "weights": weights, "class": c}, {"map": speaks}


if __name__ == "__main__":
    write(__spec__, [occlusion_map, class_activation_map])
