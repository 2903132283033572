//! The options: those of every command, and those of commands that grade, which stand on no other.

use std::path::PathBuf;

use clap::Args;

use crate::report::Progress;

/// Options of commands that grade.
#[derive(Clone, Debug, Default, Args)]
pub struct Scoring {
    /// Also write the verdicts as JUnit XML to this file.
    #[arg(long, value_name = "FILE")]
    pub junit: Option<PathBuf>,
    /// Exit with code 1 when fewer points are earned.
    #[arg(long, value_name = "POINTS")]
    pub min_score: Option<u32>,
}

/// Options of commands that grade what students write.
#[derive(Clone, Debug, Default, Args)]
pub struct Running {
    /// Capstones on full-size data, which takes minutes. The data: `cargo run -p datasets -- list`.
    #[arg(long)]
    pub full: bool,
    /// Whether to time.
    #[command(flatten)]
    pub timing: Timing,
}

/// The option of commands that time what was solved just now.
#[derive(Clone, Copy, Debug, Default, Args)]
pub struct Timing {
    /// Don't time what was solved just now.
    #[arg(long)]
    pub no_timing: bool,
}

/// Options of every command.
#[derive(Clone, Debug, Args)]
#[command(next_help_heading = "Options of every command")]
pub struct Common {
    /// Only this chapter.
    #[arg(long, global = true, value_name = "NAME")]
    pub chapter: Option<String>,
    /// Print JSON for other programs, nothing else.
    #[arg(long, global = true)]
    pub json: bool,
    /// No colours (also: the environment variable NO_COLOR).
    #[arg(long, global = true)]
    pub no_color: bool,
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
