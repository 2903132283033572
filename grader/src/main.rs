//! The command line's entrance: parse, run, exit with a documented code.

use std::{
    io::{self, IsTerminal},
    process::ExitCode,
};

use clap::{Parser, error::Error as Usage};
use grader::{
    cli::Cli,
    commands,
    exit::Exit,
    process::{
        self,
        confine::{self, launcher_main},
    },
    report::{OutputError, advice, printed, tell, write_out},
};

fn main() -> ExitCode {
    if let Some(code) = process::watchdog_main() {
        return code;
    }
    if let Some(failure) = launcher_main() {
        tell(&failure);
        return confine::FAILED.into();
    }
    process::want_watchdog();
    let code = match Cli::try_parse() {
        Ok(cli) => run(&cli),
        Err(usage) => explain(&usage),
    };
    // Half of a report must not pass for a whole one; that nobody reads it changes no verdict.
    match printed() {
        Err(lost @ OutputError::Failed(_)) => {
            tell(&format!("error: {lost}"));
            Exit::Broken.into()
        }
        _ => code,
    }
}

fn run(cli: &Cli) -> ExitCode {
    let done =
        process::harden().map_err(Into::into).and_then(|()| process::on_interrupt().map_err(Into::into));
    match done.and_then(|()| commands::run(cli)) {
        Ok(exit) => exit.into(),
        Err(error) => {
            tell(&format!("error: {error:#}"));
            advice(&error).iter().for_each(|advice| tell(&format!("note: {advice}")));
            Exit::Broken.into()
        }
    }
}

/// Help and version, or what was typed wrongly.
fn explain(usage: &Usage) -> ExitCode {
    let text = usage.render();
    if usage.use_stderr() {
        tell(text.ansi().to_string().trim_end());
        return Exit::Broken.into();
    }
    write_out(&if io::stdout().is_terminal() { text.ansi().to_string() } else { text.to_string() });
    ExitCode::SUCCESS
}
