//! What is said when something was solved just now: an exercise, with it perhaps a chapter, and with that the whole course.

use std::{collections::BTreeMap, fmt::Write};

use super::{
    plural,
    terminal::{Terminal, points, summary},
};
use crate::{
    clean::clean,
    course::{Chapter, Exercise},
    verdict::{Marks, Verdict},
};

/// Numbers that came out of a chapter and are shown at its end.
const RESULTS: usize = 6;
/// With fewer rows a chapter's end leaves out what is longest, so that what comes next is seen.
const ENOUGH: usize = 28;

/// What was solved just now.
#[derive(Clone, Debug, Default)]
pub struct News<'a> {
    /// Solved in this run, and not before.
    pub exercises: Vec<&'a Exercise>,
    /// Everything that is known of the course, beyond what was graded.
    pub known: Marks,
    /// Minutes that somebody was at each chapter, as far as the attempts tell.
    pub minutes: BTreeMap<String, u64>,
}

/// A line for what was solved of a chapter, and a few more where that, or the course, ends with it, fewer where there are few `rows`.
/// What is next is said where nothing else does.
pub fn solved(terminal: &Terminal, news: &News, is_next_said: bool, rows: usize) -> String {
    let (mut text, mut touched) = (String::new(), Vec::new());
    for chapter in &terminal.course.chapters {
        let of_chapter = news.exercises.iter().filter(|exercise| exercise.chapter == chapter.name);
        let ids: Vec<&str> = of_chapter.map(|exercise| exercise.id.as_str()).collect();
        if !ids.is_empty() {
            let solved = format!("✓ solved: {}/{}", chapter.name, ids.join(", "));
            let earned = earned(chapter, &ids, &news.known);
            _ = writeln!(text, "{} · {earned}", terminal.style.good(&solved));
            touched.push(chapter);
        }
    }
    let ended: Vec<&Chapter> = touched.into_iter().filter(|chapter| is_done(chapter, &news.known)).collect();
    let next = news.exercises.last().and_then(|exercise| next(terminal, &news.known, exercise));
    if let Some(next) = next.filter(|_| is_next_said && ended.is_empty()) {
        text = format!("{}; next: {}\n", text.trim_end(), next.full_id());
    }
    ended.iter().for_each(|chapter| text += &end_of_chapter(terminal, chapter, news, rows >= ENOUGH));
    if !ended.is_empty() && terminal.course.chapters.iter().all(|chapter| is_done(chapter, &news.known)) {
        text += &end_of_course(terminal, news);
    }
    if text.is_empty() { text } else { text + "\n" }
}

/// The points in all the chapter, or those for `ids` alone where not all of the chapter is known.
fn earned(chapter: &Chapter, ids: &[&str], known: &Marks) -> String {
    if chapter.exercises.iter().all(|exercise| known.verdicts.contains_key(&exercise.full_id())) {
        let (earned, all) = summary(chapter.exercises.iter(), known);
        return format!("{earned} of {all} points in {}", chapter.name);
    }
    let those = chapter.exercises.iter().filter(|exercise| ids.contains(&exercise.id.as_str()));
    points(those.map(|exercise| exercise.points).sum())
}

fn is_done(chapter: &Chapter, known: &Marks) -> bool {
    chapter.exercises.iter().all(|exercise| known.is_passed(&exercise.full_id()))
}

/// The first exercise after `exercise`, or else in all the course, that is not solved.
fn next<'t>(terminal: &'t Terminal, known: &Marks, exercise: &Exercise) -> Option<&'t Exercise> {
    let is_open = |other: &&Exercise| !known.is_passed(&other.full_id());
    let mut after = terminal.course.exercises().skip_while(|other| other.full_id() != exercise.full_id());
    after.find(is_open).or_else(|| terminal.course.exercises().find(is_open))
}

