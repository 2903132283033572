//! What is known of the screen: how wide and high it is, which letters it has, whether it knows links and can be redrawn.

use std::{
    env,
    io::{self, IsTerminal},
};

use supports_hyperlinks::Stream as Links;
use supports_unicode::Stream as Letters;
use terminal_size::{Height, Width, terminal_size_of};

/// Columns of prose, however wide the screen is: longer lines are hard to follow.
const PROSE: usize = 96;
/// What a terminal has that does not say.
const USUAL: (u16, u16) = (80, 24);
/// Narrower than this nothing can be laid out.
const LEAST: usize = 20;

/// Where text is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Screen {
    /// Columns of a terminal; `None` in a file or a pipe, whose lines are not broken.
    pub columns: Option<usize>,
    /// Rows.
    pub rows: usize,
    /// Whether there are no letters but ASCII's.
    pub ascii: bool,
    /// Whether files can be linked to.
    pub links: bool,
}

impl Screen {
    /// A file, a pipe, or whatever else is no terminal.
    pub const PAPER: Self = Self { columns: None, rows: USUAL.1 as usize, ascii: false, links: false };

    /// A terminal of this size, of which 0 and `None` say nothing.
    pub fn sized(size: Option<(u16, u16)>) -> Self {
        let (columns, rows) = size.filter(|(columns, rows)| *columns > 0 && *rows > 0).unwrap_or(USUAL);
        Self { columns: Some(usize::from(columns).max(LEAST)), rows: rows.into(), ..Self::PAPER }
    }

    /// Where standard output goes.
    pub fn of_output() -> Self {
        if !io::stdout().is_terminal() {
            return Self::PAPER;
        }
        let size = terminal_size_of(io::stdout()).map(|(Width(columns), Height(rows))| (columns, rows));
        let ascii = !supports_unicode::on(Letters::Stdout);
        Self { ascii, links: knows_links(), ..Self::sized(size) }
    }

    /// Where standard error goes.
    pub fn of_errors() -> Self {
        if !io::stderr().is_terminal() {
            return Self::PAPER;
        }
        let size = terminal_size_of(io::stderr()).map(|(Width(columns), Height(rows))| (columns, rows));
        Self { ascii: !supports_unicode::on(Letters::Stderr), ..Self::sized(size) }
    }

    /// Columns of prose.
    pub fn prose(self) -> usize {
        self.columns.unwrap_or(PROSE).min(PROSE)
    }

    /// Columns of a table that has this many where nothing limits it.
    pub fn table(self, natural: usize) -> usize {
        self.columns.unwrap_or(natural)
    }
}

/// Whether somebody runs this who reads a log later on.
pub fn is_ci() -> bool {
    env::var_os("CI").is_some_and(|value| !value.is_empty() && value != "false")
}

/// Whether the terminal can do nothing but write line after line.
pub fn is_dumb() -> bool {
    env::var_os("TERM").is_some_and(|value| value == "dumb")
}

/// VS Code finds `file.rs:12` by itself and goes to the line, which a link would not.
fn knows_links() -> bool {
    let is_code = env::var_os("TERM_PROGRAM").is_some_and(|value| value == "vscode");
    !is_code && !is_dumb() && !is_ci() && supports_hyperlinks::on(Links::Stdout)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_terminal_that_does_not_say_its_size_has_the_usual_one() {
        for unknown in [None, Some((0, 0)), Some((0, 24)), Some((80, 0))] {
            let screen = Screen::sized(unknown);
            assert_eq!((screen.columns, screen.rows, screen.prose()), (Some(80), 24, 80));
        }
        assert_eq!(Screen::sized(Some((60, 20))).prose(), 60);
        assert_eq!(Screen::sized(Some((200, 50))).prose(), PROSE);
        assert_eq!(Screen::sized(Some((1, 1))).columns, Some(LEAST));
        assert_eq!((Screen::PAPER.prose(), Screen::PAPER.table(115)), (PROSE, 115));
    }
}
