//! What a late submission loses: by the time that the platform or the roster gives, never by the student's receipt.

use std::collections::BTreeMap;

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

    /// What is left of `earned`, and a sentence about it where there is something to say.
    pub fn after(&self, earned: Points, lateness: &Lateness) -> (Points, Option<String>) {
        let days = match lateness {
            Lateness::None => return (earned, None),
            Lateness::Unknown(text) if text.is_empty() => {
                let note = "the platform calls it late and does not say when it came: nothing was taken off";
                return (earned, Some(note.to_owned()));
            }
            Lateness::Unknown(text) => {
                return (
                    earned,
                    Some(format!("when it came can't be read (“{text}”): nothing was taken off")),
                );
            }
            Lateness::Days(days) => *days,
        };
        let late = if days == 1 { "1 day late".to_owned() } else { format!("{days} days late") };
        if self.closed_after.is_some_and(|closed| days > closed) {
            return (Points::ZERO, Some(format!("{late}: it was closed by then")));
        }
        let counted = days.saturating_sub(self.late_days);
        let percent = (f64::from(counted) * self.percent_a_day).min(100.0);
        if percent == 0.0 {
            return (earned, Some(format!("{late}, which costs nothing")));
        }
        let left = Points::of(earned.value() * (1.0 - percent / 100.0));
        (left, Some(format!("{late}: {} % taken off", Points::of(percent))))
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
        }
    }

    fn left(submitted: Option<&str>, email: &str) -> (f64, String) {
        let (submitted, email) = (submitted.map(str::to_owned), email.to_owned());
        let owner = Owner { submitted, email, ..Owner::default() };
        let (points, note) = due().after(Points::from(50), &due().lateness(&owner));
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
    fn who_says_nothing_loses_nothing() {
        assert_eq!(left(None, ""), (50.0, String::new()));
        assert!(left(Some("gestern"), "").1.contains("can't be read (“gestern”): nothing was taken off"));
    }
}
