//! What a verdict depends on beside the student's sources, as a hash an exercise: cases, suppositions, adapter, toolkit, judge. It
//! tells what a change of the course touches, from one build of the grader to the next.

use std::{collections::BTreeMap, fs, path::Path};

use anyhow::{Context, Result};

use crate::{
    course::{Chapter, Exercise, cases, stubs},
    examine::{diagnose, snapshot, suppositions},
    files::hash,
    parallel::side_by_side,
    paths::Paths,
    source::tree::Tree,
};

/// Ours, and part of every verdict: what calls, what limits, what compares.
const COMMON: [&str; 6] = [
    "grader/probe",
    "grader/protocol",
    "lectures/toolkit",
    "grader/src/judge",
    "grader/src/examine",
    "grader/src/process",
];

/// Digits of a hash that are kept.
const DIGITS: usize = 16;

/// A hash by full id, for all exercises of `chapters` and the cases of `seed`; none of an exercise whose cases can't be made.
///
/// # Errors
/// When something of the course can't be read.
pub fn inputs(paths: &Paths, chapters: &[&Chapter], seed: u64) -> Result<BTreeMap<String, String>> {
    let common = common(paths)?;
    let mut parts = BTreeMap::new();
    for chapter in chapters {
        parts.insert(chapter.name.as_str(), OfChapter::read(paths, chapter)?);
    }
    let exercises: Vec<&Exercise> = chapters.iter().flat_map(|chapter| &chapter.exercises).collect();
    let hashed = side_by_side(&exercises, |_, _, exercise| {
        // What is missing for one is said where it is examined, and stops no other.
        let own = parts.get(exercise.chapter.as_str())?;
        Some((exercise.full_id(), own.hash(paths, exercise, &common, seed).ok()?))
    });
    Ok(hashed.into_iter().flatten().collect())
}

fn common(paths: &Paths) -> Result<Vec<u8>> {
    let mut parts = Vec::new();
    for file in ["Cargo.lock", "rust-toolchain.toml"] {
        parts.push(read(&paths.root().join(file))?);
    }
    for folder in COMMON {
        // Rooms of the grader have no `src`: they lie in one.
        let place = paths.root().join(folder);
        let tree = if place.join("src").is_dir() { Tree::read(&place)? } else { room(&place)? };
        parts.push(tree.fingerprint_all().into_bytes());
    }
    Ok(hash(parts.iter().map(Vec::as_slice)).into_bytes())
}

/// The sources directly in a folder and below it.
fn room(folder: &Path) -> Result<Tree> {
    let mut tree = Tree::default();
    for entry in ignore::WalkBuilder::new(folder).standard_filters(false).build() {
        let entry = entry.with_context(|| format!("failed to read `{}`", folder.display()))?;
        if entry.path().extension().is_some_and(|extension| extension == "rs") {
            let text = String::from_utf8_lossy(&read(entry.path())?).into_owned();
            tree.files.insert(entry.path().strip_prefix(folder).unwrap_or(entry.path()).to_owned(), text);
        }
    }
    Ok(tree)
}

/// What is read once a chapter.
struct OfChapter {
    stubs: Tree,
    records: diagnose::Records,
    /// As they were sealed, by exercise.
    supposed: BTreeMap<String, Vec<u8>>,
    beside_adapters: String,
}

impl OfChapter {
    fn read(paths: &Paths, chapter: &Chapter) -> Result<Self> {
        // Adapters' packages have no `lib.rs`.
        let adapters = Tree::of_student(&paths.root().join("grader/probe").join(&chapter.name));
        let beside =
            adapters.files.keys().map(AsRef::as_ref).filter(|file: &&Path| !file.starts_with("src/bin"));
        let beside_adapters = adapters.hash_of(beside);
        let (stubs, records) = (stubs::load(paths, &chapter.name)?, diagnose::load(paths, &chapter.name)?);
        let supposed = suppositions::sealed(paths, &chapter.name)?;
        Ok(Self { stubs, records, supposed, beside_adapters })
    }

    fn hash(&self, paths: &Paths, exercise: &Exercise, common: &[u8], seed: u64) -> Result<String> {
        let Exercise { chapter, topic, id, items, needs, .. } = exercise;
        let cases = cases::cases(paths, exercise, seed)?;
        let cases = postcard::to_allocvec(&cases).context("failed to write cases")?;
        let records = serde_json::to_vec(&self.records.get(id)).context("failed to write records")?;
        let optional = |path: &Path| fs::read(path).unwrap_or_default();
        let stub = self.stubs.hash_of([exercise.file().as_path()]);
        let manifest = format!("{items:?} {needs:?} {:?} {:?}", exercise.time(), exercise.not_with);
        let own = [
            common.to_vec(),
            cases,
            records,
            self.supposed.get(id).cloned().unwrap_or_default(),
            self.beside_adapters.clone().into_bytes(),
            read(&paths.root().join(format!("grader/probe/{chapter}/src/bin/{topic}.rs")))?,
            optional(&paths.root().join(format!("grader/golden/{chapter}/{id}.json"))),
            optional(&snapshot::file(paths, exercise)),
            stub.into_bytes(),
            manifest.into_bytes(),
        ];
        Ok(hash(own.iter().map(Vec::as_slice))[..DIGITS].to_owned())
    }
}

fn read(path: &Path) -> Result<Vec<u8>> {
    fs::read(path).with_context(|| format!("failed to read `{}`", path.display()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::course::Course;

    #[test]
    fn what_is_supposed_of_an_exercise_is_part_of_it_alone() {
        let course = Course::find(Path::new(env!("CARGO_MANIFEST_DIR"))).unwrap();
        let (paths, chapter) = (Paths::new(&course.root), course.chapter("first_steps").unwrap());
        let exercise = &chapter.exercises[0];
        let mut own = OfChapter::read(&paths, chapter).unwrap();
        assert!(!own.supposed.is_empty(), "what was sealed is read");
        let hash = |own: &OfChapter| own.hash(&paths, exercise, b"", 1).unwrap();
        let before = hash(&own);
        own.supposed.insert("another".to_owned(), vec![1]);
        assert_eq!(hash(&own), before);
        own.supposed.insert(exercise.id.clone(), vec![1]);
        assert_ne!(hash(&own), before);
    }
}
