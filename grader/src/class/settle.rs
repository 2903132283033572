//! What counts in the end: the grader's sheets, with the class's rules and a person's marks laid over them. Nothing is written; what
//! was found stays as it is, and another `class.toml` gives other points at once.

use std::{collections::BTreeMap, path::Path};

use anyhow::Result;

use super::{
    folder::{Folder, file_name},
    people::{self, Person},
    points::Points,
    rules::{RULES, Rules},
    sheet::{Row, Sheet},
};
use crate::{
    course::Course,
    verdict::{Kind, Verdict},
};

/// A class as it counts.
pub struct Results {
    /// A sheet a student.
    pub sheets: Vec<Sheet>,
    /// What an instructor should hear of it.
    pub notes: Vec<String>,
}

/// The results in `folder`, settled.
///
/// # Errors
/// When sheets, rules or marks can't be read or contradict each other.
pub fn settled(course: &Course, folder: &Path) -> Result<Results> {
    laid_over(course, folder, &Folder::at(folder).sheets()?)
}

/// These sheets, settled by the rules and marks in `folder`.
///
/// # Errors
/// When rules or marks can't be read or contradict each other.
pub fn laid_over(course: &Course, folder: &Path, sheets: &[Sheet]) -> Result<Results> {
    let rules = Rules::read(course, folder)?;
    let by_name: BTreeMap<String, &Sheet> =
        sheets.iter().map(|sheet| (file_name(&sheet.student.key), sheet)).collect();
    let people = people::read(folder, &by_name)?;
    let notes = strangers(&rules, sheets);
    let nobody = Person::default();
    let settled = sheets.iter().map(|sheet| {
        let person = people.get(&file_name(&sheet.student.key)).unwrap_or(&nobody);
        settle(sheet, &rules, person)
    });
    Ok(Results { sheets: settled.collect(), notes })
}

/// Extensions that nobody has: a name mistyped.
fn strangers(rules: &Rules, sheets: &[Sheet]) -> Vec<String> {
    let names = rules.due.iter().flat_map(|due| due.extensions.keys());
    let is_known = |name: &&String| {
        let is = |sheet: &Sheet| {
            let owner = &sheet.student;
            [&owner.key, &owner.email, &owner.id, &owner.name].contains(name)
        };
        sheets.iter().any(is)
    };
    let unknown = names.filter(|name| !is_known(name));
    unknown.map(|name| format!("{RULES}: `due.extensions.{name:?}` is nobody who handed in")).collect()
}

/// One student's sheet as it counts.
pub fn settle(sheet: &Sheet, rules: &Rules, person: &Person) -> Sheet {
    let mut settled = sheet.clone();
    settled.comment.clone_from(&person.comment);
    for row in &mut settled.exercises {
        settle_row(row, rules, person);
    }
    if !sheet.state.has_points() {
        return settled;
    }
    let sum = |bonus: bool, of: fn(&Row) -> Points| -> Points {
        settled.exercises.iter().filter(|row| row.bonus == bonus).map(of).sum()
    };
    let bonus = sum(true, |row| row.earned);
    let counted = rules.bonus_at_most.map_or(bonus, |most| bonus.at_most(most));
    let earned = [sum(false, |row| row.earned), counted].into_iter().sum();
    let mut notes = Vec::new();
    if counted < bonus {
        notes.push(format!("{bonus} points of bonus exercises, of which {counted} count"));
    }
    let points = sum(false, |row| row.points);
    let due = rules.due.as_ref().map(|due| due.after(earned, &sheet.student));
    let (left, note) = due.unwrap_or((earned, None));
    notes.extend(note);
    let added = Points::of(person.add);
    if added != Points::ZERO {
        let what = if person.add > 0.0 { "added" } else { "taken off" };
        notes.push(format!("{} points {what} by a person", Points::of(person.add.abs())));
    }
    let total = Points::of((left.value() + person.add).max(0.0));
    (settled.earned, settled.points, settled.notes) = (total, points, notes);
    settled
}

fn settle_row(row: &mut Row, rules: &Rules, person: &Person) {
    let weight = rules.weight(&row.id);
    let part = if rules.partial { share(&row.verdict) } else { None };
    // Rounded to whole points, before the weight.
    let found = part.map_or(row.earned, |share| Points::of((row.points.value() * share).round()));
    let earned = person.mark(&row.id).unwrap_or(found);
    row.earned = Points::of(earned.value() * weight);
    row.points = Points::of(row.points.value() * weight);
    row.bonus = rules.is_bonus(&row.id);
    row.marked = person.mark(&row.id).is_some();
    row.comment = person.comments.get(&row.id).cloned();
}

/// The share of its case groups that a failing exercise passes. Right answers that are borrowed are none.
fn share(verdict: &Verdict) -> Option<f64> {
    let Verdict::Failed(failure) = verdict else { return None };
    let groups = failure.groups.as_ref().filter(|groups| groups.of > 0 && failure.kind != Kind::Borrowed)?;
    #[expect(clippy::cast_precision_loss, reason = "a handful of groups")]
    let share = groups.passed as f64 / groups.of as f64;
    Some(share)
}

