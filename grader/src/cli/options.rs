//! The options: those of every command, and those of commands that grade, which stand on no other.

use std::path::PathBuf;

use clap::Args;

use crate::report::{Progress, export};

/// What follows the help of `run`.
pub const RUN_HELP: &str = "\
What an exercise needs is graded, too. A failure shows the seed of its cases, and the command that
makes the same cases again.

Examples:
  cargo run -p grader -- run tricks/relu
  cargo run -p grader -- run convnets/mnist_cnn --mine";

/// Options of commands that grade.
#[derive(Clone, Debug, Default, Args)]
pub struct Scoring {
    /// Also write the verdicts as JUnit XML to this file.
    #[arg(long, value_name = "FILE")]
    pub junit: Option<PathBuf>,
    /// Also write the verdicts in this form to this file: `junit=FILE` or `json=FILE`; may be given several times.
    #[arg(long, value_name = "FORMAT=FILE", value_parser = Export::parse)]
    pub export: Vec<Export>,
    /// Exit with code 1 when fewer points are earned.
    #[arg(long, value_name = "POINTS")]
    pub min_score: Option<u32>,
}

/// A form of the report, and where it goes.
#[derive(Clone, Debug)]
pub struct Export {
    /// The form's name.
    pub format: &'static str,
    /// Where it is written, replacing what is there.
    pub path: PathBuf,
}

impl Export {
    fn parse(given: &str) -> Result<Self, String> {
        let known = || export::FORMATS.iter().map(|format| format.name()).collect::<Vec<_>>().join(", ");
        let Some((name, path)) = given.split_once('=') else {
            return Err(format!("say which form, as in `junit={given}`; there are {}", known()));
        };
        let format = export::format(name)
            .ok_or_else(|| format!("there is no form `{name}`; there are {}", known()))?;
        Ok(Self { format: format.name(), path: PathBuf::from(path) })
    }
}

/// The option of commands that look at whole chapters.
#[derive(Clone, Debug, Default, Args)]
pub struct Selection {
    /// Only this chapter.
    #[arg(long, value_name = "NAME")]
    pub chapter: Option<String>,
}

/// Options of commands that grade what students write.
#[derive(Clone, Debug, Default, Args)]
pub struct RunOptions {
    /// Capstones on full-size data, which takes minutes. The data: `cargo run -p datasets -- list`.
    #[arg(long)]
    pub full: bool,
    /// `--no-timing`
    #[command(flatten)]
    pub timing: TimingOption,
    /// `--no-questions`
    #[command(flatten)]
    pub questions: QuestionOption,
}

/// The option of commands that ask for a guess before the first run of some exercises.
#[derive(Clone, Copy, Debug, Default, Args)]
pub struct QuestionOption {
    /// Don't ask what will come out before an exercise runs for the first time. Pipes, --json, --quiet and CI are never asked.
    #[arg(long)]
    pub no_questions: bool,
}

/// The option of commands that time what was solved just now.
#[derive(Clone, Copy, Debug, Default, Args)]
pub struct TimingOption {
    /// Don't time what was solved just now.
    #[arg(long)]
    pub no_timing: bool,
}

/// Options of every command.
#[derive(Clone, Debug, Args)]
#[command(next_help_heading = "Options of every command")]
pub struct Common {
    /// Print JSON for other programs, nothing else.
    #[arg(long, global = true)]
    pub json: bool,
    /// No colours (also: the environment variable NO_COLOR).
    #[arg(long, global = true)]
    pub no_color: bool,
    /// Lines only: no colours, and nothing on the screen is drawn a second time (also: TERM=dumb, continuous integration).
    #[arg(long, global = true)]
    pub plain: bool,
    /// Only what matters: no progress, one line of result.
    #[arg(long, short, global = true)]
    pub quiet: bool,
    /// How progress is shown on standard error: bars on a terminal and lines elsewhere, or as you say; `json` is a line an event.
    #[arg(
        long,
        global = true,
        value_enum,
        default_value_t,
        value_name = "FORM",
        hide_possible_values = true
    )]
    pub progress: Progress,
    /// The course's folder, when it is not the current one or above it.
    #[arg(long, global = true, value_name = "DIR", hide = true)]
    pub course: Option<PathBuf>,
}

/// Options of the page.
#[derive(Clone, Debug, Default, Args)]
pub struct PageOptions {
    /// Stay with this exercise instead of the one that was saved last; with `--export`, write its page alone.
    #[arg(value_name = "ID")]
    pub id: Option<String>,
    /// Look at the files from time to time: for folders on a network or in a container, whose saves nobody tells of.
    #[arg(long, conflicts_with = "export")]
    pub poll: bool,
    /// Write a page for each exercise as files into this folder and end: for a lecture, or to hand in.
    #[arg(long, value_name = "DIR")]
    pub export: Option<PathBuf>,
}

/// What `release` makes.
#[derive(Clone, Debug, Args)]
pub struct ReleaseOptions {
    /// A new folder.
    #[arg(value_name = "DIR", required_unless_present = "gradescope")]
    pub place: Option<PathBuf>,
    /// Pack it as an autograder for Gradescope instead.
    #[arg(long, value_name = "FILE.zip", conflicts_with = "place")]
    pub gradescope: Option<PathBuf>,
}
