//! What an update would do, file by file. Reads both trees and changes nothing.
//!
//! What a student left as it was is replaced, what only the student changed stays. Where both sides changed a file, a
//! lecture's source or text is merged and the student's version wins; the grader's own files must fit together, so there
//! the new release wins and the student's version goes to the stash.

use std::{
    collections::BTreeSet,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result, bail, ensure};

use super::{
    disk::{Inventory, proposals, standing},
    exercises,
    follow::Texts,
    lectures,
    merge::{Merge, merge_lines},
};
use crate::{
    course::{
        manifest::{self, Manifest, file, is_same, unix},
        numbers,
    },
    keep::stash::{Change, Content},
    paths::is_given,
};

/// Where merges that need a look are written, from the course's root.
pub const CONFLICTS: &str = ".crash-course/conflicts";

/// What an update does.
#[derive(Debug, Default)]
pub struct Plan {
    /// The version of this tree.
    pub from: String,
    /// The version of the release.
    pub to: String,
    /// For the user, by path.
    pub steps: Vec<Step>,
    /// Full ids of exercises before and after.
    pub renamed: Vec<(String, String)>,
    /// For the stash.
    pub changes: Vec<Change>,
}

/// What happens to a file.
#[derive(Clone, Debug, PartialEq)]
pub struct Step {
    /// From the course's root.
    pub path: String,
    /// What.
    pub what: Fate,
}

/// What happens to a file.
#[derive(Clone, Debug, PartialEq)]
pub enum Fate {
    /// It is new, or was missing.
    New,
    /// The student left it as it was; the new one takes its place.
    Replaced,
    /// Both sides changed it, in different places. Items with work of the student's that the course changed, too.
    Merged(Vec<String>),
    /// Both sides changed the same places, in these items; the student's stay, the proposal has both.
    Conflict(Vec<String>),
    /// Only the student changed it.
    Kept,
    /// The student changed it, and it must fit the rest of the course: the new one takes its place.
    Stashed,
    /// The course has it no more, and the student left it as it was, or its exercises are in another file now.
    Removed,
    /// The course has it, or these items of it, no more; it stays since the student worked on it.
    Gone(Vec<String>),
}

/// Two released trees.
pub struct Trees<'a> {
    /// The student's.
    pub root: &'a Path,
    /// As it was released.
    pub old: Manifest,
    /// The new release.
    pub release: &'a Path,
    /// As it was released.
    pub new: Manifest,
}

/// Plans the update of the tree below `root` to the release below `release`.
///
/// # Errors
/// When one of them is no release or not whole, when the release is older, or when something stands in the way.
pub fn plan(root: &Path, release: &Path) -> Result<Plan> {
    let old = Manifest::load(root)?.context(
        "this copy of the course was not made by `release`, so nobody knows which of its files are yours: update it with git",
    )?;
    let new = Manifest::load(release)?.with_context(|| {
        format!("`{}` is no release of the course: it has no `{}`", release.display(), file())
    })?;
    refuse_older(&old, &new)?;
    new.verify(release)?;
    let renamed = exercises::changes(root, release)?;
    let mut plan = Plan { from: old.version.clone(), to: new.version.clone(), ..Plan::default() };
    plan.renamed =
        renamed.iter().filter(|c| c.old != c.new).map(|c| (c.old.clone(), c.new.clone())).collect();
    let trees = Trees { root, old, release, new };
    lectures::plan(&trees, &renamed, &mut plan)?;
    others(&trees, &mut plan)?;
    if !plan.changes.is_empty() || trees.old != trees.new {
        plan.put(&trees, file())?;
    }
    plan.clear_proposals(root)?;
    plan.steps.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(plan)
}

fn refuse_older(old: &Manifest, new: &Manifest) -> Result<()> {
    ensure!(
        numbers(&new.version) >= numbers(&old.version),
        "that release has version {}, and this course {} already: nothing was changed",
        new.version,
        old.version
    );
    Ok(())
}

impl Plan {
    /// The release's file takes the place of whatever is there.
    pub fn put(&mut self, trees: &Trees, path: &str) -> Result<()> {
        self.change(trees.root, path, Some(Content::Copy(trees.release.join(path))))
    }

    /// A text takes the place of whatever is there.
    pub fn write(&mut self, trees: &Trees, path: &str, text: String) -> Result<()> {
        self.change(trees.root, path, Some(Content::Text(text)))
    }

    /// Whatever is there goes to the stash.
    pub fn remove(&mut self, trees: &Trees, path: &str) -> Result<()> {
        self.change(trees.root, path, None)
    }

    /// Says what happens to a file.
    pub fn say(&mut self, path: &str, what: Fate) {
        self.steps.push(Step { path: path.to_owned(), what });
    }

