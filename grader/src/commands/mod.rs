//! The commands, a file each. This one hands out what they share and picks the one that was asked for.

mod bench;
mod check;
mod class;
mod clinic;
mod dispatch;
mod doctor;
mod finish;
mod full;
mod grade;
mod hint;
mod isolation;
mod mine;
mod new;
mod next;
mod page;
mod parity;
mod questions;
mod release;
mod reset;
mod restore;
mod snapshots;
mod solutions;
mod stash;
mod submissions;
mod submit;
mod update;
pub mod watch;

use std::env;

use anyhow::{Context, Result, bail, ensure};
use serde_json::json;

use crate::{
    cli::{Cli, Command, Common},
    course::{Chapter, Course, Exercise},
    device::NoDevice,
    events::Listener,
    exit::Exit,
    grade::Grader,
    keep::{history, stash as stashes, state},
    parallel::side_by_side,
    paths::Paths,
    report::{Again, Screen, Style, Terminal, draw, link_below, listener, put_json, putln, tell},
    verdict::Picture,
};

use dispatch::{dispatch, refuse_idle_options};
use doctor::Symptoms;

/// What every command gets.
pub struct Session<'a> {
    /// What exists: chapters and exercises.
    pub course: &'a Course,
    /// Where everything of the course lies; made once, here.
    pub paths: Paths,
    /// Options of every command.
    pub common: &'a Common,
    /// The chapter that `--chapter` names.
    pub chapter: Option<&'a str>,
    /// Who is told what happens.
    pub events: &'a dyn Listener,
    /// Colours or none.
    pub style: Style,
    /// What it takes to be graded again.
    pub again: Again,
}

impl Session<'_> {
    /// The chapters that `--chapter` leaves.
    pub fn chapters(&self) -> Result<Vec<&Chapter>> {
        self.chapters_called(self.chapter)
    }

    /// The exercises that `ids` name, in the course's order and each once; those of [`Session::chapters`] where none is named.
    pub fn selected(&self, ids: &[String]) -> Result<Vec<&Exercise>> {
        if ids.is_empty() {
            return Ok(self.chapters()?.into_iter().flat_map(|chapter| &chapter.exercises).collect());
        }
        let mut named = Vec::new();
        for id in ids {
            named.extend(self.course.select(id)?.into_iter().map(Exercise::full_id));
        }
        Ok(self.course.exercises().filter(|exercise| named.contains(&exercise.full_id())).collect())
    }

    /// Who writes its reports.
    pub fn terminal(&self) -> Terminal<'_> {
        let (style, again) = (self.style, self.again);
        Terminal { course: self.course, style, screen: Screen::of_output(), again, program: PROGRAM }
    }

    /// Prints a line for people; programs that asked for JSON get none.
    pub fn say(&self, text: &str) {
        if !self.common.json {
            putln!("{text}");
        }
    }

    /// Draws what there is to see of an exercise under `target/grader/pictures/`, and says where, in lines.
    pub fn drawn(&self, grader: &Grader, id: &str, pictures: &[Picture]) -> Result<String> {
        let mut text = String::new();
        let folder = grader.paths.work().join("pictures");
        for path in side_by_side(pictures, |_, _, picture| draw(&folder, id, picture)) {
            let path = path?;
            let path = path.strip_prefix(grader.paths.root()).unwrap_or(&path);
            text += &format!("\n  {id} · picture: {}", path.display());
        }
        Ok(text)
    }

    /// The chapter called `name`, or all where no name is given.
    pub fn chapters_called(&self, name: Option<&str>) -> Result<Vec<&Chapter>> {
        let Some(name) = name else { return Ok(self.course.chapters.iter().collect()) };
        let chapters: Vec<&Chapter> =
            self.course.chapters.iter().filter(|chapter| chapter.name == name).collect();
        if chapters.is_empty() {
            let known: Vec<&str> = self.course.chapters.iter().map(|chapter| chapter.name.as_str()).collect();
            bail!("there is no chapter `{name}`; there is {}", known.join(", "));
        }
        Ok(chapters)
    }
}

/// Students' copies lack what only authors and instructors need: programs that know the answers.
fn refuse_without_authors(what: &str) -> Result<()> {
    ensure!(
        hidden::exercises().next().is_some(),
        "`{what}` needs the full course: this copy came with sealed cases, without solutions and without the programs that write cases"
    );
    Ok(())
}

pub use crate::PROGRAM;

/// Runs what was asked for. Where its device is missing, that is said in one line (or as JSON) and nothing else happens.
pub fn run(cli: &Cli) -> Result<Exit> {
    let done = run_anyhow(cli);
    let Some(missing) = done.as_ref().err().and_then(|error| error.downcast_ref::<NoDevice>()) else {
        return done;
    };
    if cli.common.json {
        put_json(&json!({ "format": 1, "not_run": missing.to_string() }));
    } else {
        putln!("{missing}");
    }
    Ok(Exit::NotRun)
}

fn run_anyhow(cli: &Cli) -> Result<Exit> {
    let start = match &cli.common.course {
        Some(folder) => folder.clone(),
        None => env::current_dir().context("failed to find the current folder")?,
    };
    let paths = Paths::new(Course::root(&start)?);
    datasets::places::of_course(paths.root());
    let Some((course, symptoms)) = open(&paths, matches!(cli.command, Some(Command::Doctor)))? else {
        return Ok(Exit::Broken);
    };
    follow_renames(&paths, &course);
    link_below(paths.root());
    let events = listener(cli.common.progress, cli.common.quiet || cli.common.json, cli.common.plain);
    let style = Style::detect(cli.common.no_color || cli.common.plain);
    let (common, chapter) = (&cli.common, cli.chapter());
    let session =
        Session { course: &course, paths, common, chapter, events: &*events, style, again: Again::Command };
    refuse_idle_options(cli)?;
    dispatch(cli, &session, &symptoms)
}

/// Completes what was interrupted, and reads the course; `None` where the course is another one now, and its grader too.
///
/// Before the course is read, for halfway through an update it is not whole. A doctor hears what can't be completed or read.
fn open(paths: &Paths, is_doctor: bool) -> Result<Option<(Course, Symptoms)>> {
    let mut symptoms = Symptoms::default();
    let recovery = match stashes::recover(paths) {
        Err(error) if is_doctor => {
            symptoms.unfinished = Some(error);
            None
        }
        recovery => recovery?,
    };
    if let Some(done) = recovery {
        tell(&format!("note: {}", done.says));
        if done.is_other_course {
            tell("note: the grader is another one now, too: give the command once more");
            return Ok(None);
        }
    }
    let course = match Course::load(paths.root()) {
        Err(error) if is_doctor => {
            symptoms.unread = Some(error);
            Course::unread(paths.root())
        }
        course => course?,
    };
    Ok(Some((course, symptoms)))
}

/// Hints, attempts and answers go with an exercise that has another name now.
fn follow_renames(paths: &Paths, course: &Course) {
    let renamed: Vec<(String, String)> = course
        .exercises()
        .flat_map(|exercise| exercise.renamed_from.iter().map(|former| (former.clone(), exercise.full_id())))
        .collect();
    if !renamed.is_empty() && state::knows_any(paths, renamed.iter().map(|(former, _)| former.as_str())) {
        let rename = |state: &mut state::State| {
            renamed.iter().for_each(|(former, now)| state.rename(former, now));
        };
        if let Err(error) = state::update(paths, rename).and_then(|_| history::rename(paths, &renamed)) {
            tell(&format!("warning: hints, attempts and answers keep their old names: {error:#}"));
        }
    }
}
