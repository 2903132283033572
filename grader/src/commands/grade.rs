//! Grading: everything that changed, the exercises that were named, or a list of all.

use std::fs;

use anyhow::{Context, Result};

use super::{Outcome, PROGRAM, Session};
use crate::{
    bench,
    cli::{Common, Scoring, Timing},
    course::{Chapter, Exercise},
    device::Device,
    grade::{Grader, Options},
    keep::{stash, state},
    paths::Paths,
    report::{Terminal, json, junit, put, put_json, putln, summary, tell, timing},
    verdict::{Graded, Verdict},
};

/// Grades what changed, on `device`, and says what to do next; does `before_report` in between.
pub fn changed(
    session: &Session,
    device: Device,
    (scoring, timing): (&Scoring, Timing),
    before_report: impl FnOnce(),
) -> Result<Outcome> {
    let chapters = session.chapters()?;
    let exercises: Vec<&Exercise> = chapters.iter().flat_map(|chapter| &chapter.exercises).collect();
    let grader = Grader::on(device, session.course, session.events)?;
    let graded = grader.grade_lectures(&exercises, &Options::default())?;
    before_report();
    let outcome =
        finish(session, scoring, &chapters, &graded, |terminal| terminal.report(&chapters, &graded))?;
    // Drawing takes a while: the verdict does not wait for it.
    let shown = shown(session, &grader, &graded)?;
    if !session.common.json && !session.common.quiet {
        put!("{shown}");
    }
    show_timings(session, (device, timing), &exercises, &graded);
    Ok(outcome)
}

/// Times what was solved just now: after the report, so that nobody waits for it.
fn show_timings(
    session: &Session,
    (device, Timing { no_timing }): (Device, Timing),
    exercises: &[&Exercise],
    graded: &Graded,
) {
    let Common { json, quiet, .. } = session.common;
    // On a GPU a process waits, and its CPU time says nothing.
    if no_timing || *json || *quiet || device != Device::Cpu {
        return;
    }
    let timings = bench::quick(exercises.iter().copied(), graded);
    for (exercise, summary) in
        timings.iter().filter(|(_, summary)| summary.verdict == bench::verdict::Verdict::Alone)
    {
        put!("{}", timing(session.style, exercise, summary, PROGRAM));
    }
}

/// Grades the named exercises on `device` and shows each in full.
pub fn named(
    session: &Session,
    ids: &[String],
    seed: Option<u64>,
    device: Device,
    (scoring, timing): (&Scoring, Timing),
) -> Result<Outcome> {
    let mut exercises: Vec<&Exercise> = Vec::new();
    for id in ids {
        exercises.extend(session.course.select(id)?);
    }
    let grader = Grader::on(device, session.course, session.events)?;
    let graded = grader.grade_lectures(&exercises, &Options { seed, force: false })?;
    let shown = shown(session, &grader, &graded)?;
    let chapters: Vec<&Chapter> = session.course.chapters.iter().collect();
    let outcome = finish(session, scoring, &chapters, &graded, |terminal| {
        let details = exercises.iter().filter_map(|exercise| {
            Some(terminal.detail(exercise, graded.verdicts.get(&exercise.full_id())?, &graded))
        });
        details.collect::<Vec<_>>().join("\n") + &shown
    })?;
    show_timings(session, (device, timing), &exercises, &graded);
    Ok(outcome)
}

/// Lists every exercise with its state.
pub fn list(session: &Session, scoring: &Scoring) -> Result<Outcome> {
    let chapters = session.chapters()?;
    let exercises: Vec<&Exercise> = chapters.iter().flat_map(|chapter| &chapter.exercises).collect();
    let grader = Grader::new(session.course, session.events)?;
    let graded = grader.grade_lectures(&exercises, &Options::default())?;
    finish(session, scoring, &chapters, &graded, |terminal| terminal.list(&chapters, &graded))
}

/// Prints and writes what was asked for, and compares the points with what was wanted.
fn finish(
    session: &Session,
    scoring: &Scoring,
    chapters: &[&Chapter],
    graded: &Graded,
    text: impl Fn(&Terminal) -> String,
) -> Result<Outcome> {
    note_attempts(session, graded);
    let (earned, all) = summary(chapters.iter().flat_map(|chapter| &chapter.exercises), graded);
    if session.common.json {
        put_json(&json(chapters, graded));
    } else if session.common.quiet {
        putln!("{earned} of {all} points");
    } else {
        put!("{}", swapped(session, chapters));
        put!("{}", text(&Terminal { course: session.course, style: session.style, program: PROGRAM }));
    }
    settle(scoring, chapters, &[(None, graded)], earned)
}

/// Writes the JUnit report, where one is wanted, and compares the points with those that are wanted.
pub fn settle(
    scoring: &Scoring,
    chapters: &[&Chapter],
    graded: &[(Option<&str>, &Graded)],
    earned: u32,
) -> Result<Outcome> {
    if let Some(path) = &scoring.junit {
        fs::write(path, junit(chapters, graded)?)
            .with_context(|| format!("failed to write `{}`", path.display()))?;
    }
    let below = scoring.min_score.is_some_and(|least| earned < least);
    Ok(if below { Outcome::BelowScore } else { Outcome::Done })
}

/// Says whose solutions the points are, where they are not the student's.
fn swapped(session: &Session, chapters: &[&Chapter]) -> String {
    let paths = Paths::new(&session.course.root);
    let mut text = String::new();
    for Chapter { name, .. } in chapters {
        match stash::waiting(&paths, name) {
            Ok(None) => {}
            Ok(Some(_)) => {
                let out = session.style.command(&format!("{PROGRAM} solutions out {name}"));
                text += &format!(
                    "lectures/{name} holds the reference solutions; your own files come back by {out}\n\n"
                );
            }
            Err(error) => text += &format!("{error:#}\n\n"),
        }
    }
    text
}

/// Counts attempts. Points do not depend on them, so a state that can't be written spoils no grading.
fn note_attempts(session: &Session, graded: &Graded) {
    if graded.fresh.is_empty() {
        return;
    }
    match state::update(&Paths::new(&session.course.root), |state| state.note_attempts(graded)) {
        Ok(None) => {}
        Ok(Some(path)) => tell(&state::set_aside_message(&path)),
        Err(error) => tell(&format!("warning: attempts are not counted: {error:#}")),
    }
}

/// Draws what the exercises that were solved just now have to show, and says what came out.
fn shown(session: &Session, grader: &Grader, graded: &Graded) -> Result<String> {
    let mut text = String::new();
    for id in &graded.fresh {
        if let Some(Verdict::Passed { results, pictures, .. }) = graded.verdicts.get(id) {
            text += &session.show(grader, id, results, pictures)?;
        }
    }
    Ok(text)
}
