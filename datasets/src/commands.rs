//! The commands, one function each; the only place that prints.

use std::{
    fs,
    io::Write,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result, bail};
use datasets::{
    Dataset, Error, Examples, Images, bundle as cut,
    catalog::{self, Entry},
    cats_and_dogs, cifar10,
    fetch::{self, Event, Policy, State},
    folder::{self, Fit},
    generated, mnist, picture, places,
};
use indicatif::{ProgressBar, ProgressStyle};
use rand::{SeedableRng, rngs::StdRng};

/// `println!` whose failure is an error like any other.
macro_rules! say {
    ($($words:tt)*) => { writeln!(std::io::stdout(), $($words)*)? };
}

/// Images of each class that `show` draws.
const SHOWN: usize = 20;

/// Prints what is there.
pub fn list() -> Result<()> {
    let bundled = places::bundled();
    say!("Bundled in {} ({}):", bundled.display(), size(folder_size(&bundled)));
    for file in bundled_sums()?.iter().map(|(_, file)| bundled.join(file)) {
        let bytes = fs::metadata(&file).map(|metadata| metadata.len());
        say!("  {:>8}  {}", bytes.map_or("MISSING".into(), size), file.strip_prefix(&bundled)?.display());
    }
    say!("\nIn full, from {}:", roots().join(" and "));
    for entry in catalog::ENTRIES {
        let bytes: u64 = entry.downloads.iter().map(|file| file.bytes).sum();
        say!("  {:14} {}", entry.name, entry.title);
        say!("  {:14} {}; licence: {}", "", entry.page, entry.licence);
        match places::full().iter().find_map(|root| fetch::here(entry, root)) {
            Some(place) => {
                say!("  {:14} here: {}, in {}", "", place.edition.what, place.folder.display())
            }
            None => say!(
                "  {:14} not here; `cargo run -p datasets -- fetch {}` downloads {}",
                "",
                entry.name,
                size(bytes)
            ),
        }
    }
    Ok(())
}

/// Fetches data sets by their names.
pub fn fetch(names: &[String], from: Option<&Path>, to: Option<PathBuf>) -> Result<()> {
    for name in names {
        let entry = catalog::entry(name).with_context(|| {
            let known: Vec<&str> = catalog::ENTRIES.iter().map(|entry| entry.name).collect();
            format!("no data set is called `{name}`: choose from {}", known.join(", "))
        })?;
        let here = places::full().iter().find_map(|root| fetch::here(entry, root));
        if let (None, None, Some(place)) = (from, &to, here) {
            say!("{name} is here: {}, in {}", place.edition.what, place.folder.display());
            continue;
        }
        say!("{}\nlicence: {}; {}", entry.title, entry.licence, entry.page);
        let root = to.clone().unwrap_or_else(places::downloaded);
        let folder = watched(entry, &root, from)?;
        say!("{name} is complete and checked, in {}", folder.display());
    }
    Ok(())
}

/// Fetches with a bar for each file.
fn watched(entry: &Entry, root: &Path, from: Option<&Path>) -> Result<PathBuf> {
    let style = "{msg:28} {bar:30} {binary_bytes}/{binary_total_bytes} {binary_bytes_per_sec} {eta}";
    let bar = ProgressBar::new(0).with_style(ProgressStyle::with_template(style)?);
    let folder = fetch::fetch(entry, root, from, &Policy::USUAL, &mut |event| match event {
        Event::Progress { file, done, of } => {
            if bar.message() != file {
                bar.set_message(file.to_owned());
                bar.reset_eta();
            }
            bar.set_length(of);
            bar.set_position(done);
        }
        Event::Note(note) => bar.suspend(|| eprintln!("{note}")),
    });
    bar.finish_and_clear();
    Ok(folder?)
}

/// Checks every file that is there; fails when one is wrong.
pub fn verify() -> Result<()> {
    let mut wrong = 0;
    for (sum, name) in bundled_sums()? {
        let file = places::bundled().join(&name);
        let content = fetch::sha256_of_content(&file);
        let state = match content {
            Ok(found) if found == sum => State::Good,
            Ok(found) => State::Bad(format!("SHA-256 {found} instead of {sum}")),
            Err(error) => State::Bad(error.to_string()),
        };
        wrong += usize::from(!report(&file, &state)?);
    }
    for entry in catalog::ENTRIES {
        let places = places::full();
        let folders =
            places.iter().flat_map(|root| entry.folders.iter().map(move |folder| root.join(folder)));
        for folder in folders {
            wrong += verify_folder(entry, &folder)?;
        }
    }
    match wrong {
        0 => Ok(()),
        1 => bail!("one file is wrong: remove it and fetch it again"),
        _ => bail!("{wrong} files are wrong: remove them and fetch them again"),
    }
}

