//! The command: lists, fetches, verifies and shows data sets, and cuts the bundled subsets. All work is the library's.

mod commands;

use std::{io, path::PathBuf, process::ExitCode};

use clap::{Parser, Subcommand};

/// Data sets of the course.
#[derive(Parser)]
#[command(name = "datasets", version)]
struct Arguments {
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Subcommand)]
enum Command {
    /// What is there, its size, licence and source
    List,
    /// Brings full data sets to this machine; interrupted, it can be run again and continues
    Fetch {
        /// mnist, fashion-mnist, cifar10, movielens, glove
        #[arg(required = true)]
        names: Vec<String>,
        /// A folder that holds them, instead of the network
        #[arg(long)]
        from: Option<PathBuf>,
        /// Where to put them [default: datasets/downloaded]
        #[arg(long)]
        to: Option<PathBuf>,
    },
    /// Checks every file that is there, bundled ones too
    Verify,
    /// Draws the first images of each class
    Show {
        /// mnist, cats-and-dogs, photographs, shapes, digits, full-mnist, fashion-mnist, cifar10, or a folder of photographs
        name: String,
        /// A PNG file to be written
        file: PathBuf,
    },
    /// Cuts the bundled subsets out of the full data sets of CRASH_COURSE_DATA
    Bundle {
        /// Where to put them
        folder: PathBuf,
    },
}

fn main() -> ExitCode {
    let done = match Arguments::parse().command.unwrap_or(Command::List) {
        Command::List => commands::list(),
        Command::Fetch { names, from, to } => commands::fetch(&names, from.as_deref(), to),
        Command::Verify => commands::verify(),
        Command::Show { name, file } => commands::show(&name, &file),
        Command::Bundle { folder } => commands::bundle(&folder),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        // The reader of `… | head` is gone: nobody is left to tell, and nobody may take that for an end.
        Err(error) if is_unread(&error) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn is_unread(error: &anyhow::Error) -> bool {
    error.downcast_ref::<io::Error>().is_some_and(|error| error.kind() == io::ErrorKind::BrokenPipe)
}
