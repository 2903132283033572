//! The page: opens it, renews it after every grading, or writes it as files. What is on it is `page`'s.

use std::{collections::BTreeMap, path::Path, sync::Arc};

use anyhow::Result;

use super::{PROGRAM, Session, bench, finish::note_attempts, watch};
use crate::{
    bench::quick,
    build::assemble::Sources,
    cli::{Common, PageOptions, TimingOption},
    course::Exercise,
    exit::Exit,
    grade::{Grader, Options},
    keep::{history, state},
    page::{self, Board, Door, FIRST, Follow, Leaf, View, file_of},
    report::{Style, draw, plural, put_json, putln, timing},
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
        let seen = again(session, grader, &[exercise], graded);
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

/// Grades once and writes into `folder`: the page of one exercise, or one of each and a first page that leads there.
fn export(session: &Session, id: Option<&str>, folder: &Path) -> Result<Exit> {
    let chosen = id.map(|id| session.course.one(id)).transpose()?;
    let exercises = session.selected(&[])?;
    let grader = Grader::new(session.course, session.events)?;
    let graded = grader.grade_lectures(&exercises, &Options::default())?;
    note_attempts(session, &graded);
    let shown = chosen.map_or(exercises, |exercise| vec![exercise]);
    let graded = again(session, &grader, &shown, &graded).unwrap_or(graded);
    let leaf = |exercise: &Exercise| Leaf {
        file: if chosen.is_some() { FIRST.to_owned() } else { file_of(&exercise.full_id()) },
        title: exercise.title.clone(),
        sheet: page::sheet(&with_more(
            session,
            View { is_one_of_all: chosen.is_none(), ..view(session, exercise, &graded) },
        )),
    };
    let mut leaves: Vec<Leaf> = shown.iter().map(|exercise| leaf(exercise)).collect();
    if chosen.is_none() {
        let sheet = page::overview(session.course, &session.chapters()?, &graded);
        leaves.push(Leaf { file: FIRST.to_owned(), title: session.course.title.clone(), sheet });
    }
    page::export(folder, leaves)?;
    let what = chosen.map_or_else(|| plural(shown.len(), "exercise"), Exercise::full_id);
    let is = if chosen.is_none() && shown.len() != 1 { "are" } else { "is" };
    session.say(&format!("{what} {is} in {}", folder.join(FIRST).display()));
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
        is_one_of_all: false,
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

/// Remembered verdicts have no pictures: such exercises are examined once more, with the same cases, beside all that is remembered.
fn again(session: &Session, grader: &Grader, exercises: &[&Exercise], graded: &Marks) -> Option<Marks> {
    let mut by_cases: BTreeMap<(&str, Option<u64>), Vec<&Exercise>> = BTreeMap::new();
    for &exercise in exercises {
        if let Some(seed) = lacks_pictures(&exercise.full_id(), graded) {
            by_cases.entry((&exercise.chapter, seed)).or_default().push(exercise);
        }
    }
    let mut seen: Option<Marks> = None;
    for ((chapter, seed), exercises) in by_cases {
        let chapter = session.course.chapter(chapter)?;
        let tree = Tree::of_student(&session.paths.lecture(&chapter.name));
        let submission = Sources { chapter, source: "lectures", tree: &tree };
        let (mut once, options) = (Marks::default(), Options { seed, force: true });
        // What can't be examined now keeps the verdict that is remembered.
        if grader.grade(&submission, &exercises, &options, None, &mut once).is_ok() {
            let seen = seen.get_or_insert_with(|| graded.clone());
            seen.programs.extend(once.programs);
            seen.fresh.extend(once.verdicts.keys().cloned());
            seen.verdicts.extend(once.verdicts);
        }
    }
    seen
}

/// Whether there is more to see than is remembered, and with the cases of which seed.
fn lacks_pictures(id: &str, graded: &Marks) -> Option<Option<u64>> {
    if graded.fresh.iter().any(|fresh| fresh == id) {
        return None;
    }
    match graded.verdicts.get(id)? {
        Verdict::Failed(failure) if failure.kind == Kind::Wrong && failure.sights.is_empty() => {
            Some(Some(failure.seed))
        }
        Verdict::Passed { .. } => Some(None),
        _ => None,
    }
}
