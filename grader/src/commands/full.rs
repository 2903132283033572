//! Capstones on full-size data: minutes of training instead of seconds, with what came out kept in files.

use std::time::Instant;

use anyhow::{Result, bail};
use serde_json::json;

use super::{PROGRAM, Session, finish::finish};
use crate::{
    cli::Scoring,
    course::Exercise,
    device::Device,
    events::Event,
    examine::{Examinee, Examiner, diagnose},
    exit::Exit,
    files::write_whole,
    grade::{Grader, Options},
    report::Grading,
    verdict::{Marks, Verdict},
};

/// Puts the named exercises, or all that can be, to full-size data on `device`. They must be solved first. The points are those
/// of exercises that hold out there, too.
pub fn full(
    session: &Session,
    ids: &[String],
    seed: Option<u64>,
    (device, scoring): (Device, &Scoring),
) -> Result<Exit> {
    let exercises = selected(session, ids)?;
    let grader = Grader::on(device, session.course, session.events)?;
    let graded = grader.grade_lectures(&exercises, &Options { seed, force: false })?;
    let (mut full, mut text) = (Marks::default(), String::new());
    for exercise in exercises {
        let id = exercise.full_id();
        if let Some(verdict) = graded.verdicts.get(&id).filter(|verdict| !verdict.is_passed()) {
            full.verdicts.insert(id.clone(), verdict.clone());
            text += &format!("{id}: not run on full-size data; solve it first: {PROGRAM} run {id}\n");
            continue;
        }
        let began = Instant::now();
        let verdict = train(session, &grader, device, exercise, seed.unwrap_or(1))?;
        let spent = began.elapsed();
        text += &report(session, &grader, exercise, &verdict, spent.as_secs_f64())?;
        full.spent.insert(id.clone(), spent);
        full.verdicts.insert(id, verdict);
    }
    let grading = Grading::of_lectures(session.course.chapters.iter().collect(), full);
    finish(session, scoring, &grading, |_| Ok(text))
}

/// The exercises that `ids` name, all of which must have cases with full-size data; all that have when none is named.
fn selected<'c>(session: &'c Session<'c>, ids: &[String]) -> Result<Vec<&'c Exercise>> {
    super::refuse_without_authors("--full")?;
    let has_full = |exercise: &&Exercise| hidden::has_full_cases(&exercise.chapter, &exercise.id);
    if ids.is_empty() {
        let chapters = session.chapters()?;
        return Ok(chapters.into_iter().flat_map(|chapter| &chapter.exercises).filter(has_full).collect());
    }
    let mut exercises = Vec::new();
    for id in ids {
        exercises.extend(session.course.select(id)?.into_iter().filter(has_full));
    }
    if exercises.is_empty() {
        let all: Vec<String> =
            session.course.exercises().filter(has_full).map(|exercise| exercise.full_id()).collect();
        bail!("`{}` has no cases with full-size data; {} have", ids.join(" "), all.join(", "));
    }
    Ok(exercises)
}

fn train(
    session: &Session,
    grader: &Grader,
    device: Device,
    exercise: &Exercise,
    seed: u64,
) -> Result<Verdict> {
    let program = grader.program(exercise)?;
    let records = diagnose::load(&grader.paths, &exercise.chapter)?;
    let examiner = Examiner { paths: &grader.paths, records: &records, ear: None };
    let id = exercise.full_id();
    session.events.hear(Event::Training { exercise: &id });
    let mut heard = |line: &str| session.events.hear(Event::Printed { exercise: &id, line });
    let examinee = Examinee { exercise, program: &program, device };
    let verdict = examiner.examine_full(examinee, seed, &mut heard);
    session.events.hear(Event::Finished);
    verdict
}

/// The verdict in words. Draws the pictures, and keeps both in `target/grader/full/`.
fn report(
    session: &Session,
    grader: &Grader,
    exercise: &Exercise,
    verdict: &Verdict,
    seconds: f64,
) -> Result<String> {
    let id = exercise.full_id();
    let terminal = session.terminal();
    let mut text = terminal.detail(exercise, verdict, &Marks::default());
    if let Verdict::Passed { pictures, .. } = verdict {
        text += &session.drawn(grader, &format!("{id} full"), pictures)?;
    }
    let path = grader.paths.work().join("full").join(format!("{}.json", id.replace('/', "_")));
    let kept = json!({ "id": id, "seconds": seconds, "verdict": verdict });
    write_whole(&path, format!("{kept:#}\n").as_bytes())?;
    Ok(format!("{text}  on full-size data in {seconds:.0} s\n"))
}
