"""Golden values for the topic `first_steps::overfit_one_batch`: PyTorch's SGD and `cross_entropy` in float64.

    cd grader/golden && python -m first_steps.overfit_one_batch        # rewrites its first_steps/*.json
"""
from golden import normal, numpy, torch, write


def overfit_one_batch():
    x, labels = normal(31, 4, 6), numpy.array([2, 0, 1, 2])
    start, rate, goal, most_steps = (normal(32, 6, 3, std=0.5), normal(33, 3)), 0.5, 0.5, 40
    weights, biases = (part.clone().requires_grad_() for part in start)
    optimizer, losses = torch.optim.SGD([weights, biases], lr=rate), []
    while len(losses) < most_steps and (not losses or losses[-1] >= goal):
        optimizer.zero_grad()
        loss = torch.nn.functional.cross_entropy(x @ weights + biases, torch.tensor(labels))
        loss.backward()
        optimizer.step()
        losses.append(loss.detach())
    args = {
        "x": x, "labels": labels, "weights": start[0], "biases": start[1],
        "learning_rate": rate, "goal": goal, "most_steps": most_steps,
    }
    return args, {"weights": weights, "biases": biases, "losses": torch.stack(losses)}


if __name__ == "__main__":
    write(__spec__, [overfit_one_batch])
