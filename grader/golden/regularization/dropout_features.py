"""Golden values for the topic `regularization::dropout_features`: PyTorch in float64.

    cd grader/golden && python -m regularization.dropout_features        # rewrites regularization/*.json
"""
from golden import differentiate, normal, torch, write

PARAMETERS = {"encoder": (5, 4), "encoder_bias": (4,), "decoder": (4, 5), "decoder_bias": (5,)}


def dropout_features():
    """An autoencoder of 5 pixels and 4 hidden units, in evaluation."""
    args = {"x": normal(10, 3, 5)} | {k: normal(11 + i, *shape) for i, (k, shape) in enumerate(PARAMETERS.items())}

    def reconstruct(a):
        hidden = torch.relu(torch.nn.functional.linear(a["x"], a["encoder"].T, a["encoder_bias"]))
        kept = torch.nn.functional.dropout(hidden, 0.5, training=False)
        return torch.nn.functional.linear(kept, a["decoder"].T, a["decoder_bias"])

    args, outputs = differentiate(args, reconstruct)
    return args | {"p": 0.5, "training": False, "seed": 1}, outputs


CALLS = {"dropout_features": "reconstruct"}


if __name__ == "__main__":
    write(__spec__, [dropout_features], CALLS)
