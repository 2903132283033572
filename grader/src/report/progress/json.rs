//! A line of JSON for every event, for programs that show it themselves. Of what a student prints, which could be without end, only as
//! much as a training says of itself.

use std::sync::atomic::{AtomicUsize, Ordering};

use crate::{
    clean::clean_json,
    events::{Event, Listener},
    report::tell,
};

/// Lines of students' that are handed on.
const HEARD: usize = 2000;
/// Characters of each.
const SHOWN: usize = 200;

/// Writes JSON.
#[derive(Default)]
pub struct JsonLines {
    heard: AtomicUsize,
}

impl Listener for JsonLines {
    fn hear(&self, event: Event) {
        match event {
            Event::Heard { line, .. } if self.is_too_much(line) => {}
            Event::Heard { exercise, program, line } => {
                let end = line.char_indices().nth(SHOWN).map_or(line.len(), |(at, _)| at);
                write(&Event::Heard { exercise, program, line: &line[..end] });
            }
            event => write(&event),
        }
    }
}

impl JsonLines {
    /// A line without a number is nothing that a training says of itself.
    fn is_too_much(&self, line: &str) -> bool {
        let is_number = line.chars().take(SHOWN).any(|c| c.is_ascii_digit());
        !is_number || self.heard.fetch_add(1, Ordering::Relaxed) >= HEARD
    }
}

fn write(event: &Event) {
    if let Ok(line) = serde_json::to_string(event) {
        tell(&clean_json(&line));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_what_is_printed_without_end_only_so_much_is_handed_on() {
        let lines = JsonLines::default();
        assert!(lines.is_too_much("begin") && !lines.is_too_much("epoch 1: loss 0.4"));
        let handed_on = (0..2 * HEARD).filter(|_| !lines.is_too_much("row 0")).count();
        assert_eq!(handed_on, HEARD - 1);
    }
}
