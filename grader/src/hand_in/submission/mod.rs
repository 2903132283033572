//! What a student hands in: sources, a receipt, and the history of attempts, in one archive or one folder.
//!
//! `pack` writes it, `bundle` reads what may come from anybody, `receipt` says what was handed in when. Whatever is left out on
//! the way in is a [`Remark`], a sentence for the instructor, and never an error: the rest is graded. Grading is left to
//! `grade`.

mod pack;
mod receipt;

use std::{
    collections::{BTreeMap, BTreeSet},
    path::Path,
};

use anyhow::{Result, bail};

pub use pack::pack;
pub use receipt::{Points, Receipt};

use super::bundle::{self, Content, Delivery, HISTORY, RECEIPT};
use crate::{
    course::{Chapter, Course, Exercise},
    files::hash,
    messages::sources::gone,
    paths::Paths,
    source::tree::{Tree, is_hidden, text_of},
};

/// Extra files named in a finding; of the others only the number is.
const NAMED: usize = 5;

/// A sentence about something that was handed in and not graded, or not as it should be.
pub type Remark = String;

/// What a student can hand in of a chapter, with a sentence for each exercise's file that there is none of.
pub fn sources(paths: &Paths, chapter: &Chapter) -> Tree {
    let mut tree = Tree::of_student(&paths.lecture(&chapter.name));
    for file in chapter.exercises.iter().map(Exercise::file) {
        if !tree.all().any(|(there, _)| there == file) {
            let place = Path::new("lectures").join(&chapter.name).join(&file);
            tree.damaged.insert(file, gone(&place.display().to_string(), &chapter.name));
        }
    }
    tree
}

/// What was handed in.
#[derive(Debug, Default)]
pub struct Submission {
    /// The sources by chapter; a chapter of which there is nothing is missing here.
    pub trees: BTreeMap<String, Tree>,
    /// What the student's grader wrote about it.
    pub receipt: Option<Receipt>,
    /// Hints and attempts, as TOML; nothing in it earns points.
    pub history: Option<String>,
    /// What was left out, changed or is missing.
    pub findings: Vec<Remark>,
}

impl Submission {
    /// Reads an archive or a folder with one submission in it.
    ///
    /// # Errors
    /// When there is nothing at `path`, or nothing that could be read as a submission at all, or more than one.
    pub fn read(course: &Course, path: &Path) -> Result<Self> {
        let mut bundle = bundle::open(course, path)?;
        let place = path.display();
        match (bundle.parcels.pop(), bundle.parcels.len()) {
            (Some(parcel), 0) => Ok(Self::of(course, parcel.files)),
            (Some(_), more) => bail!("`{place}` holds {} submissions", more + 1),
            (None, _) => {
                let (_, why) = bundle.useless.into_iter().next().unwrap_or_default();
                bail!("`{place}`: {why}; a submission has a folder `lectures`, as `submit` packs it")
            }
        }
    }

    /// What was handed in with these files.
    pub fn of(course: &Course, files: Vec<Delivery>) -> Self {
        let mut submitted = Self::default();
        let mut extra = Vec::new();
        for handed in files {
            submitted.take(course, handed, &mut extra);
        }
        submitted.name_extra(&extra);
        submitted.name_missing(course);
        if let Some(receipt) = &submitted.receipt {
            let changed = receipt.differences(&submitted.trees);
            submitted.findings.extend(changed);
        }
        submitted
    }

    /// A hash of all sources: what was graded, whatever the archive around it looks like.
    pub fn fingerprint(&self) -> String {
        let parts = self.trees.iter().map(|(chapter, tree)| format!("{chapter} {}", tree.fingerprint_all()));
        let parts: Vec<String> = parts.collect();
        hash(parts.iter().map(String::as_bytes))
    }

    /// How many source files there are.
    pub fn files(&self) -> usize {
        self.trees.values().map(|tree| tree.files.len()).sum()
    }

    fn take(&mut self, course: &Course, Delivery { name, content }: Delivery, extra: &mut Vec<String>) {
        let source = source_of(course, &name);
        let text = match content {
            Content::Bytes(_) if source.is_none() && name != RECEIPT && name != HISTORY => {
                return extra.push(name);
            }
            Content::Bytes(bytes) => text_of(bytes).map_err(|why| format!("it {why}")),
            Content::Refused(why) => Err(why),
        };
        let text = match text {
            Ok(text) => text,
            Err(why) => return self.leave_out(source, &name, &why),
        };
        match source {
            Some((chapter, file)) => self.insert(chapter, file, text, &name),
            None if name == HISTORY => self.history = Some(text),
            None => match Receipt::parse(&text) {
                Ok(receipt) => self.receipt = Some(receipt),
                Err(error) => {
                    self.findings.push(format!("the receipt can't be read, so it was not used: {error:#}"))
                }
            },
        }
    }

    fn leave_out(&mut self, source: Option<(String, String)>, name: &str, why: &str) {
        self.findings.push(format!("`{name}` was left out: {why}"));
        if let Some((chapter, file)) = source {
            let damaged = &mut self.trees.entry(chapter).or_default().damaged;
            damaged.insert(file.into(), format!("`{name}` was left out: {why}.\n"));
        }
    }

    fn insert(&mut self, chapter: String, file: String, text: String, name: &str) {
        let files = &mut self.trees.entry(chapter).or_default().files;
        if files.insert(file.into(), text).is_some() {
            self.findings.push(format!("`{name}` is in it more than once: the last one was graded"));
        }
    }

    fn name_extra(&mut self, extra: &[String]) {
        if extra.is_empty() {
            return;
        }
        let named: Vec<String> = extra.iter().take(NAMED).map(|name| format!("`{name}`")).collect();
        let more = if extra.len() > NAMED { ", …" } else { "" };
        let files =
            if extra.len() == 1 { "1 file is".to_owned() } else { format!("{} files are", extra.len()) };
        let what = format!("{files} no source of the course and left out: {}{more}", named.join(", "));
        self.findings.push(what);
    }

    fn name_missing(&mut self, course: &Course) {
        for chapter in &course.chapters {
            let Some(tree) = self.trees.get(&chapter.name) else {
                self.findings.push(format!("there is nothing of the chapter `{}` in it", chapter.name));
                continue;
            };
            for file in chapter.exercises.iter().map(Exercise::file).collect::<BTreeSet<_>>() {
                let path = format!("lectures/{}/{}", chapter.name, file.display());
                let is_known = self.receipt.as_ref().is_some_and(|receipt| receipt.knows_missing(&path));
                if !is_known && !tree.all().any(|(there, _)| there == file) {
                    let file = file.display();
                    let what =
                        format!("`lectures/{}/{file}` is missing: not started, as it seems", chapter.name);
                    self.findings.push(what);
                }
            }
        }
    }
}

/// The chapter and the file below its folder (`src/relu.rs`), if `name` is a source of the course.
fn source_of(course: &Course, name: &str) -> Option<(String, String)> {
    let (chapter, file) = name.strip_prefix("lectures/")?.split_once('/')?;
    let known = course.chapter(chapter).is_some();
    (known && file.starts_with("src/") && file.ends_with(".rs") && !is_hidden(Path::new(file)))
        .then(|| (chapter.to_owned(), file.to_owned()))
}