    /// Shows both sides of a merge, beside the student's work.
    pub fn propose(&mut self, trees: &Trees, path: &str, marked: String) -> Result<()> {
        self.write(trees, &format!("{CONFLICTS}/{path}"), marked)
    }

    fn change(&mut self, root: &Path, path: &str, content: Option<Content>) -> Result<()> {
        if let Inventory::Odd(what) = standing(root, path)? {
            bail!(
                "`{path}` is {what}, where the new release has a file: move yours elsewhere, then update again"
            );
        }
        self.changes.push(Change { target: PathBuf::from(path), content });
        Ok(())
    }

    /// Proposals of an earlier update are out of date.
    fn clear_proposals(&mut self, root: &Path) -> Result<()> {
        if self.changes.is_empty() {
            return Ok(());
        }
        let kept: BTreeSet<PathBuf> = self.changes.iter().map(|change| change.target.clone()).collect();
        for target in proposals(root)?.into_iter().filter(|target| !kept.contains(target)) {
            self.changes.push(Change { target, content: None });
        }
        Ok(())
    }
}

/// Everything but the sources of lectures.
fn others(trees: &Trees, plan: &mut Plan) -> Result<()> {
    let paths: BTreeSet<&String> = trees.old.files.keys().chain(trees.new.files.keys()).collect();
    let texts = manifest::texts(trees.root);
    for path in paths.into_iter().filter(|path| !lectures::is_source(path)) {
        let (old, new) = (trees.old.files.get(path), trees.new.files.get(path));
        let standing = standing(trees.root, path)?;
        let is = |hash: Option<&String>| {
            hash.is_some_and(|hash| standing.bytes().is_some_and(|bytes| is_same(bytes, hash)))
        };
        match (&standing, new) {
            (Inventory::Nothing, Some(_)) => {
                plan.put(trees, path)?;
                plan.say(path, Fate::New);
            }
            (Inventory::Nothing, None) => {}
            (_, Some(_)) if is(new) => {}
            (_, Some(_)) if old == new => plan.say(path, Fate::Kept),
            (_, Some(_)) if is(old) => {
                plan.put(trees, path)?;
                plan.say(path, Fate::Replaced);
            }
            (standing, Some(_)) => both(trees, path, standing, &texts_of(&texts, trees, path), plan)?,
            (_, None) if is_for_reading(path) && !is(old) => plan.say(path, Fate::Gone(Vec::new())),
            (_, None) => {
                plan.remove(trees, path)?;
                plan.say(path, if is(old) { Fate::Removed } else { Fate::Stashed });
            }
        }
    }
    Ok(())
}

/// Both sides changed a file that is no source.
fn both(trees: &Trees, path: &str, standing: &Inventory, base: &str, plan: &mut Plan) -> Result<()> {
    let new = manifest::read_plain(trees.release, path)?;
    let texts =
        standing.bytes().and_then(|bytes| Some((str::from_utf8(bytes).ok()?, str::from_utf8(&new).ok()?)));
    let is_manifest = path.ends_with("/Cargo.toml");
    let Some((mine, new)) =
        texts.filter(|_| is_for_reading(path) || is_manifest && path.starts_with("lectures/"))
    else {
        plan.put(trees, path)?;
        plan.say(path, Fate::Stashed);
        return Ok(());
    };
    match merge_lines(base, &unix(mine), new) {
        Merge { marked: Some(marked), .. } if !is_manifest => {
            plan.propose(trees, path, marked)?;
            plan.say(path, Fate::Conflict(Vec::new()));
        }
        Merge { text, marked: None, .. } if !is_manifest || text.parse::<toml::Table>().is_ok() => {
            plan.write(trees, path, text)?;
            plan.say(path, Fate::Merged(Vec::new()));
        }
        // Cargo must be able to read it, or nothing builds any more.
        _ => {
            plan.put(trees, path)?;
            plan.say(path, Fate::Stashed);
        }
    }
    Ok(())
}

/// A file that students may write into and nothing else depends on.
fn is_for_reading(path: &str) -> bool {
    path.starts_with("lectures/") && !is_given(path) && path.ends_with(".md")
}

/// The text of a lecture as it was released, where it is still known.
fn texts_of(texts: &std::collections::BTreeMap<PathBuf, String>, trees: &Trees, path: &str) -> String {
    let known = texts
        .get(Path::new(path))
        .filter(|text| trees.old.files.get(path).is_some_and(|hash| is_same(text.as_bytes(), hash)));
    known.cloned().unwrap_or_default()
}

/// All of them that fulfil `wanted`.
pub fn released_texts(trees: &Trees, wanted: impl Fn(&str) -> bool) -> Texts {
    let texts = manifest::texts(trees.root);
    let paths = trees.old.files.keys().filter(|path| wanted(path));
    let text = |path: &String| (path.clone(), texts_of(&texts, trees, path));
    paths.map(text).filter(|(_, text)| !text.is_empty()).collect()
}
