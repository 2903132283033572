"""Golden values for the topic `convnets::filters`: what torchvision's `make_grid(normalize=True, scale_each=True,
padding=1, pad_value=1)` draws, written out with PyTorch.

    cd grader/golden && python -m convnets.filters        # rewrites convnets/*.json
"""
import math

from golden import normal, torch, write


def grid(tiles):
    """`tiles` (n, channels, h, w) as one picture (height, width, channels)."""
    low, high = tiles.amin((1, 2, 3), keepdim=True), tiles.amax((1, 2, 3), keepdim=True)
    tiles = torch.nn.functional.pad((tiles - low) / (high - low), (0, 1, 0, 1), value=1.0)
    columns = math.ceil(math.sqrt(len(tiles)))
    tiles = list(tiles) + [torch.ones_like(tiles[0])] * (-len(tiles) % columns)
    rows = [torch.cat(tiles[i : i + columns], 2) for i in range(0, len(tiles), columns)]
    return torch.nn.functional.pad(torch.cat(rows, 1), (1, 0, 1, 0), value=1.0).permute(1, 2, 0)


def filter_grid():
    kernel = normal(1, 3, 2, 3, 5)
    picture = grid(kernel.permute(3, 2, 0, 1))
    return {"kernel": kernel}, {"picture": picture.contiguous(), "sheet": picture[None].contiguous()}


def feature_maps():
    image, weight = normal(2, 5, 4, 3), normal(3, 3, 6)
    conv = torch.nn.functional.conv2d(image.permute(2, 0, 1)[None], weight.T[:, :, None, None], stride=2)
    return {"image": image, "weight": weight, "stride": 2}, {"picture": grid(conv[0][:, None]).contiguous()}


if __name__ == "__main__":
    write(__spec__, [filter_grid, feature_maps])
