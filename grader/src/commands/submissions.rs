//! `grade`: what was handed in, with cases that nobody has seen before. With `--out` that is `class`'s; else what exactly was graded is
//! printed.

use std::{
    fmt::Write,
    path::{Path, PathBuf},
};

use anyhow::{Result, ensure};

use super::{PROGRAM, Session, class, finish::finish, isolation::isolate};
use crate::{
    clean::{clean, clean_plain},
    cli::{Scoring, Submissions},
    course::Chapter,
    exit::Exit,
    grade::Grader,
    hand_in::{
        bundle::{self, Bundle, joined},
        submission::Submission,
    },
    messages::failures::{case, lead},
    report::{Facts, Grading, Paper, Terminal, tell},
    verdict::{Marks, Verdict},
};

/// Seeds of the cases that students have are small.
const FRESH: std::ops::Range<u64> = 1 << 32..1 << 48;

/// A seed that no student's cases have.
pub fn fresh_seed() -> u64 {
    rand::Rng::gen_range(&mut rand::thread_rng(), FRESH)
}

/// Grades each submission; all with the same cases, those of `--seed` or of one drawn now.
pub fn grade(session: &Session, given: &Submissions) -> Result<Exit> {
    let Submissions { places, seed, out, roster, isolation, scoring, again, part, jobs, .. } = given;
    if seed.is_none() {
        super::refuse_without_authors("grade without --seed")?;
    }
    let isolation = isolate(session, *isolation)?;
    match out {
        Some(out) => {
            let roster = roster.as_deref();
            let (seed, again, part, jobs) = (*seed, *again, *part, *jobs);
            class::grade(session, &class::Wish { places, out, roster, seed, isolation, again, part, jobs })
        }
        None => print(session, places, *seed, scoring),
    }
}

fn print(session: &Session, places: &[PathBuf], seed: Option<u64>, scoring: &Scoring) -> Result<Exit> {
    let seed = seed.unwrap_or_else(fresh_seed);
    let chapters = session.chapters()?;
    let grader = Grader::new(session.course, session.events)?;
    let (mut parts, mut unread) = (Vec::new(), Vec::new());
    for place in places {
        for (name, submitted) in submissions(session, place, &mut unread) {
            let graded = grader.grade_submission(&chapters, &submitted.trees, seed, None)?;
            parts.push((submitted.files(), part(name, &submitted, graded, seed)));
        }
    }
    let (files, parts): (Vec<usize>, Vec<Paper>) = parts.into_iter().unzip();
    let grading = Grading::of_submissions(chapters, parts, unread);
    let exit = finish(session, scoring, &grading, |terminal| {
        let parts = files.iter().zip(&grading.parts);
        Ok(parts.map(|(files, part)| report(terminal, &grading.chapters, *files, part)).collect())
    })?;
    ensure!(grading.unread.is_empty(), "not graded: {}", grading.unread.join(", "));
    Ok(exit)
}

/// What lies in a place, each with its name. What is wrong with one submission keeps nobody else's from being graded.
fn submissions(session: &Session, place: &Path, unread: &mut Vec<String>) -> Vec<(String, Submission)> {
    let shown = place.display().to_string();
    let bundle = bundle::open(session.course, place).unwrap_or_else(|error| {
        tell(&format!("error: {error:#}"));
        unread.push(shown.clone());
        Bundle::default()
    });
    for (within, why) in &bundle.useless {
        let name = joined(&shown, within);
        tell(&format!("error: `{name}`: {why}"));
        unread.push(name);
    }
    let parcels = bundle.parcels.into_iter();
    parcels.map(|p| (joined(&shown, &p.within), Submission::of(session.course, p.files))).collect()
}

fn part(place: String, submitted: &Submission, graded: Marks, seed: u64) -> Paper {
    let facts = Facts {
        place,
        sha256: submitted.fingerprint(),
        seed,
        findings: submitted.findings.clone(),
        receipt: serde_json::json!(submitted.receipt),
    };
    Paper { submission: Some(facts), graded }
}
fn report(terminal: &Terminal, chapters: &[&Chapter], files: usize, part: &Paper) -> String {
    let Paper { submission: Some(facts), graded } = part else { return String::new() };
    let (style, (earned, of)) = (terminal.style, part.points(chapters));
    let mut text = format!("{}   {earned} of {of} points\n", style.strong(&clean(&facts.place)));
    _ = writeln!(text, "  graded: {files} source files, sha256 {}…", &facts.sha256[..16]);
    if let Some((made, points)) = facts.receipt.get("made").zip(facts.receipt.get("points")) {
        let made = clean(made.as_str().unwrap_or_default());
        let (earned, of) = (&points["earned"], &points["of"]);
        _ = writeln!(text, "  handed in: {made}, where the student's grader gave {earned} of {of}");
    }
    for finding in &facts.findings {
        _ = writeln!(text, "  {} {}", style.bad("note:"), clean(finding));
    }
    let again = style.command(&format!("{PROGRAM} grade {} --seed {}", facts.place, facts.seed));
    _ = writeln!(text, "  the same cases again: {again}\n");
    text += &terminal.list_begun(chapters, graded);
    text + &failures(chapters, graded) + "\n"
}

/// What went wrong, two or three lines an exercise.
fn failures(chapters: &[&Chapter], graded: &Marks) -> String {
    let mut text = String::new();
    for exercise in chapters.iter().flat_map(|chapter| &chapter.exercises) {
        let id = exercise.full_id();
        match graded.verdicts.get(&id) {
            Some(Verdict::Failed(failure)) => {
                let case = case(failure).unwrap_or_else(|| failure.kind.word().to_owned());
                _ = writeln!(text, "\n{id}: {case}\n  {}", clean(&lead(failure)));
            }
            Some(Verdict::Internal { message }) => {
                _ = writeln!(text, "\n{id}: the grader failed, not the student: {}", clean_plain(message));
            }
            _ => {}
        }
    }
    text
}
