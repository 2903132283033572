//! Classroom 50's `result.json`, a file a student: the form of its schema `classroom50/result/v1`.
//!
//! Whose repository and which commit it is, only the platform knows: `identity.json` beside the results holds what it gave (an object,
//! or a list of them), and goes into the result as it is. A result whose identity does not fit is dropped there, so none is made up.

use std::{collections::BTreeMap, fs, path::Path};

use anyhow::{Context, Result, ensure};
use serde_json::{Map, Value, json};

use super::{Form, Show, show::told};
use crate::{
    class::{
        folder::file_name,
        points::Points,
        sheet::{Row, Sheet, State},
    },
    clean::clean_json,
    files::write_whole,
};

/// What the platform knows of a submission; all of it must be there.
const IDENTITY: [&str; 9] = [
    "classroom",
    "assignment",
    "assignment_type",
    "owner",
    "submission",
    "commit",
    "release",
    "review",
    "datetime",
];
/// What may be there besides.
const OPTIONAL: [&str; 2] = ["graded_at", "submitted_by"];
/// The file's name, in the folder that results are written to.
const FILE: &str = "identity.json";

/// A folder with a file a student.
pub struct Classroom50;

impl Form for Classroom50 {
    fn name(&self) -> &'static str {
        "classroom50"
    }

    /// A result has a score, and what was not graded has none.
    fn takes(&self, state: State) -> bool {
        state.has_points()
    }

    fn write(&self, sheets: &[&Sheet], show: Show, place: &Path) -> Result<()> {
        let identities = identities(&place.join(FILE))?;
        for sheet in sheets {
            let text =
                serde_json::to_string_pretty(&value(sheet, show, identity(&identities, sheet, place)?))
                    .context("failed to write a result")?;
            let file = format!("{}.result.json", file_name(&sheet.student.key));
            write_whole(&place.join(file), clean_json(&text).as_bytes())?;
        }
        Ok(())
    }
}

type Identities = BTreeMap<String, Map<String, Value>>;

fn identities(path: &Path) -> Result<Identities> {
    let bytes = fs::read(path).with_context(|| {
        format!(
            "Classroom 50 drops results without its identity fields: write what its autograder was given to `{}`, an object with {} \
             or a list of such",
            path.display(),
            IDENTITY.join(", ")
        )
    })?;
    let given: Value =
        serde_json::from_slice(&bytes).with_context(|| format!("`{}` is no JSON", path.display()))?;
    let list = match given {
        Value::Array(list) => list,
        one => vec![one],
    };
    list.into_iter().map(|one| checked(one, path)).collect()
}

fn checked(given: Value, path: &Path) -> Result<(String, Map<String, Value>)> {
    let place = path.display();
    let Value::Object(fields) = given else { anyhow::bail!("`{place}` holds something else than objects") };
    for field in IDENTITY {
        ensure!(
            fields.contains_key(field),
            "`{place}`: `{field}` is missing, which the platform's autograder is given"
        );
    }
    let is_known = |name: &String| IDENTITY.contains(&name.as_str()) || OPTIONAL.contains(&name.as_str());
    if let Some(other) = fields.keys().find(|name| !is_known(name)) {
        anyhow::bail!("`{place}`: a result has no field `{other}`: leave it out");
    }
    let kind = fields["assignment_type"].as_str().unwrap_or_default();
    ensure!(
        matches!(kind, "individual" | "group"),
        "`{place}`: `assignment_type` is {kind:?}: write \"individual\" or \"group\""
    );
    let owner = fields["owner"].as_str().unwrap_or_default().to_owned();
    ensure!(!owner.is_empty(), "`{place}`: `owner` is empty: write the repository's owner");
    Ok((owner, fields))
}

/// By the owner's name, which the folder of a clone ends with; an only one is an only student's.
fn identity<'i>(identities: &'i Identities, sheet: &Sheet, place: &Path) -> Result<&'i Map<String, Value>> {
    let key = sheet.student.key.to_lowercase();
    let is_of = |owner: &str| key == owner || key.ends_with(&format!("-{owner}"));
    let found = identities.iter().find(|(owner, _)| is_of(&owner.to_lowercase()));
    found
        .map(|(_, fields)| fields)
        .or_else(|| identities.values().next().filter(|_| identities.len() == 1))
        .with_context(|| {
            format!(
                "`{}` has nobody called `{}`: `owner` says whose it is",
                place.join(FILE).display(),
                sheet.student.key
            )
        })
}

fn value(sheet: &Sheet, show: Show, identity: &Map<String, Value>) -> Value {
    let most = whole(sheet.points);
    let mut value = json!({
        "schema": "classroom50/result/v1",
        "score": whole(sheet.earned).min(most),
        "max-score": most,
        "tests": sheet.exercises.iter().map(|row| test(row, show)).collect::<Vec<_>>(),
    });
    for (name, field) in identity {
        value[name] = field.clone();
    }
    value
}

fn test(row: &Row, show: Show) -> Value {
    let most = if row.bonus { 0 } else { whole(row.points) };
    let mut test = json!({
        "test-name": row.title,
        "passed": row.verdict.is_passed(),
        "score": whole(row.earned).min(most),
        "max-score": most,
    });
    if let Some(says) = told(row, show) {
        test["message"] = json!(says);
    }
    test
}

/// Scores there are whole and not negative.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "rounded and not negative")]
fn whole(points: Points) -> u64 {
    points.value().max(0.0).round() as u64
}
