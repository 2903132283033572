//! Every figure is what its program draws, and is shown by its lecture with the words that the table has for it.

#![allow(clippy::unwrap_used, reason = "in a test a panic is a finding")]

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

use figures::{Figure, chapters, compare::difference, lectures, sheet::WIDTH};

fn all() -> Vec<&'static Figure> {
    chapters::figures().collect()
}

fn words(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn lecture(chapter: &str) -> String {
    fs::read_to_string(lectures().join(chapter).join("README.md")).unwrap()
}

/// The SVG files in a lecture's folder of figures.
fn files(chapter: &Path) -> BTreeSet<PathBuf> {
    let Ok(entries) = fs::read_dir(chapter.join("figures")) else { return BTreeSet::new() };
    entries.map(|entry| entry.unwrap().path().canonicalize().unwrap()).collect()
}

#[test]
fn every_figure_is_what_its_program_draws() {
    for figure in all() {
        let kept = fs::read_to_string(figure.file()).unwrap_or_default();
        let drawn = figure.svg().unwrap();
        if let Some(difference) = difference(&kept, &drawn) {
            panic!("`cargo run -p figures -- {}` draws another one; {difference}", figure.name);
        }
    }
}

#[test]
fn every_figure_is_shown_with_its_alt_text_and_its_sentence() {
    for figure in all() {
        let text = words(&lecture(figure.chapter));
        let shown = format!("![{}](figures/{}.svg) {}", figure.alt, figure.name, figure.caption);
        assert!(text.contains(&words(&shown)), "{}/README.md does not have:\n{shown}", figure.chapter);
    }
}

#[test]
fn names_and_sentences_are_of_their_kind() {
    let mut seen = BTreeSet::new();
    for Figure { name, alt, caption, .. } in all() {
        assert!(seen.insert(name), "two figures are called {name}");
        assert!(alt.len() > 30 && alt.ends_with('.'), "alt text of {name}");
        assert!(caption.len() > 30 && caption.ends_with(['.', '?', '!']), "sentence of {name}");
        assert!(!alt.contains(['[', ']']), "brackets would end the alt text of {name}");
    }
}

#[test]
fn no_lecture_shows_a_figure_that_is_not_there_and_none_lies_unused() {
    for entry in fs::read_dir(lectures()).unwrap() {
        let chapter = entry.unwrap().path();
        let Ok(text) = fs::read_to_string(chapter.join("README.md")) else { continue };
        let name = chapter.file_name().unwrap().to_str().unwrap();
        let mut shown = BTreeSet::new();
        for link in text.split("](figures/").skip(1) {
            let file = chapter.join("figures").join(link.split(')').next().unwrap());
            shown.insert(file.canonicalize().unwrap_or_else(|_| panic!("{name} shows {}", file.display())));
        }
        assert_eq!(shown, files(&chapter), "shown by {name}, and lying beside it");
        let drawn = all().into_iter().filter(|figure| figure.chapter == name);
        let drawn: BTreeSet<PathBuf> = drawn.map(|figure| figure.file().canonicalize().unwrap()).collect();
        assert_eq!(shown, drawn, "shown by {name}, and drawn by a program");
    }
}

/// The rows of the table in README.md: what the deck has, and the names of ours in backticks.
fn deck() -> Vec<(String, Vec<String>)> {
    let text = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md")).unwrap();
    let rows = text.lines().filter_map(|line| line.strip_prefix("| "));
    let row = |row: &str| {
        let cells: Vec<&str> = row.split(" | ").collect();
        let names = cells.last().unwrap().split('`').skip(1).step_by(2).map(str::to_owned);
        (cells[0].to_owned(), names.collect())
    };
    rows.map(row).collect()
}

#[test]
fn the_table_of_the_deck_names_figures_that_there_are_or_says_why_none() {
    let known: BTreeSet<&str> = all().iter().map(|figure| figure.name).collect();
    let rows = deck();
    assert!(rows.len() > 50, "only {} rows", rows.len());
    for (slide, names) in rows.iter().filter(|(slide, _)| !["slide", "notebook"].contains(&&slide[..])) {
        for name in names {
            assert!(known.contains(&name[..]), "`{name}` of “{slide}” is drawn nowhere");
        }
    }
    let text = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md")).unwrap();
    for (slide, _) in rows.iter().filter(|(slide, names)| {
        names.is_empty() && !["slide", "notebook", "Architectures"].contains(&&slide[..])
    }) {
        let row = text.lines().find(|line| line.starts_with(&format!("| {slide} |"))).unwrap();
        assert!(row.contains("| none: "), "“{slide}” has no figure, and no reason");
    }
}

/// Letters are at most this wide, on average, for their height of 14 pixels.
const LETTER: f64 = 7.0;

#[test]
fn no_words_leave_the_sheet() {
    for figure in all() {
        let svg = figure.svg().unwrap();
        let document = roxmltree::Document::parse(&svg).unwrap();
        let height: f64 = document.root_element().attribute("height").unwrap().parse().unwrap();
        for text in document.descendants().filter(|node| node.has_tag_name("text")) {
            let words = text.text().unwrap();
            let number = |name: &str| text.attribute(name).and_then(|value| value.parse::<f64>().ok());
            let (Some(x), Some(y)) = (number("x"), number("y")) else { continue };
            let is_small = text.attribute("class").unwrap().contains("small");
            let width = words.chars().count() as f64 * if is_small { LETTER * 12.0 / 14.0 } else { LETTER };
            let left = match text.attribute("text-anchor").unwrap() {
                "start" => x,
                "middle" => x - width / 2.0,
                _ => x - width,
            };
            let fits = left >= 0.0 && left + width <= WIDTH && (10.0..=height - 3.0).contains(&y);
            assert!(fits, "“{words}” at {x}, {y} leaves the sheet of {}", figure.name);
        }
    }
}
