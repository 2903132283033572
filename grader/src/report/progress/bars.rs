//! Bars and spinners for a terminal.

use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};

use super::words::{beginning, printed, warning};
use crate::{
    events::{Event, Listener},
    report::tell,
};

const SPINNER: &str = "{spinner} ({pos} crates, {elapsed}) {wide_msg}";
const CLOCK: &str = "{spinner} {elapsed} {wide_msg}";
const BAR: &str = "{bar:24.cyan} {pos}/{len} {wide_msg}";

/// A bar or a spinner, whichever fits what is under way.
pub struct Bars {
    bar: ProgressBar,
}

impl Bars {
    /// Nothing is to be seen yet.
    pub fn new() -> Self {
        Self { bar: ProgressBar::new_spinner() }
    }

    fn style(&self, template: &str) {
        if let Ok(style) = ProgressStyle::with_template(template) {
            self.bar.set_style(style);
        }
    }

    fn spin(&self, what: String) {
        self.style(SPINNER);
        self.bar.reset();
        self.bar.unset_length();
        self.bar.set_position(0);
        self.bar.set_message(what);
        self.bar.enable_steady_tick(Duration::from_millis(100));
    }
}

impl Listener for Bars {
    fn hear(&self, event: Event) {
        if let Some(what) = beginning(event) {
            self.spin(what);
        }
        if let Some(warning) = warning(event) {
            self.bar.suspend(|| tell(&warning));
        }
        match event {
            Event::Compiled { name } => {
                self.bar.set_message(format!("Compiled {name}"));
                self.bar.inc(1);
            }
            Event::Examining { what, done, total } => {
                self.style(BAR);
                self.bar.set_length(total as u64);
                self.bar.set_position(done as u64);
                self.bar.set_message(what.to_owned());
            }
            Event::Training { .. } => self.style(CLOCK),
            Event::Printed { exercise, line } => self.bar.set_message(printed(exercise, line)),
            Event::Finished => self.bar.finish_and_clear(),
            _ => {}
        }
    }
}
