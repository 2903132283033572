//! `submit`: the student's sources, a receipt and the history of attempts, in one archive to hand in.

use std::{collections::BTreeMap, fs, path::Path};

use anyhow::{Context, Result, bail};
use serde_json::json;
use time::{OffsetDateTime, format_description::well_known::Rfc3339, macros::format_description};

use super::{PROGRAM, Session, solutions::shown};
use crate::{
    clean::clean,
    course::{Chapter, Exercise, stubs},
    exit::Exit,
    grade::{Grader, Options},
    hand_in::submission::{Points, Receipt, pack, sources},
    keep::{stash, state},
    paths::Paths,
    report::{put_json, putln, summary},
    source::tree::Tree,
};

/// Grades what there is, writes the archive and says where it is.
pub fn submit(session: &Session, file: Option<&Path>) -> Result<Exit> {
    let paths = &session.paths;
    let chapters: Vec<&Chapter> = session.course.chapters.iter().collect();
    refuse_solutions(paths, &chapters)?;
    let points = points(session, &chapters)?;
    let trees: BTreeMap<String, Tree> =
        chapters.iter().map(|chapter| (chapter.name.clone(), sources(paths, chapter))).collect();
    let now = OffsetDateTime::now_utc();
    let made = now.replace_nanosecond(0)?.format(&Rfc3339).context("failed to write the time")?;
    let receipt = Receipt::new(&trees, points, made);
    let file = match file {
        Some(file) => file.to_owned(),
        None => paths.personal().join("submissions").join(name(now)?),
    };
    let history = fs::read_to_string(state::file(paths)).ok();
    pack(&file, &trees, &receipt, history.as_deref())?;
    let place = shown(paths, &file);
    if session.common.json {
        put_json(
            &json!({ "format": 1, "file": file, "earned": points.earned, "points": points.of, "left_out": receipt.left_out() }),
        );
    } else {
        let files: usize = trees.values().map(|tree| tree.files.len()).sum();
        putln!("{files} source files with {} of {} points are in {place}", points.earned, points.of);
        for sentence in receipt.left_out() {
            putln!("{} {}", session.style.bad("not in it:"), clean(sentence));
        }
        putln!("Hand that file in. Points are given by grading it anew, with other cases.");
    }
    Ok(Exit::Done)
}

/// By the stash's record, and by the files themselves, since a record can be lost.
fn refuse_solutions(paths: &Paths, chapters: &[&Chapter]) -> Result<()> {
    for Chapter { name, .. } in chapters {
        if stash::waiting(paths, name)?.is_some() {
            bail!(
                "lectures/{name} holds the reference solutions, not your files; `{PROGRAM} solutions out {name}` brings yours back first"
            );
        }
        let solutions = stash::solutions_among(paths, name, &stubs::load(paths, name)?.files);
        if let Some(file) = solutions.first() {
            bail!(
                "`lectures/{name}/{}` is the reference solution to the byte, which nobody hands in: put a file of your own there",
                file.display()
            );
        }
    }
    Ok(())
}

fn points(session: &Session, chapters: &[&Chapter]) -> Result<Points> {
    let exercises: Vec<&Exercise> = chapters.iter().flat_map(|chapter| &chapter.exercises).collect();
    let grader = Grader::new(session.course, session.events)?;
    let graded = grader.grade_lectures(&exercises, &Options::default())?;
    let (earned, of) = summary(exercises.into_iter(), &graded);
    Ok(Points { earned, of })
}

fn name(now: OffsetDateTime) -> Result<String> {
    let format = format_description!("crash-course-[year]-[month]-[day]T[hour]-[minute]-[second]Z.zip");
    now.format(&format).context("failed to write the time")
}
