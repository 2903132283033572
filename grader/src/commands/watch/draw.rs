//! Draws the screen to work at: what is looked at, a line of what is going on, a line of keys. Lines in, lines out.

use super::{
    desk::{Desk, View},
    job::{Heard, Purpose},
};
use crate::{
    clean::clean,
    course::Exercise,
    messages::states::waiting_for,
    report::{Terminal, lines, sketch_within, summary},
    verdict::{Line, Verdict},
};

/// So many columns hold a line of the list with all its words.
const ROOMY: usize = 69;
/// Lines above and below what is looked at.
const AROUND: usize = 4;
const KEYS: &str =
    "n next  p previous  h hint  l list  r run  b bench  x reset  o open  v more  ? help  q quit";
const FEW_KEYS: &str = "n next  p previous  h hint  l list  v more  ? keys  q quit";
const LIST_KEYS: &str = "enter choose  / search  f state  c chapter  esc back";
const HELP: &str = "\
n        the next exercise            p   the previous one
h        a hint, more each time
l        the list: / searches, f and c filter by state and chapter
o        open it in your editor ($VISUAL or $EDITOR)
r        run the grader now; a save does that by itself
b        time what you solved, next to the reference
f        train on full-size data, where there is any
x        put the stub back; it asks, and what you wrote goes into a stash
v        everything about the verdict; arrows and space move
esc      back                         q   quit
";

/// What runs beside the screen.
pub struct Running<'a> {
    /// What it is for.
    pub purpose: Purpose,
    /// What was heard of it.
    pub heard: &'a Heard,
    /// Since when.
    pub seconds: u64,
}

/// The screen's lines, as many as it has.
pub fn frame(desk: &Desk, terminal: &Terminal, running: Option<&Running>) -> Vec<String> {
    let rows = terminal.screen.rows.saturating_sub(AROUND).max(1);
    let mut frame = vec![cut(&head(desk, terminal), terminal), String::new()];
    let mut body = match desk.view {
        View::List => list(desk, terminal, rows),
        View::Task | View::Reset => {
            let curve = running.and_then(|running| training(terminal, running, rows));
            shortened(lines(&curve.unwrap_or_else(|| task(desk, terminal, rows)), terminal.screen), rows)
        }
        View::More => scrolled(lines(&task(desk, terminal, usize::MAX), terminal.screen), desk.scroll, rows),
        View::Note => {
            let is_training = running.filter(|running| running.purpose == Purpose::Train);
            let curve = is_training.and_then(|running| training(terminal, running, rows));
            let said = curve.as_ref().unwrap_or(&desk.note);
            scrolled(lines(said, terminal.screen), desk.scroll, rows)
        }
        View::Help => scrolled(lines(HELP, terminal.screen), desk.scroll, rows),
    };
    body.resize(rows, String::new());
    frame.extend(body);
    frame.push(cut(&status(desk, running), terminal));
    frame.push(cut(&keys(desk, terminal), terminal));
    frame.truncate(terminal.screen.rows);
    frame
}

fn head(desk: &Desk, terminal: &Terminal) -> String {
    let (earned, all) = summary(desk.exercises.iter().copied(), &desk.marks);
    let mut text = format!("{earned} of {all} points");
    if let Some(task) = desk.task() {
        let of_chapter = || desk.exercises.iter().copied().filter(|other| other.chapter == task.chapter);
        let solved = of_chapter().filter(|other| desk.marks.is_passed(&other.full_id())).count();
        text += &format!(" · {}: {solved} of {} solved", task.chapter, of_chapter().count());
    }
    let title = &terminal.course.title;
    let both = format!("{title} · {text}");
    if both.chars().count() <= terminal.screen.table(usize::MAX) { both } else { text }
}

