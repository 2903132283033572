//! A plain line for whatever may take a while, where nobody sees bars.

use super::words::{beginning, ended, printed, quarter, warning};
use crate::{
    events::{Event, Listener},
    report::tell,
};

/// Writes lines.
pub struct Lines;

/// Writes nothing but what everybody should hear of: verdicts that are not remembered.
pub struct Warnings;

impl Listener for Warnings {
    fn hear(&self, event: Event) {
        warning(event).iter().for_each(|line| tell(line));
    }
}

impl Listener for Lines {
    fn hear(&self, event: Event) {
        if let Event::Printed { exercise, line } = event {
            tell(&printed(exercise, line));
        }
        if let Event::Compiled { done, total: Some(total), .. } = event {
            quarter(done, total).iter().for_each(|line| tell(line));
        }
        beginning(event).iter().for_each(|line| tell(&format!("{line} …")));
        ended(event).iter().for_each(|line| tell(line));
        warning(event).iter().for_each(|line| tell(line));
    }
}
