"""Our training steps beside PyTorch's, in turns, and the ratio of their times as a Markdown table.

    python grader/bench/pytorch/compare.py            # needs torch; the number is the median of 2 s, the best of 3 turns
"""
import os
import pathlib
import subprocess
import sys

HERE = pathlib.Path(__file__).parent
ROOT = HERE.parents[2]
BUILD = "cargo build --release --quiet -p bench --bin steps --features fast-alloc".split()
STEPS = {
    "mlp": "MLP 784-512-10, batch 128",
    "cnn": "CNN 3×3×32, 3×3×64, max 2, 128, 10, batch 128",
    "lenet": "LeNet-5, batch 128",
    "seq2seq": "LSTM seq2seq 5 → 3, hidden 128, batch 128",
    "factorisation": "factorisation 671×9066×50, batch 64, Adam",
    "factorisation-sparse": "the same, SparseAdam",
    "vgg16": "VGG-16 at 224×224, batch 1, forward only",
}


def milliseconds(command):
    environment = os.environ | {"RAYON_NUM_THREADS": "2"}
    return float(subprocess.run(command, check=True, capture_output=True, text=True, env=environment).stdout)


def main():
    subprocess.run(BUILD, check=True, cwd=ROOT)
    target = pathlib.Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target"))
    ours, theirs = [target / "release/steps"], [sys.executable, HERE / "steps.py"]
    wanted = sys.argv[1:] or STEPS
    print("| training step | ours, ms | PyTorch, ms | ratio |\n|---|---|---|---|")
    for name in wanted:
        turns = [(milliseconds([*ours, name]), milliseconds([*theirs, name])) for _ in range(3)]
        mine, torch = (min(times) for times in zip(*turns))
        print(f"| {STEPS[name]} | {mine:.2f} | {torch:.2f} | {mine / torch:.2f} |", flush=True)


if __name__ == "__main__":
    main()
