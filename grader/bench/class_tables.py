"""The tables that learning platforms give an instructor beside the submissions of a class, as oddly as they write them."""
import json
import pathlib


def tables(students, place, submissions):
    place.mkdir(parents=True, exist_ok=True)
    of = lambda system: [student for student in students if student["system"] == system]
    (place / "expected.json").write_text(json.dumps(students, indent=1, ensure_ascii=False))
    (place / "worksheet.csv").write_bytes(worksheet(of("moodle")).encode("utf-8"))
    (place / "gradebook.csv").write_bytes(gradebook(of("canvas")).encode("utf-8"))
    (place / "identity.json").write_text(json.dumps([identity(student) for student in of("classroom50")]))
    if of("gradescope"):
        export = next(pathlib.Path(submissions).glob("**/assignment_5_export"))
        (export / "submission_metadata.yml").write_text("".join(submission(student) for student in of("gradescope")))


def worksheet(students):
    """Moodle's: a byte order mark, CRLF, a decimal comma, quotes where they need not be; one student sent nothing."""
    head = 'Identifier,"Full name","Email address",Status,Grade,"Maximum grade","Grade can be changed",'
    text = "\ufeff" + head + '"Last modified (submission)","Last modified (grade)","Feedback comments"\r\n'
    for student in [*students, {"name": "Nobody, \"Nil\"", "number": 1, "login": "nobody"}]:
        name = student["name"].replace('"', '""')
        text += f'"Participant {student["number"]}","{name}",{student["login"]}@x.org,"Submitted for grading",,"10,00",Yes,'
        text += '"Saturday, 10 January 2026, 11:59 PM",-,""\r\n'
    return text


def gradebook(students):
    """Canvas': names with commas, a row of points, columns that are read only, another assignment beside ours."""
    text = "Student,ID,SIS User ID,SIS Login ID,Section,Essay (41),Homework (42),Current Score\n"
    text += "    Points Possible,,,,,5,20,(read only)\n"
    for student in students:
        first, last = student["name"].split(" ", 1)
        text += f'"{last}, {first}",{student["number"]},S{student["number"]},{student["login"]},"Part 1, Monday",4.50,,91.2\n'
    return text


def submission(student):
    """An entry of Gradescope's list, whose keys are Ruby's symbols."""
    text = f"submission_{student['number']}:\n  :submitters:\n  - :name: \"{student['name']}\"\n    :sid: G{student['number']}\n"
    text += f"    :email: {student['login']}@x.org\n  :created_at: 2026-01-10 10:00:00.0 Z\n  :score: \n  :status: unprocessed\n"
    return text


def identity(student):
    fields = ["classroom", "assignment", "submission", "commit", "release", "review"]
    known = {field: field for field in fields}
    return known | {"assignment_type": "individual", "owner": student["login"], "datetime": "2026-01-10T10:00:00Z"}
