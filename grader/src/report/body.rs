//! What stands below the sentences of a failure: the case's numbers and arguments, and what the code printed.

use std::fmt::Write;

use super::Style;
use crate::{clean::clean, verdict::Failure};

/// Lines of what a student printed.
const PRINTED_LINES: usize = 8;
/// However little room there is, so many lines are shown.
const LEAST: usize = 4;

/// The message of a failure and what was printed, in as many lines as there is room for; `more` shows the rest.
pub fn body(style: Style, failure: &Failure, (room, more): (usize, &str)) -> String {
    let mut text = String::new();
    for line in clean(&failure.message).lines() {
        _ = writeln!(text, "  {line}");
    }
    text += &prints(style, failure.prints.as_deref());
    let (lines, room) = (text.lines().count(), room.max(LEAST));
    if lines <= room {
        return text;
    }
    let kept: String = text.split_inclusive('\n').take(room - 1).collect();
    let rest = format!("… {} lines more: {more} shows them", lines - room + 1);
    format!("{kept}  {}\n", style.faint(&rest))
}

/// What the code printed.
pub fn prints(style: Style, prints: Option<&str>) -> String {
    let Some(prints) = prints.map(clean) else { return String::new() };
    let lines: Vec<&str> = prints.lines().collect();
    let mut text = format!("  {}\n", style.faint("your code printed:"));
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
        let shown = body(Style { colour: false }, &failure, (8, "`run`"));
        assert_eq!(shown.lines().count(), 8);
        assert!(shown.ends_with("  line 6\n  … 13 lines more: `run` shows them\n"), "{shown}");
        assert_eq!(body(Style { colour: false }, &failure, (20, "v")).lines().count(), 20);
    }
}
