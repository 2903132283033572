//! Sealed cases: the hidden cases of a few seeds, for copies of the course that came without the programs of the authors.
//!
//! A file a chapter, `grader/sealed/<chapter>.cases`, bound to the version of the course. Cases that several seeds share are
//! kept once.

use std::{
    collections::HashMap,
    fs::File,
    io::{Cursor, Read, Write},
    ops::RangeInclusive,
};

use anyhow::{Context, Result, ensure};
use hidden::Case;
use serde::{Deserialize, Serialize};
use zip::{CompressionMethod, DateTime, ZipArchive, ZipWriter, write::SimpleFileOptions};

use crate::{
    course::{Chapter, Exercise},
    diagnose,
    paths::{Paths, write_whole},
};

/// The seeds that students' runs rotate.
pub const SEEDS: RangeInclusive<u64> = 1..=4;

const FILE: &str = "cases";
const VERSION: &str = env!("CARGO_PKG_VERSION");

/// The cases of one exercise.
#[derive(Serialize, Deserialize)]
struct Sealed {
    version: String,
    /// Each case as postcard writes it, none of them twice.
    cases: Vec<Vec<u8>>,
    /// For each seed the numbers of its cases.
    seeds: Vec<(u64, Vec<usize>)>,
}

/// The cases of an exercise: written by its author's program where there is one, else out of the sealed file.
pub fn cases(paths: &Paths, exercise: &Exercise, seed: u64) -> Result<Vec<Case>> {
    match hidden::cases(&exercise.chapter, &exercise.id, seed) {
        Some(cases) => {
            cases.with_context(|| format!("failed to load what the cases of `{}` need", exercise.full_id()))
        }
        None => open(paths, exercise, seed),
    }
}

/// Seals the cases of a chapter below `paths`, with data and programs that this grader has.
pub fn seal(paths: &Paths, source: &Paths, chapter: &Chapter) -> Result<()> {
    let path = paths.sealed(&chapter.name, FILE);
    let options = SimpleFileOptions::default()
        .compression_method(CompressionMethod::Deflated)
        .last_modified_time(DateTime::default());
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    for exercise in &chapter.exercises {
        let sealed = sealed(source, exercise)?;
        let bytes = postcard::to_allocvec(&sealed).context("failed to write sealed cases")?;
        archive.start_file(exercise.id.as_str(), options)?;
        archive.write_all(&bytes)?;
    }
    write_whole(&path, &archive.finish()?.into_inner())
}

fn sealed(source: &Paths, exercise: &Exercise) -> Result<Sealed> {
    let mut sealed = Sealed { version: VERSION.to_owned(), cases: Vec::new(), seeds: Vec::new() };
    let mut known = HashMap::new();
    for seed in [diagnose::SEED].into_iter().chain(SEEDS) {
        let mut numbers = Vec::new();
        for case in cases(source, exercise, seed)? {
            let bytes = postcard::to_allocvec(&case).context("failed to write a sealed case")?;
            let number = *known.entry(bytes).or_insert_with_key(|bytes| {
                sealed.cases.push(bytes.clone());
                sealed.cases.len() - 1
            });
            numbers.push(number);
        }
        sealed.seeds.push((seed, numbers));
    }
    Ok(sealed)
}

/// The cases of an exercise out of the sealed file.
pub fn open(paths: &Paths, exercise: &Exercise, seed: u64) -> Result<Vec<Case>> {
    let path = paths.sealed(&exercise.chapter, FILE);
    let id = exercise.full_id();
    if !path.is_file() {
        anyhow::bail!("nobody wrote hidden cases for `{id}`");
    }
    let read = || -> Result<Vec<u8>> {
        let mut bytes = Vec::new();
        ZipArchive::new(File::open(&path)?)?.by_name(&exercise.id)?.read_to_end(&mut bytes)?;
        Ok(bytes)
    };
    let bytes =
        read().with_context(|| format!("failed to read the cases of `{id}` in `{}`", path.display()))?;
    let sealed: Sealed = postcard::from_bytes(&bytes)
        .with_context(|| format!("`{}` is not what this grader sealed", path.display()))?;
    ensure!(
        sealed.version == VERSION,
        "the cases of `{id}` were sealed for version {} of the course, and this is {VERSION}",
        sealed.version
    );
    let numbers = sealed.seeds.iter().find(|(known, _)| *known == seed);
    let (_, numbers) = numbers.with_context(|| {
        let (first, last) = (SEEDS.start(), SEEDS.end());
        format!("this copy of the course has the cases of the seeds {first} to {last} only, not of {seed}")
    })?;
    let case = |&number: &usize| -> Result<Case> {
        let bytes = sealed.cases.get(number).context("a case is missing")?;
        postcard::from_bytes(bytes).context("a case can't be read")
    };
    numbers.iter().map(case).collect()
}
