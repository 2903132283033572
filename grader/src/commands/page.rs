//! The page: opens it, renews it after every grading, or writes it as files. What is on it is `page`'s.

use std::{path::Path, sync::Arc};

use anyhow::{Context, Result};

use super::{PROGRAM, Session, bench, finish::note_attempts, watch};
use crate::{
    bench::quick,
    build::assemble::Sources,
    cli::{Common, PageOptions, TimingOption},
    course::Exercise,
    exit::Exit,
    grade::{Grader, Options},
    keep::{history, state},
    page::{self, Board, Door, Follow, View},
    report::{Style, draw, put_json, putln, timing},
    source::tree::Tree,
    verdict::{Kind, Marks, Picture, Verdict},
};

/// An open page.
pub struct Page {
    board: Arc<Board>,
    door: Door,
    follow: Follow,
    is_json: bool,
}

impl Page {
    /// Opens it and says where.
    pub fn open(session: &Session, id: Option<&str>) -> Result<Self> {
        let follow = follow(session, id)?;
        let board = Arc::new(Board::default());
        let door = page::open(board.clone())?;
        let opened = Self { board, door, follow, is_json: session.common.json };
        if opened.is_json {
            put_json(&serde_json::json!({ "format": 1, "page": opened.door.url() }));
        }
        opened.say();
        Ok(opened)
    }

    /// What it shows.
    pub fn board(&self) -> Arc<Board> {
        self.board.clone()
    }

    /// Says where it is.
    pub fn say(&self) {
        if !self.is_json {
            putln!("\npage: {}", self.door.url());
        }
    }

    /// Shows what came of a grading, and then what takes longer to find out.
    pub fn renew(&mut self, session: &Session, grader: &Grader, graded: &Marks) {
        let Ok(exercises) = session.selected(&[]) else { return };
        let Some(exercise) = self.follow.pick(session.course, &exercises, graded) else { return };
        self.board.publish(page::sheet(&view(session, exercise, graded)));
        let seen = again(session, grader, exercise, graded);
        let view = view(session, exercise, seen.as_ref().unwrap_or(graded));
        let view = with_more(session, view);
        if seen.is_some() || view.timing.is_some() || !view.drawn.is_empty() {
            self.board.publish(page::sheet(&view));
        }
    }
}

/// Grades after every save and shows it on the page alone; or once, and writes the page as files.
pub fn page(session: &Session, options: &PageOptions) -> Result<Exit> {
    let id = options.id.as_deref();
    if let Some(folder) = &options.export {
        return export(session, id, folder);
    }
    let opened = Page::open(session, id)?;
    session.say("It renews itself whenever you save a file below lectures/ · Ctrl-C ends");
    let common = Common { quiet: true, ..session.common.clone() };
    let quiet = Session { common: &common, paths: session.paths.clone(), ..*session };
    watch::watch(&quiet, (options.poll, TimingOption { no_timing: true }), Some(opened))
}

/// Grades once and writes the page into `folder`.
fn export(session: &Session, id: Option<&str>, folder: &Path) -> Result<Exit> {
    let mut follow = follow(session, id)?;
    let exercises = session.selected(&[])?;
    let grader = Grader::new(session.course, session.events)?;
    let graded = grader.grade_lectures(&exercises, &Options::default())?;
    note_attempts(session, &graded);
    let exercise = follow.pick(session.course, &exercises, &graded).context("there is no exercise here")?;
    let graded = again(session, &grader, exercise, &graded).unwrap_or(graded);
    let sheet = page::sheet(&with_more(session, view(session, exercise, &graded)));
    page::export(folder, &exercise.title, sheet)?;
    session.say(&format!("{} is in {}", exercise.full_id(), folder.join("index.html").display()));
    Ok(Exit::Done)
}

fn follow(session: &Session, id: Option<&str>) -> Result<Follow> {
    session.chapters()?;
    let only = |id| Ok::<_, anyhow::Error>(Follow::only(&session.course.one(id)?.full_id()));
    id.map_or_else(|| Ok(Follow::default()), only)
}

/// What is known at once.
fn view<'a>(session: &'a Session, exercise: &'a Exercise, graded: &'a Marks) -> View<'a> {
    let id = exercise.full_id();
    // Without what is remembered the page is as good as new.
    let hints = state::load(&session.paths).map_or(0, |file| file.state.get(&id).hints);
    View {
        course: session.course,
        chapters: session.chapters().unwrap_or_default(),
        graded,
        exercise,
        hints,
        history: history::of(&session.paths, &id),
        timing: None,
        drawn: Vec::new(),
        program: PROGRAM,
    }
}

/// With pictures that are files, and with times: just now alone, and beside the reference when that was measured.
fn with_more<'a>(session: &Session, view: View<'a>) -> View<'a> {
    let id = view.exercise.full_id();
    let pictures = match view.graded.verdicts.get(&id) {
        Some(Verdict::Passed { pictures, .. }) => &pictures[..],
        _ => return view,
    };
    let folder = session.paths.work().join("pictures");
    let is_file = |picture: &&Picture| !matches!(picture, Picture::Lines { .. });
    let drawn = pictures.iter().filter(is_file).filter_map(|picture| draw(&folder, &id, picture).ok());
    let plain = Style { colour: false };
    let alone = quick([view.exercise].into_iter(), view.graded);
    let alone = alone.first().map(|(exercise, summary)| timing(plain, exercise, summary, PROGRAM));
    let timings: Vec<String> = alone.into_iter().chain(bench::last(session, view.exercise)).collect();
    View { drawn: drawn.collect(), timing: (!timings.is_empty()).then(|| timings.concat()), ..view }
}

/// A remembered verdict has no pictures: its exercise is examined once more, with the same cases, beside all that is remembered.
fn again(session: &Session, grader: &Grader, exercise: &Exercise, graded: &Marks) -> Option<Marks> {
    let id = exercise.full_id();
    let seed = match graded.verdicts.get(&id)? {
        Verdict::Failed(failure) if failure.kind == Kind::Wrong && failure.sights.is_empty() => {
            Some(failure.seed)
        }
        Verdict::Passed { .. } => None,
        _ => return None,
    };
    if graded.fresh.contains(&id) {
        return None;
    }
    let chapter = session.course.chapter(&exercise.chapter)?;
    let tree = Tree::of_student(&session.paths.lecture(&chapter.name));
    let submission = Sources { chapter, source: "lectures", tree: &tree };
    let (mut once, options) = (Marks::default(), Options { seed, force: true });
    grader.grade(&submission, &[exercise], &options, None, &mut once).ok()?;
    let verdict = once.verdicts.remove(&id)?;
    let mut seen = graded.clone();
    seen.programs.extend(once.programs);
    seen.fresh.push(id.clone());
    seen.verdicts.insert(id, verdict);
    Some(seen)
}
