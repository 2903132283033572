"""Golden values for the topic `tricks::preprocessing`: NumPy and SciPy in float64.

    cd grader/golden && python -m tricks.preprocessing        # rewrites tricks/*.json

ZCA is written as in Keras 2's `ImageDataGenerator.fit` (keras-preprocessing 1.1.2), on centred training data.
"""
import scipy.linalg
from golden import array, normal, numpy, write


def standardize():
    training = array(normal(2, 2, 3, 2, 3) * array([0.5, 2.0, 1.0]) + array([1.0, -3.0, 0.0]))
    training[..., 2] = 0.25
    data = normal(3, 1, 2, 4, 3, std=2.0)
    x = training.numpy()
    mean, std = x.mean(axis=(0, 1, 2)), x.std(axis=(0, 1, 2))
    std[2] = 1.0
    outputs = {"mean": mean, "std": std, "y": (data.numpy() - mean) / std, "inverse": data.numpy() * std + mean}
    return {"training": training, "data": data}, outputs


def zca_whitening():
    mixing = array([[1.0, 0.5, 0.0], [0.25, 1.0, -0.5], [0.0, 0.25, 0.75]])
    training = array(normal(4, 12, 3) @ mixing + array([1.0, -2.0, 0.5]))
    data, epsilon = normal(5, 4, 3), 0.125
    x = training.numpy()
    mean = x.mean(axis=0)
    flat_x = x - mean
    sigma = numpy.dot(flat_x.T, flat_x) / flat_x.shape[0]
    u, s, _ = scipy.linalg.svd(sigma)
    s_inv = 1.0 / numpy.sqrt(s[numpy.newaxis] + epsilon)
    matrix = (u * s_inv).dot(u.T)
    outputs = {
        "mean": mean,
        "matrix": matrix,
        "y": (data.numpy() - mean) @ matrix,
    }
    return {"training": training, "data": data, "epsilon": epsilon}, outputs


if __name__ == "__main__":
    write(__spec__, [standardize, zca_whitening])
