//! Times as learning platforms and instructors write them, to seconds of UTC. What can't be read is nothing, never a guess.

use time::{Date, Month, OffsetDateTime, PrimitiveDateTime, Time, UtcOffset};

const MONTHS: [&str; 12] =
    ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];

/// Seconds since 1970 of a time in one of these forms; `offset` (seconds east of UTC) is taken for what names none:
///
/// - `2026-01-10T23:59:00+01:00`, `2026-01-10 23:59`, `2026-01-10 23:59:00.123 Z`, `2026-01-10 23:59:00 UTC`
/// - `Saturday, 10 January 2026, 11:59 PM`, as Moodle writes it in English
pub fn seconds(text: &str, offset: i32) -> Option<i64> {
    let text = text.trim();
    let moment = iso(text, offset).or_else(|| english(text, offset))?;
    Some(moment.unix_timestamp())
}

/// The seconds east of UTC that `+01:00`, `-0530`, `Z` or `UTC` stand for.
pub fn offset(text: &str) -> Option<i32> {
    if matches!(text, "Z" | "z" | "UTC") {
        return Some(0);
    }
    let sign = match text.as_bytes().first()? {
        b'+' => 1,
        b'-' => -1,
        _ => return None,
    };
    let digits: String = text[1..].chars().filter(|c| *c != ':').collect();
    let is_plain = digits.len() == 4 && digits.bytes().all(|byte| byte.is_ascii_digit());
    let (hours, minutes) = is_plain.then(|| digits.split_at(2))?;
    let (hours, minutes): (i32, i32) = (hours.parse().ok()?, minutes.parse().ok()?);
    (hours <= 14 && minutes < 60).then_some(sign * (hours * 3600 + minutes * 60))
}

fn iso(text: &str, default: i32) -> Option<OffsetDateTime> {
    let (date, rest) = text.split_at_checked(10)?;
    let mut parts = date.split('-');
    let (year, month, day) = (parts.next()?, parts.next()?, parts.next()?);
    let month = Month::try_from(month.parse::<u8>().ok()?).ok()?;
    let date = Date::from_calendar_date(year.parse().ok()?, month, day.parse().ok()?).ok()?;
    let rest = rest.strip_prefix(['T', 't', ' '])?.trim();
    let end = rest.find(|c: char| !c.is_ascii_digit() && c != ':' && c != '.').unwrap_or(rest.len());
    let (clock, zone) = rest.split_at(end);
    let zone = zone.trim();
    let offset = if zone.is_empty() { default } else { offset(zone)? };
    at(date, time(clock)?, offset)
}

/// `Saturday, 10 January 2026, 11:59 PM`; the day of the week may be missing.
fn english(text: &str, default: i32) -> Option<OffsetDateTime> {
    let words: Vec<&str> =
        text.split([' ', ',', '\u{202f}', '\u{a0}']).filter(|word| !word.is_empty()).collect();
    let first = words.iter().position(|word| word.bytes().all(|byte| byte.is_ascii_digit()))?;
    let [day, month, year, clock, rest @ ..] = &words[first..] else { return None };
    let name = month.to_lowercase();
    let number = MONTHS.iter().position(|known| name.starts_with(known))? + 1;
    let month = Month::try_from(u8::try_from(number).ok()?).ok()?;
    let date = Date::from_calendar_date(year.parse().ok()?, month, day.parse().ok()?).ok()?;
    let clock = time(clock)?;
    let hour = match rest {
        [] => clock.hour(),
        [half] if half.eq_ignore_ascii_case("am") => clock.hour() % 12,
        [half] if half.eq_ignore_ascii_case("pm") => clock.hour() % 12 + 12,
        _ => return None,
    };
    at(date, clock.replace_hour(hour).ok()?, default)
}

fn time(text: &str) -> Option<Time> {
    let mut parts = text.split(':');
    let (hour, minute) = (parts.next()?.parse().ok()?, parts.next()?.parse().ok()?);
    // Fractions of a second decide nothing.
    let second = parts.next().map_or(Some(0), |second| second.split('.').next()?.parse().ok())?;
    Time::from_hms(hour, minute, second).ok().filter(|_| parts.next().is_none())
}

fn at(date: Date, time: Time, offset: i32) -> Option<OffsetDateTime> {
    let offset = UtcOffset::from_whole_seconds(offset).ok()?;
    Some(PrimitiveDateTime::new(date, time).assume_offset(offset))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_platforms_write_is_one_moment() {
        let want = Some(1_768_085_940);
        for text in [
            "2026-01-10T22:59:00Z",
            "2026-01-10T23:59:00+01:00",
            "2026-01-10 23:59",
            "2026-01-10 22:59:00.123 Z",
            "2026-01-10 22:59:00 UTC",
            "2026-01-10 17:29:00 -0530",
            "Saturday, 10 January 2026, 11:59 PM",
            "10 January 2026, 23:59",
        ] {
            assert_eq!(seconds(text, 3600), want, "{text}");
        }
    }

    #[test]
    fn what_is_no_time_is_nothing() {
        for text in [
            "",
            "-",
            "yesterday",
            "2026-13-01 10:00",
            "2026-01-10",
            "2026-01-10 25:00",
            "Samstag, 10. Januar 2026",
        ] {
            assert_eq!(seconds(text, 0), None, "{text}");
        }
        assert_eq!(
            ["+01:00", "-0530", "Z", "1", "+99:00"].map(offset),
            [Some(3600), Some(-19800), Some(0), None, None]
        );
    }
}
