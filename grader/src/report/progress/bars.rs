//! Bars and spinners for a terminal.

use std::{fmt, time::Duration};

use indicatif::{ProgressBar, ProgressState, ProgressStyle};

use super::words::{beginning, printed, warning};
use crate::{
    events::{Event, Listener},
    report::tell,
};

const SPINNER: &str = "{spinner} ({pos} crates, {clock}) {wide_msg}";
const CLOCK: &str = "{spinner} {clock} {wide_msg}";
const CRATES: &str = "{bar:20.cyan} {pos}/{len} crates, {clock}{left} {wide_msg}";
/// Of fewer nobody can tell how long the others take.
const ENOUGH: u64 = 8;
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
            let style = style.with_key("clock", |state: &ProgressState, to: &mut dyn fmt::Write| {
                _ = to.write_str(&clock(state.elapsed()));
            });
            self.bar.set_style(style.with_key("left", |state: &ProgressState, to: &mut dyn fmt::Write| {
                _ = to.write_str(&left(state.elapsed(), state.pos(), state.len().unwrap_or_default()));
            }));
        }
    }

    fn compiled(&self, name: &str, done: usize, total: Option<usize>) {
        self.bar.set_message(format!("compiled {name}"));
        match total {
            Some(total) if done < total => self.bar.set_position(done as u64),
            _ => {
                self.style(SPINNER);
                self.bar.inc(1);
            }
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
            Event::Compiling { crates } => {
                self.bar.set_length(crates as u64);
                self.style(CRATES);
            }
            Event::Compiled { name, done, total } => self.compiled(name, done, total),
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

/// How long it has been.
fn clock(elapsed: Duration) -> String {
    match (elapsed.as_secs() / 60, elapsed.as_secs() % 60) {
        (0, seconds) => format!("{seconds} s"),
        (minutes, seconds) => format!("{minutes} min {seconds} s"),
    }
}

/// The share of the time that has gone by when so large a share of the crates is compiled, measured on two processors: the longest,
/// nalgebra and what is built with dfdx, come last.
const COURSE: [(f64, f64); 6] =
    [(0.0, 0.0), (0.25, 0.13), (0.55, 0.30), (0.82, 0.54), (0.94, 0.74), (1.0, 1.0)];

/// How long the rest takes if it goes on like this; nothing where that is too early to say.
fn left(elapsed: Duration, done: u64, total: u64) -> String {
    if done < ENOUGH || done >= total {
        return String::new();
    }
    let gone = gone(done as f64 / total as f64);
    let seconds = (elapsed.as_secs_f64() * (1.0 - gone) / gone).round();
    if seconds < 90.0 {
        format!(", about {seconds} s left")
    } else {
        format!(", about {:.0} min left", seconds / 60.0)
    }
}

/// Between the points that were measured in a straight line.
fn gone(share: f64) -> f64 {
    let around = COURSE.windows(2).find(|pair| share <= pair[1].0);
    around.map_or(1.0, |pair| {
        let ((from, begins), (to, ends)) = (pair[0], pair[1]);
        begins + (ends - begins) * (share - from) / (to - from)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_and_its_unit_stand_apart() {
        assert_eq!(clock(Duration::from_millis(2_900)), "2 s");
        assert_eq!(clock(Duration::from_secs(127)), "2 min 7 s");
    }

    #[test]
    fn what_is_left_is_told_once_something_is_known() {
        let told = |seconds, done| left(Duration::from_secs(seconds), done, 71);
        assert_eq!((told(30, 7).as_str(), told(30, 71).as_str()), ("", ""));
        assert_eq!(told(69, 18), ", about 8 min left");
        assert_eq!(told(391, 67), ", about 2 min left");
        assert_eq!(told(100, 69), ", about 14 s left");
    }
}
