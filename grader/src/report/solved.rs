//! What is said when something was solved just now: an exercise, with it perhaps a chapter, and with that the whole course.

use std::fmt::Write;

use super::terminal::{Terminal, summary};
use crate::{
    clean::clean,
    course::{Chapter, Exercise},
    verdict::{Marks, Verdict},
};

/// A line for each of `news`, and a few more where a chapter or the course ends with them.
pub fn solved(terminal: &Terminal, graded: &Marks, news: &[&Exercise]) -> String {
    let mut text = String::new();
    for (i, exercise) in news.iter().enumerate() {
        let next = if i + 1 == news.len() { next(terminal, graded, exercise) } else { None };
        let next = next.map_or_else(String::new, |next| format!("; next: {}", next.full_id()));
        let of = terminal.course.chapter(&exercise.chapter).map_or_else(String::new, |chapter| {
            let (earned, all) = summary(chapter.exercises.iter(), graded);
            format!(" · {earned} of {all} points in {}", chapter.name)
        });
        let solved = terminal.style.good(&format!("✓ solved: {}", exercise.full_id()));
        _ = writeln!(text, "{solved}{of}{next}");
    }
    let chapters = terminal.course.chapters.iter();
    let ended: Vec<&Chapter> = chapters
        .filter(|chapter| news.iter().any(|exercise| exercise.chapter == chapter.name))
        .filter(|chapter| is_done(chapter, graded))
        .collect();
    ended.iter().for_each(|chapter| text += &end_of_chapter(terminal, chapter, graded));
    if !ended.is_empty() && terminal.course.chapters.iter().all(|chapter| is_done(chapter, graded)) {
        text += &end_of_course(terminal, graded);
    }
    if text.is_empty() { text } else { text + "\n" }
}

fn is_done(chapter: &Chapter, graded: &Marks) -> bool {
    chapter.exercises.iter().all(|exercise| graded.is_passed(&exercise.full_id()))
}

/// The first exercise after `exercise`, or else in all the course, that is not solved.
fn next<'t>(terminal: &'t Terminal, graded: &Marks, exercise: &Exercise) -> Option<&'t Exercise> {
    let is_open = |other: &&Exercise| !graded.is_passed(&other.full_id());
    let mut after = terminal.course.exercises().skip_while(|other| other.full_id() != exercise.full_id());
    after.find(is_open).or_else(|| terminal.course.exercises().find(is_open))
}

fn end_of_chapter(terminal: &Terminal, chapter: &Chapter, graded: &Marks) -> String {
    let (points, _) = summary(chapter.exercises.iter(), graded);
    let title = format!("\nThat was {} · {}: all {points} points are yours.", chapter.name, chapter.title);
    let mut text = terminal.style.strong(&title) + "\n";
    let ids: Vec<&str> = chapter.exercises.iter().map(|exercise| exercise.id.as_str()).collect();
    _ = writeln!(text, "  you wrote: {}", ids.join(", "));
    for (id, name, result) in results(chapter, graded) {
        _ = writeln!(text, "  {id} · {name}: {result}");
    }
    let pictures = "target/grader/pictures";
    if terminal.course.root.join(pictures).is_dir() {
        _ = writeln!(text, "  curves and images of it are in {pictures}/");
    }
    let reckoned: u32 = chapter.exercises.iter().map(|exercise| exercise.minutes).sum();
    if reckoned > 0 {
        _ = writeln!(text, "  reckoned for it: {} h {} min", reckoned / 60, reckoned % 60);
    }
    let open = terminal.course.chapters.iter().find(|other| !is_done(other, graded));
    if let Some(next) = open {
        let (_, of) = summary(next.exercises.iter(), graded);
        let (name, count) = (&next.name, next.exercises.len());
        _ = writeln!(text, "  what comes next: {name} · {}, {count} exercises, {of} points", next.title);
        _ = writeln!(text, "  begin with lectures/{name}/README.md");
    }
    text
}

/// Numbers that came out of what was written, short ones.
fn results(chapter: &Chapter, graded: &Marks) -> Vec<(String, String, String)> {
    let mut found = Vec::new();
    for exercise in &chapter.exercises {
        let id = exercise.full_id();
        if let Some(Verdict::Passed { results, .. }) = graded.verdicts.get(&id) {
            let short = results.iter().filter(|(_, result)| !result.contains('\n'));
            found.extend(short.map(|(name, result)| (exercise.id.clone(), clean(name), clean(result))));
        }
    }
    found
}

fn end_of_course(terminal: &Terminal, graded: &Marks) -> String {
    let (points, _) = summary(terminal.course.exercises(), graded);
    let count = terminal.course.exercises().count();
    let title = format!("\nAnd that was the course: {count} exercises, {points} points, written by you.");
    let mut text = terminal.style.strong(&title) + "\n";
    let command = |line: &str| terminal.style.command(&format!("{} {line}", terminal.program));
    _ = writeln!(text, "  broken trainings to mend: {}", command("clinic"));
    _ = writeln!(text, "  full-size data: {}", command("--full"));
    _ = writeln!(text, "  how fast what you wrote is: {}", command("bench"));
    _ = writeln!(text, "  to hand it in: {}", command("submit"));
    text
}
