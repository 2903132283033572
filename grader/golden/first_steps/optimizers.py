"""Golden values for the topic `first_steps::optimizers`: PyTorch's Adam in float64.

    cd grader/golden && python -m first_steps.optimizers        # rewrites its first_steps/*.json
"""
from golden import normal, torch, write


def optimizers():
    start, gradients, rate = normal(13, 2, 3), [normal(14 + i, 2, 3) for i in range(4)], 0.125
    w = start.clone().requires_grad_()
    adam = torch.optim.Adam([w], lr=rate)
    for gradient in gradients:
        w.grad = gradient
        adam.step()
    state = adam.state[w]
    args = {"w": start, "learning_rate": rate} | {f"gradient{i}": g for i, g in enumerate(gradients)}
    return args, {"w": w, "mean": state["exp_avg"], "mean_square": state["exp_avg_sq"], "steps": float(state["step"])}


if __name__ == "__main__":
    write(__spec__, [optimizers], calls={"optimizers": "adam"})
