//! What stands below the sentences of a failure: the case's numbers and arguments, and what the code printed.

use std::fmt::Write;

use super::{Screen, Style, lines};
use crate::{clean::clean, verdict::Failure};

const PRINTED: &str = "your code printed:";
/// Lines of what a student printed.
const PRINTED_LINES: usize = 8;
/// However little room there is, so many lines are shown.
const LEAST: usize = 4;

/// The message of a failure and what was printed, in as many lines as there is room for; `more` shows the rest.
pub fn body(style: Style, screen: Screen, failure: &Failure, (room, more): (usize, &str)) -> String {
    let mut text = String::new();
    for line in clean(&failure.message).lines() {
        _ = writeln!(text, "  {line}");
    }
    text += &prints(style, failure.prints.as_deref());
    cut(style, screen, &text, (room, more))
}

/// As many lines of `text` as there is room for on `screen`, where one may take several; `more` shows the rest.
pub fn cut(style: Style, screen: Screen, text: &str, (room, more): (usize, &str)) -> String {
    let room = room.max(LEAST);
    let heights: Vec<usize> = text.lines().map(|line| lines(line, screen).len().max(1)).collect();
    let whole: usize = heights.iter().sum();
    if whole <= room {
        return text.to_owned();
    }
    let mut taken = 0;
    let fits = |height: &&usize| {
        taken += **height;
        taken < room
    };
    let mut kept: Vec<&str> = text.lines().take(heights.iter().take_while(fits).count()).collect();
    // A heading, or a gap, with nothing below it says nothing.
    while kept.last().is_some_and(|line| line.trim().is_empty() || line.contains(PRINTED)) {
        kept.pop();
    }
    let rest = heights.len() - kept.len();
    let left = if rest == 1 { "1 line".to_owned() } else { format!("{rest} lines") };
    kept.iter().map(|line| format!("{line}\n")).collect::<String>()
        + &format!("  {}\n", style.faint(&format!("… {left} more: {more} shows them")))
}

/// What the code printed.
pub fn prints(style: Style, prints: Option<&str>) -> String {
    let Some(prints) = prints.map(clean) else { return String::new() };
    let lines: Vec<&str> = prints.lines().collect();
    let mut text = format!("  {}\n", style.faint(PRINTED));
    for line in lines.iter().take(PRINTED_LINES) {
        let shown: String = line.chars().take(200).collect();
        _ = writeln!(text, "  {} {shown}", style.faint("│"));
    }
    if lines.len() > PRINTED_LINES {
        _ = writeln!(text, "  {} … {} lines more", style.faint("│"), lines.len() - PRINTED_LINES);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::verdict::Kind;

    #[test]
    fn what_has_no_room_is_counted() {
        let message = (0..20).map(|i| format!("line {i}\n")).collect();
        let failure = Failure { message, ..Failure::of(Kind::Wrong) };
        let shown = body(Style { colour: false }, Screen::PAPER, &failure, (8, "`run`"));
        assert_eq!(shown.lines().count(), 8);
        assert!(shown.ends_with("  line 6\n  … 13 lines more: `run` shows them\n"), "{shown}");
        assert_eq!(body(Style { colour: false }, Screen::PAPER, &failure, (20, "v")).lines().count(), 20);
    }
}
