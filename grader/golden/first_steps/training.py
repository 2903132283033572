"""Golden values for the topic `first_steps::training`: PyTorch's SGD and `cross_entropy` in float64.

    cd grader/golden && python -m first_steps.training        # rewrites its first_steps/*.json

All examples are in one batch, so that no generator decides anything.
"""
from golden import normal, numpy, torch, write


def training_loop():
    x, labels = normal(21, 6, 3), numpy.array([0, 2, 1, 1, 0, 2])
    validation_x, validation_labels = normal(22, 4, 3), numpy.array([1, 0, 2, 1])
    start, rate, epochs = (normal(23, 3, 3), normal(24, 3)), 0.5, 3
    weights, biases = (part.clone().requires_grad_() for part in start)
    optimizer, train, validation, right = torch.optim.SGD([weights, biases], lr=rate), [], [], []
    for _ in range(epochs):
        optimizer.zero_grad()
        loss = torch.nn.functional.cross_entropy(x @ weights + biases, torch.tensor(labels))
        loss.backward()
        optimizer.step()
        train.append(loss.detach())
        with torch.no_grad():
            logits = validation_x @ weights + biases
            validation.append(torch.nn.functional.cross_entropy(logits, torch.tensor(validation_labels)))
            right.append((logits.argmax(dim=1) == torch.tensor(validation_labels)).double().mean())
    args = {
        "x": x, "labels": labels, "validation_x": validation_x, "validation_labels": validation_labels,
        "weights": start[0], "biases": start[1], "learning_rate": rate,
        "epochs": epochs, "batch_size": 6, "batches": 1, "seed": 1,
    }
    outputs = {
        "weights": weights, "biases": biases, "train_losses": torch.stack(train),
        "validation_losses": torch.stack(validation), "validation_accuracies": torch.stack(right),
    }
    return args, outputs


if __name__ == "__main__":
    write(__spec__, [training_loop])
