//! What an exercise must not be written with: no solution is, and whoever does is told so.

use anyhow::{Context, Result};

use super::{Complaints, SelfCheck};
use crate::{
    build::assemble::Sources,
    course::Exercise,
    grade::{Links, Loan},
    source::{items::parse_ours, tree::Tree},
};

/// Complains where a solution borrows, or a solution that does gets away with it.
pub fn are_refused(check: &SelfCheck, wanted: &[&Exercise], complaints: &mut Complaints) -> Result<()> {
    for exercise in wanted.iter().filter(|exercise| !exercise.not_with.is_empty()) {
        let id = exercise.full_id();
        if let Some(Loan { name, place, .. }) = check.borrowed(exercise, check.solutions) {
            complaints.add(format!(
                "the solution of `{id}` uses `{name}` in {place}, which its `not_with` rules out"
            ));
        }
        for name in &exercise.not_with {
            for call in calls(name) {
                let tree = with_call(check.solutions, exercise, &call)?;
                if check.borrowed(exercise, &tree).is_none() {
                    complaints
                        .add(format!("`{id}` may be written with `{call}`, which its `not_with` rules out"));
                }
            }
        }
    }
    Ok(())
}

impl SelfCheck<'_> {
    fn borrowed(&self, exercise: &Exercise, tree: &Tree) -> Option<Loan> {
        let submission = Sources { chapter: self.chapter, source: "solutions", tree };
        Links::new(&self.grader.paths, &submission).borrowed(exercise)
    }
}

/// How somebody might use what an entry of `not_with` names.
fn calls(entry: &str) -> Vec<String> {
    let (from, name) = entry.rsplit_once("::").unwrap_or(("dfdx", entry));
    let mut calls = vec![format!("{from}::somewhere::{name}(x)")];
    if name.starts_with(char::is_uppercase) {
        calls.push(format!("{from}::somewhere::{name}::new(x)"));
    } else {
        calls.push(format!("D::{name}(x)"));
        calls.push(format!("vec![x.{name}(1.0)]"));
    }
    calls
}

/// The solution with `call` in a helper, which its first function calls.
fn with_call(solutions: &Tree, exercise: &Exercise, call: &str) -> Result<Tree> {
    let (mut tree, file) = (solutions.clone(), exercise.file());
    let text = tree.files.get_mut(&file).with_context(|| format!("there is no `{}`", file.display()))?;
    let body = parse_ours(text, &file.to_string_lossy())?.body(&exercise.items);
    let body = body.with_context(|| format!("`{}` has no function", exercise.full_id()))?;
    text.insert_str(body.start + 1, " borrowing_helper(); ");
    text.push_str(&format!("\nfn borrowing_helper() {{ let _ = {call}; }}\n"));
    Ok(tree)
}
