//! Events in words: what a line says.

use crate::{
    clean::clean,
    events::{Damage, Event, Holder},
};

/// Characters of a line of a training's that are shown.
const SHOWN: usize = 100;

/// What begins with an event, where that may take a while.
pub fn beginning(event: Event) -> Option<String> {
    Some(match event {
        Event::Building { what } => format!("Building {what}"),
        Event::Compiling { crates } => format!("Compiling {crates} crates, this once"),
        Event::Searching => "The compiler does not say what is wrong; looking for it".to_owned(),
        Event::Fetching => "Fetching dependencies".to_owned(),
        Event::Mending { what: Damage::Libraries } => {
            "What was built before is damaged; building it anew".to_owned()
        }
        Event::Mending { what: Damage::LockFile } => {
            "The lock file that was staged is damaged; copying it anew".to_owned()
        }
        Event::Timing { exercise, pass } => format!("Timing {exercise}, {pass}"),
        Event::Training { exercise } => format!("{exercise}: full-size data"),
        Event::Comparing => "Comparing golden values and solutions with the snapshots".to_owned(),
        Event::Reading => "Looking at the release".to_owned(),
        Event::Waiting { on: Holder::Grader } => "Another grader is at work here; waiting for it".to_owned(),
        Event::Waiting { on: Holder::Cargo(line) } => {
            format!("Another cargo is at work, perhaps an editor's. {line}")
        }
        Event::Unlocked => "This file system has no locks: run one grader at a time here".to_owned(),
        _ => return None,
    })
}

/// How far compiling is, at each quarter of the way.
pub fn quarter(done: usize, total: usize) -> Option<String> {
    let quarters = |done: usize| (4 * done).checked_div(total);
    let is_new = done > 0 && done < total && quarters(done) != quarters(done - 1);
    is_new.then(|| format!("{done} of {total} crates are compiled"))
}

/// What is through, where somebody may wonder later what took so long.
pub fn ended(event: Event) -> Option<String> {
    match event {
        Event::Checked { what, seconds } => Some(format!("Checked {what}: {seconds:.0} s")),
        _ => None,
    }
}

/// What everybody should hear of, who wants to hear anything at all.
pub fn warning(event: Event) -> Option<String> {
    match event {
        Event::Forgotten { reason } => Some(format!("warning: verdicts are not remembered: {reason}")),
        _ => None,
    }
}

/// A line that a training printed, which must not steer the terminal.
pub fn printed(exercise: &str, line: &str) -> String {
    let shown: String = clean(line).chars().take(SHOWN).collect();
    format!("{exercise}: {shown}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_build_is_spoken_of_at_each_quarter() {
        let said: Vec<String> = (0..=75).filter_map(|done| quarter(done, 75)).collect();
        assert_eq!(said, [19, 38, 57].map(|done| format!("{done} of 75 crates are compiled")));
        assert_eq!(quarter(0, 0), None);
    }
}
