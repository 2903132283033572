"""Golden values for the topic `first_steps::classification`: PyTorch in float64.

    cd grader/golden && python -m first_steps.classification        # rewrites its first_steps/*.json
"""
from golden import differentiate, normal, numpy, torch, write

LABELS = numpy.array([2, 0, 3])


def softmax():
    return differentiate({"logits": normal(11, 3, 4, std=2.0)}, lambda a: torch.softmax(a["logits"], dim=1))


def one_hot():
    y = torch.nn.functional.one_hot(torch.tensor(LABELS), 5).double()
    return {"labels": LABELS, "classes": 5}, {"y": y}


def cross_entropy():
    loss = lambda a: torch.nn.functional.cross_entropy(a["logits"], torch.tensor(LABELS))
    args, outputs = differentiate({"logits": normal(12, 3, 4, std=2.0)}, loss)
    return args | {"labels": LABELS}, outputs


if __name__ == "__main__":
    write(__spec__, [softmax, one_hot, cross_entropy])
