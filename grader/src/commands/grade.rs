//! Grading: everything that changed, the exercises that were named, or a list of all.

use anyhow::Result;

use super::{
    PROGRAM, Session,
    finish::{finish, note_attempts},
    questions,
};
use crate::{
    bench,
    clean::clean,
    cli::{Common, Scoring, TimingOption},
    course::{Chapter, Exercise},
    device::Device,
    exit::Exit,
    grade::{Grader, Options},
    keep::history,
    report::{Again, Grading, News, Terminal, is_to_fix, put, timing},
    verdict::{Marks, Verdict},
};

/// Grades what changed, on `device`, and says what to do next; does `before_report` in between.
pub fn changed(
    session: &Session,
    device: Device,
    (scoring, timing): (&Scoring, TimingOption),
    before_report: impl FnOnce(&Grader, &Marks),
) -> Result<Exit> {
    let chapters = session.chapters()?;
    let exercises: Vec<&Exercise> = chapters.iter().flat_map(|chapter| &chapter.exercises).collect();
    let grader = Grader::on(device, session.course, session.events)?;
    let grading = graded(session, &grader, &exercises, chapters, None)?;
    let (graded, news) = (&grading.parts[0].graded, news(session, &grader, &grading)?);
    before_report(&grader, graded);
    let report = |terminal: &Terminal| Ok(terminal.report(&grading.chapters, graded, &news));
    let exit = finish(session, scoring, &grading, report)?;
    // Drawing takes a while: the verdict does not wait for it.
    let shown = shown(session, &grader, graded, &[])?;
    if !session.common.json && !session.common.quiet {
        put!("{shown}{}", questions::answered(session, &fresh(session, graded), graded));
    }
    // Below a failure nobody wants to know how fast the rest is.
    if !graded.verdicts.values().any(is_to_fix) {
        show_timings(session, (device, timing), &news.exercises, graded);
    }
    Ok(exit)
}

/// Grades the named exercises on `device` and shows each in full.
pub fn named(
    session: &Session,
    ids: &[String],
    seed: Option<u64>,
    device: Device,
    (scoring, timing): (&Scoring, TimingOption),
) -> Result<Exit> {
    let mut exercises: Vec<&Exercise> = Vec::new();
    for id in ids {
        exercises.extend(session.course.select(id)?);
    }
    let grader = Grader::on(device, session.course, session.events)?;
    let chapters = session.course.chapters.iter().collect();
    let grading = graded(session, &grader, &exercises, chapters, seed)?;
    let (graded, news) = (&grading.parts[0].graded, news(session, &grader, &grading)?);
    let shown = shown(session, &grader, graded, &exercises)?;
    let exit = finish(session, scoring, &grading, |terminal| {
        // Whoever has just typed the seed need not be told how.
        let again = if seed.is_some() { Again::Save } else { terminal.again };
        let terminal = &Terminal { again, ..*terminal };
        let details = exercises.iter().filter_map(|exercise| {
            Some(terminal.detail(exercise, graded.verdicts.get(&exercise.full_id())?, graded))
        });
        let answered = questions::answered(session, &exercises, graded);
        let solved = terminal.solved(&news, usize::MAX);
        Ok(details.collect::<Vec<_>>().join("\n") + &shown + &answered + &solved)
    })?;
    let is_failing = |exercise: &&Exercise| graded.verdicts.get(&exercise.full_id()).is_some_and(is_to_fix);
    if !exercises.iter().any(is_failing) {
        show_timings(session, (device, timing), &news.exercises, graded);
    }
    Ok(exit)
}

/// Lists every exercise with its state.
pub fn list(session: &Session, scoring: &Scoring) -> Result<Exit> {
    let chapters = session.chapters()?;
    let exercises: Vec<&Exercise> = chapters.iter().flat_map(|chapter| &chapter.exercises).collect();
    let grader = Grader::new(session.course, session.events)?;
    let grading = graded(session, &grader, &exercises, chapters, None)?;
    let graded = &grading.parts[0].graded;
    finish(session, scoring, &grading, |terminal| {
        let answered = questions::answered(session, &fresh(session, graded), graded);
        Ok(terminal.list(&grading.chapters, graded) + &answered)
    })
}

/// Grades what lies in `lectures/`.
fn graded<'c>(
    session: &Session<'c>,
    grader: &Grader,
    exercises: &[&Exercise],
    chapters: Vec<&'c Chapter>,
    seed: Option<u64>,
) -> Result<Grading<'c>> {
    let graded = grader.grade_lectures(exercises, &Options { seed, force: false })?;
    let solved_now = note_attempts(session, &graded);
    Ok(Grading { solved_now, ..Grading::of_lectures(chapters, graded) })
}

/// What was solved just now, and what it is seen beside.
fn news<'c>(session: &Session<'c>, grader: &Grader, grading: &Grading) -> Result<News<'c>> {
    let exercises: Vec<&Exercise> =
        grading.solved_now.iter().filter_map(|id| session.course.exercise(id)).collect();
    if exercises.is_empty() {
        return Ok(News::default());
    }
    let known = grader.with_remembered(grading.parts[0].graded.clone())?;
    Ok(News { exercises, known, minutes: history::minutes(&session.paths) })
}

/// Times what was solved just now: after the report, so that nobody waits for it.
fn show_timings(
    session: &Session,
    (device, TimingOption { no_timing }): (Device, TimingOption),
    exercises: &[&Exercise],
    graded: &Marks,
) {
    let Common { json, quiet, .. } = session.common;
    // On a GPU a process waits, and its CPU time says nothing.
    if no_timing || *json || *quiet || device != Device::Cpu {
        return;
    }
    let timings = bench::quick(exercises.iter().copied(), graded);
    for (exercise, summary) in
        timings.iter().filter(|(_, summary)| summary.verdict == bench::speed::Speed::Alone)
    {
        put!("{}", timing(session.style, exercise, summary, PROGRAM));
    }
}

/// What was judged just now.
fn fresh<'s>(session: &'s Session, graded: &Marks) -> Vec<&'s Exercise> {
    graded.fresh.iter().filter_map(|id| session.course.exercise(id)).collect()
}

/// Draws what the exercises that were judged just now have to show, and says what came out, where that does not stand above it
/// among the `details`.
fn shown(session: &Session, grader: &Grader, graded: &Marks, details: &[&Exercise]) -> Result<String> {
    let mut text = String::new();
    for id in &graded.fresh {
        let Some(Verdict::Passed { results, pictures, .. }) = graded.verdicts.get(id) else { continue };
        if !details.iter().any(|exercise| exercise.full_id() == *id) {
            let line =
                |(name, result): &(String, String)| format!("\n  {id} · {}: {}", clean(name), clean(result));
            text.extend(results.iter().map(line));
        }
        text += &session.drawn(grader, id, pictures)?;
    }
    Ok(if text.is_empty() { text } else { text + "\n" })
}
