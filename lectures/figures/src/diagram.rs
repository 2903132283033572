//! Boxes with words and arrows between them: networks and their layers.

use crate::sheet::{Anchor, Hue, Point, Rect, Sheet};

/// A box with a line of words, or several, in its middle.
pub fn labelled(sheet: &mut Sheet, hue: Hue, rect: Rect, words: &[&str]) {
    sheet.fill(hue, 0.16, rect);
    sheet.border(hue, rect);
    let (x, y) = rect.centre();
    let first = y + 5.0 - (words.len() as f64 - 1.0) * 8.5;
    for (k, line) in words.iter().enumerate() {
        let write = if k == 0 { Sheet::text } else { Sheet::small };
        write(sheet, Hue::Ink, (x, first + 17.0 * k as f64), Anchor::Middle, line);
    }
}

/// A unit of a network.
pub fn unit(sheet: &mut Sheet, hue: Hue, at: Point, radius: f64, is_filled: bool) {
    if is_filled {
        sheet.dot(hue, at, radius);
    }
    sheet.ring(hue, at, radius);
}

/// An arrow from one box to another, between the sides that face each other.
pub fn follow(sheet: &mut Sheet, from: Rect, to: Rect) {
    let ((ax, ay), (bx, by)) = (from.centre(), to.centre());
    let (start, end) = if to.left >= from.right() {
        ((from.right() + 2.0, ay), (to.left - 2.0, by))
    } else if to.top >= from.bottom() {
        ((ax, from.bottom() + 2.0), (bx, to.top - 2.0))
    } else {
        ((ax, from.top - 2.0), (bx, to.bottom() + 2.0))
    };
    sheet.arrow(Hue::Soft, start, end);
}
