//! Progress on standard error: bars on a terminal, plain lines elsewhere, nothing when quiet.

use std::{io::IsTerminal, time::Duration};

use indicatif::{ProgressBar, ProgressStyle};

use super::{clean, tell};

/// Who is told how far a run is.
pub struct Progress {
    bar: ProgressBar,
    lines: bool,
}

impl Progress {
    /// Bars or lines, as standard error allows.
    pub fn new(quiet: bool) -> Self {
        let terminal = std::io::stderr().is_terminal();
        let bar = if quiet || !terminal { ProgressBar::hidden() } else { ProgressBar::new_spinner() };
        Self { bar, lines: !quiet && !terminal }
    }

    /// Something that may take a while begins.
    pub fn say(&self, what: &str) {
        self.spin(what);
        if self.lines {
            tell(&format!("{what} …"));
        }
    }

    /// Something did not work that nothing depends on; said to everybody.
    pub fn warn(&self, what: &str) {
        self.bar.suspend(|| tell(&format!("warning: {what}")));
    }

    /// The probes of `topics` are being built.
    pub fn building(&self, topics: &[&str]) {
        self.say(&format!("Building {}", topics.join(", ")));
    }

    /// A crate has been compiled.
    pub fn compiled(&self, name: &str) {
        self.bar.set_message(format!("Compiled {name}"));
        self.bar.inc(1);
    }

    /// Exercise number `done` of `total` is being examined.
    pub fn examining(&self, id: &str, done: usize, total: usize) {
        if let Ok(style) = ProgressStyle::with_template("{bar:24.cyan} {pos}/{len} {msg}") {
            self.bar.set_style(style);
        }
        self.bar.set_length(total as u64);
        self.bar.set_position(done as u64);
        self.bar.set_message(id.to_owned());
    }

    /// An exercise trains on full-size data, for minutes.
    pub fn training(&self, id: &str) {
        self.say(&format!("{id}: full-size data"));
        if let Ok(style) = ProgressStyle::with_template("{spinner} {elapsed} {msg}") {
            self.bar.set_style(style);
        }
    }

    /// A training printed a line, which must not steer the terminal.
    pub fn heard(&self, id: &str, line: &str) {
        let shown: String = clean(line).chars().take(100).collect();
        self.bar.set_message(format!("{id}: {shown}"));
        if self.lines {
            tell(&format!("{id}: {shown}"));
        }
    }

    /// Nothing is under way any more.
    pub fn finish(&self) {
        self.bar.finish_and_clear();
    }

    fn spin(&self, what: &str) {
        if let Ok(style) = ProgressStyle::with_template("{spinner} {msg} ({pos} crates, {elapsed})") {
            self.bar.set_style(style);
        }
        self.bar.reset();
        self.bar.unset_length();
        self.bar.set_position(0);
        self.bar.set_message(what.to_owned());
        self.bar.enable_steady_tick(Duration::from_millis(100));
    }
}
