//! Lets texts follow the exercises in them: renamed items get their new names, moved ones go to their new files.
//!
//! Done to what a student wrote and to what it began with alike, so that a merge sees no change in it. Reads and writes no file.

use std::collections::{BTreeMap, BTreeSet};

use super::exercises::Change;
use crate::source::items::Module;

/// Source texts by path from the course's root.
pub type Texts = BTreeMap<String, String>;

/// A file whose exercises all went to a file that is new: where from and where to.
pub fn moved_files(changes: &[Change], base: &Texts, new: &Texts) -> BTreeMap<String, String> {
    let mut moved: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for change in changes {
        moved.entry(change.old_file.clone()).or_default().insert(change.new_file.clone());
    }
    let only = |(old, files): (String, BTreeSet<String>)| {
        let file = files.into_iter().next().filter(|file| !base.contains_key(file))?;
        (base.contains_key(&old) && !new.contains_key(&old)).then_some((old, file))
    };
    moved.into_iter().filter(|(_, files)| files.len() == 1).filter_map(only).collect()
}

/// `texts` with the old names and places of exercises replaced by the new ones.
pub fn follow(mut texts: Texts, changes: &[Change], moved: &BTreeMap<String, String>) -> Texts {
    for change in changes {
        rename(&mut texts, change);
    }
    for (old, new) in moved {
        if let Some(text) = texts.remove(old) {
            texts.insert(new.clone(), text);
        }
    }
    for change in changes.iter().filter(|change| !moved.contains_key(&change.old_file)) {
        let items: Vec<String> = change.items.iter().map(|(_, new)| new.clone()).collect();
        carry(&mut texts, &change.old_file, &change.new_file, &items);
    }
    texts
}

/// Everywhere in the chapter, since any file may call it.
fn rename(texts: &mut Texts, change: &Change) {
    let chapter = change.old_file.split_once("/src/").map_or("", |(chapter, _)| chapter);
    let renamed: Vec<_> = change.items.iter().filter(|(old, new)| old != new).collect();
    for (_, text) in texts.iter_mut().filter(|(path, _)| path.starts_with(&format!("{chapter}/src/"))) {
        for (old, new) in &renamed {
            *text = replace_word(text, old, new);
        }
    }
}

fn replace_word(text: &str, old: &str, new: &str) -> String {
    let is_part = |c: char| c.is_alphanumeric() || c == '_';
    let (mut replaced, mut rest) = (String::new(), text);
    while let Some(at) = rest.find(old) {
        let (before, after) = (&rest[..at], &rest[at + old.len()..]);
        let alone = !before
            .chars()
            .next_back()
            .or(replaced.chars().next_back().filter(|_| before.is_empty()))
            .is_some_and(is_part)
            && !after.chars().next().is_some_and(is_part);
        replaced += before;
        replaced += if alone { new } else { old };
        rest = after;
    }
    replaced + rest
}

/// Moves items from the end of one text to the end of another. What does not parse stays as it is.
fn carry(texts: &mut Texts, from: &str, to: &str, items: &[String]) {
    let Some(text) = texts.get(from).filter(|_| from != to).cloned() else { return };
    let Ok(module) = Module::parse(&text) else { return };
    let (mut left, mut carried, mut done) = (String::new(), String::new(), 0);
    for range in module.ranges(items) {
        left += text.get(done..range.start).unwrap_or_default().trim_end();
        carried += &format!("\n{}\n", text.get(range.clone()).unwrap_or_default());
        done = range.end;
    }
    if !carried.is_empty() {
        texts.insert(from.to_owned(), left + text.get(done..).unwrap_or_default());
        texts.entry(to.to_owned()).or_default().push_str(&carried);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(list: &[(&str, &str)]) -> Texts {
        list.iter().map(|(path, text)| ((*path).to_owned(), (*text).to_owned())).collect()
    }

    fn change(old: (&str, &str), new: (&str, &str)) -> Change {
        let [old_file, new_file] = [old.0, new.0].map(|file| format!("lectures/c/src/{file}.rs"));
        let items = vec![(old.1.to_owned(), new.1.to_owned())];
        Change { old: format!("c/{}", old.1), new: format!("c/{}", new.1), old_file, new_file, items }
    }

    #[test]
    fn names_follow_as_words_in_the_whole_chapter() {
        let before = texts(&[
            ("lectures/c/src/a.rs", "pub fn f(x: f32) { ff(f2, x.f); f(f(1.0)) }"),
            ("lectures/c/src/b.rs", "use crate::a::f;"),
            ("lectures/d/src/a.rs", "f"),
        ]);
        let after = follow(before, &[change(("a", "f"), ("a", "g"))], &BTreeMap::new());
        assert_eq!(after["lectures/c/src/a.rs"], "pub fn g(x: f32) { ff(f2, x.g); g(g(1.0)) }");
        assert_eq!(after["lectures/c/src/b.rs"], "use crate::a::g;");
        assert_eq!(after["lectures/d/src/a.rs"], "f");
    }

    #[test]
    fn a_file_that_went_whole_is_known() {
        let changes =
            [change(("a", "f"), ("z", "f")), change(("a", "g"), ("z", "g")), change(("b", "h"), ("z", "h"))];
        let base = texts(&[("lectures/c/src/a.rs", "1"), ("lectures/c/src/b.rs", "2")]);
        let new = texts(&[("lectures/c/src/z.rs", "3"), ("lectures/c/src/b.rs", "2")]);
        let moved = moved_files(&changes, &base, &new);
        assert_eq!(moved, [("lectures/c/src/a.rs".to_owned(), "lectures/c/src/z.rs".to_owned())].into());
        assert_eq!(follow(base, &changes[..2], &moved)["lectures/c/src/z.rs"], "1");
    }

    #[test]
    fn single_items_are_carried_to_their_new_file() {
        let before = texts(&[
            ("lectures/c/src/a.rs", "//! A.\n\n/// F.\nfn f() {\n    1\n}\n\nfn g() {}\n"),
            ("lectures/c/src/b.rs", "//! B.\n"),
        ]);
        let after = follow(before, &[change(("a", "f"), ("b", "f"))], &BTreeMap::new());
        assert_eq!(after["lectures/c/src/a.rs"], "//! A.\n\nfn g() {}\n");
        assert_eq!(after["lectures/c/src/b.rs"], "//! B.\n\n/// F.\nfn f() {\n    1\n}\n");
    }
}
