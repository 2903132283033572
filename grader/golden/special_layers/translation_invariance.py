"""Golden values for the topic `special_layers::translation_invariance`: PyTorch's `max_pool2d` and `pad` in float64.

    cd grader/golden && python -m special_layers.translation_invariance        # rewrites special_layers/*.json
"""
from golden import normal, torch, write


def translation_invariance():
    maps, pool, farthest = torch.relu(normal(0, 1, 6, 9, 3)), 3, 4
    images = maps.permute(0, 3, 1, 2)
    before = torch.nn.functional.max_pool2d(images, pool)

    def survival(shift):
        moved = torch.nn.functional.pad(images, (shift, -shift))
        after = torch.nn.functional.max_pool2d(moved, pool)
        active = (before != 0) | (after != 0)
        return ((before == after) & active).sum().double() / active.sum()

    curve = torch.tensor([survival(shift) for shift in range(farthest + 1)], dtype=torch.float64)
    return {"maps": maps, "pool": pool, "farthest": farthest}, {"survival": curve}


if __name__ == "__main__":
    write(__spec__, [translation_invariance])
