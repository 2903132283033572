//! A line of JSON for every event, for programs that show it themselves. Not for what a student prints: that could be without end.

use crate::{
    clean::clean_json,
    events::{Event, Listener},
    report::tell,
};

/// Writes JSON.
pub struct JsonLines;

impl Listener for JsonLines {
    fn hear(&self, event: Event) {
        if matches!(event, Event::Heard { .. }) {
            return;
        }
        if let Ok(line) = serde_json::to_string(&event) {
            tell(&clean_json(&line));
        }
    }
}
