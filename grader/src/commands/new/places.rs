//! Where a new exercise belongs: for each place the whole new text of its file. Reads, and writes nothing.

use std::{fs, path::PathBuf};

use anyhow::{Context, Result, anyhow};

use super::{Plan, templates};
use crate::paths::Paths;

/// A file and what shall stand in it.
type Edit = (PathBuf, String);

/// Every file that is made or changed.
pub fn edits(paths: &Paths, plan: &Plan) -> Result<Vec<Edit>> {
    let (root, Plan { chapter, id, topic }) = (paths.root(), plan);
    let chapter = chapter.name.as_str();
    let mut edits = Vec::new();
    for folder in ["lectures", "solutions"] {
        let source = root.join(folder).join(chapter).join("src");
        let header = || templates::module("TODO: what this file is about.", "use dfdx::prelude::*;");
        edits.push(append(source.join(format!("{topic}.rs")), header, &templates::function(plan))?);
        edits.extend(declare(source.join("lib.rs"), topic)?);
    }
    let lectures = root.join("lectures").join(chapter);
    edits.push(append(lectures.join("exercises.toml"), String::new, &templates::entry(plan))?);
    edits.push(lecture(lectures.join("README.md"), plan)?);
    let adapter = root.join("grader/probe").join(chapter).join("src/bin").join(format!("{topic}.rs"));
    edits.push(row(adapter, plan)?);
    let hidden = root.join("grader/hidden/src");
    let cases = hidden.join(chapter).join(format!("{topic}.rs"));
    let header = format!("Cases for `{chapter}::{topic}`.");
    let header = || templates::module(&header, "use crate::{Args, Budget, Suite};");
    edits.push(append(cases, header, &templates::cases(plan))?);
    edits.extend(declare(hidden.join(chapter).join("mod.rs"), topic)?);
    edits.push(table(hidden.join("exercises.rs"), plan)?);
    let misconceptions = root.join("grader/hidden/misconceptions").join(chapter).join(format!("{id}.toml"));
    edits.push((misconceptions, templates::misconceptions(plan)));
    edits.push(golden(root.join("grader/golden").join(chapter).join(format!("{topic}.py")), plan)?);
    Ok(edits)
}

fn read(path: &PathBuf) -> Result<String> {
    fs::read_to_string(path).with_context(|| format!("failed to read `{}`", path.display()))
}

/// What the file says, or what one that is not there yet begins with.
fn text(path: &PathBuf, begins: impl FnOnce() -> String) -> Result<String> {
    if path.is_file() { read(path) } else { Ok(begins()) }
}

fn append(path: PathBuf, begins: impl FnOnce() -> String, addition: &str) -> Result<Edit> {
    let old = text(&path, begins)?;
    let addition = if old.ends_with("\n\n") { addition.trim_start_matches('\n') } else { addition };
    Ok((path, old + addition))
}

/// Puts `addition` before the last `mark`.
fn insert(path: PathBuf, begins: impl FnOnce() -> String, mark: &str, addition: &str) -> Result<Edit> {
    let old = text(&path, begins)?;
    let at = old.rfind(mark).ok_or_else(|| unlike(&path, mark))?;
    Ok((path, format!("{}{addition}{}", &old[..at], &old[at..])))
}

fn unlike(path: &std::path::Path, mark: &str) -> anyhow::Error {
    anyhow!(
        "`{}` is not as it was: there is no `{}` in it, before which the new exercise belongs",
        path.display(),
        mark.trim()
    )
}

/// Declares a module behind the last one, unless it is declared already.
fn declare(path: PathBuf, topic: &str) -> Result<Option<Edit>> {
    let old = read(&path)?;
    let is_declaration = |line: &&str| line.starts_with("pub mod ") || line.starts_with("mod ");
    let declarations: Vec<&str> = old.lines().filter(is_declaration).collect();
    let last = declarations.last().ok_or_else(|| unlike(&path, "mod"))?;
    let (before, _) = last.split_once("mod ").unwrap_or_default();
    let declaration = format!("{before}mod {topic};");
    if declarations.contains(&declaration.as_str()) {
        return Ok(None);
    }
    let at = old.rfind(last).unwrap_or_default() + last.len();
    Ok(Some((path, format!("{}\n{declaration}{}", &old[..at], &old[at..]))))
}

/// The last row of an adapter, or the only one.
fn row(path: PathBuf, plan: &Plan) -> Result<Edit> {
    const END: &str = "])\n}";
    if !path.is_file() {
        return Ok((path, templates::adapter(plan)));
    }
    let old = read(&path)?;
    let at = old.rfind(END).ok_or_else(|| unlike(&path, END))?;
    let before = old[..at].trim_end();
    let comma = if before.ends_with([',', '[']) { "" } else { "," };
    Ok((path, format!("{before}{comma}\n        {},\n    {}", templates::row(plan, "        "), &old[at..])))
}

/// Behind the last exercise of the chapter in the table of all exercises.
fn table(path: PathBuf, plan: &Plan) -> Result<Edit> {
    let old = read(&path)?;
    let mark = format!("const {}: &[Entry]", plan.chapter.name.to_uppercase());
    let begins = old.find(&mark).ok_or_else(|| unlike(&path, &mark))?;
    let ends = old[begins..].find("    ]\n};").ok_or_else(|| unlike(&path, "]"))? + begins;
    Ok((path, format!("{}{}{}", &old[..ends], templates::table(plan), &old[ends..])))
}

/// The function before the program's end, and its name in the list of functions.
fn golden(path: PathBuf, plan: &Plan) -> Result<Edit> {
    const MAIN: &str = "if __name__ == \"__main__\":";
    let (path, old) = insert(path, || templates::golden(plan), MAIN, &templates::golden_function(plan))?;
    let list = old.rfind("write(__spec__, [").ok_or_else(|| unlike(&path, "write(__spec__, ["))?;
    let end = old[list..].find(']').ok_or_else(|| unlike(&path, "]"))? + list;
    let comma = if old[..end].ends_with('[') { "" } else { ", " };
    Ok((path, format!("{}{comma}{}{}", &old[..end], plan.id, &old[end..])))
}

/// Behind the last task of the same file, or in a section of its own; and a question at the section's end.
fn lecture(path: PathBuf, plan: &Plan) -> Result<Edit> {
    let old = read(&path)?;
    let link = format!("](src/{}.rs) |", plan.topic);
    let mut tasks = old.lines().filter(|line| line.starts_with("| [`"));
    let Some(last) = tasks.clone().rfind(|line| line.contains(&link)) else {
        // What comes behind the last section with a task looks back or ahead.
        let last = tasks.next_back().map_or(0, |last| old.rfind(last).unwrap_or_default());
        let at = old[last..].find("\n## ").map_or(old.len(), |end| last + end);
        let (before, after) = old.split_at(at);
        let (section, task, question) =
            (templates::section(), templates::task(plan), templates::question(plan));
        return Ok((path, format!("{before}{section}{task}{question}{after}")));
    };
    let (before, after) = old.split_at(old.rfind(last).unwrap_or_default() + last.len() + 1);
    // Questions stand below the table, to the end of the section.
    let (questions, rest) = after.split_at(after.find("\n## ").unwrap_or(after.len()));
    let (task, question) = (templates::task(plan), templates::question(plan));
    Ok((path, format!("{before}{task}{questions}{question}{rest}")))
}
