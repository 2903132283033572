//! The commands, a file each. This one hands out what they share and picks the one that was asked for.

mod check;
mod grade;

use std::{env, process::ExitCode};

use anyhow::{Context, Result, bail};

use crate::{
    cli::{Cli, Command, Common},
    course::{Chapter, Course},
    report::{Progress, Style},
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
        let Some(name) = &self.common.chapter else { return Ok(self.course.chapters.iter().collect()) };
        let chapters: Vec<&Chapter> =
            self.course.chapters.iter().filter(|chapter| chapter.name == *name).collect();
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
    match &cli.command {
        None => grade::changed(&context),
        Some(Command::List) => grade::list(&context),
        Some(Command::Run { ids, seed }) => grade::named(&context, ids, *seed),
        Some(Command::Check { ids, seeds, seal }) => check::check(&context, ids, *seeds, *seal),
        Some(_) => bail!("not there yet"),
    }
}
