//! `cargo run -p book`: builds the book and says where it is. What is in it, the library knows.

use std::{
    env,
    path::{Path, PathBuf},
    process::ExitCode,
    time::Instant,
};

use anyhow::{Context, Result};
use book::{links::Editor, render};
use clap::Parser;
use grader::course::Course;

/// Builds all lectures as one book to read in a browser: formulas, a box for each task, search, print.
#[derive(Parser)]
#[command(name = "book")]
struct Arguments {
    /// Opens the book when it is built
    #[arg(long)]
    open: bool,
    /// Where the book goes, instead of target/book
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// What a click on a source file does: the browser shows it, VS Code opens it, or nothing (for a book to give away)
    #[arg(long, value_enum, value_name = "HOW")]
    links: Option<Editor>,
}

fn main() -> ExitCode {
    match run(&Arguments::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::from(2)
        }
    }
}

fn run(arguments: &Arguments) -> Result<()> {
    let began = Instant::now();
    let course = find()?;
    let place = arguments.out.clone().unwrap_or_else(|| course.root.join("target/book"));
    let editor = arguments.links.unwrap_or_else(Editor::guessed);
    let index = render::build(&course, &place, editor)?;
    println!("{} ({:.1} s)", index.display(), began.elapsed().as_secs_f64());
    if arguments.open {
        open::that(&index).with_context(|| format!("failed to open `{}`", index.display()))?;
    }
    Ok(())
}

/// The course around the current folder, or else the one that this program was compiled in.
fn find() -> Result<Course> {
    let here = env::current_dir().context("failed to find the current folder")?;
    Course::find(&here).or_else(|_| Course::find(Path::new(env!("CARGO_MANIFEST_DIR"))))
}
