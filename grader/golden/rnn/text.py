"""Golden values for the topic `rnn::text`: Python's own strings.

    cd grader/golden && python -m rnn.text        # rewrites rnn/*.json
"""
from golden import torch, write


def char_table():
    """A verse in its own characters."""
    corpus = "In the beginning God created the heaven and the earth."
    text = "the earth"
    table = sorted(set(corpus))
    numbers = torch.tensor([table.index(c) for c in text])
    rows = torch.nn.functional.one_hot(numbers, len(table)).double()
    outputs = {"characters": "".join(table), "numbers": numbers, "rows": rows, "decoded": text}
    return {"corpus": corpus, "text": text}, outputs


if __name__ == "__main__":
    write(__spec__, [char_table])
