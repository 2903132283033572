//! The current task as markup: its text as it stands in the file, hints that were taken, its timing, the attempts so far.

use std::{fs, path::Path};

use super::{
    View,
    draw::{Frame, chart, several},
    html::Html,
    prose::{inline, prose},
};
use crate::{
    course::Exercise,
    keep::history::{Attempt, ago},
    report::plural,
    source::items::Module,
    verdict::Line,
};

/// The task's text.
pub fn text(view: &View) -> Html {
    let exercise = view.exercise;
    let mut html = Html::said("h2", "", "The task");
    let points = plural(exercise.points as usize, "point");
    let minutes =
        if exercise.minutes > 0 { format!(", about {} minutes", exercise.minutes) } else { String::new() };
    html.push(Html::said(
        "p",
        "faint",
        &format!("{points}{minutes} · theory: lectures/{}/README.md", exercise.chapter),
    ));
    html.push(docs(&view.course.root, exercise));
    if view.hints > 0 {
        let hints: Html =
            exercise.hints.iter().take(view.hints).map(|hint| Html::tag("li", &[], inline(hint))).collect();
        html.push(Html::said("h3", "", "Hints so far").and(Html::tag("ol", &[], hints)));
    }
    Html::tag("section", &[("class", "task")], html)
}

/// Docs and signature of each of its items, as they stand in the file; a file that can't be read has none.
fn docs(root: &Path, exercise: &Exercise) -> Html {
    let file = root.join("lectures").join(&exercise.chapter).join(exercise.file());
    let text = fs::read_to_string(file).unwrap_or_default();
    let Ok(module) = Module::parse(&text) else {
        return Html::said("p", "faint", "Its file can't be read as Rust at the moment.");
    };
    let of = |item: &String| {
        let range = module.ranges(std::slice::from_ref(item)).into_iter().next();
        let (docs, signature) = face(range.and_then(|range| text.get(range)).unwrap_or_default());
        let title = Html::tag("h3", &[], Html::said("code", "", item));
        title.and(Html::tag("pre", &[], Html::said("code", "", &signature))).and(prose(&docs))
    };
    exercise.items.iter().map(of).collect()
}

/// The docs before an item, and what stands before its body.
fn face(item: &str) -> (String, String) {
    let (mut docs, mut code) = (String::new(), String::new());
    for line in item.lines() {
        match line.trim_start().strip_prefix("///") {
            Some(doc) if code.is_empty() => docs += &format!("{doc}\n"),
            _ if line.starts_with("#[") => {}
            _ => code += &format!("{line}\n"),
        }
    }
    let end = code.find('{').or_else(|| code.find(';')).unwrap_or(code.len());
    let is_function = code.contains("fn ");
    // The fields of a type belong to its face.
    let face = if is_function { &code[..end] } else { &code };
    (docs, face.trim_end().to_owned())
}

/// How fast it is.
pub fn timing(view: &View) -> Html {
    let Some(timing) = &view.timing else { return Html::default() };
    Html::said("h2", "", "How fast").and(Html::said("pre", "message", timing.trim_end()))
}

/// The attempts as a curve of cases that were right, and in words.
pub fn history(view: &View) -> Html {
    let attempts = &view.history;
    if attempts.is_empty() {
        return Html::default();
    }
    const SHOWN: usize = 8;
    let mut html = Html::said("h2", "", "Your attempts");
    let share = |attempt: &Attempt| 100.0 * attempt.passed as f64 / attempt.cases as f64;
    let counted = attempts.iter().enumerate().filter(|(_, attempt)| attempt.cases > 0);
    let points: Vec<(f64, f64)> = counted.map(|(i, attempt)| ((i + 1) as f64, share(attempt))).collect();
    if points.len() > 1 {
        let frame = Frame {
            what: "Cases answered right, attempt by attempt",
            x: "attempt",
            y: "cases right (%)",
            bands: &[],
        };
        html.push(chart(&frame, &several(&[Line { name: String::new(), points }])));
    }
    let row = |(i, attempt): (usize, &Attempt)| {
        let says = match attempt.cases {
            0 => format!("{} · {}", attempt.verdict, ago(attempt.when)),
            cases => {
                format!("{}, {} of {cases} cases · {}", attempt.verdict, attempt.passed, ago(attempt.when))
            }
        };
        Html::tag("li", &[("value", &(i + 1).to_string())], Html::text(&says))
    };
    let rows: Html = attempts.iter().enumerate().rev().take(SHOWN).map(row).collect();
    html.and(Html::tag("ol", &[("class", "attempts")], rows))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_item_has_docs_and_a_signature() {
        let item = "/// Mirrors.\n///\n/// ```\n/// a\n/// ```\n#[must_use]\npub fn flip<D>(x: D) -> D\nwhere\n    D: Copy,\n{\n    x\n}";
        let wanted = (" Mirrors.\n\n ```\n a\n ```\n", "pub fn flip<D>(x: D) -> D\nwhere\n    D: Copy,");
        assert_eq!(face(item), (wanted.0.to_owned(), wanted.1.to_owned()));
        assert_eq!(face("pub struct S {\n    a: f32,\n}").1, "pub struct S {\n    a: f32,\n}");
    }
}
