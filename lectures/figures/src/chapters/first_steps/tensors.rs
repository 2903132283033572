//! Tensors: a broadcast, and the product of two matrices.

use anyhow::Result;
use first_steps::tensors::{add_bias, matrix_product as product};

use crate::{
    Figure,
    cells::Cells,
    numbers::{matrix, vector},
    sheet::{Anchor, Hue, Sheet},
};

/// In the order of the lecture.
pub const FIGURES: &[Figure] = &[
    Figure {
        name: "broadcast",
        chapter: "first_steps",
        alt: "A matrix of two rows and three columns, plus a vector of three numbers repeated in each row, gives a matrix of the same shape.",
        caption: "The vector stands once in memory and is read once a row: along the new axis 0 all its copies are equal.",
        draw: broadcast,
    },
    Figure {
        name: "matrix_product",
        chapter: "first_steps",
        alt: "A matrix of two rows and three columns times one of three rows and two columns; one row, one column and the number that they give are shaded.",
        caption: "The shaded row meets the shaded column: 4 · 8 + 5 · 10 + 6 · 12 = 154, and the inner length 3 is gone.",
        draw: matrix_product,
    },
];

const SIDE: f64 = 44.0;

fn broadcast() -> Result<Sheet> {
    let mut sheet = Sheet::new(190.0);
    let (x, bias) = ([1.0, 2.0, 3.0, 4.0, 5.0, 6.0], [10.0, 20.0, 30.0]);
    let sum = add_bias(matrix(&x, 2, 3), vector(&bias)).as_vec();
    let parts = [
        (30.0, "x (2, 3)", x.to_vec(), Hue::Blue),
        (270.0, "bias (3,), repeated along axis 0", bias.repeat(2), Hue::Orange),
        (525.0, "x + bias (2, 3)", sum, Hue::Green),
    ];
    for (left, name, numbers, hue) in parts {
        let cells = Cells::square((left, 62.0), SIDE);
        sheet.text(Hue::Ink, (left, 46.0), Anchor::Start, name);
        cells.numbers(&mut sheet, 3, (hue, 0.18), &numbers);
        if hue == Hue::Orange {
            sheet.frame(hue, cells.block((0, 0), (1, 3)));
        }
    }
    sheet.text(Hue::Ink, (216.0, 112.0), Anchor::Middle, "+");
    sheet.text(Hue::Ink, (463.0, 112.0), Anchor::Middle, "=");
    sheet.small(Hue::Soft, (270.0, 172.0), Anchor::Start, "framed: what is there; below: its copy");
    Ok(sheet)
}

fn matrix_product() -> Result<Sheet> {
    let mut sheet = Sheet::new(240.0);
    let a = [1.0, 2.0, 3.0, 4.0, 5.0, 6.0];
    let b = [7.0, 8.0, 9.0, 10.0, 11.0, 12.0];
    let c = product(matrix(&a, 2, 3), matrix(&b, 3, 2)).as_vec();
    let left = Cells::square((60.0, 84.0), SIDE);
    let right = Cells::square((290.0, 62.0), SIDE);
    let result = Cells::square((500.0, 84.0), SIDE);
    let blocks = [
        (Hue::Blue, left.block((1, 0), (1, 3))),
        (Hue::Orange, right.block((0, 1), (3, 1))),
        (Hue::Green, result.block((1, 1), (1, 1))),
    ];
    blocks.iter().for_each(|(hue, block)| sheet.fill(*hue, 0.25, *block));
    left.numbers(&mut sheet, 3, (Hue::Soft, 0.0), &a);
    right.numbers(&mut sheet, 2, (Hue::Soft, 0.0), &b);
    result.numbers(&mut sheet, 2, (Hue::Soft, 0.0), &c);
    blocks.iter().for_each(|(hue, block)| sheet.frame(*hue, *block));
    for (x, word) in [(60.0, "a (2, 3)"), (290.0, "b (3, 2)"), (500.0, "a · b (2, 2)")] {
        sheet.text(Hue::Ink, (x, 46.0), Anchor::Start, word);
    }
    sheet.text(Hue::Ink, (240.0, 132.0), Anchor::Middle, "·");
    sheet.text(Hue::Ink, (440.0, 132.0), Anchor::Middle, "=");
    let sum = format!("row 1 of a with column 1 of b: 4 · 8 + 5 · 10 + 6 · 12 = {}", c[3]);
    sheet.text(Hue::Ink, (60.0, 226.0), Anchor::Start, &sum);
    Ok(sheet)
}
