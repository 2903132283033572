//! What can be typed: commands, options and their help.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};

/// Grades the course: builds what you wrote, puts it to hidden tests, tells you what to do next.
///
/// Without a command, everything that changed is graded.
///
/// Exit codes: 0 graded, 1 fewer points than --min-score, 2 used wrongly or a broken course.
#[derive(Debug, Parser)]
#[command(name = "grader", version, args_conflicts_with_subcommands = false)]
pub struct Cli {
    /// What to do; grades when left out.
    #[command(subcommand)]
    pub command: Option<Command>,
    /// Options of every command.
    #[command(flatten)]
    pub common: Common,
}

/// Options of every command.
#[derive(Clone, Debug, Args)]
pub struct Common {
    /// Only this chapter.
    #[arg(long, global = true, value_name = "NAME")]
    pub chapter: Option<String>,
    /// Print the verdicts as JSON.
    #[arg(long, global = true)]
    pub json: bool,
    /// Also write the verdicts as JUnit XML to this file.
    #[arg(long, global = true, value_name = "FILE")]
    pub junit: Option<PathBuf>,
    /// Exit with code 1 when fewer points are earned.
    #[arg(long, global = true, value_name = "POINTS")]
    pub min_score: Option<u32>,
    /// No colours (also: the environment variable NO_COLOR).
    #[arg(long, global = true)]
    pub no_color: bool,
    /// Only what matters: no progress, one line of result.
    #[arg(long, short, global = true)]
    pub quiet: bool,
    /// The course's folder, when it is not the current one or above it.
    #[arg(long, global = true, value_name = "DIR", hide = true)]
    pub course: Option<PathBuf>,
}

/// The commands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// List every exercise with points and state.
    List,
    /// Grade the named exercises and show each in full.
    Run {
        /// Chapters, exercises or globs: `tricks`, `relu`, `tricks/*relu`.
        #[arg(required = true, value_name = "ID")]
        ids: Vec<String>,
        /// Take the cases of this seed.
        #[arg(long)]
        seed: Option<u64>,
    },
    /// Show the next hint for an exercise, a little more each time.
    Hint {
        /// The exercise.
        id: String,
    },
    /// Put an exercise's stub back. What you wrote is kept in a stash.
    Reset {
        /// The exercise.
        id: String,
    },
    /// Grade again whenever you save.
    Watch,
    /// Swap the reference solutions in and out.
    Solutions {
        /// Which way.
        #[command(subcommand)]
        action: Swap,
    },
    /// Check the course itself: stubs fail, solutions pass, misconceptions are caught.
    Check {
        /// Only these exercises.
        #[arg(value_name = "ID")]
        ids: Vec<String>,
        /// How many fresh seeds a solution must pass.
        #[arg(long, default_value_t = 20)]
        seeds: u64,
        /// Seal first: record the stubs in lectures/ and the answers of the misconceptions.
        #[arg(long)]
        seal: bool,
    },
    /// Record or review the snapshots of layer outputs.
    Snapshots {
        /// What to do with them.
        #[command(subcommand)]
        action: Snapshots,
    },
    /// Time your layers (arrives with the chapter on timing).
    Bench {
        /// Exercises or globs; all that are solved when left out.
        #[arg(value_name = "ID")]
        ids: Vec<String>,
    },
    /// Look at the machine: toolchain, cores, memory, CUDA, data, disk.
    Doctor,
}

/// Which way to swap.
#[derive(Clone, Debug, Subcommand)]
pub enum Swap {
    /// Put the reference solutions into lectures/, your files into a stash.
    In {
        /// Only this chapter.
        #[arg(value_name = "CHAPTER")]
        name: Option<String>,
    },
    /// Bring your files back, byte for byte.
    Out {
        /// Only this chapter.
        #[arg(value_name = "CHAPTER")]
        name: Option<String>,
    },
    /// Say which chapters hold solutions.
    Status {
        /// Only this chapter.
        #[arg(value_name = "CHAPTER")]
        name: Option<String>,
    },
}

/// What to do with snapshots.
#[derive(Clone, Debug, Subcommand)]
pub enum Snapshots {
    /// Compare the solutions with the golden values; differences become pending snapshots.
    Record,
    /// Review pending snapshots with `cargo insta review`.
    Review,
}
