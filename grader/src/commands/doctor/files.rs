//! What the course's folder says: downloads, data, sealed stubs.

use std::{
    env, fs,
    path::{Path, PathBuf},
};

use super::Observation;
use crate::{
    PROGRAM,
    course::{Course, VERSION, manifest::Manifest, stubs},
    keep::stash,
    paths::Paths,
};

/// Whether dependencies were downloaded, so that grading works without a network.
pub fn downloads(paths: &Paths) -> Observation {
    const NAME: &str = "downloads";
    let staged = folders(&paths.work().join("stage")).into_iter().flat_map(|source| folders(&source));
    if staged.into_iter().any(|chapter| chapter.join("fetched").is_file()) {
        Observation::ok(NAME, "dependencies are here; grading needs no network")
    } else {
        Observation::attention(
            NAME,
            "dependencies were not downloaded yet",
            "grade once with a network; afterwards none is needed",
        )
    }
}

/// Whether what commands write can be written: the course may be another user's, or lie on a disk that is read-only or full.
pub fn writing(paths: &Paths) -> Observation {
    const NAME: &str = "writing";
    let places = ["lectures", ".crash-course", "target/grader"];
    let refused = places.iter().find_map(|place| {
        let folder = paths.root().join(place);
        let try_out = || {
            fs::create_dir_all(&folder)?;
            tempfile::Builder::new().prefix(".doctor-").tempfile_in(&folder)?.close()
        };
        try_out().err().map(|error| (place, error))
    });
    match refused {
        None => Observation::ok(NAME, "the course's folder can be written to"),
        Some((place, error)) => Observation::problem(
            NAME,
            format!("nothing can be written in {place} ({error})"),
            "make that folder yours, or room on its disk; or copy the whole course to where you may write",
        ),
    }
}

/// Real data sets: bundled ones, and those of `CRASH_COURSE_DATA`.
pub fn data(paths: &Paths) -> Observation {
    const NAME: &str = "data";
    let bundled = paths.root().join("datasets/bundled").is_dir();
    let bundled = if bundled { "bundled data present" } else { "no bundled data, only what is generated" };
    match env::var_os("CRASH_COURSE_DATA").map(PathBuf::from) {
        None => Observation::ok(
            NAME,
            format!("{bundled}; CRASH_COURSE_DATA is not set, so full-size data sets are not used"),
        ),
        Some(folder) if folder.join("MANIFEST.toml").is_file() => {
            Observation::ok(NAME, format!("{bundled}; full-size data sets in {}", folder.display()))
        }
        Some(folder) => Observation::attention(
            NAME,
            format!("{bundled}; CRASH_COURSE_DATA is {}, which holds no MANIFEST.toml", folder.display()),
            "set it to the folder that holds MANIFEST.toml, or unset it",
        ),
    }
}

/// The sealed stubs of every chapter, without which nothing is graded.
pub fn stubs(course: &Course, paths: &Paths) -> Observation {
    const NAME: &str = "stubs";
    let broken: Vec<String> = (course.chapters.iter())
        .filter_map(|chapter| stubs::load(paths, &chapter.name).err())
        .map(|error| format!("{error:#}"))
        .collect();
    if broken.is_empty() {
        return Observation::ok(NAME, format!("sealed for {} of {0} chapters", course.chapters.len()));
    }
    Observation::problem(
        NAME,
        broken.join("; "),
        "bring grader/sealed/ back; an author of the course runs `check --seal`",
    )
}

/// Whose files lectures/ holds. An interrupted swap is completed or undone before any command starts, this one too.
pub fn lectures(course: &Course, paths: &Paths) -> Observation {
    const NAME: &str = "lectures";
    let waiting = |name: &str| stash::waiting(paths, name);
    let swapped: Result<Vec<&str>, _> = (course.chapters.iter())
        .filter_map(|chapter| match waiting(&chapter.name) {
            Ok(kept) => kept.map(|_| Ok(chapter.name.as_str())),
            Err(error) => Some(Err(error)),
        })
        .collect();
    match swapped {
        Err(error) => Observation::problem(
            NAME,
            format!("{error:#}"),
            "look into .crash-course/stash/: your files are there",
        ),
        Ok(swapped) if swapped.is_empty() => {
            Observation::ok(NAME, "they hold your files; no swap was left half done")
        }
        Ok(swapped) => Observation::attention(
            NAME,
            format!("{} holds the reference solutions; your files wait in the stash", swapped.join(", ")),
            format!("bring yours back with `{PROGRAM} solutions out`"),
        ),
    }
}

/// Whether the files that students don't write are as they were released.
pub fn release(paths: &Paths) -> Observation {
    const NAME: &str = "release";
    let manifest = match Manifest::load(paths.root()) {
        Ok(Some(manifest)) => manifest,
        Ok(None) => return Observation::ok(NAME, format!("version {VERSION}, the full course")),
        Err(error) => return Observation::problem(NAME, format!("{error:#}"), "get the release anew"),
    };
    // Cargo leaves packages out of the lock file that students don't need.
    let is_fixed = |path: &str| !path.starts_with("lectures/") && path != "Cargo.lock";
    let changed = manifest.changed(paths.root(), is_fixed);
    let version = format!("version {}, {} files", manifest.version, manifest.files.len());
    match &changed[..] {
        [] => Observation::ok(NAME, format!("{version}, as they were released but for lectures/")),
        [first, ..] => Observation::attention(
            NAME,
            format!("{version}; {} outside lectures/ missing or changed, the first {first}", changed.len()),
            "verdicts may differ from those of your instructor; get the release anew and copy your lectures/ into it",
        ),
    }
}

fn folders(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    entries.map(|entry| entry.path()).filter(|path| path.is_dir()).collect()
}
