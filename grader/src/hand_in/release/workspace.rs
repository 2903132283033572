//! Takes what students don't get out of the manifests and the lock file; comments and layout stay.

use std::{fs, path::Path};

use anyhow::{Context, Result};
use toml_edit::{Array, ArrayOfTables, DocumentMut, Item, Table, value};

use crate::{course::Course, files::write_whole};

/// Packages that need the solutions, and their folders: what times the course, and what draws the lectures' figures.
const WITH_SOLUTIONS: [(&str, &str); 2] = [("bench", "grader/bench"), ("figures", "lectures/figures")];
/// The folder of adapters that call several chapters.
const MINE: &str = "mine";

/// Edits the manifests below `root` so that they fit the tree without solutions.
pub fn edit(course: &Course, root: &Path) -> Result<()> {
    edit_file(&root.join("Cargo.toml"), |manifest| {
        for list in ["members", "default-members"] {
            if let Some(members) = manifest["workspace"][list].as_array_mut() {
                members.retain(|member| member.as_str().is_none_or(is_for_students));
            }
        }
    })?;
    edit_file(&root.join("grader/hidden/Cargo.toml"), |manifest| {
        manifest["features"]["default"] = value(Array::new());
    })?;
    // The tests stay with the authors, and with them the programs that they start.
    edit_file(&root.join("grader/Cargo.toml"), |manifest| {
        if let Some(programs) = manifest.get_mut("bin").and_then(Item::as_array_of_tables_mut) {
            let path = |program: &Table| Some(root.join("grader").join(program.get("path")?.as_str()?));
            programs.retain(|program| path(program).is_none_or(|path| path.is_file()));
        }
    })?;
    for chapter in &course.chapters {
        let folders = [chapter.name.as_str(), MINE];
        folders.iter().try_for_each(|folder| call_the_lecture(root, folder, &chapter.name))?;
    }
    edit_file(&root.join("Cargo.lock"), unlock)
}

/// Has the adapters in a folder call the lecture `name`, where they call its solution.
fn call_the_lecture(root: &Path, folder: &str, name: &str) -> Result<()> {
    let manifest = root.join("grader/probe").join(folder).join("Cargo.toml");
    if !manifest.is_file() {
        return Ok(());
    }
    edit_file(&manifest, |manifest| {
        let student = manifest.get_mut("dependencies").and_then(|table| table.get_mut(name));
        if let Some(student) = student.and_then(Item::as_table_like_mut) {
            student.remove("package");
            student.insert("path", value(format!("../../../lectures/{name}")));
        }
    })
}

fn is_for_students(member: &str) -> bool {
    !member.starts_with("solutions/") && !WITH_SOLUTIONS.iter().any(|(_, folder)| *folder == member)
}

/// Solutions are no packages any more; who depended on one depends on the lecture instead.
fn unlock(lock: &mut DocumentMut) {
    let Some(packages) = lock.get_mut("package").and_then(Item::as_array_of_tables_mut) else { return };
    let is_there =
        |name: &str| lecture(name).is_none() && !WITH_SOLUTIONS.iter().any(|(gone, _)| *gone == name);
    packages.retain(|package| package.get("name").and_then(Item::as_str).is_none_or(is_there));
    rename_dependencies(packages);
}

fn rename_dependencies(packages: &mut ArrayOfTables) {
    for package in packages.iter_mut() {
        let Some(names) = package.get_mut("dependencies").and_then(Item::as_array_mut) else { continue };
        for name in names.iter_mut() {
            if let Some(lecture) = name.as_str().and_then(lecture).map(str::to_owned) {
                let decor = name.decor().clone();
                *name = lecture.into();
                *name.decor_mut() = decor;
            }
        }
    }
}

/// The lecture that a package solves, if it is a solution.
fn lecture(package: &str) -> Option<&str> {
    package.strip_prefix("solution-")
}

fn edit_file(path: &Path, change: impl FnOnce(&mut DocumentMut)) -> Result<()> {
    let text = fs::read_to_string(path).with_context(|| format!("failed to read `{}`", path.display()))?;
    let mut document: DocumentMut =
        text.parse().with_context(|| format!("`{}` is not what it should be", path.display()))?;
    change(&mut document);
    write_whole(path, document.to_string().as_bytes())
}
