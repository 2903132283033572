"""Golden values for the topic `special_layers::skip_gram`: PyTorch in float64.

    cd grader/golden && python -m special_layers.skip_gram        # rewrites special_layers/*.json
"""
from golden import differentiate, normal, torch, write


def skip_gram():
    """The loss of three pairs with two negatives each; what is drawn at random has no golden values."""
    args = {"centres": normal(0, 3, 4), "contexts": normal(1, 3, 4), "negatives": normal(2, 3, 2, 4)}

    def loss(a):
        right = torch.einsum("nd,nd->n", a["centres"], a["contexts"])
        wrong = torch.einsum("nd,nkd->nk", a["centres"], a["negatives"])
        log_sigmoid = torch.nn.functional.logsigmoid
        return -(log_sigmoid(right) + log_sigmoid(-wrong).sum(dim=1)).mean()

    return differentiate(args, loss)


CALLS = {"skip_gram": "negative_sampling_loss"}


if __name__ == "__main__":
    write(__spec__, [skip_gram], CALLS)
