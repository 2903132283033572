//! What a grading of a class prints: a line for each that is done, and at the end who is missing.

use std::time::Duration;

use anyhow::{Result, ensure};
use serde_json::json;

use super::{Wish, intake::Given};
use crate::{
    class::{
        roster::Roster,
        sheet::{Sheet, State},
    },
    clean::clean,
    commands::Session,
    exit::Exit,
    report::{put_json, tell},
};

/// A line for one that is done, and how long the rest may take.
pub fn line(sheet: &Sheet, (done, total): (usize, usize), spent: &[Duration]) -> String {
    let what = match sheet.state {
        State::Graded => format!("{} of {} points", sheet.earned, sheet.points),
        state => state.word().to_owned(),
    };
    let mean = spent.iter().sum::<Duration>() / u32::try_from(spent.len().max(1)).unwrap_or(u32::MAX);
    let left = mean * u32::try_from(total - done).unwrap_or(u32::MAX);
    let left = if done < total { format!("   about {} left", minutes(left)) } else { String::new() };
    format!(
        "  {done} of {total}  {}: {what}, {}{left}",
        named(sheet),
        minutes(Duration::from_secs_f64(sheet.seconds))
    )
}

fn minutes(time: Duration) -> String {
    let seconds = time.as_secs();
    match seconds {
        0..60 => format!("{seconds} s"),
        60..3600 => format!("{}:{:02} min", seconds / 60, seconds % 60),
        _ => format!("{}:{:02} h", seconds / 3600, seconds % 3600 / 60),
    }
}

pub fn named(sheet: &Sheet) -> String {
    clean(if sheet.student.name.is_empty() { &sheet.student.key } else { &sheet.student.name })
}

/// Says what has come of all, and what an instructor should know of who is missing.
pub fn end(
    session: &Session,
    wish: &Wish,
    roster: Option<&Roster>,
    given: &Given,
    sheets: &[Sheet],
) -> Result<Exit> {
    let all = || sheets.iter().chain(&given.useless);
    let count = |state: State| all().filter(|sheet| sheet.state == state).count();
    let missing: Vec<String> = roster.map_or_else(Vec::new, |roster| {
        let handed = |key: &str| all().any(|sheet| sheet.student.key == key);
        roster.students.iter().filter(|s| !handed(s.key())).map(|s| clean(&s.name)).collect()
    });
    let is_strange = |sheet: &&Sheet| sheet.student.on_roster == Some(false);
    let strange: Vec<String> =
        all().filter(is_strange).map(|sheet| format!("{} ({})", named(sheet), clean(&sheet.from))).collect();
    let several: Vec<String> = sheets.iter().filter(|sheet| !sheet.older.is_empty()).map(named).collect();
    if session.common.json {
        put_json(&json!({
            "format": 1, "graded": count(State::Graded), "untouched": count(State::Untouched),
            "not_graded": count(State::NotGraded), "internal": count(State::Internal),
            "not_handed_in": missing, "not_on_roster": strange, "several_attempts": several, "unread": given.unread,
        }));
    } else {
        session.say(&format!(
            "{} graded, {} untouched, {} not graded, {} failed in the grader; results in {}",
            count(State::Graded),
            count(State::Untouched),
            count(State::NotGraded),
            count(State::Internal),
            wish.out.display()
        ));
        let lists = [
            ("on the roster, nothing handed in", &missing),
            ("not on the roster", &strange),
            ("of several attempts the newest counts", &several),
        ];
        for (what, names) in lists.into_iter().filter(|(_, names)| !names.is_empty()) {
            tell(&format!("note: {what} ({}): {}", names.len(), names.join(", ")));
        }
    }
    ensure!(given.unread.is_empty(), "not read: {}", given.unread.join(", "));
    ensure!(
        count(State::Internal) == 0,
        "the grader failed over {}: give the same command again",
        count(State::Internal)
    );
    Ok(Exit::Done)
}
