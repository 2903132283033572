"""Reads what `class export`, `class fill` and `class feedback` wrote, by the rules of those who will read it."""
import csv
import html.parser
import json
import pathlib
import re
import shutil
import subprocess
import zipfile

KNOWN_FORMATS = {"text", "html", "simple_format", "md", "ansi"}
SEEN = {"hidden", "after_due_date", "after_published", "visible"}
TOP = {"score", "execution_time", "output", "output_format", "test_output_format", "test_name_format", "visibility", "stdout_visibility", "extra_data", "tests", "leaderboard"}
TEST = {"score", "max_score", "status", "name", "name_format", "number", "output", "output_format", "tags", "visibility", "extra_data"}
RESULT = {"schema", "classroom", "assignment", "assignment_type", "owner", "submission", "commit", "release", "review", "datetime", "graded_at", "score", "max-score", "tests", "submitted_by"}


def exports(grader, tables, results, found, wrong):
    """Makes everything and checks it; a line for each."""
    out = results / "exports"
    shutil.rmtree(out, ignore_errors=True)
    (out / "classroom50").mkdir(parents=True)
    with_points = [sheet for sheet in found if sheet["state"] in ("graded", "untouched")]
    forms = {"csv": "points.csv", "jsonl": "all.jsonl", "gradescope": "gradescope", "exercism": "exercism"}
    run(grader, "export", results, *[f"{form}={out / place}" for form, place in forms.items()])
    yield check(table(out / "points.csv", found), "csv: lines", len(found), wrong)
    yield check(lines(out / "all.jsonl", found), "jsonl: lines that are the sheets", len(found), wrong)
    yield check(sum(map(gradescope, (out / "gradescope").glob("*.json"))), "gradescope: results", len(with_points), wrong)
    yield check(sum(map(exercism, (out / "exercism").glob("*/results.json"))), "exercism: results", len(found), wrong)
    yield from classroom50(grader, tables, results, out / "classroom50", wrong)
    for name, columns, decimal in [("worksheet.csv", {"Grade", "Feedback comments"}, ","), ("gradebook.csv", {"Homework (42)"}, ".")]:
        choice = ["--assignment", "42"] if name == "gradebook.csv" else []
        run(grader, "fill", results, tables / name, "--out", out / name, *choice)
        cells, others = filled((tables / name).read_bytes().decode(), (out / name).read_bytes().decode(), columns, decimal)
        yield check(others, f"{name}: {cells} cells filled, others that changed", 0, wrong)
    run(grader, "feedback", results, out / "feedback", "--moodle-zip", out / "moodle.zip")
    pages = [page(path) for path in (out / "feedback").glob("**/*.html")]
    yield check(sum(pages), "feedback: pages whose tags close", len(found), wrong)
    yield check(len(list((out / "feedback").glob("**/*.md"))), "feedback: Markdown", len(found), wrong)
    names = zipfile.ZipFile(out / "moodle.zip").namelist()
    yield check(sum(map(is_moodle, names)), f"moodle.zip: names that Moodle takes, of {len(names)}", len(names), wrong)


