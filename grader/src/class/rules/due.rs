//! What a late submission loses: by the time that the platform or the roster gives, never by the student's receipt.

use std::collections::BTreeMap;

use super::term::Earlier;
use crate::class::{moment, points::Points, sheet::Owner};

const DAY: i64 = 24 * 3600;

/// When it is due, and what being late costs.
#[derive(Clone, Debug)]
pub struct Due {
    /// Seconds since 1970.
    pub at: i64,
    /// Seconds east of UTC, for times that name no zone.
    pub offset: i32,
    /// Days that cost nothing.
    pub late_days: u32,
    /// Of what was earned, for every further day begun.
    pub percent_a_day: f64,
    /// Days after which nothing is earned.
    pub closed_after: Option<u32>,
    /// Later times, by any name of a student.
    pub extensions: BTreeMap<String, i64>,
    /// Earlier assignments, which have used up late days of the same store.
    pub earlier: Vec<Earlier>,
}

/// How late a submission is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Lateness {
    /// In time.
    None,
    /// By so many days begun.
    Days(u32),
    /// Nobody says when it was handed in, or not so that it can be read: the text.
    Unknown(String),
}

impl Due {
    /// How late the submission of `owner` is.
    pub fn lateness(&self, owner: &Owner) -> Lateness {
        let Some(submitted) = &owner.submitted else {
            return if owner.late { Lateness::Unknown(String::new()) } else { Lateness::None };
        };
        let Some(seconds) = moment::seconds(submitted, self.offset) else {
            return Lateness::Unknown(submitted.clone());
        };
        let over = seconds - self.at_for(owner);
        if over <= 0 {
            return Lateness::None;
        }
        Lateness::Days(u32::try_from((over + DAY - 1) / DAY).unwrap_or(u32::MAX))
    }

    /// When it is due for this one.
    fn at_for(&self, owner: &Owner) -> i64 {
        let names = [&owner.key, &owner.email, &owner.id, &owner.name];
        let own =
            names.into_iter().filter(|name| !name.is_empty()).filter_map(|name| self.extensions.get(name));
        own.copied().max().unwrap_or(self.at)
    }

    /// Whether nothing is earned any more so many days late.
    pub fn is_closed_after(&self, days: u32) -> bool {
        self.closed_after.is_some_and(|closed| days > closed)
    }

    /// What is left of what `owner` `earned`, and a sentence about it where there is something to say.
    pub fn after(&self, earned: Points, owner: &Owner) -> (Points, Option<String>) {
        match self.lateness(owner) {
            Lateness::None => (earned, None),
            Lateness::Unknown(text) if text.is_empty() => {
                let note = "the platform calls it late and does not say when it came: nothing was taken off";
                (earned, Some(note.to_owned()))
            }
            Lateness::Unknown(text) => {
                let note = format!("when it came can't be read (“{text}”): nothing was taken off");
                (earned, Some(note))
            }
            Lateness::Days(days) => {
                let (left, note) = self.after_days(earned, days, owner);
                (left, Some(note))
            }
        }
    }

    fn after_days(&self, earned: Points, days: u32, owner: &Owner) -> (Points, String) {
        let mut late = if days == 1 { "1 day late".to_owned() } else { format!("{days} days late") };
        if self.is_closed_after(days) {
            return (Points::ZERO, format!("{late}: it was closed by then"));
        }
        let free = self.earlier.iter().fold(self.late_days, |left, one| left.saturating_sub(one.days(owner)));
        if !self.earlier.is_empty() {
            late += &format!(", {free} of the term's {} late days left", self.late_days);
        }
        let percent = (f64::from(days.saturating_sub(free)) * self.percent_a_day).min(100.0);
        if percent == 0.0 {
            return (earned, format!("{late}, which costs nothing"));
        }
        let left = Points::of(earned.value() * (1.0 - percent / 100.0));
        (left, format!("{late}: {} % taken off", Points::of(percent)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn due() -> Due {
        Due {
            at: moment::seconds("2026-01-10T12:00:00Z", 0).unwrap(),
            offset: 0,
            late_days: 1,
            percent_a_day: 10.0,
            closed_after: Some(5),
            extensions: [("ada@x.org".to_owned(), moment::seconds("2026-01-12T12:00:00Z", 0).unwrap())]
                .into(),
            earlier: Vec::new(),
        }
    }

    fn left(submitted: Option<&str>, email: &str) -> (f64, String) {
        let (submitted, email) = (submitted.map(str::to_owned), email.to_owned());
        let owner = Owner { submitted, email, ..Owner::default() };
        let (points, note) = due().after(Points::from(50), &owner);
        (points.value(), note.unwrap_or_default())
    }

    #[test]
    fn every_day_begun_counts_after_those_that_are_free() {
        assert_eq!(left(Some("2026-01-10T12:00:00Z"), ""), (50.0, String::new()));
        assert_eq!(
            left(Some("2026-01-10T12:00:01Z"), ""),
            (50.0, "1 day late, which costs nothing".to_owned())
        );
        assert_eq!(left(Some("2026-01-13 11:00"), ""), (40.0, "3 days late: 20 % taken off".to_owned()));
        assert_eq!(left(Some("2026-01-20 11:00"), "").0, 0.0);
        assert_eq!(left(Some("2026-01-13 11:00"), "ada@x.org").0, 50.0, "one day after the extension");
    }

    #[test]
    fn late_days_that_were_used_before_are_gone() {
        let owner = |submitted: &str| Owner {
            key: "ada".to_owned(),
            submitted: Some(submitted.to_owned()),
            ..Owner::default()
        };
        let earlier = |submitted| Earlier { due: due(), owners: vec![owner(submitted)] };
        let term = |first| Due { late_days: 3, earlier: vec![earlier(first)], ..due() };
        let says = |first, second| term(first).after(Points::from(50), &owner(second));
        let (left, note) = says("2026-01-12 11:00", "2026-01-12 13:00");
        assert_eq!(left.value(), 40.0, "two of three days used before, three late now");
        assert_eq!(note.unwrap(), "3 days late, 1 of the term's 3 late days left: 20 % taken off");
        assert_eq!(says("2026-01-09 11:00", "2026-01-12 13:00").0.value(), 50.0, "none used before");
        assert_eq!(says("2026-01-30 11:00", "2026-01-12 13:00").0.value(), 50.0, "what was closed used none");
    }

    #[test]
    fn who_says_nothing_loses_nothing() {
        assert_eq!(left(None, ""), (50.0, String::new()));
        assert!(left(Some("gestern"), "").1.contains("can't be read (“gestern”): nothing was taken off"));
    }
}
