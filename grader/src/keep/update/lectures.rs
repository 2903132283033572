//! What becomes of the sources of lectures, a student's own files among them.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::Path,
};

use anyhow::{Context, Result};

use super::{
    disk::{Inventory, files, standing},
    exercises::Change,
    follow::{Texts, follow, moved_files},
    merge::{Merge, merge},
    plan::{Fate, Plan, Trees, released_texts},
};
use crate::{
    course::manifest::{read_plain, unix},
    paths::is_given,
    source::tree::is_hidden,
};

/// Whether students write in this file: `lectures/<chapter>/src/**.rs`, but not the packages that are given and no hidden file.
pub fn is_source(path: &str) -> bool {
    let below = path.strip_prefix("lectures/").filter(|_| !is_given(path));
    below.and_then(|below| below.split_once('/')).is_some_and(|(_, file)| {
        file.starts_with("src/") && file.ends_with(".rs") && !is_hidden(Path::new(file))
    })
}

/// The sources of both sides, with every exercise under its new name and in its new place.
struct Sources {
    base: Texts,
    mine: Texts,
    new: Texts,
    /// As the student has them, whatever they are called now.
    written: BTreeMap<String, Inventory>,
}

/// Plans what becomes of each.
pub fn plan(trees: &Trees, changes: &[Change], plan: &mut Plan) -> Result<()> {
    let sources = Sources::read(trees, changes)?;
    let paths: BTreeSet<&String> = sources.written.keys().chain(sources.new.keys()).collect();
    for path in paths {
        let (mine, new) = (sources.mine.get(path), sources.new.get(path));
        match (mine, new) {
            (Some(mine), Some(new)) => sources.both(trees, path, mine, new, plan)?,
            (Some(mine), None) => sources.only_mine(trees, path, mine, plan)?,
            (None, Some(_)) => sources.only_new(trees, path, plan)?,
            // Its exercises are in another file now.
            (None, None)
                if matches!(sources.written.get(path), Some(Inventory::File(_))) && is_ours(trees, path) =>
            {
                plan.remove(trees, path)?;
                plan.say(path, Fate::Removed);
            }
            (None, None) => {}
        }
    }
    Ok(())
}

fn is_ours(trees: &Trees, path: &str) -> bool {
    trees.old.files.contains_key(path)
}

impl Sources {
    fn read(trees: &Trees, changes: &[Change]) -> Result<Self> {
        let base = released_texts(trees, is_source);
        let mut new = Texts::new();
        for path in trees.new.files.keys().filter(|path| is_source(path)) {
            let text = String::from_utf8(read_plain(trees.release, path)?);
            new.insert(
                path.clone(),
                text.with_context(|| format!("`{path}` of the release is not UTF-8 text"))?,
            );
        }
        let mut written = BTreeMap::new();
        for path in paths(trees)? {
            written.insert(path.clone(), standing(trees.root, &path)?);
        }
        let text = |(path, standing): (&String, &Inventory)| {
            Some((path.clone(), unix(str::from_utf8(standing.bytes()?).ok()?)))
        };
        let mine: Texts = written.iter().filter_map(text).collect();
        let moved = moved_files(changes, &base, &new);
        Ok(Self { base: follow(base, changes, &moved), mine: follow(mine, changes, &moved), new, written })
    }

    /// Whether the student's file is as it was read, but for the line ends.
    fn is_as_written(&self, path: &str, text: &str) -> bool {
        let written =
            self.written.get(path).and_then(Inventory::bytes).and_then(|bytes| str::from_utf8(bytes).ok());
        written.is_some_and(|written| unix(written) == text)
    }

    /// With the line ends that the student's file has.
    fn as_written(&self, path: &str, text: String) -> String {
        let written = self.written.get(path).and_then(Inventory::bytes).unwrap_or_default();
        if written.windows(2).any(|pair| pair == b"\r\n") { text.replace('\n', "\r\n") } else { text }
    }

    fn both(&self, trees: &Trees, path: &str, mine: &str, new: &str, plan: &mut Plan) -> Result<()> {
        let base = self.base.get(path);
        let merged = match base {
            _ if mine == new || base.is_some_and(|base| base == mine) => {
                Merge { text: new.to_owned(), ..Merge::default() }
            }
            _ => merge(base.map_or("", String::as_str), mine, new),
        };
        let is_changed = !self.is_as_written(path, &merged.text);
        let is_mine = base.is_none_or(|base| base != mine);
        let what = match (&merged, is_changed) {
            (Merge { marked: Some(_), conflicts, .. }, _) => Fate::Conflict(conflicts.clone()),
            (_, true) if !is_mine => {
                if self.written.contains_key(path) {
                    Fate::Replaced
                } else {
                    Fate::New
                }
            }
            (Merge { gone, .. }, _) if !gone.is_empty() => Fate::Gone(gone.clone()),
            (Merge { touched, .. }, true) => Fate::Merged(touched.clone()),
            (_, false) if merged.text == new => return Ok(()),
            (_, false) => Fate::Kept,
        };
        plan.say(path, what);
        if is_changed && merged.text == new {
            plan.put(trees, path)?;
        } else if is_changed {
            plan.write(trees, path, self.as_written(path, merged.text))?;
        }
        merged.marked.map_or(Ok(()), |marked| plan.propose(trees, path, marked))
    }

    /// A file that the course has no more, or that the student added.
    fn only_mine(&self, trees: &Trees, path: &str, mine: &str, plan: &mut Plan) -> Result<()> {
        if is_ours(trees, path) && self.base.get(path).is_some_and(|base| base == mine) {
            plan.remove(trees, path)?;
            plan.say(path, Fate::Removed);
            return Ok(());
        }
        if is_ours(trees, path) {
            plan.say(path, Fate::Gone(Vec::new()));
        }
        if !self.is_as_written(path, mine) {
            plan.write(trees, path, self.as_written(path, mine.to_owned()))?;
            plan.say(path, Fate::Merged(Vec::new()));
        }
        Ok(())
    }

    /// A file that the student does not have, or not as a text.
    fn only_new(&self, trees: &Trees, path: &str, plan: &mut Plan) -> Result<()> {
        match self.written.get(path) {
            Some(Inventory::File(_)) if trees.old.files.get(path) == trees.new.files.get(path) => {
                plan.say(path, Fate::Kept);
            }
            Some(Inventory::File(_)) => {
                plan.propose(trees, path, self.new.get(path).cloned().unwrap_or_default())?;
                plan.say(path, Fate::Conflict(Vec::new()));
            }
            Some(Inventory::Odd(_)) if trees.old.files.get(path) == trees.new.files.get(path) => {
                plan.say(path, Fate::Kept);
            }
            _ => {
                plan.put(trees, path)?;
                plan.say(path, Fate::New);
            }
        }
        Ok(())
    }
}

/// Every source that a release has or a student wrote.
fn paths(trees: &Trees) -> Result<BTreeSet<String>> {
    let mut paths: BTreeSet<String> =
        trees.old.files.keys().filter(|path| is_source(path)).cloned().collect();
    paths.extend(trees.new.files.keys().filter(|path| is_source(path)).cloned());
    let written = files(trees.root, Path::new("lectures"))?;
    paths.extend(
        written.iter().filter_map(|path| path.to_str()).filter(|path| is_source(path)).map(str::to_owned),
    );
    Ok(paths)
}
