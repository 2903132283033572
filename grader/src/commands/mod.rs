//! The commands, a file each. This one hands out what they share and picks the one that was asked for.

mod bench;
mod check;
mod doctor;
mod full;
mod grade;
mod hint;
mod release;
mod reset;
mod snapshots;
mod solutions;
mod submissions;
mod submit;
pub mod watch;

use std::{env, process::ExitCode};

use anyhow::{Context, Result, bail};

use crate::{
    cli::{Cli, Command, Common},
    course::{Chapter, Course},
    grade::Grader,
    paths::Paths,
    report::{Progress, Style, draw},
    stash,
    verdict::Picture,
};

/// How a command ended, as an exit code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// 0: graded, or done what was asked.
    Done,
    /// 1: fewer points than `--min-score`.
    BelowScore,
    /// 2: the course is broken.
    Broken,
}

impl From<Outcome> for ExitCode {
    fn from(outcome: Outcome) -> Self {
        Self::from(match outcome {
            Outcome::Done => 0,
            Outcome::BelowScore => 1,
            Outcome::Broken => 2,
        })
    }
}

/// What every command gets.
pub struct Session<'a> {
    /// The course.
    pub course: &'a Course,
    /// Options of every command.
    pub common: &'a Common,
    /// Who is told about progress.
    pub progress: &'a Progress,
    /// Colours or none.
    pub style: Style,
}

impl Session<'_> {
    /// The chapters that `--chapter` leaves.
    pub fn chapters(&self) -> Result<Vec<&Chapter>> {
        self.chapters_called(self.common.chapter.as_deref())
    }

    /// What came out of an exercise, in lines; its pictures are drawn under `target/grader/pictures/`.
    pub fn show(
        &self,
        grader: &Grader,
        id: &str,
        results: &[(String, String)],
        pictures: &[Picture],
    ) -> Result<String> {
        let mut text = String::new();
        for (name, result) in results {
            text += &format!("\n  {id} · {name}: {result}");
        }
        for picture in pictures {
            let path = draw(&grader.paths.work().join("pictures"), id, picture)?;
            let path = path.strip_prefix(grader.paths.root()).unwrap_or(&path);
            text += &format!("\n  {id} · picture: {}", path.display());
        }
        Ok(if text.is_empty() { text } else { text + "\n" })
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

/// How the user calls the grader, for the commands that it suggests.
pub const PROGRAM: &str = "cargo run -p grader --";

/// Runs what was asked for.
pub fn run(cli: &Cli) -> Result<Outcome> {
    let start = match &cli.common.course {
        Some(folder) => folder.clone(),
        None => env::current_dir().context("failed to find the current folder")?,
    };
    let course = Course::find(&start)?;
    let progress = Progress::new(cli.common.quiet || cli.common.json);
    let style = Style::detect(cli.common.no_color);
    let context = Session { course: &course, common: &cli.common, progress: &progress, style };
    if let Some(done) = stash::recover(&Paths::new(&course.root))? {
        eprintln!("note: {done}");
    }
    match &cli.command {
        None if cli.common.full => full::full(&context, &[], None),
        None => grade::changed(&context, || ()),
        Some(Command::List) => grade::list(&context),
        Some(Command::Run { ids, seed }) if cli.common.full => full::full(&context, ids, *seed),
        Some(Command::Run { ids, seed }) => grade::named(&context, ids, *seed),
        Some(Command::Check { ids, seeds, seal }) => check::check(&context, ids, *seeds, *seal),
        Some(Command::Hint { id, again, reset }) => hint::hint(&context, id, wanted(*again, *reset)),
        Some(Command::Watch { poll }) => watch::watch(&context, *poll),
        Some(Command::Snapshots { action }) => snapshots::snapshots(&context, action),
        Some(Command::Bench { ids, device, baseline }) => bench::bench(&context, ids, *device, *baseline),
        Some(Command::Submit { file }) => submit::submit(&context, file.as_deref()),
        Some(Command::Grade { places, seed }) => submissions::grade(&context, places, *seed),
        Some(Command::Release { place }) => release::release(&context, place),
        Some(Command::Doctor) => doctor::doctor(&context),
        Some(Command::Reset { id, file }) => reset::reset(&context, id, *file),
        Some(Command::Solutions { action }) => solutions::solutions(&context, action),
    }
}

fn wanted(again: bool, reset: bool) -> hint::Wanted {
    match (again, reset) {
        (true, _) => hint::Wanted::Again,
        (_, true) => hint::Wanted::Forget,
        _ => hint::Wanted::Next,
    }
}
