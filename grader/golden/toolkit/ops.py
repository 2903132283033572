"""Golden values for the toolkit's operations: PyTorch in float64.

    cd grader/golden && python -m toolkit.ops        # rewrites toolkit/*.json

Images are channels last and kernels (h, w, in, out), as in the course; they are permuted to PyTorch's order and back.
Where gradients of several outputs are wanted, `d_y` belongs to their concatenation.
"""
import torch
import torch.nn.functional as F

from golden import array, differentiate, normal, write


def _conv(image, kernel, stride, padding, seed):
    args = {"x": normal(seed, *image), "w": normal(seed + 1, *kernel, std=0.5), "b": normal(seed + 2, kernel[3])}

    def conv(a):
        x, w = a["x"].permute(0, 3, 1, 2), a["w"].permute(3, 2, 0, 1)
        return F.conv2d(x, w, a["b"], stride, padding).permute(0, 2, 3, 1)

    args, outputs = differentiate(args, conv)
    return args | {"stride": stride, "padding": padding}, outputs


def conv2d():
    return _conv((3, 5, 6, 2), (3, 2, 2, 4), 1, 0, 10)


def conv2d_padded():
    return _conv((2, 5, 4, 3), (3, 3, 3, 2), 1, 1, 20)


def conv2d_strided():
    return _conv((2, 7, 6, 2), (3, 3, 2, 3), 2, 1, 30)


def conv2d_kernel_wider_than_the_image():
    return _conv((1, 2, 3, 1), (5, 5, 1, 7), 3, 2, 40)


def _pool(function, size, stride, seed):
    args, outputs = differentiate(
        {"x": normal(seed, 2, 7, 5, 3)},
        lambda a: function(a["x"].permute(0, 3, 1, 2), size, stride).permute(0, 2, 3, 1),
    )
    return args | {"size": size, "stride": stride}, outputs


def max_pool2d():
    return _pool(F.max_pool2d, 2, 2, 50)


def max_pool2d_overlapping():
    return _pool(F.max_pool2d, 3, 1, 51)


def avg_pool2d():
    return _pool(F.avg_pool2d, 2, 2, 52)


def avg_pool2d_overlapping():
    return _pool(F.avg_pool2d, 3, 2, 53)


def linear():
    args = {"x": normal(60, 5, 7), "w": normal(61, 7, 3), "b": normal(62, 3)}
    return differentiate(args, lambda a: a["x"] @ a["w"] + a["b"])


def bias_add():
    return differentiate({"x": normal(63, 2, 3, 2, 4), "b": normal(64, 4)}, lambda a: a["x"] + a["b"])


def _batch_norm(training):
    args = {"x": normal(65, 2, 3, 2, 4, std=2.0) + array([0.0, 3.0, -1.0, 100.0]), "gamma": normal(66, 4)}
    args["x"] = array(args["x"])
    args |= {"beta": normal(67, 4), "running_mean": normal(68, 4), "running_variance": array([0.5, 1.0, 2.0, 3.0])}
    args |= {"momentum": 0.25, "epsilon": 0.125}
    running = {name: args[name].clone() for name in ["running_mean", "running_variance"]}

    def layer(a):
        options = {"training": training, "momentum": a["momentum"], "eps": a["epsilon"]}
        x = a["x"].permute(0, 3, 1, 2)
        return F.batch_norm(x, *running.values(), a["gamma"], a["beta"], **options).permute(0, 2, 3, 1)

    args, outputs = differentiate(args, layer, ["x", "gamma", "beta"])
    return args, outputs | running


def batch_norm_train():
    return _batch_norm(True)


def batch_norm_eval():
    return _batch_norm(False)


def _mild_and_extreme():
    return array([[-100.0, -20.0, -5.0, -0.7, -0.6], [-1e-3, 0.0, 1e-4, 0.5, 0.7], [2.0, 6.5, 30.0, 100.0, -9.0]])


def relu():
    return differentiate({"x": _mild_and_extreme()}, lambda a: torch.relu(a["x"]))


def sigmoid():
    return differentiate({"x": _mild_and_extreme()}, lambda a: torch.sigmoid(a["x"]))


def tanh():
    return differentiate({"x": _mild_and_extreme()}, lambda a: torch.tanh(a["x"]))


def softmax_cross_entropy():
    x = normal(70, 6, 4, std=3.0)
    x[0] = array([200.0, -200.0, 0.0, 199.0])
    targets = torch.tensor([3, 1, 0, 0, 2, 3])
    args, outputs = differentiate({"x": x, "targets": targets}, lambda a: F.cross_entropy(a["x"], a["targets"]), ["x"])
    return args, outputs


