//! Text to text: what a student wrote and what the course changed, put together. Reads and writes no file.
//!
//! Rust is merged item by item, and by lines within an item that both sides changed; anything else, and what does not
//! parse, by lines alone.

use std::collections::HashMap;

use diffy::{ConflictStyle, IncompleteHunkStyle, MergeOptions};

use super::chunks::{Chunk, HEAD, chunks};

/// What came of a merge.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Merge {
    /// The text to work with: where both sides changed the same lines, it is the student's.
    pub text: String,
    /// The same with both sides between markers, if there are such places.
    pub marked: Option<String>,
    /// Items that both sides changed in the same place.
    pub conflicts: Vec<String>,
    /// Items with work of the student's of which the course changed other lines.
    pub touched: Vec<String>,
    /// Items with work of the student's that the course has no more.
    pub gone: Vec<String>,
}

/// Merges a Rust file.
pub fn merge(base: &str, mine: &str, new: &str) -> Merge {
    let cut = (|| Some((chunks(base)?, chunks(mine)?, chunks(new)?)))();
    let Some((base_chunks, mine_chunks, new_chunks)) = cut else { return merge_lines(base, mine, new) };
    let merged = Merger::new(&base_chunks, &mine_chunks, &new_chunks).merge();
    // Items put side by side still parse; if ever they don't, the lines decide.
    if chunks(&merged.text).is_some() { merged } else { merge_lines(base, mine, new) }
}

/// Merges by lines, whatever the text is.
pub fn merge_lines(base: &str, mine: &str, new: &str) -> Merge {
    match lines(base, mine, new) {
        Ok(text) => Merge { text, ..Merge::default() },
        Err(marked) => Merge { text: mine.to_owned(), marked: Some(marked), ..Merge::default() },
    }
}

fn lines(base: &str, mine: &str, new: &str) -> Result<String, String> {
    let mut options = MergeOptions::new();
    options.set_conflict_style(ConflictStyle::Diff3).set_incomplete_hunk_style(IncompleteHunkStyle::Git);
    options.merge(base, mine, new).map_err(|marked| named(&marked))
}

/// The markers in words that say whose text is whose.
fn named(marked: &str) -> String {
    let word = |line: &str| match line.trim_end_matches('\n') {
        "<<<<<<< ours" => Some("<<<<<<< yours"),
        "||||||| original" => Some("||||||| as it was released before"),
        ">>>>>>> theirs" => Some(">>>>>>> the new release"),
        _ => None,
    };
    marked
        .split_inclusive('\n')
        .map(|line| word(line).map_or(line.to_owned(), |word| format!("{word}\n")))
        .collect()
}

struct Merger<'t> {
    base: HashMap<&'t str, &'t str>,
    new: HashMap<&'t str, &'t str>,
    mine: &'t [Chunk<'t>],
    order: &'t [Chunk<'t>],
    merged: Merge,
    /// Key, text to work with, text with markers.
    pieces: Vec<(&'t str, String, String)>,
}

