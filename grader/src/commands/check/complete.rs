//! The rules that files alone decide: nothing is missing, signatures and docs agree, lectures hold no solutions.

use std::fs;

use anyhow::{Context, Result};

use super::Complaints;
use crate::{
    PROGRAM,
    course::{Chapter, Exercise, MINUTES_A_POINT},
    examine::{
        diagnose,
        snapshot::{self, Golden, differing_lines},
    },
    grade::Grader,
    source::{
        items::{Module, parse_ours},
        tree::Tree,
    },
};

/// What `new` writes where an author has to.
const TODO: &str = "TODO";
/// Misconceptions an exercise needs at least.
const MISCONCEPTIONS: usize = 3;
/// A solution's line this long that also stands in a lecture is a leak, not a coincidence.
const DISTINCTIVE: usize = 40;

/// Complains about everything that is missing or has drifted apart.
pub fn complete(
    grader: &Grader,
    chapter: &Chapter,
    wanted: &[&Exercise],
    lectures: &Tree,
    stubs: &Tree,
    solutions: &Tree,
    complaints: &mut Complaints,
) -> Result<()> {
    if lectures != stubs {
        complaints.add(format!(
            "lectures/{} differs from its sealed stubs: put the stubs back, or run `{PROGRAM} check --seal` if these are the new ones",
            chapter.name
        ));
    }
    if stubs.files.keys().ne(solutions.files.keys()) {
        complaints.add(format!("lectures/{0} and solutions/{0} do not have the same files", chapter.name));
    }
    for (file, stub) in &stubs.files {
        if let Some(solution) = solutions.files.get(file) {
            let (stub, solution) = (parse_ours(stub, "the stub")?, parse_ours(solution, "the solution")?);
            compare(&format!("{}/{}", chapter.name, file.display()), &stub, &solution, complaints);
        }
    }
    leaks(chapter, stubs, solutions, complaints);
    let lecture = grader.paths.lecture(&chapter.name).join("README.md");
    let lecture =
        fs::read_to_string(&lecture).with_context(|| format!("failed to read `{}`", lecture.display()))?;
    for exercise in wanted {
        told(&lecture, exercise, complaints);
        metadata(grader, exercise, stubs, complaints)?;
    }
    Ok(())
}

/// A lecture lists its tasks with the minutes to expect, and asks a question after each.
fn told(lecture: &str, exercise: &Exercise, complaints: &mut Complaints) {
    let (id, topic, minutes) = (exercise.full_id(), &exercise.topic, exercise.minutes);
    let file = format!("lectures/{}/README.md", exercise.chapter);
    let row = format!("| [`{id}`](src/{topic}.rs) | `{topic}.rs` | {minutes} |");
    if !lecture.contains(&row) {
        complaints.add(format!("{file} does not list the task so: {row}"));
    }
    let question = format!("<summary><code>{id}</code>: ");
    if !lecture.contains(&question) {
        complaints.add(format!("{file} asks nothing after `{id}`: {question}…"));
    }
    let names = [format!("`{id}`"), question];
    if lecture.lines().any(|line| line.contains(TODO) && names.iter().any(|name| line.contains(name))) {
        complaints.add(format!("{file} says TODO of `{id}`"));
    }
}

fn compare(file: &str, stub: &Module, solution: &Module, complaints: &mut Complaints) {
    let (stubs, solutions) = (stub.signatures(), solution.signatures());
    for name in stubs.keys().chain(solutions.keys().filter(|name| !stubs.contains_key(*name))) {
        if stubs.get(name) != solutions.get(name) {
            complaints.add(format!("`{name}` in {file} has another signature in the solution"));
        }
    }
    let (stubs, solutions) = (stub.docs(), solution.docs());
    for (name, docs) in &stubs {
        if solutions.get(name) != Some(docs) {
            complaints.add(format!("`{name}` in {file} is documented otherwise in the solution"));
        }
    }
}