def embedding():
    indices = torch.tensor([4, 0, 4, 2, 4])
    return differentiate({"x": normal(80, 6, 3), "indices": indices}, lambda a: F.embedding(a["indices"], a["x"]), ["x"])


def lstm_step():
    def step(a):
        i, f, g, o = a["gates"].chunk(4, dim=1)
        c = torch.sigmoid(f) * a["c"] + torch.sigmoid(i) * torch.tanh(g)
        return torch.cat([torch.sigmoid(o) * torch.tanh(c), c], dim=1)

    return differentiate({"gates": normal(90, 5, 12, std=2.0), "c": normal(91, 5, 3)}, step)


def lstm():
    return differentiate({"x": normal(100, 5, 6, 3)} | _lstm_weights(), lambda a: _lstm(a, a["x"])[0])


def lstm_from():
    def layer(a):
        states, (_, c) = _lstm(a, a["x"], (a["h"][None], a["c"][None]))
        return torch.cat([states.flatten(1), c[0]], dim=1)

    args = {"x": normal(104, 5, 6, 3), "h": normal(105, 5, 4), "c": normal(106, 5, 4)}
    return differentiate(args | _lstm_weights(), layer)


def _lstm_weights():
    shapes = {"input": (3, 16), "hidden": (4, 16), "bias": (16,)}
    return {name: normal(101 + i, *shape, std=0.7) for i, (name, shape) in enumerate(shapes.items())}


def _lstm(a, *inputs):
    module = torch.nn.LSTM(3, 4, batch_first=True).double()
    weights = {
        "weight_ih_l0": a["input"].T,
        "weight_hh_l0": a["hidden"].T,
        "bias_ih_l0": a["bias"],
        "bias_hh_l0": torch.zeros(16, dtype=torch.float64),
    }
    return torch.func.functional_call(module, weights, inputs)


def _descent(optimizer, **options):
    """Three steps along <gradient k, p>; the parameter after each."""
    start, gradients = normal(110, 4), [normal(111 + k, 4) for k in range(3)]
    p = start.clone().requires_grad_()
    rule, path = optimizer([p], **options), []
    for gradient in gradients:
        p.grad = gradient.clone()
        rule.step()
        path.append(p.detach().clone())
    return {"start": start, "gradients": torch.stack(gradients)}, {"path": torch.stack(path)}


def sgd_momentum():
    return _descent(torch.optim.SGD, lr=0.1, momentum=0.9, weight_decay=0.01)


def adam():
    return _descent(torch.optim.Adam, lr=0.1)


def adamw():
    return _descent(torch.optim.AdamW, lr=0.1, weight_decay=0.05)


def rmsprop():
    return _descent(torch.optim.RMSprop, lr=0.1)


def rmsprop_momentum():
    return _descent(torch.optim.RMSprop, lr=0.1, alpha=0.9, eps=1e-3, momentum=0.8, weight_decay=0.02)


def sparse_adam():
    start = normal(120, 5, 2)
    table = start.clone().requires_grad_()
    rule = torch.optim.SparseAdam([table], lr=0.1)
    indices, gradients = [[1, 3, 1], [0, 3, 2], [1, 1, 4]], [normal(121 + k, 3, 2) for k in range(3)]
    for rows, gradient in zip(indices, gradients):
        table.grad = torch.sparse_coo_tensor(torch.tensor([rows]), gradient, table.shape)
        rule.step()
    args = {"start": start, "indices": torch.tensor(indices), "gradients": torch.stack(gradients)}
    return args, {"table": table.detach()}


CONVOLUTIONS = [conv2d, conv2d_padded, conv2d_strided, conv2d_kernel_wider_than_the_image]
POOLINGS = [max_pool2d, max_pool2d_overlapping, avg_pool2d, avg_pool2d_overlapping]
DENSE = [linear, bias_add, relu, sigmoid, tanh, softmax_cross_entropy, embedding, lstm_step, lstm, lstm_from]
NORMS = [batch_norm_train, batch_norm_eval]
OPTIMISERS = [sgd_momentum, adam, adamw, rmsprop, rmsprop_momentum, sparse_adam]

if __name__ == "__main__":
    write(__spec__, CONVOLUTIONS + POOLINGS + DENSE + NORMS + OPTIMISERS)
