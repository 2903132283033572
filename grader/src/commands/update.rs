//! `update`: a newer release comes in, what the student wrote stays. What happens to each file is `update`'s business.

use std::{
    fmt::Write,
    path::{Path, PathBuf},
};

use anyhow::{Result, bail};
use serde_json::{Value, json};

use super::{
    Exit, PROGRAM, Session,
    solutions::{open, shown},
};
use crate::{
    events::Event,
    grade::Grader,
    keep::{
        stash,
        update::{CONFLICTS, Fate, Plan, Step, get, plan},
    },
    paths::{Paths, is_given},
    report::{plural, put, put_json, putln, tell},
};

/// Updates to the release at `from`, or says what that would do.
pub fn update(session: &Session, from: &str, branch: Option<&str>, dry_run: bool) -> Result<Exit> {
    session.events.hear(Event::Reading);
    let release = get(from, branch)?;
    let grader = Grader::new(session.course, session.events)?;
    let stash = open(&grader.paths)?;
    refuse_solutions(session, &grader.paths)?;
    let mut plan = plan(&session.course.root, &release.folder)?;
    session.events.hear(Event::Finished);
    let changes = std::mem::take(&mut plan.changes);
    let is_current = changes.is_empty();
    let stashed = if dry_run || is_current {
        None
    } else {
        stash.change_all(&format!("update {from}"), changes, || warn(session, &grader.paths))?
    };
    if session.common.json {
        put_json(&as_json(&plan, dry_run, stashed.as_deref()));
    } else if is_current {
        putln!("Nothing to do: this course is that release already (version {})", plan.to);
    } else if !session.common.quiet {
        put!("{}", text(session, &grader.paths, &plan, dry_run, stashed));
    }
    Ok(Exit::Done)
}

fn refuse_solutions(session: &Session, paths: &Paths) -> Result<()> {
    for chapter in &session.course.chapters {
        if stash::waiting(paths, &chapter.name)?.is_some() {
            bail!(
                "lectures/{0} holds the reference solutions, not your files; `{PROGRAM} solutions out {0}` brings yours back first",
                chapter.name
            );
        }
    }
    Ok(())
}

/// Half of two graders may not build.
fn warn(session: &Session, paths: &Paths) {
    let rescue = stash::rescue(paths);
    if rescue.is_file() && !session.common.quiet {
        tell(&format!(
            "Should this be interrupted and cargo not build the grader: {} list",
            shown(paths, &rescue)
        ));
    }
}

fn text(session: &Session, paths: &Paths, plan: &Plan, dry_run: bool, stashed: Option<PathBuf>) -> String {
    let style = session.style;
    let would = if dry_run { " (only shown, nothing was changed)" } else { "" };
    let versions = if plan.from == plan.to {
        format!("{}, in a newer form", plan.to)
    } else {
        format!("{} to {}", plan.from, plan.to)
    };
    let mut text = format!("{}{would}\n", style.strong(&format!("Version {versions}")));
    for (old, new) in &plan.renamed {
        _ = writeln!(text, "  renamed    {old} is {new} now; hints, attempts and answers go with it");
    }
    let (machinery, lectures): (Vec<&Step>, Vec<&Step>) =
        plan.steps.iter().partition(|step| is_machinery(step));
    for step in lectures {
        text += &line(session, paths, step);
    }
    if !machinery.is_empty() {
        let files = plural(machinery.len(), "file");
        _ = writeln!(text, "  {files} of the course that you had left as they were");
    }
    if let Some(stashed) = stashed {
        _ = writeln!(text, "Everything as it was before is in {}", shown(paths, &stashed));
    }
    if !dry_run {
        let grade = style.command(PROGRAM.trim_end_matches(" --"));
        _ = writeln!(text, "Go on with {grade}");
    }
    text
}

/// Of which a student need not know each.
fn is_machinery(step: &Step) -> bool {
    let is_plain = matches!(step.what, Fate::New | Fate::Replaced | Fate::Removed);
    is_plain && (!step.path.starts_with("lectures/") || is_given(&step.path))
}

fn line(session: &Session, paths: &Paths, Step { path, what }: &Step) -> String {
    let style = session.style;
    let items =
        |items: &[String]| items.iter().map(|item| format!("`{item}`")).collect::<Vec<_>>().join(", ");
    let (word, more) = match what {
        Fate::New => ("new", String::new()),
        Fate::Replaced => ("replaced", String::new()),
        Fate::Removed => ("removed", String::new()),
        Fate::Kept => ("yours", "unchanged in the release".to_owned()),
        Fate::Stashed => ("replaced", "you had changed it: yours is in the stash".to_owned()),
        Fate::Merged(touched) if touched.is_empty() => ("merged", "yours, with what is new".to_owned()),
        Fate::Merged(touched) => ("merged", format!("yours, with what is new; look at {}", items(touched))),
        Fate::Gone(gone) if gone.is_empty() => ("yours", "no longer part of the course; it stays".to_owned()),
        Fate::Gone(gone) => ("yours", format!("{} no longer part of the course; yours stay", items(gone))),
        Fate::Conflict(conflicts) => {
            let proposal = paths.root().join(CONFLICTS).join(path);
            let changed =
                if conflicts.is_empty() { String::new() } else { format!("{}: ", items(conflicts)) };
            let place = shown(paths, &proposal);
            return format!(
                "  {} {path}: {changed}changed by you and by the course; yours stays\n             both sides, with markers: {place}\n",
                style.bad("conflict  ")
            );
        }
    };
    let more = if more.is_empty() { more } else { format!(": {more}") };
    format!("  {word:<10} {path}{more}\n")
}

fn as_json(plan: &Plan, dry_run: bool, stashed: Option<&Path>) -> Value {
    let steps: Vec<Value> = plan.steps.iter().map(step_as_json).collect();
    json!({
        "format": 1,
        "from": plan.from,
        "to": plan.to,
        "dry_run": dry_run,
        "renamed": plan.renamed,
        "files": steps,
        "stash": stashed,
    })
}

fn step_as_json(Step { path, what }: &Step) -> Value {
    let (word, items) = match what {
        Fate::New => ("new", None),
        Fate::Replaced => ("replaced", None),
        Fate::Merged(items) => ("merged", Some(items)),
        Fate::Conflict(items) => ("conflict", Some(items)),
        Fate::Kept => ("kept", None),
        Fate::Stashed => ("stashed", None),
        Fate::Removed => ("removed", None),
        Fate::Gone(items) => ("gone", Some(items)),
    };
    json!({ "path": path, "what": word, "items": items })
}
