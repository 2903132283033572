//! Whether two SVG texts are the same figure: words must be equal, numbers nearly, since another processor rounds otherwise.

use crate::pictures::Pixels;

/// So much may a picture's bytes differ on average, of 255.
const SHADE: f64 = 1.5;
/// How an embedded picture begins.
const PICTURE: &str = "data:image/";

/// What is different first, in words, or nothing.
pub fn difference(one: &str, other: &str) -> Option<String> {
    let (mut lines, mut others) = (one.lines(), other.lines());
    for number in 1.. {
        match (lines.next(), others.next()) {
            (None, None) => break,
            (Some(a), Some(b)) if same_line(a, b) => {}
            (a, b) => {
                let [a, b] =
                    [a, b].map(|line| line.unwrap_or("nothing").chars().take(200).collect::<String>());
                return Some(format!("line {number}:\n  {a}\n  {b}"));
            }
        }
    }
    None
}

fn same_line(a: &str, b: &str) -> bool {
    match (a.split_once(PICTURE), b.split_once(PICTURE)) {
        (Some((a, a_picture)), Some((b, b_picture))) => {
            same_words(a, b) && same_picture(a_picture, b_picture)
        }
        (None, None) => same_words(a, b),
        _ => false,
    }
}

fn same_picture(a: &str, b: &str) -> bool {
    let decoded = |text: &str| Pixels::from_address(text.split('"').next().unwrap_or_default());
    let (Ok(a), Ok(b)) = (decoded(a), decoded(b)) else { return false };
    a.difference(&b).is_some_and(|difference| difference <= SHADE)
}

fn same_words(a: &str, b: &str) -> bool {
    let (a, b) = (pieces(a), pieces(b));
    a.len() == b.len() && a.iter().zip(&b).all(|(a, b)| a == b || near(a, b))
}

/// Numbers, and what stands between them.
fn pieces(text: &str) -> Vec<&str> {
    let is_number = |c: char| c.is_ascii_digit() || c == '.' || c == '-';
    let mut pieces = Vec::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let kind = is_number(first);
        let end = rest.find(|c| is_number(c) != kind).unwrap_or(rest.len());
        let (piece, after) = rest.split_at(end);
        pieces.push(piece);
        rest = after;
    }
    pieces
}

/// One unit of the last decimal, or half a percent.
fn near(a: &str, b: &str) -> bool {
    let (Ok(x), Ok(y)) = (a.parse::<f64>(), b.parse::<f64>()) else { return false };
    let decimals = |text: &str| text.split_once('.').map_or(1, |(_, decimals)| decimals.len());
    let unit = 10_f64.powi(-(decimals(a).max(decimals(b)) as i32));
    (x - y).abs() <= 1.01 * unit + 0.005 * x.abs().max(y.abs())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_may_differ_by_rounding_and_words_not_at_all() {
        let line = r#"<text x="100.3" y="20">loss 0.25</text>"#;
        assert_eq!(difference(line, &line.replace("100.3", "100.4")), None);
        assert!(difference(line, &line.replace("100.3", "102.4")).is_some());
        assert!(difference(line, &line.replace("0.25", "0.28")).is_some());
        assert!(difference(line, &line.replace("loss", "error")).is_some());
        assert!(difference(line, "").is_some());
    }

    #[test]
    fn pictures_may_differ_by_a_shade() {
        let picture =
            |grey: f32| format!("<image href=\"{}\"/>", Pixels::new(1, 2, 1, &[grey, 0.5]).address());
        assert_eq!(difference(&picture(0.2), &picture(0.205)), None);
        assert!(difference(&picture(0.2), &picture(0.3)).is_some());
    }
}