impl<'t> Merger<'t> {
    fn new(base: &'t [Chunk<'t>], mine: &'t [Chunk<'t>], new: &'t [Chunk<'t>]) -> Self {
        let by_key =
            |chunks: &'t [Chunk<'t>]| chunks.iter().map(|chunk| (chunk.key.as_str(), chunk.text)).collect();
        Self {
            base: by_key(base),
            new: by_key(new),
            mine,
            order: new,
            merged: Merge::default(),
            pieces: Vec::new(),
        }
    }

    fn merge(mut self) -> Merge {
        for chunk in self.mine {
            self.take(chunk);
        }
        for i in 0..self.order.len() {
            self.insert(i);
        }
        let (text, marked) = (self.join(|piece| &piece.1), self.join(|piece| &piece.2));
        let marked = Some(marked).filter(|_| !self.merged.conflicts.is_empty());
        Merge { text, marked, ..self.merged }
    }

    /// What becomes of a chunk that the student has.
    fn take(&mut self, Chunk { key, text: mine }: &'t Chunk<'t>) {
        let (base, new) = (self.base.get(key.as_str()).copied(), self.new.get(key.as_str()).copied());
        let (text, marked) = match (base, new) {
            (Some(base), None) if base == *mine => return,
            (Some(_), None) => {
                self.merged.gone.push(key.clone());
                ((*mine).to_owned(), None)
            }
            (None, None) => ((*mine).to_owned(), None),
            (_, Some(new)) => self.both(key, base.unwrap_or_default(), mine, new),
        };
        let marked = marked.unwrap_or_else(|| text.clone());
        self.pieces.push((key, text, marked));
    }

    fn both(&mut self, key: &str, base: &str, mine: &str, new: &str) -> (String, Option<String>) {
        if mine == base || mine == new {
            return (new.to_owned(), None);
        }
        if new == base {
            return (mine.to_owned(), None);
        }
        let name = if key == HEAD { "the file's head" } else { key };
        match lines(base, mine, new) {
            Ok(text) => {
                self.merged.touched.push(name.to_owned());
                (text, None)
            }
            Err(marked) => {
                self.merged.conflicts.push(name.to_owned());
                (mine.to_owned(), Some(marked))
            }
        }
    }

    /// Puts a chunk of the new release that the student does not have behind the one that it follows there.
    fn insert(&mut self, i: usize) {
        let Chunk { key, text: new } = &self.order[i];
        if self.pieces.iter().any(|(known, ..)| known == key) || self.base.get(key.as_str()) == Some(new) {
            return;
        }
        let before = self.order[..i]
            .iter()
            .rev()
            .find_map(|before| self.pieces.iter().position(|(known, ..)| *known == before.key));
        let at = before.map_or(0, |before| before + 1);
        self.pieces.insert(at, (key, (*new).to_owned(), (*new).to_owned()));
    }

    fn join<'s>(&'s self, text: impl Fn(&'s (&'t str, String, String)) -> &'s String) -> String {
        let mut joined = String::new();
        for piece in &self.pieces {
            let next = text(piece);
            // The student's last line may have no end.
            if !joined.is_empty()
                && !joined.ends_with('\n')
                && !next.is_empty()
                && !next.starts_with(['\n', ' '])
            {
                joined.push('\n');
            }
            joined += next;
        }
        joined
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const BASE: &str = "//! Docs.\n\nuse dfdx::prelude::*;\n\n/// One.\npub fn one(x: f32) -> f32 {\n    todo!()\n}\n\n\
                        /// Two.\npub fn two() -> f32 {\n    todo!()\n}\n";

    fn names(list: &[&str]) -> Vec<String> {
        list.iter().map(|name| (*name).to_owned()).collect()
    }

    #[test]
    fn a_body_stays_where_its_stub_did_not_change_and_new_stubs_arrive() {
        let mine = BASE.replacen("todo!()", "helper(x)", 1) + "\nfn helper(x: f32) -> f32 {\n    x\n}\n";
        let new = BASE.replace("/// Two.", "/// Half.\npub fn half() {\n    todo!()\n}\n\n/// Two, at last.");
        let merged = merge(BASE, &mine, &new);
        let expected = new.replacen("todo!()", "helper(x)", 1) + "\nfn helper(x: f32) -> f32 {\n    x\n}\n";
        assert_eq!(merged, Merge { text: expected, ..Merge::default() });
        assert_eq!(merge(BASE, BASE, &new).text, new);
        assert_eq!(merge(BASE, &mine, BASE).text, mine);
    }

    #[test]
    fn imports_of_both_sides_are_kept() {
        let mine = BASE.replace("use dfdx", "use std::ops::Add;\nuse dfdx");
        let new = BASE.replace("prelude::*;\n", "prelude::*;\nuse rand::Rng;\n");
        let text = merge(BASE, &mine, &new).text;
        assert!(
            text.contains("\nuse std::ops::Add;\nuse dfdx::prelude::*;\nuse rand::Rng;\n\n/// One."),
            "{text}"
        );
    }

    #[test]
    fn other_lines_of_an_item_are_merged_and_named() {
        let (mine, new) = (BASE.replacen("todo!()", "x + 1.0", 1), BASE.replace("/// One.", "/// One more."));
        let merged = merge(BASE, &mine, &new);
        assert_eq!(merged.text, new.replacen("todo!()", "x + 1.0", 1));
        assert_eq!((merged.touched, merged.conflicts, merged.marked), (names(&["one"]), vec![], None));
    }

    #[test]
    fn a_conflict_keeps_the_students_item_and_shows_both() {
        let mine = BASE.replacen("todo!()", "x + 1.0", 1);
        let new = BASE
            .replace("one(x: f32)", "one(x: f64)")
            .replace("/// Two.", "/// Three.\npub fn three() {}\n\n/// Two.");
        let merged = merge(BASE, &mine, &new);
        assert_eq!(merged.conflicts, ["one"]);
        assert_eq!(merged.text, mine.replace("/// Two.", "/// Three.\npub fn three() {}\n\n/// Two."));
        let marked = merged.marked.unwrap();
        let both = "<<<<<<< yours\npub fn one(x: f32) -> f32 {\n    x + 1.0\n||||||| as it was released before\n\
                    pub fn one(x: f32) -> f32 {\n    todo!()\n=======\npub fn one(x: f64) -> f32 {\n    todo!()\n\
                    >>>>>>> the new release\n";
        assert!(marked.contains(both), "{marked}");
    }

    #[test]
    fn what_the_course_dropped_goes_unless_a_student_worked_on_it() {
        let new = BASE.split("\n/// Two.").next().unwrap();
        assert_eq!(merge(BASE, BASE, new).text, new);
        let mine = BASE.replace("two() -> f32 {\n    todo!()", "two() -> f32 {\n    2.0");
        let merged = merge(BASE, &mine, new);
        assert_eq!((merged.text, merged.gone), (mine, names(&["two"])));
    }

    #[test]
    fn what_does_not_parse_is_merged_by_lines() {
        let mine = BASE.replacen("todo!()", "x + (", 1);
        let new = BASE.replace("/// Two.", "/// Two, at last.");
        assert_eq!(merge(BASE, &mine, &new).text, new.replacen("todo!()", "x + (", 1));
        let merged = merge(BASE, &mine, &BASE.replacen("todo!()", "todo!(\"one\")", 1));
        assert!(merged.text == mine && merged.marked.unwrap().contains("<<<<<<< yours\n    x + (\n"));
    }

    #[test]
    fn a_last_line_without_an_end_is_no_trap() {
        let mine = format!("{}\nfn helper() {{}}", BASE.replacen("todo!()", "1.0", 1));
        let new = format!("{BASE}\n/// Three.\npub fn three() {{}}\n");
        let text = merge(BASE, &mine, &new).text;
        assert!(chunks(&text).is_some() && text.contains("pub fn three() {}\n\nfn helper() {}"), "{text}");
    }
}
