"""Golden values for the topic `first_steps::line`: PyTorch's SGD on `mse_loss` in float64.

    cd grader/golden && python -m first_steps.line        # rewrites its first_steps/*.json
"""
from golden import normal, torch, write


def fit_line():
    x, targets, rate, steps = normal(9, 6), normal(10, 6, std=2.0), 0.125, 8
    line = [torch.zeros((), dtype=torch.float64, requires_grad=True) for _ in range(2)]
    optimizer, losses = torch.optim.SGD(line, lr=rate), []
    for _ in range(steps):
        optimizer.zero_grad()
        loss = torch.nn.functional.mse_loss(line[0] * x + line[1], targets)
        losses.append(loss.detach())
        loss.backward()
        optimizer.step()
    args = {"x": x, "targets": targets, "learning_rate": rate, "steps": steps}
    return args, {"slope": line[0].item(), "intercept": line[1].item(), "losses": torch.stack(losses)}


if __name__ == "__main__":
    write(__spec__, [fit_line])
