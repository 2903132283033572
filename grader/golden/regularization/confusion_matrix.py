"""Golden values for the topic `regularization::confusion_matrix`: scikit-learn's metrics.

    cd grader/golden && python -m regularization.confusion_matrix        # rewrites regularization/*.json

Needs scikit-learn beside PyTorch; 1.9.1 made the numbers that are here. Class 2 is rare, and nobody is of class 3.
"""
import warnings

import numpy
from sklearn import metrics

from golden import array, normal, write


def confusion_matrix():
    labels, classes = numpy.array([0] * 9 + [1] * 7 + [2] * 2)[numpy.arange(18) * 7 % 18], [0, 1, 2, 3]
    logits = array(normal(62, 18, 4).numpy() + 1.5 * numpy.eye(4)[labels]).numpy()
    said = logits.argmax(axis=1)
    each = dict(labels=classes, average=None, zero_division=0)
    with warnings.catch_warnings():
        # It warns of classes that are said and that nobody is of.
        warnings.simplefilter("ignore")
        balanced = metrics.balanced_accuracy_score(labels, said)
    outputs = {
        "counts": metrics.confusion_matrix(labels, said, labels=classes).astype(float),
        "accuracy": float(metrics.accuracy_score(labels, said)),
        "recall": metrics.recall_score(labels, said, **each),
        "precision": metrics.precision_score(labels, said, **each),
        "balanced_accuracy": float(balanced),
    }
    return {"logits": logits, "labels": labels}, outputs


if __name__ == "__main__":
    write(__spec__, [confusion_matrix])
