//! What can be typed: commands, options and their help. What comes of it is `commands`'s.

use clap::Parser;

mod choices;
mod class;
mod command;
mod more;
mod options;

pub use choices::{Baseline, Devices, Isolation, Snapshots, Swap};
pub use class::{ClassAction, ClusterOptions, FormOption, Show, Submissions};
pub use command::Command;
pub use more::{More, StashAction};
pub use options::{
    Common, Export, PageOptions, QuestionOption, RUN_HELP, ReleaseOptions, RunOptions, Scoring, Selection,
    TimingOption,
};

use crate::{device::Device, exit::Exit};

const EXAMPLES: &str = "\
Examples:
  cargo run -p grader                       grade what changed, show the first thing to fix
  cargo run -p grader -- watch              do that after every save
  cargo run -p grader -- run tricks/relu    grade one exercise and show everything about it
  cargo run -p grader -- hint tricks/relu   a little help
  cargo run -p grader -- next               what to do now, and nothing else

`cargo grade` is short for `cargo run -q -p grader --`.";

/// Grades the course: builds what you wrote, puts it to hidden tests, tells you what to do next.
///
/// Without a command, everything that changed since the last time is graded. A file that does not
/// compile costs only its own exercises, and grading never changes anything in lectures/.
#[derive(Debug, Parser)]
#[command(
    verbatim_doc_comment,
    name = "grader",
    bin_name = "cargo run -p grader --",
    version,
    max_term_width = 100,
    after_help = EXAMPLES,
    after_long_help = format!("{EXAMPLES}\n\n{}", Exit::list())
)]
pub struct Cli {
    /// What to do; grades when left out.
    #[command(subcommand)]
    pub command: Option<Command>,
    /// What your code runs on; `cuda` needs an NVIDIA GPU and the CUDA toolkit.
    #[arg(long, value_enum, default_value_t, value_name = "DEVICE")]
    pub device: Device,
    /// Options of commands that grade.
    #[command(flatten)]
    pub scoring: Scoring,
    /// Options of commands that grade what students write.
    #[command(flatten)]
    pub running: RunOptions,
    /// `--chapter`
    #[command(flatten)]
    pub selection: Selection,
    /// Options of every command.
    #[command(flatten)]
    pub common: Common,
}

impl Cli {
    /// Options of the grading that no command stands for, of those that were given.
    pub fn of_grading(&self) -> Vec<&'static str> {
        let given = [
            ("--device", self.device != Device::Cpu),
            ("--junit", self.scoring.junit.is_some()),
            ("--min-score", self.scoring.min_score.is_some()),
            ("--no-timing", self.running.timing.no_timing),
            ("--full", self.running.full),
            ("--no-questions", self.running.questions.no_questions),
            ("--export", !self.scoring.export.is_empty()),
            ("--chapter", self.selection.chapter.is_some()),
        ];
        given.into_iter().filter(|(_, given)| *given).map(|(name, _)| name).collect()
    }
}

impl Cli {
    /// The chapter that `--chapter` names, on whichever command it stands.
    pub fn chapter(&self) -> Option<&str> {
        let selection = match &self.command {
            None => &self.selection,
            Some(
                Command::List { selection, .. }
                | Command::Watch { selection, .. }
                | Command::Page { selection, .. }
                | Command::Check { selection, .. }
                | Command::Bench { selection, .. }
                | Command::Parity { selection, .. }
                | Command::Grade(Submissions { selection, .. })
                | Command::Class { action: ClassAction::Slurm(ClusterOptions { selection, .. }) },
            ) => selection,
            Some(_) => return None,
        };
        selection.chapter.as_deref()
    }
}