fn end_of_chapter(terminal: &Terminal, chapter: &Chapter, news: &News, has_room: bool) -> String {
    let (all, _) = summary(chapter.exercises.iter(), &news.known);
    let title = format!("\nThat was {} · {}: all {all} points are yours.", chapter.name, chapter.title);
    let mut text = terminal.style.strong(&title) + "\n";
    text += &if has_room { written(terminal, chapter, news) } else { counted(chapter, news) };
    let pictures = "target/grader/pictures";
    if terminal.course.root.join(pictures).is_dir() {
        _ = writeln!(text, "  curves and images of it are in {pictures}/");
    }
    let reckoned = chapter.exercises.iter().map(|exercise| u64::from(exercise.minutes)).sum();
    text += &time(news.minutes.get(&chapter.name).copied().unwrap_or_default(), reckoned);
    if let Some(next) = chapter_after(terminal, chapter, &news.known) {
        let (_, of) = summary(next.exercises.iter(), &news.known);
        let (name, count) = (&next.name, plural(next.exercises.len(), "exercise"));
        _ = writeln!(text, "  what comes next: {name} · {}, {count}, {}", next.title, points(of));
        _ = writeln!(text, "  begin with lectures/{name}/README.md");
    }
    text
}

/// What was written, and the first numbers that came out of it.
fn written(terminal: &Terminal, chapter: &Chapter, news: &News) -> String {
    let ids: Vec<&str> = chapter.exercises.iter().map(|exercise| exercise.id.as_str()).collect();
    let mut text = format!("  you wrote: {}\n", ids.join(", "));
    let results = results(chapter, &news.known);
    for (id, name, result) in results.iter().take(RESULTS) {
        _ = writeln!(text, "  {id} · {name}: {result}");
    }
    if results.len() > RESULTS {
        let more = terminal.style.command(&format!("{} run {}", terminal.program, chapter.name));
        _ = writeln!(text, "  and {} more: {more}", plural(results.len() - RESULTS, "number"));
    }
    text
}

/// How much that is: all of it is shown by a key.
fn counted(chapter: &Chapter, news: &News) -> String {
    let solved = plural(chapter.exercises.len(), "exercise");
    match results(chapter, &news.known).len() {
        0 => format!("  you solved: {solved} (v: which)\n"),
        numbers => {
            format!("  you solved: {solved} (v: which, and {} of theirs)\n", plural(numbers, "number"))
        }
    }
}

/// The first behind `chapter`, or else of all, that is not done.
fn chapter_after<'t>(terminal: &'t Terminal, chapter: &Chapter, known: &Marks) -> Option<&'t Chapter> {
    let chapters = &terminal.course.chapters;
    let at = chapters.iter().position(|other| other.name == chapter.name).unwrap_or_default();
    chapters[at..].iter().chain(&chapters[..at]).find(|other| !is_done(other, known))
}

/// How long it took, as far as that is known, beside what was reckoned.
fn time(minutes: u64, reckoned: u64) -> String {
    let words = |minutes: u64| match (minutes / 60, minutes % 60) {
        (0, minutes) => format!("{minutes} min"),
        (hours, minutes) => format!("{hours} h {minutes} min"),
    };
    match (minutes, reckoned) {
        (0, 0) => String::new(),
        (0, _) => format!("  reckoned for it: {}\n", words(reckoned)),
        (_, 0) => format!("  your time: about {}, without breaks\n", words(minutes)),
        _ => {
            let (took, reckoned) = (words(minutes), words(reckoned));
            format!("  your time: about {took}, without breaks; reckoned: {reckoned}\n")
        }
    }
}

/// Numbers that came out of what was written, short ones.
fn results(chapter: &Chapter, known: &Marks) -> Vec<(String, String, String)> {
    let mut found = Vec::new();
    for exercise in &chapter.exercises {
        let id = exercise.full_id();
        if let Some(Verdict::Passed { results, .. }) = known.verdicts.get(&id) {
            let short = results.iter().filter(|(_, result)| !result.contains('\n'));
            found.extend(short.map(|(name, result)| (exercise.id.clone(), clean(name), clean(result))));
        }
    }
    found
}

