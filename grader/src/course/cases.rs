//! CaseFile cases: the hidden cases of a few seeds, for copies of the course that came without the programs of the authors.
//!
//! A file a chapter, `grader/sealed/<chapter>.cases`, bound to the version of the course. Cases that several seeds share are
//! kept once, and so are large arrays, such as a network's weights, that several cases share.

use std::{
    collections::{BTreeSet, HashMap},
    fs::File,
    io::{Cursor, Read, Write},
    ops::RangeInclusive,
};

use anyhow::{Context, Result, ensure};
use hidden::{Case, Check, Rule, Step};
use protocol::{Array, Data, Value};
use serde::{Deserialize, Serialize};
use zip::{CompressionMethod, DateTime, ZipArchive, ZipWriter, write::SimpleFileOptions};

use crate::{
    course::{Chapter, Exercise, VERSION},
    files::{sha256, write_whole},
    paths::Paths,
};

/// Arrays with as many elements or more lie beside the cases.
const LARGE: usize = 256;

/// The seed of the cases that misconceptions are recognised by.
pub const DIAGNOSTIC: u64 = 0;

/// The seeds that students' runs rotate.
pub const SEEDS: RangeInclusive<u64> = 1..=4;

const FILE: &str = "cases";

/// The cases of one exercise.
#[derive(Serialize, Deserialize)]
struct CaseFile {
    version: String,
    /// Each case as postcard writes it, without its large arrays, none of them twice; and what these are called.
    cases: Vec<(Vec<u8>, Vec<String>)>,
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
    let mut written = BTreeSet::new();
    for exercise in &chapter.exercises {
        let sealed = sealed(source, exercise, &mut |name, array| {
            if written.insert(name.to_owned()) {
                archive.start_file(name, options)?;
                archive.write_all(&array)?;
            }
            Ok(())
        })?;
        let bytes = postcard::to_allocvec(&sealed).context("failed to write sealed cases")?;
        archive.start_file(exercise.id.as_str(), options)?;
        archive.write_all(&bytes)?;
    }
    write_whole(&path, &archive.finish()?.into_inner())
}

/// Keeps an array under a name.
type Keep<'a> = dyn FnMut(&str, Vec<u8>) -> Result<()> + 'a;

fn sealed(source: &Paths, exercise: &Exercise, keep: &mut Keep) -> Result<CaseFile> {
    let mut sealed = CaseFile { version: VERSION.to_owned(), cases: Vec::new(), seeds: Vec::new() };
    let mut known = HashMap::new();
    for seed in [DIAGNOSTIC].into_iter().chain(SEEDS) {
        let mut numbers = Vec::new();
        for mut case in cases(source, exercise, seed)? {
            let mut names = Vec::new();
            for array in large_arrays(&mut case) {
                let data = std::mem::replace(&mut array.data, Data::F32(Vec::new()));
                let bytes = postcard::to_allocvec(&data).context("failed to write a sealed array")?;
                names.push(format!("arrays/{}", sha256(&bytes)));
                keep(&names[names.len() - 1], bytes)?;
            }
            let bytes = postcard::to_allocvec(&case).context("failed to write a sealed case")?;
            let number = *known.entry((bytes, names)).or_insert_with_key(|bytes| {
                sealed.cases.push(bytes.clone());
                sealed.cases.len() - 1
            });
            numbers.push(number);
        }
        sealed.seeds.push((seed, numbers));
    }
    Ok(sealed)
}

/// The large arrays of a case, in a fixed order.
fn large_arrays(case: &mut Case) -> Vec<&mut Array> {
    let arguments = case.calls.iter_mut().flat_map(|call| call.args.values_mut());
    let arguments = arguments.filter_map(|value| match value {
        Value::Array(array) => Some(array),
        _ => None,
    });
    let wanted = case.checks.iter_mut().flat_map(|Check { rule, steps, .. }| {
        let wanted: Vec<&mut Array> = match rule {
            Rule::Close { want: array, .. } | Rule::Spans { basis: array, .. } => vec![array],
            Rule::CloseToAny { wants, .. } => wants.iter_mut().collect(),
            _ => Vec::new(),
        };
        wanted.into_iter().chain(steps.iter_mut().filter_map(Step::known))
    });
    let beside = case.shows.iter_mut().flat_map(|show| &mut show.shown.steps).filter_map(Step::known);
    let arrays = arguments.chain(wanted).chain(beside);
    arrays.filter(|array| array.shape.iter().product::<usize>() >= LARGE).collect()
}

/// The cases of an exercise out of the sealed file.
pub fn open(paths: &Paths, exercise: &Exercise, seed: u64) -> Result<Vec<Case>> {
    let path = paths.sealed(&exercise.chapter, FILE);
    let id = exercise.full_id();
    if !path.is_file() {
        anyhow::bail!("nobody wrote hidden cases for `{id}`");
    }
    let mut archive = None;
    let mut read = |name: &str| -> Result<Vec<u8>> {
        let mut bytes = Vec::new();
        let archive = match &mut archive {
            Some(archive) => archive,
            None => archive.insert(ZipArchive::new(File::open(&path)?)?),
        };
        archive.by_name(name)?.read_to_end(&mut bytes)?;
        Ok(bytes)
    };
    let bytes = read(&exercise.id)
        .with_context(|| format!("failed to read the cases of `{id}` in `{}`", path.display()))?;
    let sealed: CaseFile = postcard::from_bytes(&bytes)
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
        let (bytes, names) = sealed.cases.get(number).context("a case is missing")?;
        let mut case: Case = postcard::from_bytes(bytes).context("a case can't be read")?;
        for (array, name) in large_arrays(&mut case).into_iter().zip(names) {
            array.data = postcard::from_bytes(&read(name)?).context("a case's array can't be read")?;
        }
        Ok(case)
    };
    numbers.iter().map(case).collect()
}