fn task(desk: &Desk, terminal: &Terminal, rows: usize) -> String {
    let mut text = String::new();
    if !desk.error.is_empty() {
        text += &format!("{} {}\n\n", terminal.style.bad("error:"), desk.error.trim_end());
    }
    text += terminal.solved(&desk.news, rows).trim_start_matches('\n');
    let Some(task) = desk.task() else { return text + "There is no exercise here.\n" };
    let rows = rows.saturating_sub(lines(&text, terminal.screen).len());
    text + &terminal.task(Some(task), &desk.marks, rows)
}

/// What a training that runs says of itself: the curve of its loss, or else of what it prints, and its last line.
fn training(terminal: &Terminal, running: &Running, rows: usize) -> Option<String> {
    let live = &running.heard.live;
    let (at_work, line) = live.last()?;
    let mut text = format!("{} trains\n\n", terminal.style.strong(at_work));
    let curves = live.curves();
    // Where several trainings follow each other, the last begins with a single point.
    let of_this = || {
        let lines = curves.iter().filter(|((exercise, _), _)| *exercise == at_work);
        lines.filter_map(|((_, name), lines)| Some((name, lines.iter().rfind(|line| line.points.len() > 1)?)))
    };
    match of_this().find(|(name, _)| name.contains("loss")).or_else(|| of_this().next()) {
        Some((name, line)) => {
            let room = rows.saturating_sub(text.lines().count() + 2);
            let line = [Line { name: (*name).to_owned(), points: line.points.clone() }];
            text += &sketch_within(
                (terminal.screen.prose(), room),
                &format!("{name} so far"),
                "epoch or step",
                &line,
            );
        }
        // What prints a number now and then need not be a training.
        _ if running.purpose == Purpose::Grade => return None,
        _ => {}
    }
    Some(format!("{}\n  {}\n", text.trim_end(), clean(line)))
}

/// As many lines as there is room for, the last of which says how many are left.
fn shortened(mut all: Vec<String>, rows: usize) -> Vec<String> {
    let count = all.len();
    if count > rows {
        all.truncate(rows - 1);
        all.push(format!("  … {} lines more: v shows them", count - rows + 1));
    }
    all
}

fn scrolled(all: Vec<String>, from: usize, rows: usize) -> Vec<String> {
    let from = from.min(all.len().saturating_sub(rows));
    all.into_iter().skip(from).take(rows).collect()
}

fn list(desk: &Desk, terminal: &Terminal, rows: usize) -> Vec<String> {
    let listed = desk.list.rows(&desk.exercises, &desk.marks);
    let list = &desk.list;
    let cursor = if list.is_typing { "_" } else { "" };
    let chapter = list.chapter.as_deref().unwrap_or("all");
    let (state, count) = (list.filter.word(), listed.len());
    let title = format!("search: {}{cursor}  state: {state}  chapter: {chapter}  ({count})", list.search);
    let room = rows.saturating_sub(1).max(1);
    let from = list.cursor.saturating_sub(room / 2).min(listed.len().saturating_sub(room));
    let shown = listed.iter().enumerate().skip(from).take(room);
    let mut text = vec![cut(&title, terminal)];
    if listed.is_empty() {
        text.push(cut("  nothing of that kind: f and c list others, esc ends the search", terminal));
    }
    text.extend(shown.map(|(place, &row)| line(desk, terminal, desk.exercises[row], place == list.cursor)));
    text
}

fn line(desk: &Desk, terminal: &Terminal, exercise: &Exercise, is_pointed_at: bool) -> String {
    let columns = terminal.screen.table(80);
    let state = match desk.marks.verdicts.get(&exercise.full_id()) {
        Some(Verdict::Waiting { needs }) => format!("waiting: {}", waiting_for(needs, &desk.marks)),
        Some(verdict) => verdict.word().to_owned(),
        None => String::new(),
    };
    let (mark, points, minutes) = (if is_pointed_at { ">" } else { " " }, exercise.points, exercise.minutes);
    // Where there is little room, short units leave more of it to the state.
    let effort = match columns {
        ..ROOMY => format!("{points:>2}p {minutes:>3}m "),
        _ => format!("{points:>2} p {minutes:>3} min  "),
    };
    let mut text = format!("{mark} {:<37}{effort}{state:<16}", exercise.full_id());
    // With less room a title says nothing.
    if columns >= text.chars().count() + 30 {
        text += &format!("  {}", exercise.title);
    }
    let text = cut(&text, terminal);
    if is_pointed_at { terminal.style.strong(&text) } else { text }
}