def run(grader, *words):
    subprocess.run([*grader, "class", *map(str, words)], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def check(count, what, wanted, wrong):
    if count != wanted:
        wrong.append(f"{what}: {count}, and not {wanted}")
    return f"{what}: {count}"


def table(path, found):
    rows = list(csv.DictReader(path.open(newline="")))
    by_key = {sheet["student"]["key"]: sheet for sheet in found}
    is_right = lambda row, sheet: row["earned"] == ("" if sheet["state"] == "not_graded" else f"{sheet['earned']:g}")
    return sum(row["student"] in by_key and is_right(row, by_key[row["student"]]) for row in rows)


def lines(path, found):
    by_key = {sheet["student"]["key"]: sheet for sheet in found}
    read = [json.loads(line) for line in path.read_text().split("\n") if line]
    return sum(by_key[one["student"]["key"]]["sha256"] == one["sha256"] for one in read)


def gradescope(path):
    """Gradescope's specification of January 2025."""
    result = json.loads(path.read_text())
    tests = result["tests"]
    return (
        result.keys() <= TOP
        and isinstance(result["score"], (int, float))
        and result["output_format"] in KNOWN_FORMATS
        and result["visibility"] in SEEN
        and "\r" not in result["output"]
        and all(test.keys() <= TEST and test["status"] in ("passed", "failed") for test in tests)
        and all(0 <= test["score"] <= test["max_score"] for test in tests)
        and abs(sum(test["score"] for test in tests) - result["score"]) < 1e-6
    )


def exercism(path):
    """Version 3 of exercism's interface."""
    result = json.loads(path.read_text())
    if result["version"] != 3 or result["status"] not in ("pass", "fail", "error"):
        return False
    if result["status"] == "error":
        return 0 < len(result["message"].encode()) <= 65535
    is_test = lambda test: (
        test["status"] in ("pass", "fail", "error")
        and (test["status"] == "pass" or len(test["message"].encode()) <= 65535)
        and len(test.get("output", "")) <= 500
    )
    passed = all(test["status"] == "pass" for test in result["tests"])
    return all(map(is_test, result["tests"])) and passed == (result["status"] == "pass")


def classroom50(grader, tables, results, place, wrong):
    """Their schema `classroom50/result/v1`. Only their own students have an identity, so theirs alone are written."""
    own = results.parent / f"{results.name}-classroom50"
    shutil.rmtree(own, ignore_errors=True)
    (own / "sheets").mkdir(parents=True)
    shutil.copy(results / "run.toml", own)
    sheets = [path for path in (results / "sheets").glob("*.json") if "homework-" in path.name]
    for path in sheets:
        shutil.copy(path, own / "sheets")
    shutil.copy(tables / "identity.json", place)
    run(grader, "export", own, f"classroom50={place}")
    shutil.rmtree(own)
    wanted = sum(json.loads(path.read_text())["state"] in ("graded", "untouched") for path in sheets)
    yield check(sum(map(result50, place.glob("*.result.json"))), "classroom50: results", wanted, wrong)


def result50(path):
    result = json.loads(path.read_text())
    is_whole = lambda number: isinstance(number, int) and number >= 0
    return (
        result.keys() <= RESULT
        and result["schema"] == "classroom50/result/v1"
        and is_whole(result["score"])
        and is_whole(result["max-score"])
        and result["score"] <= result["max-score"]
        and re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", result["datetime"]) is not None
        and all({"test-name", "passed", "score", "max-score"} <= test.keys() for test in result["tests"])
    )


def spans(text):
    """The rows of a table as lists of cells, each as it stands, quotes included."""
    rows, row, start, quoted = [], [], 0, False
    for i, char in enumerate(text):
        quoted ^= char == '"'
        if not quoted and char in ",\n":
            row.append(text[start:i])
            start = i + 1
            if char == "\n":
                rows.append(row)
                row = []
    return rows


def filled(before, after, columns, decimal):
    """How many cells were filled, and how many others are not what they were."""
    before, after = spans(before), spans(after)
    titles = [cell.strip('\ufeff"\r') for cell in before[0]]
    cells, others = 0, abs(len(before) - len(after))
    for old, new in zip(before, after):
        others += len(old) != len(new)
        for title, was, is_now in zip(titles, old, new):
            if was == is_now:
                continue
            number = re.fullmatch(rf'"?\d+\{decimal}\d\d"?', is_now.strip("\r"))
            fits = title in columns and (title == "Feedback comments" or number)
            cells, others = cells + bool(fits), others + (not fits)
    return cells, others


class Tags(html.parser.HTMLParser):
    """Counts what is open and not closed."""

    def __init__(self):
        super().__init__()
        self.open, self.is_right = [], True

    def handle_starttag(self, tag, _):
        if tag not in ("meta", "br", "html"):
            self.open.append(tag)

    def handle_endtag(self, tag):
        self.is_right &= tag == "html" or (bool(self.open) and self.open.pop() == tag)


def page(path):
    tags = Tags()
    text = path.read_text()
    tags.feed(text)
    return tags.is_right and not tags.open and "<script" not in text and "src=" not in text


def is_moodle(name):
    """As `importziplib.php` takes a name apart: five parts at most, of which the second is a participant."""
    return any(len(parts := part.split("_", 4)) >= 4 and parts[1].isdigit() and parts[3] in ("file", "comments") for part in pathlib.PurePosixPath(name).parts)
