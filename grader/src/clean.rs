//! What is not ours made harmless: characters that steer a terminal, turn a line around or are forbidden in XML are written so
//! that they can be seen (`\u{1b}`). A report cleans whatever a student wrote where it takes it in, and `print` cleans all
//! that is printed once more.

use std::{fmt::Write, iter::Peekable, str::Chars};

/// `text` with line ends and tabs as the only control characters; those of other kinds become visible.
pub fn clean(text: &str) -> String {
    let (mut cleaned, mut rest) = (String::with_capacity(text.len()), text.chars().peekable());
    while let Some(c) = rest.next() {
        push(&mut cleaned, c, &mut rest);
    }
    cleaned
}

/// As [`clean`], with the colours left in that the compiler and this grader use.
pub fn clean_coloured(text: &str) -> String {
    let mut cleaned = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('\x1b') {
        let (before, after) = rest.split_at(at);
        cleaned += &clean(before);
        let kept = colour(after).unwrap_or_default();
        cleaned += kept;
        rest = &after[kept.len()..];
        if kept.is_empty() {
            cleaned += &clean("\x1b");
            rest = &after[1..];
        }
    }
    cleaned + &clean(rest)
}

/// `text` without colours, and otherwise as [`clean`] leaves it.
pub fn clean_plain(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('\x1b') {
        let (before, after) = rest.split_at(at);
        let end = colour(after).map_or(1, str::len);
        plain += before;
        plain += if end == 1 { "\x1b" } else { "" };
        rest = &after[end..];
    }
    clean(&(plain + rest))
}

/// Cleaned text as it stands in HTML, within elements and in attributes.
pub fn escape_markup(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            c => escaped.push(c),
        }
    }
    escaped
}

/// JSON that is the same value, with nothing in it that steers a terminal on which somebody looks at it.
pub fn clean_json(json: &str) -> String {
    let mut cleaned = String::with_capacity(json.len());
    for c in json.chars() {
        match u16::try_from(u32::from(c)) {
            Ok(unit) if is_unfit(c) => _ = write!(cleaned, "\\u{unit:04x}"),
            _ => cleaned.push(c),
        }
    }
    cleaned
}

fn push(cleaned: &mut String, c: char, rest: &mut Peekable<Chars>) {
    match c {
        '\r' if rest.peek() == Some(&'\n') => {}
        c if is_unfit(c) => cleaned.extend(c.escape_unicode()),
        c => cleaned.push(c),
    }
}

/// Control characters, those that change the direction of writing, and those that XML has no place for.
fn is_unfit(c: char) -> bool {
    let steers = c.is_control() && !matches!(c, '\n' | '\t');
    let turns = matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    steers || turns || matches!(c, '\u{fffe}' | '\u{ffff}')
}

/// The colour that `text` begins with. Nothing that hides: no background, no blinking, no black.
fn colour(text: &str) -> Option<&str> {
    let codes = text.strip_prefix("\x1b[")?;
    let end = codes.find(|c: char| !c.is_ascii_digit() && c != ';')?;
    let (codes, after) = codes.split_at(end);
    (after.starts_with('m') && is_colour(&codes.split(';').collect::<Vec<_>>()))
        .then(|| &text[.."\x1b[m".len() + end])
}

fn is_colour(codes: &[&str]) -> bool {
    let number = |code: &str| if code.is_empty() { Some(0) } else { code.parse::<u8>().ok() };
    match codes {
        [] => true,
        ["38", "5", shade, rest @ ..] => matches!(number(shade), Some(1..=15)) && is_colour(rest),
        [code, rest @ ..] => {
            matches!(number(code), Some(0..=4 | 22..=24 | 31..=37 | 39 | 91..=97)) && is_colour(rest)
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn what_steers_a_terminal_becomes_visible() {
        assert_eq!(clean("a\u{1b}[31mb\u{0}\tc\r\nd\re"), "a\\u{1b}[31mb\\u{0}\tc\nd\\u{d}e");
        assert_eq!(clean("\u{202e}gnol\u{2066}\u{9b}1m\u{fffe}"), "\\u{202e}gnol\\u{2066}\\u{9b}1m\\u{fffe}");
    }

    #[test]
    fn colours_stay_and_nothing_else_does() {
        let ours = "\x1b[0m\x1b[1m\x1b[38;5;9merror\x1b[0m \x1b[1;31mred\x1b[m\x1b[94m";
        assert_eq!(clean_coloured(ours), ours);
        assert_eq!(clean_plain(ours), "error red");
        for steering in
            ["\x1b[2J", "\x1b[8m", "\x1b[38;5;0m", "\x1b]0;title\x07", "\x1b[40m", "\x1b[1", "\x1b"]
        {
            assert!(!clean_coloured(steering).contains('\x1b'), "{steering:?}");
            assert!(!clean_plain(steering).contains('\x1b'), "{steering:?}");
        }
    }

    proptest! {
        #[test]
        fn nothing_unfit_is_left_of_any_text(text in "(\\PC|\\pC|\\x1b\\[[0-9;]{0,5}[mJ]){0,40}") {
            let is_clean = |text: &str| !text.contains(is_unfit);
            prop_assert!(is_clean(&clean(&text)) && is_clean(&clean_plain(&text)));
            prop_assert!(is_clean(&clean_plain(&clean_coloured(&text))));
            prop_assert_eq!(clean(&clean(&text)), clean(&text));
            let json = serde_json::to_string(&text).unwrap();
            prop_assert!(is_clean(&clean_json(&json)));
            prop_assert_eq!(serde_json::from_str::<String>(&clean_json(&json)).unwrap(), text);
        }
    }
}
