"""Golden values for the topic `special_layers::neural_recommender`: PyTorch in float64.

    cd grader/golden && python -m special_layers.neural_recommender        # rewrites special_layers/*.json
"""
from golden import differentiate, normal, torch, write


def neural_recommender():
    """Predictions for three pairs, one of them twice, without dropout."""
    users, items = torch.tensor([1, 0, 1]), torch.tensor([2, 0, 2])
    args = {"P": normal(2, 2, 2), "Q": normal(3, 3, 2), "W1": normal(4, 4, 70, std=0.5), "b1": normal(5, 70, std=0.5)}
    args |= {"W2": normal(6, 70, 1, std=0.3), "b2": normal(7, 1)}
    args |= {"users": users.numpy(), "items": items.numpy(), "mean": 3.5}

    def predict(a):
        linear = torch.nn.functional.linear
        x = torch.cat([a["P"][users], a["Q"][items]], 1)
        h = torch.relu(linear(x, a["W1"].T, a["b1"]))
        return linear(h, a["W2"].T, a["b2"])[:, 0] + 3.5

    return differentiate(args, predict)


CALLS = {"neural_recommender": "NeuralRecommender::predict"}


if __name__ == "__main__":
    write(__spec__, [neural_recommender], CALLS)
