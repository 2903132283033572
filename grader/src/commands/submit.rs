//! `submit`: the student's sources, a receipt and the history of attempts, in one archive to hand in.

use std::{collections::BTreeMap, fs, path::Path};

use anyhow::{Context, Result, bail};
use serde_json::json;
use time::{OffsetDateTime, format_description::well_known::Rfc3339, macros::format_description};

use super::{Outcome, Session, solutions::shown};
use crate::{
    course::{Chapter, Exercise},
    grade::{Grader, Options},
    paths::Paths,
    report::{put_json, putln, summary},
    stash, state,
    submission::{Points, Receipt, pack},
    tree::Tree,
};

/// Grades what there is, writes the archive and says where it is.
pub fn submit(session: &Session, file: Option<&Path>) -> Result<Outcome> {
    let paths = Paths::new(&session.course.root);
    let chapters: Vec<&Chapter> = session.course.chapters.iter().collect();
    refuse_solutions(&paths, &chapters)?;
    let points = points(session, &chapters)?;
    let trees: Result<BTreeMap<String, Tree>> = chapters
        .iter()
        .map(|chapter| Ok((chapter.name.clone(), Tree::of_student(&paths.lecture(&chapter.name)))))
        .collect();
    let (trees, now) = (trees?, OffsetDateTime::now_utc());
    let made = now.replace_nanosecond(0)?.format(&Rfc3339).context("failed to write the time")?;
    let receipt = Receipt::new(&trees, points, made);
    let file = match file {
        Some(file) => file.to_owned(),
        None => paths.root().join(".crash-course/submissions").join(name(now)?),
    };
    let history = fs::read_to_string(state::file(&paths)).ok();
    pack(&file, &trees, &receipt, history.as_deref())?;
    let place = shown(&paths, &file);
    if session.common.json {
        put_json(&json!({ "format": 1, "file": file, "earned": points.earned, "points": points.of }));
    } else {
        let files: usize = trees.values().map(|tree| tree.files.len()).sum();
        putln!("{files} source files with {} of {} points are in {place}", points.earned, points.of);
        putln!("Hand that file in. Points are given by grading it anew, with other cases.");
    }
    Ok(Outcome::Done)
}

fn refuse_solutions(paths: &Paths, chapters: &[&Chapter]) -> Result<()> {
    for Chapter { name, .. } in chapters {
        if stash::waiting(paths, name)?.is_some() {
            bail!(
                "lectures/{name} holds the reference solutions, not your files; `solutions out {name}` brings yours back first"
            );
        }
    }
    Ok(())
}

fn points(session: &Session, chapters: &[&Chapter]) -> Result<Points> {
    let exercises: Vec<&Exercise> = chapters.iter().flat_map(|chapter| &chapter.exercises).collect();
    let grader = Grader::new(session.course, session.progress)?;
    let graded = grader.grade_lectures(&exercises, &Options::default())?;
    let (earned, of) = summary(exercises.into_iter(), &graded);
    Ok(Points { earned, of })
}

fn name(now: OffsetDateTime) -> Result<String> {
    let format = format_description!("crash-course-[year]-[month]-[day]T[hour]-[minute]-[second]Z.zip");
    now.format(&format).context("failed to write the time")
}
