"""Golden values for the topic `regularization::early_stopping`: PyTorch's `ReduceLROnPlateau`.

    cd grader/golden && python -m regularization.early_stopping        # rewrites regularization/*.json

PyTorch has no early stopping, but its scheduler watches a loss by the same rule: it lowers the learning rate after more than
`patience` bad epochs in a row, which is at the epoch in which a monitor with a patience of one more stops.
"""
import numpy
import torch

from golden import array, write


def early_stopping():
    losses = [1.5, 1.25, 1.375, 0.875, 0.75, 0.9375, 0.5, 0.375, 0.4375, 0.25, 0.125, 0.0625]
    patience, min_delta = 3, 0.375
    weights = torch.zeros(1, requires_grad=True)
    optimizer = torch.optim.SGD([weights], lr=1.0)
    plateau = torch.optim.lr_scheduler.ReduceLROnPlateau(
        optimizer, threshold_mode="abs", threshold=min_delta, patience=patience - 1
    )
    best_epoch, bad_epochs = 0, 0
    for epoch, loss in enumerate(losses, start=1):
        before = plateau.best
        plateau.step(loss)
        best_epoch = epoch if plateau.best != before else best_epoch
        bad_epochs = epoch - best_epoch
        if optimizer.param_groups[0]["lr"] < 1.0:
            break
    count = lambda n: numpy.array([n])
    outputs = {
        "stopped": count(1),
        "trained_epochs": count(epoch),
        "epochs": count(epoch),
        "bad_epochs": count(bad_epochs),
        "best_epoch": count(best_epoch),
        "best_loss": array([plateau.best]),
        "restored_weights_are_of_epoch": array([best_epoch, best_epoch]),
    }
    return {"losses": array(losses), "patience": patience, "min_delta": min_delta}, outputs


if __name__ == "__main__":
    write(__spec__, [early_stopping])
