//! Looks for answers in a tree that students will get: lines that only the solutions or the wrong variants have.
//!
//! A line tells on its own when it is long enough and stands in no stub and in no program that students get anyway, such as the
//! toolkit. In prose, in manifests and in stubs every such line counts, wherever on the line it begins.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::Path,
};

use aho_corasick::{AhoCorasick, MatchKind};
use anyhow::{Context, Result};
use ignore::WalkBuilder;

use crate::{
    course::{Course, stubs},
    examine::diagnose,
    paths::Paths,
    source::tree::{LARGEST_FILE, Tree},
};

/// Shorter lines are idioms that anybody writes.
const SHORTEST: usize = 28;
/// Leaks named; of the others only the number is.
const NAMED: usize = 20;

/// Sentences that name file and line of everything in the tree below `root` that gives an answer away.
pub fn find(course: &Course, root: &Path) -> Result<Vec<String>> {
    let secrets = secrets(course)?;
    let lines: Vec<&String> = secrets.keys().collect();
    let search = AhoCorasick::builder().match_kind(MatchKind::LeftmostLongest).build(&lines)?;
    let mut found = Vec::new();
    for entry in WalkBuilder::new(root).standard_filters(false).sort_by_file_name(Ord::cmp).build() {
        let entry = entry.context("failed to look for leaks")?;
        let small = entry.metadata().is_ok_and(|metadata| metadata.len() <= LARGEST_FILE);
        let file = entry.path().strip_prefix(root).unwrap_or(entry.path());
        if !entry.path().is_file() || !small || is_program(course, file) {
            continue;
        }
        // What is no text holds no line; stubs and cases are packed and come from here.
        let Ok(text) = fs::read_to_string(entry.path()) else { continue };
        for (number, line) in text.lines().enumerate() {
            if let Some(hit) = search.find(&plain(line)) {
                let (place, origin) = (number + 1, &secrets[lines[hit.pattern().as_usize()]]);
                found.push(format!("  {}:{place}: a line of {origin}: {}", file.display(), line.trim()));
            }
        }
    }
    if found.len() > NAMED {
        let more = found.len() - NAMED;
        found.truncate(NAMED);
        found.push(format!("  … and {more} lines more"));
    }
    Ok(found)
}

/// Lines that give something away, and where they come from.
fn secrets(course: &Course) -> Result<BTreeMap<String, String>> {
    let paths = Paths::new(&course.root);
    let mut origins: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    let mut add = |text: &str, origin: &str| {
        code(text).for_each(|line| _ = origins.entry(line).or_default().insert(origin.to_owned()));
    };
    for chapter in &course.chapters {
        for (file, text) in Tree::read(&paths.solution(&chapter.name))?.files {
            add(&text, &format!("solutions/{}/{}", chapter.name, file.display()));
        }
        for exercise in &chapter.exercises {
            for variant in diagnose::variants(&paths, exercise)? {
                add(&variant.replace, &format!("the misconceptions of {}", exercise.full_id()));
            }
        }
    }
    // What several solutions say is an idiom.
    let telling = origins.into_iter().filter(|(_, origins)| origins.len() == 1);
    let mut secrets: BTreeMap<String, String> =
        telling.filter_map(|(line, origins)| Some((line, origins.into_iter().next()?))).collect();
    let lines: Vec<String> = secrets.keys().cloned().collect();
    let search = AhoCorasick::new(&lines)?;
    for text in public(course, &paths)? {
        for hit in text.lines().map(plain).flat_map(|line| overlapping(&search, &line)) {
            secrets.remove(&lines[hit]);
        }
    }
    Ok(secrets)
}

fn overlapping(search: &AhoCorasick, line: &str) -> Vec<usize> {
    search.find_overlapping_iter(line).map(|hit| hit.pattern().as_usize()).collect()
}

/// What students get to read in any case: stubs, the toolkit and other programs, and hints, the last of which tell nearly all.
fn public(course: &Course, paths: &Paths) -> Result<Vec<String>> {
    let mut texts = Vec::new();
    for chapter in &course.chapters {
        texts.extend(stubs::load(paths, &chapter.name)?.files.into_values());
        texts.extend(chapter.exercises.iter().flat_map(|exercise| exercise.hints.clone()));
    }
    for folder in [
        "lectures/book",
        "lectures/toolkit",
        "datasets",
        "grader",
        "grader/clinic",
        "grader/probe",
        "grader/protocol",
    ] {
        texts.extend(Tree::read(&course.root.join(folder))?.files.into_values());
    }
    Ok(texts)
}

/// Programs that students get as they are; their lines are no secret.
fn is_program(course: &Course, file: &Path) -> bool {
    let lecture = course.chapters.iter().any(|c| file.starts_with(Path::new("lectures").join(&c.name)));
    !lecture && file.extension().is_some_and(|extension| extension == "rs" || extension == "lock")
}

/// The telling lines of a program.
fn code(text: &str) -> impl Iterator<Item = String> {
    text.lines().map(plain).filter(|line| line.len() >= SHORTEST && !line.starts_with("//"))
}

/// A line with single spaces.
fn plain(line: &str) -> String {
    line.split_whitespace().collect::<Vec<_>>().join(" ")
}
