"""Golden values for the topic `tricks::generator`: NumPy and SciPy in float64.

    cd grader/golden && python -m tricks.generator        # rewrites tricks/*.json

One image in a batch of one, so that no order is drawn: function, rescale, featurewise statistics, then ZCA, as in Keras.
"""
import numpy
import scipy.linalg

from golden import array, normal, write


def image_data_generator():
    fit, x = normal(21, 8, 1, 3, 1).numpy(), normal(22, 1, 1, 3, 1).numpy()
    rescale = float(numpy.float32(0.25))

    training = fit**2 * rescale
    mean, std = training.mean(axis=(0, 1, 2)), training.std(axis=(0, 1, 2))
    rows = ((training - mean) / std).reshape(len(fit), -1)
    center = rows.mean(axis=0)
    covariance = numpy.cov(rows.T, bias=True)
    whitening = scipy.linalg.fractional_matrix_power(covariance + 1e-6 * numpy.eye(3), -0.5).real
    image = ((x**2 * rescale - mean) / std).reshape(1, -1)
    args = {
        "x": array(x), "fit": array(fit), "labels": numpy.array([4]), "batch_size": 2, "epochs": 1, "seed": 1,
        "square": True, "rescale": rescale, "featurewise_center": True,
        "featurewise_std_normalization": True, "zca_whitening": True,
    }
    return args, {"images0": ((image - center) @ whitening).reshape(x.shape)}


CALLS = {"image_data_generator": "ImageDataGenerator::fit + flow"}


if __name__ == "__main__":
    write(__spec__, [image_data_generator], CALLS)
