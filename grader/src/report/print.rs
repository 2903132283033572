//! The one way to standard output and standard error. What is printed is cleaned, and a write that fails is not forgotten.
//!
//! When the reader is gone (`… | head`), nobody is left to tell: the rest is dropped, and the exit code stays what it is.
//! When there is another reason, such as a full disk, half of a report must not look like a whole one: [`printed`] says so.

use std::{
    io::{self, ErrorKind, IsTerminal, Write},
    sync::OnceLock,
};

use serde_json::Value;

use super::{fit::fit, letters::in_ascii, screen::Screen};
use crate::clean::{clean_coloured, clean_json, clean_plain};

/// Why nothing more goes to standard output.
static LOST: OnceLock<OutputError> = OnceLock::new();

/// Standard output is lost.
#[derive(Clone, Debug, thiserror::Error)]
pub enum OutputError {
    /// Its reader is gone.
    #[error("nobody reads standard output any more")]
    Unread,
    /// It can't be written to.
    #[error("failed to write to standard output: {0}")]
    Failed(String),
}

/// Whether everything has reached standard output so far.
pub fn printed() -> Result<(), OutputError> {
    LOST.get().map_or(Ok(()), |lost| Err(lost.clone()))
}

/// Writes `text` to standard output, in lines that fit the terminal.
pub fn write_out(text: &str) {
    write_raw(&fit(&clean_coloured(text), Screen::of_output()));
}

/// `text` in lines that fit the screen, without links.
pub fn lines(text: &str, screen: Screen) -> Vec<String> {
    let fitted = fit(&clean_coloured(text), Screen { links: false, ..screen });
    fitted.lines().map(str::to_owned).collect()
}

/// Draws the whole screen, from the top: what was there before is gone.
pub fn paint(lines: &[String]) {
    let ascii = Screen::of_output().ascii;
    let shown = lines.iter().map(|line| {
        let line = clean_coloured(line);
        let line = if ascii { in_ascii(&line) } else { line };
        format!("{line}\x1b[0m\x1b[K")
    });
    write_raw(&format!("\x1b[H{}\x1b[J", shown.collect::<Vec<_>>().join("\r\n")));
}

/// Writes `text` to standard output line by line as it is, for programs.
pub fn write_whole_lines(text: &str) {
    write_raw(&clean_coloured(text));
}

/// Writes a value to standard output, in lines.
pub fn put_json(value: &Value) {
    write_raw(&(clean_json(&format!("{value:#}")) + "\n"));
}

/// Writes what may steer a terminal. Nothing that anybody else wrote may be in it.
pub fn write_raw(text: &str) {
    if LOST.get().is_some() {
        return;
    }
    let mut out = io::stdout().lock();
    if let Err(error) = out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        let lost = match error.kind() {
            ErrorKind::BrokenPipe => OutputError::Unread,
            _ => OutputError::Failed(error.to_string()),
        };
        LOST.get_or_init(|| lost);
    }
}

/// Writes a line to standard error. That nobody hears it is no failure.
pub fn tell(line: &str) {
    let screen = Screen::of_errors();
    let mut err = io::stderr().lock();
    let line = if err.is_terminal() { fit(&clean_coloured(line), screen) } else { clean_plain(line) };
    _ = writeln!(err, "{line}");
}

/// "1 point", "2 points".
pub fn plural(number: usize, noun: &str) -> String {
    format!("{number} {noun}{}", if number == 1 { "" } else { "s" })
}

/// `print!` that checks whether it was written.
macro_rules! put {
    ($($words:tt)*) => { $crate::report::write_out(&format!($($words)*)) };
}

/// `println!` that checks whether it was written.
macro_rules! putln {
    ($($words:tt)*) => { $crate::report::write_out(&(format!($($words)*) + "\n")) };
}

pub(crate) use {put, putln};