/// Reports the files of a data set in one folder and counts the wrong ones. A file that several editions have under the same
/// name is right when it is that of one of them.
fn verify_folder(entry: &Entry, folder: &Path) -> Result<usize> {
    let mut names: Vec<&str> =
        entry.editions.iter().flat_map(|edition| edition.files).map(|known| known.name).collect();
    names.sort_unstable();
    names.dedup();
    let mut wrong = 0;
    for name in names {
        let known =
            entry.editions.iter().flat_map(|edition| edition.files).filter(|known| known.name == name);
        let states: Vec<State> = known.map(|known| fetch::state(known, folder)).collect();
        let best = states.iter().find(|state| **state == State::Good).unwrap_or(&states[0]);
        wrong += usize::from(*best != State::Absent && !report(&folder.join(name), best)?);
    }
    Ok(wrong)
}

/// Prints a file's state; whether it is not wrong.
fn report(file: &Path, state: &State) -> Result<bool> {
    match state {
        State::Good => say!("right    {}", file.display()),
        State::Unknown => say!("there    {} (no public SHA-256 to check it with)", file.display()),
        State::Absent => say!("absent   {}", file.display()),
        State::Bad(reason) => say!("WRONG    {}: {reason}", file.display()),
    }
    Ok(!matches!(state, State::Bad(_)))
}

/// Draws the first images of each class, a class a row.
pub fn show(name: &str, file: &Path) -> Result<()> {
    let rng = &mut StdRng::seed_from_u64(0);
    let train = |data: Result<Dataset<Images>, Error>| Ok::<_, Error>(data?.train);
    let images = match name {
        "mnist" => train(mnist::bundled())?,
        "full-mnist" => train(mnist::full())?,
        "fashion-mnist" => train(mnist::fashion())?,
        "cifar10" => train(cifar10::full())?,
        "cats-and-dogs" => train(cats_and_dogs::bundled())?,
        "shapes" => generated::shapes(400, 32, rng),
        "digits" => generated::digits(1000, 28, rng).into(),
        "photographs" => folder::bundled(150, 150, Fit::Crop)?,
        own if Path::new(own).is_dir() => folder::load(Path::new(own), 150, 150, Fit::Crop)?.train,
        _ => bail!("`{name}` has no images: see `show --help`"),
    };
    let mut which = images.numbers_of_each_class(0, SHOWN);
    which.sort_by_key(|&i| images.labels[i]);
    // A class a row, also where there are few of each.
    let columns = images.counts().into_iter().max().unwrap_or(1).clamp(1, SHOWN);
    picture::mosaic(&images.select(&which), columns, 2, file)?;
    say!("{} images: {}", images.len(), counts(&images));
    say!("up to {SHOWN} of each class are drawn in {}", file.display());
    Ok(())
}

/// Cuts the bundled subsets.
pub fn bundle(folder: &Path) -> Result<()> {
    let full = std::env::var_os(places::FULL).with_context(|| format!("{} is not set", places::FULL))?;
    cut::bundle(Path::new(&full), folder)?;
    say!("{} in {}", size(folder_size(folder)), folder.display());
    Ok(())
}

fn counts(images: &Images) -> String {
    let counts = images.classes.iter().zip(images.counts());
    counts.map(|(class, count)| format!("{count} {class}")).collect::<Vec<_>>().join(", ")
}

/// Checksums and names of the bundled files.
fn bundled_sums() -> Result<Vec<(String, String)>> {
    let file = places::bundled().join(cut::SUMS);
    let text = fs::read_to_string(&file).with_context(|| {
        format!("failed to read {}: copy `datasets/bundled` from the course again", file.display())
    })?;
    let lines = text.lines().filter(|line| !line.starts_with('#')).filter_map(|line| line.split_once("  "));
    Ok(lines.map(|(sum, name)| (sum.to_owned(), name.to_owned())).collect())
}

fn roots() -> Vec<String> {
    places::full().iter().map(|root| root.display().to_string()).collect()
}

fn folder_size(folder: &Path) -> u64 {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let sizes = entries.map(|entry| match entry.file_type() {
        Ok(kind) if kind.is_dir() => folder_size(&entry.path()),
        _ => entry.metadata().map_or(0, |metadata| metadata.len()),
    });
    sizes.sum()
}

fn size(bytes: u64) -> String {
    match bytes {
        0..1_000_000 => format!("{:.1} kB", bytes as f64 / 1e3),
        _ => format!("{:.1} MB", bytes as f64 / 1e6),
    }
}
