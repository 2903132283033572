//! Colours, or none: `--no-color`, `--plain`, `NO_COLOR`, dumb terminals and pipes get plain text.

use std::io::IsTerminal;

use anstyle::{AnsiColor, Style as Ansi};

use super::screen::is_dumb;
use crate::clean::{clean_coloured, clean_plain};

/// Whether and how to colour.
#[derive(Clone, Copy, Debug)]
pub struct Style {
    /// Whether to colour at all.
    pub colour: bool,
}

impl Style {
    /// Colours for a terminal, unless the user does not want them (<https://no-color.org>).
    pub fn detect(no_color: bool) -> Self {
        let unwanted =
            no_color || is_dumb() || std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
        Self { colour: !unwanted && std::io::stdout().is_terminal() }
    }

    /// What is right.
    pub fn good(self, text: &str) -> String {
        self.paint(AnsiColor::Green.on_default(), text)
    }

    /// For failures and complaints.
    pub fn bad(self, text: &str) -> String {
        self.paint(AnsiColor::Red.on_default(), text)
    }

    /// What to look at.
    pub fn strong(self, text: &str) -> String {
        self.paint(Ansi::new().bold(), text)
    }

    /// What can be passed over.
    pub fn faint(self, text: &str) -> String {
        self.paint(Ansi::new().dimmed(), text)
    }

    /// What somebody may type.
    pub fn command(self, text: &str) -> String {
        self.paint(AnsiColor::Cyan.on_default(), text)
    }

    /// The compiler's own colours, where there are any.
    pub fn rendered(self, text: &str) -> String {
        if self.colour { clean_coloured(text) } else { clean_plain(text) }
    }

    fn paint(self, style: Ansi, text: &str) -> String {
        if self.colour { format!("{style}{text}{style:#}") } else { text.to_owned() }
    }
}