fn status(desk: &Desk, running: Option<&Running>) -> String {
    match running {
        Some(Running { heard, seconds, .. }) => {
            let what = if heard.status.is_empty() { "grading" } else { &heard.status };
            format!("{what} … {seconds} s")
        }
        None if !desk.error.is_empty() => "failed; r runs it again".to_owned(),
        None => "watching lectures/: save, and it is graded · Ctrl-C ends".to_owned(),
    }
}

fn keys(desk: &Desk, terminal: &Terminal) -> String {
    match desk.view {
        View::List if desk.list.is_typing => "type to search  enter done  esc clear".to_owned(),
        View::List => LIST_KEYS.to_owned(),
        View::Reset => {
            let id = desk.task().map(Exercise::full_id).unwrap_or_default();
            format!("y puts the stub of {id} back, any other key does not")
        }
        _ if terminal.screen.table(usize::MAX) < KEYS.len() => FEW_KEYS.to_owned(),
        _ => KEYS.to_owned(),
    }
}

/// A line without colours, no longer than the screen is wide.
fn cut(line: &str, terminal: &Terminal) -> String {
    let columns = terminal.screen.table(usize::MAX);
    if line.chars().count() <= columns {
        return line.to_owned();
    }
    line.chars().take(columns.saturating_sub(1)).collect::<String>() + "…"
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::{
        course::Course,
        report::{Again, Screen, Style},
    };

    #[test]
    fn a_training_shows_its_curve_while_it_runs_and_in_the_rows_there_are() {
        let course = Course::unread(Path::new("/nowhere"));
        let (style, screen) = (Style { colour: false }, Screen::sized(Some((60, 20))));
        let terminal = Terminal { course: &course, style, screen, again: Again::Keys, program: "" };
        let mut heard = Heard::default();
        let drawn =
            |heard: &Heard| training(&terminal, &Running { purpose: Purpose::Grade, heard, seconds: 3 }, 16);
        heard.live.note("a/net", 0, "8 images");
        assert_eq!(drawn(&heard), None, "that is no training");
        (1..9).for_each(|epoch| heard.live.note("a/net", 0, &format!("epoch {epoch}: loss {}", 9 - epoch)));
        let shown = drawn(&heard).unwrap();
        assert!(shown.starts_with("a/net trains") && shown.contains("loss so far"), "{shown}");
        assert!(shown.contains("8.00 ┤●") && shown.ends_with("epoch 8: loss 1\n"), "{shown}");
        assert!(shown.lines().count() <= 16, "{shown}");
    }

    #[test]
    fn the_list_says_whole_states_in_sixty_columns() {
        let text = "id = \"translation_invariance\"\ntitle = \"\"\ntopic = \"t\"\npoints = 2\nminutes = 150\n\
                    source = \"\"\nhints = []";
        let exercise = Exercise { chapter: "special_layers".to_owned(), ..toml::from_str(text).unwrap() };
        let mut desk = Desk::new(vec![&exercise]);
        desk.marks.verdicts.insert(exercise.full_id(), Verdict::NotStarted);
        let course = Course::unread(Path::new("/nowhere"));
        let style = Style { colour: false };
        for columns in [60, 80, 120] {
            let screen = Screen::sized(Some((columns, 20)));
            let terminal = Terminal { course: &course, style, screen, again: Again::Keys, program: "" };
            let line = line(&desk, &terminal, &exercise, false);
            assert!(line.contains("150") && line.contains("not started"), "{columns}: {line}");
            assert!(line.trim_end().chars().count() <= columns.into(), "{columns}: {line}");
        }
    }
}
