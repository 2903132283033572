//! Rows and columns of numbers in boxes: tensors as they are written by hand.

use crate::{
    plot::minus,
    sheet::{Anchor, Hue, Point, Rect, Sheet, short},
};

/// Boxes for a matrix, and where they lie.
#[derive(Clone, Copy, Debug)]
pub struct Cells {
    /// The left upper corner.
    pub at: Point,
    /// Width and height of a box.
    pub size: (f64, f64),
}

impl Cells {
    /// Square boxes.
    pub const fn square(at: Point, side: f64) -> Self {
        Cells { at, size: (side, side) }
    }

    /// The box in a row and a column.
    pub fn cell(&self, row: usize, column: usize) -> Rect {
        let (width, height) = self.size;
        Rect::new(self.at.0 + column as f64 * width, self.at.1 + row as f64 * height, width, height)
    }

    /// The box around several: from a row and a column on, so many rows and columns.
    pub fn block(&self, (row, column): (usize, usize), (rows, columns): (usize, usize)) -> Rect {
        let first = self.cell(row, column);
        Rect::new(first.left, first.top, first.width * columns as f64, first.height * rows as f64)
    }

    /// A box with a word in it, shaded by a colour and an opacity.
    pub fn word(
        &self,
        sheet: &mut Sheet,
        (row, column): (usize, usize),
        (hue, opacity): (Hue, f64),
        word: &str,
    ) {
        let rect = self.cell(row, column);
        if opacity > 0.0 {
            sheet.fill(hue, opacity, rect);
        }
        sheet.border(Hue::Soft, rect);
        let (x, y) = rect.centre();
        let write =
            if word.chars().count() as f64 * 8.0 > rect.width - 8.0 { Sheet::small } else { Sheet::text };
        write(sheet, Hue::Ink, (x, y + 5.0), Anchor::Middle, word);
    }

    /// A matrix of numbers, row by row, all boxes shaded alike.
    pub fn numbers(&self, sheet: &mut Sheet, columns: usize, shade: (Hue, f64), numbers: &[f32]) {
        for (k, number) in numbers.iter().enumerate() {
            self.word(sheet, (k / columns, k % columns), shade, &number_word(*number));
        }
    }
}

/// A number with two decimals at most.
pub fn number_word(number: f32) -> String {
    minus(&short(f64::from(number), 2))
}
