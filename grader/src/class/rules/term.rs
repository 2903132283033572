//! A term's late days: one store for several assignments, each with a folder of results of its own.

use crate::class::sheet::Owner;

use super::due::{Due, Lateness};

/// An assignment before this one.
#[derive(Clone, Debug)]
pub struct Earlier {
    /// When it was due; its own late days and what being late cost do not matter here.
    pub due: Due,
    /// Who handed in.
    pub owners: Vec<Owner>,
}

impl Earlier {
    /// How many days late it was handed in by the student who is `owner` now; none where it was closed by then, as it earned nothing.
    pub fn days(&self, owner: &Owner) -> u32 {
        let Some(then) = self.owners.iter().find(|then| is_same(then, owner)) else { return 0 };
        match self.due.lateness(then) {
            Lateness::Days(days) if !self.due.is_closed_after(days) => days,
            _ => 0,
        }
    }
}

/// Platforms tell students apart by other numbers than rosters do.
fn is_same(one: &Owner, other: &Owner) -> bool {
    let pairs = [(&one.key, &other.key), (&one.email, &other.email), (&one.id, &other.id)];
    pairs.into_iter().any(|(one, other)| !one.is_empty() && one == other)
}
