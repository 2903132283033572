//! After `grade --again`: what the change of the course made of points, by student and task, and who lost some.

use std::{collections::BTreeMap, path::Path};

use anyhow::Result;
use serde_json::json;

use super::notices::named;
use crate::{
    class::{
        points::Points,
        settle::{laid_over, settled},
        sheet::{Row, Sheet},
    },
    commands::Session,
    report::{put_json, putln},
};

/// What has become of one student's task.
struct Change<'a> {
    student: String,
    old: &'a Row,
    new: &'a Row,
}

/// Prints what differs between the sheets as they were and as they are in `place`, both by the rules of now.
pub fn tell_changes(session: &Session, place: &Path, before: &[Sheet]) -> Result<()> {
    let before = laid_over(session.course, place, before)?;
    let after = settled(session.course, place)?;
    let old: BTreeMap<&str, &Sheet> =
        before.sheets.iter().map(|sheet| (sheet.student.key.as_str(), sheet)).collect();
    let pairs: Vec<(&Sheet, &Sheet)> = after
        .sheets
        .iter()
        .filter_map(|sheet| Some((*old.get(sheet.student.key.as_str())?, sheet)))
        .collect();
    let changes: Vec<Change> = pairs.iter().flat_map(|(old, new)| changes(old, new)).collect();
    let lost: Vec<String> = pairs
        .iter()
        .filter(|(old, new)| new.earned < old.earned)
        .map(|(old, new)| format!("{} ({} → {})", named(new), old.earned, new.earned))
        .collect();
    if session.common.json {
        let changes = changes.iter().map(|change| {
            json!({
                "student": change.student, "id": change.new.id, "old": change.old.earned, "new": change.new.earned,
                "was": change.old.verdict.word(), "is": change.new.verdict.word(),
            })
        });
        put_json(&json!({ "format": 1, "changes": changes.collect::<Vec<_>>(), "lost": lost }));
        return Ok(());
    }
    for Change { student, old, new } in &changes {
        let (was, is) = (old.verdict.word(), new.verdict.word());
        putln!("  {student}  {}: {} → {} points ({was} → {is})", new.id, old.earned, new.earned);
    }
    let sum = |of: fn(&(&Sheet, &Sheet)) -> Points| -> Points { pairs.iter().map(of).sum() };
    putln!(
        "{} of {} verdicts are others; all together {} → {} points",
        changes.len(),
        pairs.iter().map(|(_, new)| new.exercises.len()).sum::<usize>(),
        sum(|(old, _)| old.earned),
        sum(|(_, new)| new.earned)
    );
    putln!(
        "lost points ({}): {}",
        lost.len(),
        if lost.is_empty() { "nobody".to_owned() } else { lost.join(", ") }
    );
    Ok(())
}

fn changes<'a>(old: &'a Sheet, new: &'a Sheet) -> Vec<Change<'a>> {
    let pairs = new.exercises.iter().filter_map(|row| {
        let was = old.exercises.iter().find(|old| old.id == row.id)?;
        let differs = was.earned != row.earned || was.verdict.word() != row.verdict.word();
        differs.then(|| Change { student: named(new), old: was, new: row })
    });
    pairs.collect()
}
