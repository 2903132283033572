//! The residual block beside a plain one.

use anyhow::Result;

use crate::{
    Figure,
    diagram::labelled,
    sheet::{Anchor, Hue, Rect, Sheet},
};

/// In the order of the lecture.
pub const FIGURES: &[Figure] = &[Figure {
    name: "residual_block",
    chapter: "convnets",
    alt: "Left: a plain block, convolution, norm, relu, convolution, norm, relu. Right: a residual block, the same with a line from the input around it to an addition before the last relu.",
    caption: "The only difference is the line around: with weights of 0 the right block hands its input on, the left one hands on nothing.",
    draw: block,
}];

fn block() -> Result<Sheet> {
    let mut sheet = Sheet::new(410.0);
    for (left, is_residual) in [(130.0, false), (440.0, true)] {
        let middle = left + 60.0;
        let steps = [
            ("conv 3 × 3", Hue::Blue),
            ("batch norm", Hue::Gold),
            ("relu", Hue::Green),
            ("conv 3 × 3", Hue::Blue),
            ("batch norm", Hue::Gold),
        ];
        sheet.strong(
            Hue::Ink,
            (middle, 24.0),
            Anchor::Middle,
            if is_residual { "residual" } else { "plain" },
        );
        sheet.text(Hue::Ink, (middle, 50.0), Anchor::Middle, "x");
        for (k, (word, hue)) in steps.into_iter().enumerate() {
            let top = 76.0 + 48.0 * k as f64;
            sheet.arrow(Hue::Soft, (middle, top - 20.0), (middle, top - 1.0));
            labelled(&mut sheet, hue, Rect::new(left, top, 120.0, 28.0), &[word]);
        }
        sheet.arrow(Hue::Soft, (middle, 296.0), (middle, if is_residual { 309.0 } else { 340.0 }));
        if is_residual {
            sheet.ring(Hue::Orange, (middle, 320.0), 10.0);
            sheet.text(Hue::Orange, (middle, 325.0), Anchor::Middle, "+");
            let way = [(middle, 62.0), (left + 160.0, 62.0), (left + 160.0, 320.0), (middle + 20.0, 320.0)];
            sheet.polyline(Hue::Orange, "", &way);
            sheet.arrow(Hue::Orange, (middle + 24.0, 320.0), (middle + 11.0, 320.0));
            sheet.text(Hue::Orange, (left + 168.0, 190.0), Anchor::Start, "x, as it is");
            sheet.arrow(Hue::Soft, (middle, 330.0), (middle, 343.0));
        }
        labelled(&mut sheet, Hue::Green, Rect::new(left, 344.0, 120.0, 28.0), &["relu"]);
        let result = if is_residual { "relu(F(x) + x)" } else { "relu(F(x))" };
        sheet.text(Hue::Ink, (middle, 396.0), Anchor::Middle, result);
    }
    Ok(sheet)
}
