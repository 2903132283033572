//! The command line's entrance: parse, run, exit with a documented code.

use std::process::ExitCode;

use clap::Parser;
use grader::{cli::Cli, commands, process};

fn main() -> ExitCode {
    let cli = Cli::parse();
    let done =
        process::harden().map_err(Into::into).and_then(|()| process::on_interrupt().map_err(Into::into));
    match done.and_then(|()| commands::run(&cli)) {
        Ok(outcome) => outcome.into(),
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::from(2)
        }
    }
}
