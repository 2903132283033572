//! What the notes on the deck name is there: tasks, figures, chapters. And a table of a lecture is what our solution counts.

#![allow(clippy::unwrap_used, reason = "in a test a panic is a finding")]

use std::{collections::BTreeSet, fs, path::Path};

use figures::{chapters, lectures};
use special_layers::dense::{Layer, sequential_summary};

fn read(path: impl AsRef<Path>) -> String {
    fs::read_to_string(lectures().join(path)).unwrap()
}

/// `chapter/id` of every task.
fn tasks(chapters: &[String]) -> BTreeSet<String> {
    let of_chapter = |chapter: &String| {
        let text = read(format!("{chapter}/exercises.toml"));
        let ids = text.lines().filter_map(|line| line.strip_prefix("id = \"")?.strip_suffix('"'));
        ids.map(|id| format!("{chapter}/{id}")).collect::<Vec<_>>()
    };
    chapters.iter().flat_map(of_chapter).collect()
}

#[test]
fn every_item_of_the_deck_has_a_place_that_there_is_or_a_reason() {
    let course = read("course.toml");
    let chapters: Vec<String> = course
        .split('"')
        .filter(|word| lectures().join(word).join("src").is_dir())
        .map(str::to_owned)
        .collect();
    let (tasks, text) = (tasks(&chapters), read("figures/deck.md"));
    let figures: BTreeSet<&str> = chapters::figures().map(|figure| figure.name).collect();
    let rows: Vec<&str> =
        text.lines().filter_map(|line| line.strip_prefix("| ")?.strip_suffix(" |")).collect();
    assert!(rows.len() > 60, "only {} rows", rows.len());
    let mut named = BTreeSet::new();
    for (item, places) in
        rows.iter().filter_map(|row| row.split_once(" | ")).filter(|(item, _)| *item != "slide, item")
    {
        // What Keras calls so stands in backticks, too.
        let of_keras = ["rmsprop", "adam", "fit", "he_normal"];
        for name in places.split('`').skip(1).step_by(2).filter(|name| !of_keras.contains(name)) {
            assert!(
                tasks.contains(name) || figures.contains(name),
                "“{item}” is at `{name}`, which is nowhere"
            );
            named.insert(name);
        }
        let is_in_lecture = chapters.iter().any(|chapter| places.contains(&chapter[..]));
        let is_placed = places.contains('`') || is_in_lecture || places.contains("the same section");
        assert!(
            is_placed || places.starts_with("none: ") || places.is_empty(),
            "“{item}” has neither place nor reason"
        );
    }
    assert!(named.len() > 100, "only {} tasks and figures", named.len());
}

#[test]
fn headings_that_the_notes_name_are_in_the_lecture() {
    let text = read("figures/deck.md");
    let row = |row: &str| row.split(" | ").nth(1).unwrap_or_default().to_owned();
    for places in text.lines().filter(|line| line.starts_with("| ")).map(row) {
        for (before, heading) in places.split(';').filter_map(|place| place.split_once(", “")) {
            let Some(heading) = heading.split('”').next().filter(|_| lectures().join(before.trim()).is_dir())
            else {
                continue;
            };
            let lecture = read(format!("{}/README.md", before.trim()));
            assert!(lecture.contains(&format!("## {heading}\n")), "{before} has no section “{heading}”");
        }
    }
}

#[test]
fn the_summary_of_two_inputs_is_what_our_solution_counts() {
    let lecture = read("special_layers/README.md");
    let table = lecture.split("connected to\n").nth(1).and_then(|rest| rest.split("```").next()).unwrap();
    let mut sum = 0;
    for (name, inputs, units) in [("dense 1", 16, 8), ("dense 2", 32, 8), ("dense 3", 8, 4)] {
        let row = table.lines().find(|line| line.trim_start().starts_with(name)).unwrap();
        let count: usize = row.split("  ").filter_map(|cell| cell.trim().parse().ok()).next().unwrap();
        let counted = sequential_summary(&[inputs], &[Layer::Dense { units }]).unwrap();
        assert!(counted.lines().any(|line| line.ends_with(&format!(" {count}"))), "{row}\n{counted}");
        assert!(row.contains(&format!("(n, {units})")), "{row}");
        sum += count;
    }
    assert!(
        table.lines().any(|line| line.starts_with(" total") && line.ends_with(&format!(" {sum}"))),
        "{table}"
    );
}
