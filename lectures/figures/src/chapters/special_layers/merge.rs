//! Merge layers, the pairs of a skip-gram window, and the order in which flatten lists numbers.

use anyhow::{Result, anyhow};
use dfdx::prelude::*;
use special_layers::{
    merge::{merge_add, merge_average, merge_concatenate, merge_maximum, merge_multiply, merge_subtract},
    pooling::flatten,
    skip_gram::skip_gram_pairs,
};

use crate::{
    Figure,
    cells::{Cells, number_word},
    numbers::vector,
    sheet::{Anchor, Hue, Sheet},
};

/// In the order of the lecture.
pub const FIGURES: &[Figure] = &[
    Figure {
        name: "merges",
        chapter: "special_layers",
        alt: "Two vectors of three numbers, and what add, subtract, multiply, average, maximum and concatenate make of them.",
        caption: "Five of them give one vector of the same length; concatenate gives a longer one, and leaves the mixing to the next layer.",
        draw: merges,
    },
    Figure {
        name: "skip_gram_window",
        chapter: "special_layers",
        alt: "The sentence the king rules the land with a window of one word to each side, slid over its five words, and the eight pairs that come of it.",
        caption: "Each word is the centre once, in orange, and makes a pair with each neighbour in its window, in blue; at the ends there is only one.",
        draw: skip_gram_window,
    },
    Figure {
        name: "flatten_order",
        chapter: "special_layers",
        alt: "An image of two rows, two columns and two channels, and the eight numbers in the order of our flatten and in the order of channels first.",
        caption: "The same eight numbers in two orders: pixel by pixel, where the two colours alternate, or one whole channel after the other.",
        draw: flatten_order,
    },
];

fn merges() -> Result<Sheet> {
    let (a, b) = ([1.0, -2.0, 3.0], [4.0, 1.0, -1.0]);
    let both = || vec![vector(&a), vector(&b)];
    let merged = [
        ("add", merge_add(both())),
        ("subtract", merge_subtract(vector(&a), vector(&b))),
        ("multiply", merge_multiply(both())),
        ("average", merge_average(both())),
        ("maximum", merge_maximum(both())),
        ("concatenate", merge_concatenate(both(), 0)),
    ];
    let mut sheet = Sheet::new(330.0);
    let size = (46.0, 30.0);
    for (k, (name, numbers, hue)) in [("a", a, Hue::Blue), ("b", b, Hue::Orange)].into_iter().enumerate() {
        let cells = Cells { at: (60.0, 110.0 + 70.0 * k as f64), size };
        sheet.text(Hue::Ink, (48.0, cells.at.1 + 20.0), Anchor::End, name);
        cells.numbers(&mut sheet, 3, (hue, 0.2), &numbers);
    }
    for (k, (name, result)) in merged.into_iter().enumerate() {
        let cells = Cells { at: (390.0, 20.0 + 50.0 * k as f64), size };
        let numbers = result.map_err(|cause| anyhow!("{cause}"))?.as_vec();
        sheet.text(Hue::Ink, (376.0, cells.at.1 + 20.0), Anchor::End, name);
        for (i, &number) in numbers.iter().enumerate() {
            let is_joined = numbers.len() > 3;
            let hue = if !is_joined {
                Hue::Green
            } else if i < 3 {
                Hue::Blue
            } else {
                Hue::Orange
            };
            cells.word(&mut sheet, (0, i), (hue, 0.2), &number_word(number));
        }
        sheet.arrow(Hue::Soft, (215.0, 160.0), (280.0, cells.at.1 + 15.0));
    }
    Ok(sheet)
}

fn skip_gram_window() -> Result<Sheet> {
    let words = ["the", "king", "rules", "the", "land"];
    // Places in the sentence stand for the words, so that both “the” keep apart.
    let pairs = skip_gram_pairs(&[(0..words.len()).collect()], 1);
    let mut sheet = Sheet::new(240.0);
    for centre in 0..words.len() {
        let cells = Cells { at: (24.0, 16.0 + 44.0 * centre as f64), size: (66.0, 30.0) };
        let near: Vec<usize> = pairs.iter().filter(|pair| pair.0 == centre).map(|pair| pair.1).collect();
        for (i, word) in words.iter().enumerate() {
            let shade = if i == centre {
                (Hue::Orange, 0.45)
            } else if near.contains(&i) {
                (Hue::Blue, 0.35)
            } else {
                (Hue::Soft, 0.0)
            };
            cells.word(&mut sheet, (0, i), shade, word);
        }
        let listed = near.iter().map(|&i| format!("({}, {})", words[centre], words[i]));
        let y = cells.at.1 + 20.0;
        sheet.text(Hue::Ink, (390.0, y), Anchor::Start, &listed.collect::<Vec<_>>().join("  "));
    }
    Ok(sheet)
}

fn flatten_order() -> Result<Sheet> {
    let pixels = [1.0, 10.0, 2.0, 20.0, 3.0, 30.0, 4.0, 40.0];
    let x = Cpu::default().tensor_from_vec(pixels.to_vec(), (1, 2, 2, 2));
    let ours = flatten(x.clone()).as_vec();
    let first = x.permute::<(usize, usize, usize, usize), Axes4<0, 3, 1, 2>>().as_vec();
    let mut sheet = Sheet::new(230.0);
    let size = (46.0, 34.0);
    let hue = |number: f32| if number < 10.0 { Hue::Blue } else { Hue::Orange };
    for channel in 0..2 {
        let cells = Cells { at: (40.0, 46.0 + 104.0 * channel as f64), size };
        sheet.small(Hue::Ink, (40.0, cells.at.1 - 8.0), Anchor::Start, &format!("channel {channel}"));
        for pixel in 0..4 {
            let number = pixels[pixel * 2 + channel];
            cells.word(&mut sheet, (pixel / 2, pixel % 2), (hue(number), 0.3), &number_word(number));
        }
    }
    for (k, (words, numbers)) in
        [("ours: pixel by pixel", ours), ("channels first, as PyTorch", first)].into_iter().enumerate()
    {
        let cells = Cells { at: (250.0, 60.0 + 84.0 * k as f64), size };
        sheet.small(Hue::Ink, (250.0, cells.at.1 - 8.0), Anchor::Start, words);
        for (i, &number) in numbers.iter().enumerate() {
            cells.word(&mut sheet, (0, i), (hue(number), 0.3), &number_word(number));
        }
    }
    sheet.arrow(Hue::Soft, (150.0, 124.0), (235.0, 80.0));
    sheet.arrow(Hue::Soft, (150.0, 124.0), (235.0, 160.0));
    Ok(sheet)
}
