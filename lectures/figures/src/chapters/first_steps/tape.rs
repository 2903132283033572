//! The tape: what is written down on the way forward, and read on the way back.

use anyhow::Result;
use dfdx::prelude::*;

use crate::{
    Figure,
    diagram::labelled,
    plot::minus,
    sheet::{Anchor, Hue, Rect, Sheet, short},
};

/// In the order of the lecture.
pub const FIGURES: &[Figure] = &[Figure {
    name: "tape",
    chapter: "first_steps",
    alt: "Three boxes in a row: times 3, minus 1, square. Values 2, 6, 5, 25 go through them to the right; derivatives 1, 10, 10, 30 come back to the left.",
    caption: "Above, values go forward and each operation is written down; below, the list is read backwards, and each operation multiplies by its own derivative.",
    draw: tape,
}];

fn tape() -> Result<Sheet> {
    let dev = Cpu::default();
    let w: Tensor<Rank0, f32, Cpu> = dev.tensor(2.0);
    let a = w.leaky_trace() * 3.0;
    let after_a = a.retaped::<NoneTape>();
    let b = a - 1.0;
    let after_b = b.retaped::<NoneTape>();
    let loss = b.square();
    let value = loss.array();
    let slope = loss.backward().get(&w).array();
    // What flows back in between, by the same tape from there on.
    let from_b = after_b.leaky_trace().square().backward().get(&after_b).array();
    let from_a = (after_a.leaky_trace() - 1.0).square().backward().get(&after_a).array();

    let mut sheet = Sheet::new(230.0);
    let values = [w.array(), after_a.array(), after_b.array(), value];
    let derivatives = [slope, from_a, from_b, 1.0];
    let stop = |k: usize| 70.0 + 185.0 * k as f64;
    for (k, name) in ["w", "a", "b", "loss"].into_iter().enumerate() {
        let number = |value: f32| minus(&short(f64::from(value), 2));
        sheet.text(Hue::Blue, (stop(k), 66.0), Anchor::Middle, &format!("{name} = {}", number(values[k])));
        sheet.text(
            Hue::Orange,
            (stop(k), 182.0),
            Anchor::Middle,
            &format!("∂loss/∂{name} = {}", number(derivatives[k])),
        );
    }
    for (k, (name, own)) in [("· 3", "· 3"), ("− 1", "· 1"), ("square", "· 2b")].into_iter().enumerate()
    {
        let middle = (stop(k) + stop(k + 1)) / 2.0;
        labelled(&mut sheet, Hue::Soft, Rect::new(middle - 38.0, 92.0, 76.0, 44.0), &[name]);
        sheet.arrow(Hue::Blue, (stop(k) + 42.0, 61.0), (stop(k + 1) - 42.0, 61.0));
        sheet.arrow(Hue::Orange, (stop(k + 1) - 20.0, 160.0), (stop(k) + 20.0, 160.0));
        sheet.small(Hue::Orange, (middle, 153.0), Anchor::Middle, own);
    }
    sheet.strong(Hue::Blue, (20.0, 30.0), Anchor::Start, "forward: values");
    sheet.strong(Hue::Orange, (20.0, 214.0), Anchor::Start, "backward: derivatives");
    Ok(sheet)
}