#[cfg(test)]
mod tests {
    use std::fs;

    use serde_json::{Value, json};

    use super::*;
    use crate::class::rules::RULES;

    /// A sheet with an exercise that is solved, one of which two groups of three are right, and one of another chapter.
    fn sheet() -> Sheet {
        let failed = json!({
            "state": "failed", "kind": "wrong", "about": "a", "message": "m", "misconception": null, "passed": 1, "cases": 9,
            "seed": 1, "prints": null, "groups": { "passed": 2, "of": 3 },
        });
        let row = |id: &str, points: u32, verdict: Value| {
            let earned = if verdict["state"] == "passed" { points } else { 0 };
            json!({ "id": id, "title": id, "earned": earned, "points": points, "verdict": verdict })
        };
        let passed = || json!({ "state": "passed", "cases": 3 });
        let rows =
            [row("tricks/relu", 4, passed()), row("tricks/flips", 5, failed), row("rnn/text", 10, passed())];
        let value = json!({
            "format": 1, "student": { "key": "ada", "name": "Ada", "known_by": "Moodle", "submitted": "2026-01-12T00:00:00Z" },
            "from": "x", "state": "graded", "sha256": "", "seed": 1, "version": "", "isolation": "", "seconds": 1.0, "earned": 14,
            "points": 19, "exercises": rows,
        });
        serde_json::from_value(value).unwrap()
    }

    fn by(rules: &str, person: &str) -> Sheet {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join(RULES), rules).unwrap();
        fs::create_dir(folder.path().join("people")).unwrap();
        fs::write(folder.path().join("people/ada.toml"), person).unwrap();
        let course = Course::find(Path::new(env!("CARGO_MANIFEST_DIR"))).unwrap();
        laid_over(&course, folder.path(), &[sheet()]).unwrap().sheets.remove(0)
    }

    #[track_caller]
    fn assert_points(rules: &str, person: &str, earned: f64, points: f64) -> Sheet {
        let settled = by(rules, person);
        assert_eq!(
            (settled.earned, settled.points),
            (Points::of(earned), Points::of(points)),
            "{rules}{person}"
        );
        settled
    }

    #[test]
    fn without_rules_points_are_the_grader_s() {
        assert_points("", "", 14.0, 19.0);
    }

    #[test]
    fn weights_parts_bonuses_and_days_are_laid_over_each_other() {
        assert_points("[weights]\ntricks = 0.5", "", 12.0, 14.5);
        // Two thirds of five points are three.
        assert_points("[credit]\npartial = true", "", 17.0, 19.0);
        assert_points("[bonus]\nof = [\"rnn\"]", "", 14.0, 9.0);
        let capped = assert_points("[bonus]\nof = [\"rnn\"]\nat_most = 3", "", 7.0, 9.0);
        assert_eq!(capped.notes, ["10 points of bonus exercises, of which 3 count"]);
        let late = "[due]\nat = 2026-01-10T00:00:00Z\npercent_a_day = 10\nlate_days = 1";
        assert_eq!(assert_points(late, "", 12.6, 19.0).notes, ["2 days late: 10 % taken off"]);
    }

    #[test]
    fn a_person_s_marks_beat_the_grader_s() {
        let person = "comment = \"Well written.\"\nadd = 2\n[marks]\n\"tricks/flips\" = 4.5\n[comments]\n\"tricks/flips\" = \"Almost.\"";
        let marked = assert_points("", person, 20.5, 19.0);
        assert_eq!(marked.comment.as_deref(), Some("Well written."));
        assert_eq!(marked.notes, ["2 points added by a person"]);
        let row = &marked.exercises[1];
        assert!(row.marked && row.comment.as_deref() == Some("Almost."));
    }

    #[test]
    fn marks_that_contradict_the_sheet_are_named() {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir(folder.path().join("people")).unwrap();
        let course = Course::find(Path::new(env!("CARGO_MANIFEST_DIR"))).unwrap();
        let says = |name: &str, text: &str| {
            let path = folder.path().join("people").join(name);
            fs::write(&path, text).unwrap();
            let error = laid_over(&course, folder.path(), &[sheet()]).err().unwrap();
            fs::remove_file(path).unwrap();
            format!("{error:#}")
        };
        assert!(says("bob.toml", "").contains("bob.toml` is nobody's: call it as a file in"));
        assert!(says("ada.toml", "[marks]\n\"tricks/no\" = 1").contains("no such exercise was graded"));
        assert!(
            says("ada.toml", "[marks]\n\"tricks/relu\" = 9")
                .contains("is 9: write 0 to 4, and what goes beyond in `add`")
        );
        assert!(says("ada.toml", "remark = \"x\"").contains("unknown field `remark`"));
        let rules = "[due]\nat = 2026-01-10T00:00:00Z\n[due.extensions]\neve = 2026-01-11T00:00:00Z";
        fs::write(folder.path().join(RULES), rules).unwrap();
        let notes = laid_over(&course, folder.path(), &[sheet()]).unwrap().notes;
        assert_eq!(notes, ["class.toml: `due.extensions.\"eve\"` is nobody who handed in"]);
    }
}
