//! Of several attempts the newest counts; files that came one by one are put together.

use std::{collections::BTreeMap, mem::take};

use super::senders::Sender;
use crate::hand_in::bundle::{Delivery, Parcel, joined};

/// What counts of what one student sent.
#[derive(Clone, Debug)]
pub struct Attempt {
    /// Who sent it.
    pub sender: Sender,
    /// Where it was.
    pub from: String,
    /// What was handed in, file by file.
    pub files: Vec<Delivery>,
    /// The older ones, the oldest first.
    pub older: Vec<Attempt>,
    modified: i64,
    is_loose: bool,
}

impl Attempt {
    /// One of which nothing is there.
    pub fn lost(sender: Sender) -> Self {
        let (from, files, older) = (String::new(), Vec::new(), Vec::new());
        Self { sender, from, files, older, modified: 0, is_loose: false }
    }
}

/// The attempt of each sender that counts, in the order of the senders' keys.
#[derive(Default)]
pub struct Attempts {
    by_key: BTreeMap<String, Attempt>,
}

impl Attempts {
    /// Takes one more, sent by everybody in `senders`.
    pub fn add(&mut self, senders: Vec<Sender>, place: &str, parcel: &Parcel) {
        for sender in senders {
            let from = joined(place, &parcel.within);
            let (files, modified, is_loose) = (parcel.files.clone(), parcel.modified, parcel.is_loose);
            let key = sender.key.clone();
            let new = Attempt { sender, from, files, older: Vec::new(), modified, is_loose };
            match self.by_key.remove(&key) {
                None => _ = self.by_key.insert(key, new),
                Some(other) => _ = self.by_key.insert(key, newest(other, new)),
            }
        }
    }

    /// Those that count.
    pub fn counting(self) -> Vec<Attempt> {
        self.by_key.into_values().collect()
    }
}

/// By the platform's number where there is one, else by the newest file's time; the later one where that says nothing.
fn newest(first: Attempt, second: Attempt) -> Attempt {
    let order = |attempt: &Attempt| (attempt.sender.upload, attempt.modified);
    let (mut old, mut new) = if order(&second) >= order(&first) { (first, second) } else { (second, first) };
    let mut older = [take(&mut old.older), take(&mut new.older)].concat();
    if old.is_loose && new.is_loose {
        let is_new = |file: &Delivery| new.files.iter().any(|other| other.name == file.name);
        let kept: Vec<Delivery> = old.files.iter().filter(|file| !is_new(file)).cloned().collect();
        new.files.extend(kept);
    } else {
        older.push(old);
    }
    older.sort_by_key(order);
    new.older = older;
    new
}