/// Distinctive lines of the solutions' code that stand in the stubs although the stubs' own code has no need of them.
fn leaks(chapter: &Chapter, stubs: &Tree, solutions: &Tree, complaints: &mut Complaints) {
    for (file, solution) in &solutions.files {
        let Some(stub) = stubs.files.get(file) else { continue };
        let (code, commented): (Vec<&str>, Vec<&str>) =
            stub.lines().map(str::trim).partition(|line| !line.starts_with("//"));
        let secret = solution
            .lines()
            .map(str::trim)
            .filter(|line| line.len() >= DISTINCTIVE && !line.starts_with("//"));
        for line in secret.filter(|line| !code.contains(line)) {
            if commented.iter().any(|comment| comment.contains(line)) {
                complaints.add(format!(
                    "lectures/{}/{} gives the solution away: {line}",
                    chapter.name,
                    file.display()
                ));
            }
        }
    }
}

fn metadata(grader: &Grader, exercise: &Exercise, stubs: &Tree, complaints: &mut Complaints) -> Result<()> {
    let stub = stubs.files.get(&exercise.file()).map(String::as_str).unwrap_or_default();
    let stub = parse_ours(stub, "the stub")?;
    let mut missing = missing_in_stub(exercise, &stub);
    missing.extend(missing_in_entry(exercise));
    let variants = diagnose::variants(&grader.paths, exercise)?.len();
    if variants < MISCONCEPTIONS {
        missing.push(format!("has {variants} misconceptions; {MISCONCEPTIONS} are the least"));
    }
    missing.extend(golden(grader, exercise)?);
    for what in missing {
        complaints.add(format!("`{}` {what}", exercise.full_id()));
    }
    Ok(())
}

/// The complaints of rules that don't hold.
fn broken<const N: usize>(rules: [(bool, &str); N]) -> Vec<String> {
    rules.iter().filter(|(holds, _)| !holds).map(|(_, what)| (*what).to_owned()).collect()
}

fn missing_in_stub(exercise: &Exercise, stub: &Module) -> Vec<String> {
    let docs = stub.docs();
    let of_items: Vec<Option<&str>> =
        exercise.items.iter().map(|item| docs.get(item).map(String::as_str)).collect();
    let says = |word: &str| of_items.iter().flatten().any(|docs| docs.contains(word));
    broken([
        (
            exercise.items.iter().all(|item| stub.line(item).is_some()),
            "lists an item that its stub does not have",
        ),
        (of_items.iter().all(Option::is_some), "has an item without docs"),
        (says("```"), "shows no example"),
        (!says(TODO), "says TODO in its docs"),
    ])
}

fn missing_in_entry(exercise: &Exercise) -> Vec<String> {
    let Exercise { title, source, hints, minutes, points, .. } = exercise;
    let mut texts = [title, source].into_iter().chain(hints);
    let worth = format!("is not worth one point for each {MINUTES_A_POINT} minutes begun");
    broken([
        (*minutes > 0, "does not say how many minutes it takes"),
        (*points == minutes.div_ceil(MINUTES_A_POINT).max(1), worth.as_str()),
        (!texts.any(|text| text.contains(TODO)), "says TODO in its title, its source or its hints"),
        ((2..=3).contains(&hints.len()), "should have two or three hints"),
        (!source.is_empty(), "names no source"),
    ])
}

/// What is wrong with an exercise's golden values, if anything.
fn golden(grader: &Grader, exercise: &Exercise) -> Result<Option<String>> {
    let path = snapshot::file(&grader.paths, exercise);
    let what = match (Golden::load(&grader.paths, exercise)?, &exercise.no_snapshot) {
        (None, Some(_)) if path.is_file() => "has a snapshot although it says that there is none".to_owned(),
        (None, Some(_)) => return Ok(None),
        (None, None) => format!(
            "has no golden values: `cd grader/golden && python -m {}.{}` makes them, for which PyTorch is needed; where there can \
             be none, `no_snapshot` in exercises.toml says why",
            exercise.chapter, exercise.topic
        ),
        (Some(_), Some(_)) => "has golden values although it says that there are none".to_owned(),
        (Some(golden), None) => {
            let recorded = snapshot::recorded(&path).unwrap_or_default();
            if differing_lines(&golden.text(), &recorded).is_empty() {
                return Ok(None);
            }
            let id = exercise.full_id();
            format!(
                "has no snapshot that says what its golden values are; `{PROGRAM} snapshots record {id}` makes it"
            )
        }
    };
    Ok(Some(what))
}
