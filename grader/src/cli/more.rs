//! More commands: what comes next, stashes, another machine, a shell's completions.

use std::path::PathBuf;

use clap::Subcommand;
use clap_complete::Shell;

/// More commands.
#[derive(Debug, Subcommand)]
pub enum More {
    /// Say what to do next: the first thing to fix, or else the next task.
    #[command(after_help = "Example:\n  cargo run -p grader -- next")]
    Next,
    /// List what was moved out of the way, and bring it back.
    #[command(
        after_help = "Whatever replaces a file of yours moves it into a dated stash first.\n\nExamples:\n  \
                      cargo run -p grader -- stash list\n  \
                      cargo run -p grader -- stash restore tricks/2026-11-30T09-12-44Z-1"
    )]
    Stash {
        /// Which of both.
        #[command(subcommand)]
        action: StashAction,
    },
    /// Pack what you wrote into one archive to hand in.
    #[command(
        after_help = "In it are your sources, how often you tried, and a receipt with the hash of each file.\n\n\
                      Example:\n  cargo run -p grader -- submit homework.zip"
    )]
    Submit {
        /// The archive's name; a dated one below .crash-course/submissions/ when left out.
        #[arg(value_name = "FILE")]
        file: Option<PathBuf>,
    },
    /// Bring back what `submit` packed, sources, hints and attempts: on another machine, for instance.
    ///
    /// Files that are there and say something else go to a stash first.
    #[command(after_help = "Example:\n  cargo run -p grader -- restore homework.zip")]
    Restore {
        /// The archive that `submit` wrote.
        #[arg(value_name = "ARCHIVE")]
        archive: PathBuf,
    },
    /// Print what a shell needs to complete commands and options of `grader`.
    #[command(
        after_help = "Examples:\n  cargo run -p grader -- completions bash > ~/.local/share/bash-completion/completions/grader\n  \
                      cargo run -p grader -- completions zsh > ~/.zfunc/_grader\n\n\
                      They are for the program itself: put `target/debug/grader` into PATH, or alias it."
    )]
    Completions {
        /// The shell.
        shell: Shell,
    },
}

/// What to do with stashes.
#[derive(Clone, Debug, Subcommand)]
pub enum StashAction {
    /// List them, oldest first.
    #[command(after_help = "Example:\n  cargo run -p grader -- stash list tricks")]
    List {
        /// Only of this chapter.
        #[arg(value_name = "CHAPTER")]
        name: Option<String>,
    },
    /// Bring files back from one; what stands in their places goes to another.
    #[command(after_help = "Example:\n  cargo run -p grader -- stash restore tricks/2026-11-30T09-12-44Z-1")]
    Restore {
        /// The stash, as the list calls it.
        #[arg(value_name = "STASH")]
        name: String,
        /// Only this file of it.
        #[arg(value_name = "FILE")]
        file: Option<PathBuf>,
    },
}
