//! What an instructor may want to look at: sources that are equal or nearly so, receipts that do not fit. Reasons to ask, not proofs.

use std::collections::BTreeMap;

use crate::class::{
    likeness,
    moment::seconds,
    sheet::{Sheet, State},
};

/// Seconds that clocks may differ by.
const SLACK: i64 = 3600;
/// Exercises of a pair that are named.
const NAMED: usize = 4;

/// A sentence for each; `now` in seconds since 1970.
pub fn odd(sheets: &[Sheet], now: i64) -> Vec<String> {
    let mut odd = equal(sheets);
    odd.extend(alike(sheets));
    for sheet in sheets {
        let changed = sheet.findings.iter().filter(|finding| finding.contains("receipt")).cloned();
        odd.extend(changed.chain(clocks(sheet, now)).map(|what| format!("{}: {what}", sheet.student.name)));
    }
    odd
}

fn equal(sheets: &[Sheet]) -> Vec<String> {
    let mut by_hash: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for sheet in sheets.iter().filter(|sheet| sheet.state == State::Graded) {
        by_hash.entry(&sheet.sha256).or_default().push(&sheet.student.name);
    }
    let equal = by_hash.into_values().filter(|names| names.len() > 1);
    equal.map(|names| format!("the same sources, byte for byte: {}", names.join(", "))).collect()
}

fn alike(sheets: &[Sheet]) -> Vec<String> {
    let name = |i: usize| sheets[i].student.name.as_str();
    let pairs = likeness::pairs(sheets).into_iter().map(|pair| {
        let (a, b) = pair.of;
        let more = pair.exercises.len().saturating_sub(NAMED);
        let named: Vec<String> = pair.exercises.into_iter().take(NAMED).collect();
        let others = if more > 0 { format!(" and {more} more") } else { String::new() };
        format!(
            "nearly equal sources: {}, {} ({} % of what few others write, {} runs of ten tokens, variables' names aside: {}{others})",
            name(a),
            name(b),
            pair.percent,
            pair.runs,
            named.join(", ")
        )
    });
    pairs.collect()
}

/// When the student's own grader says that the receipt was made.
fn clocks(sheet: &Sheet, now: i64) -> Option<String> {
    let made = sheet.receipt.get("made").and_then(|made| made.as_str())?;
    let at = seconds(made, 0)?;
    let submitted = sheet.student.submitted.as_ref().and_then(|submitted| seconds(submitted, 0));
    if at > now + SLACK {
        return Some(format!("its receipt is of the future ({made})"));
    }
    // A time without a zone may be anywhere within a day.
    let is_later = submitted.is_some_and(|submitted| at > submitted + 24 * SLACK);
    is_later.then(|| format!("its receipt was written ({made}) after it was handed in"))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn sheet(made: &str, submitted: Option<&str>) -> Sheet {
        let student = json!({ "key": made, "name": "Ada", "known_by": "", "submitted": submitted });
        let value = json!({
            "format": 1, "student": student, "from": "", "state": "graded", "sha256": made, "seed": 1, "version": "",
            "isolation": "", "seconds": 0.0, "earned": 0, "points": 1, "receipt": { "made": made },
        });
        serde_json::from_value(value).unwrap()
    }

    #[test]
    fn a_clock_that_does_not_fit_is_named() {
        let now = seconds("2026-01-10T12:00:00Z", 0).unwrap();
        let says = |made, submitted| odd(&[sheet(made, submitted)], now);
        assert_eq!(says("2026-01-10T11:00:00Z", Some("2026-01-10T11:10:00Z")), [""; 0]);
        assert_eq!(
            says("2027-01-10T11:00:00Z", None),
            ["Ada: its receipt is of the future (2027-01-10T11:00:00Z)"]
        );
        assert!(says("2026-01-10T11:00:00Z", Some("2026-01-08 11:00"))[0].contains("after it was handed in"));
    }

    #[test]
    fn the_very_same_sources_are_named() {
        let both = [sheet("2026-01-10T11:00:00Z", None), sheet("2026-01-10T11:00:00Z", None)];
        assert_eq!(odd(&both, i64::MAX / 2), ["the same sources, byte for byte: Ada, Ada"]);
    }
}
