"""Golden values for the topic `regularization::weight_decay`: PyTorch's Adam and AdamW in float64.

    cd grader/golden && python -m regularization.weight_decay        # rewrites regularization/*.json
"""
import torch

from golden import array, differentiate, normal, write


def l2_penalty():
    w = array([[0.5, -1.5, 2.0], [0.0, -0.25, 3.0]])
    norm = torch.linalg.vector_norm
    return differentiate({"w": w, "lambda": 0.375}, lambda a: a["lambda"] / 2 * norm(a["w"]) ** 2, ["w"])


def sgd_weight_decay():
    x, targets = normal(41, 5, 3), normal(42, 5, 2, std=2.0)
    start, rate, decay, steps = (normal(43, 3, 2), normal(44, 2)), 0.125, 0.25, 4

    def train(optimizer):
        weights, biases = (part.clone().requires_grad_() for part in start)
        groups = [{"params": [weights], "weight_decay": decay}, {"params": [biases], "weight_decay": 0.0}]
        optimizer = optimizer(groups, lr=rate)
        for _ in range(steps):
            optimizer.zero_grad()
            torch.nn.functional.mse_loss(x @ weights + biases, targets).backward()
            optimizer.step()
        return weights, biases

    decayed, penalised = train(torch.optim.AdamW), train(torch.optim.Adam)
    args = {
        "x": x, "targets": targets, "weights": start[0], "biases": start[1],
        "learning_rate": rate, "momentum": 0.0, "weight_decay": decay, "steps": steps, "adam": True,
    }
    outputs = {
        "decayed_weights": decayed[0], "decayed_biases": decayed[1],
        "penalised_weights": penalised[0], "penalised_biases": penalised[1],
    }
    return args, outputs


if __name__ == "__main__":
    write(__spec__, [l2_penalty, sgd_weight_decay])
