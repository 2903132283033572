"""Golden values for the topic `special_layers::recommender`: PyTorch in float64.

    cd grader/golden && python -m special_layers.recommender        # rewrites special_layers/*.json
"""
from golden import differentiate, normal, numpy, torch, write

USERS, ITEMS = torch.tensor([0, 2, 2, 1]), torch.tensor([3, 0, 3, 1])
VALUES = torch.tensor([4.0, 2.5, 5.0, 1.0], dtype=torch.float64)


def columns():
    """Four ratings by three users of four films."""
    ratings = {"users": USERS.numpy(), "items": ITEMS.numpy(), "values": VALUES.numpy()}
    return {**ratings, "n_users": 3, "n_items": 4}


def factors(a):
    return torch.nn.functional.embedding(USERS, a["P"]), torch.nn.functional.embedding(ITEMS, a["Q"])


def loss(a, predictions, l2):
    p, q = factors(a)
    errors = torch.nn.functional.mse_loss(predictions, VALUES, reduction="sum")
    return 0.5 * errors + 0.5 * l2 * (p.norm() ** 2 + q.norm() ** 2)


def matrix_factorization():
    """The loss of one batch in which a user and an item come twice."""
    args = {"P": normal(2, 3, 2), "Q": normal(3, 4, 2), **columns(), "l2": 0.3}
    return differentiate(args, lambda a: loss(a, torch.einsum("kf,kf->k", *factors(a)), 0.3))


def with_bias():
    """The same with biases."""
    args = {"P": normal(2, 3, 2), "Q": normal(3, 4, 2), "user_bias": normal(4, 3), "item_bias": normal(5, 4), **columns()}

    def batch(a):
        biases = a["user_bias"][USERS] + a["item_bias"][ITEMS]
        return loss(a, torch.einsum("kf,kf->k", *factors(a)) + biases + 3.5, 0.3)

    return differentiate({**args, "mean": 3.5, "l2": 0.3}, batch)


CALLS = {
    "matrix_factorization": "Factors::predict + Factors::loss",
    "with_bias": "BiasedFactors::predict + BiasedFactors::loss",
}


if __name__ == "__main__":
    write(__spec__, [matrix_factorization, with_bias], CALLS)