fn end_of_course(terminal: &Terminal, news: &News) -> String {
    let (points, _) = summary(terminal.course.exercises(), &news.known);
    let count = terminal.course.exercises().count();
    let title = format!("\nAnd that was the course: {count} exercises, {points} points, written by you.");
    let mut text = terminal.style.strong(&title) + "\n";
    let reckoned = terminal.course.exercises().map(|exercise| u64::from(exercise.minutes)).sum();
    text += &time(news.minutes.values().sum(), reckoned);
    let command = |line: &str| terminal.style.command(&format!("{} {line}", terminal.program));
    _ = writeln!(text, "  broken trainings to mend: {}", command("clinic"));
    _ = writeln!(text, "  full-size data: {}", command("--full"));
    _ = writeln!(text, "  how fast what you wrote is: {}", command("bench"));
    _ = writeln!(text, "  to hand it in: {}", command("submit"));
    text
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::{
        course::Course,
        report::{Again, Screen, Style},
    };

    /// A chapter with one exercise of 2 points and 30 minutes for each of these ids.
    fn chapter(name: &str, ids: &[&str]) -> Chapter {
        let exercises = ids.iter().map(|id| {
            let text = format!(
                "id = \"{id}\"\ntitle = \"\"\ntopic = \"t\"\npoints = 2\nminutes = 30\nsource = \"\"\nhints = []"
            );
            Exercise { chapter: name.to_owned(), ..toml::from_str(&text).unwrap() }
        });
        Chapter { name: name.to_owned(), title: name.to_uppercase(), exercises: exercises.collect() }
    }

    /// What is said where `new` was solved just now, `passed` beside it, and `open` is not.
    fn said(new: &str, passed: &[&str], open: &[&str]) -> String {
        said_within(usize::MAX, new, passed, open)
    }

    fn said_within(rows: usize, new: &str, passed: &[&str], open: &[&str]) -> String {
        let chapters = vec![chapter("one", &["a", "b"]), chapter("two", &["c"]), chapter("three", &["d"])];
        let course = Course { chapters, ..Course::unread(Path::new("/nowhere")) };
        let right = Verdict::Passed {
            cases: 1,
            prints: None,
            results: vec![("accuracy".to_owned(), "97 %".to_owned())],
            pictures: Vec::new(),
        };
        let mut known = Marks::default();
        passed.iter().chain([&new]).for_each(|id| _ = known.verdicts.insert((*id).to_owned(), right.clone()));
        open.iter().for_each(|id| _ = known.verdicts.insert((*id).to_owned(), Verdict::NotStarted));
        let exercises = course.exercises().filter(|exercise| exercise.full_id() == new).collect();
        let news = News { exercises, known, minutes: [("one".to_owned(), 75)].into() };
        let (style, again) = (Style { colour: false }, Again::Command);
        solved(
            &Terminal { course: &course, style, screen: Screen::PAPER, again, program: "grader" },
            &news,
            true,
            rows,
        )
    }

    #[test]
    fn points_are_those_of_the_chapter_where_all_of_it_is_known() {
        let text = said("one/a", &[], &["one/b"]);
        assert_eq!(text, "✓ solved: one/a · 2 of 4 points in one; next: one/b\n\n");
        assert!(said("one/a", &[], &[]).starts_with("✓ solved: one/a · 2 points; next: one/b\n"));
    }

    #[test]
    fn a_chapter_that_ends_is_summed_up_and_the_one_after_it_comes_next() {
        let text = said("one/b", &["one/a", "three/d"], &["two/c"]);
        for part in [
            "That was one · ONE: all 4 points are yours.\n  you wrote: a, b\n  a · accuracy: 97 %\n",
            "  your time: about 1 h 15 min, without breaks; reckoned: 1 h 0 min\n",
            "  what comes next: two · TWO, 1 exercise, 2 points\n  begin with lectures/two/README.md\n",
        ] {
            assert!(text.contains(part), "{text}");
        }
        assert!(!text.contains("that was the course"), "{text}");
        let back = said("three/d", &["two/c"], &["one/a", "one/b"]);
        assert!(back.contains("what comes next: one"), "{back}");
    }

    #[test]
    fn where_rows_are_few_what_comes_next_is_seen_all_the_same() {
        let text = said_within(16, "one/b", &["one/a", "three/d"], &["two/c"]);
        assert!(text.contains("  you solved: 2 exercises (v: which, and 2 numbers of theirs)\n"), "{text}");
        assert!(!text.contains("a, b") && !text.contains("97 %"), "{text}");
        assert!(text.contains("  begin with lectures/two/README.md\n"), "{text}");
    }

    #[test]
    fn the_course_ends_with_the_last_chapter() {
        let text = said("one/b", &["one/a", "two/c", "three/d"], &[]);
        assert!(text.contains("And that was the course: 4 exercises, 8 points, written by you.\n"), "{text}");
        assert!(text.contains("grader submit") && !text.contains("next"), "{text}");
        assert!(!said("one/b", &["one/a", "two/c"], &[]).contains("that was the course"));
    }
}
