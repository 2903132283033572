//! The LSTM in four frames, gate by gate, with the numbers of one step; and what a forget gate keeps.

use anyhow::Result;
use dfdx::prelude::*;
use rnn::lstm::{LstmWeights, cell_update, forget_gate, input_gate, lstm_cell, output_gate};

use crate::{
    Figure,
    numbers::{matrix, vector},
    plot::{Axis, Plot, minus},
    sheet::{Anchor, Hue, Point, Rect, Sheet, short},
};

/// In the order of the lecture.
pub const FIGURES: &[Figure] = &[
    Figure {
        name: "lstm_frames",
        chapter: "rnn",
        alt: "Four drawings of an LSTM cell, with the forget gate, the input gate and candidate, the edit of the cell state, and the output gate coloured in turn, each with the numbers of one step.",
        caption: "The line on top is the cell state: first some of it is kept, then something new is made ready, then added, and last a part of it is shown as h.",
        draw: lstm_frames,
    },
    Figure {
        name: "lstm_steps",
        chapter: "rnn",
        alt: "Cell state, h and the forget gate of one unit over twenty steps, with an input of 1 at step 3 and −1 at step 12, for forget biases of 0, 1 and 3.",
        caption: "The larger the forget gate's bias, the longer the first input stays in the cell state; at 3 more than half of it is still there when the second one comes.",
        draw: lstm_steps,
    },
];

/// What one step computes.
struct Step {
    f: f32,
    i: f32,
    g: f32,
    old: f32,
    new: f32,
    o: f32,
    h: f32,
}

fn weights(forget_bias: f32) -> LstmWeights<Cpu> {
    let ones = [1.0; 4];
    LstmWeights {
        input: matrix(&ones, 1, 4),
        hidden: matrix(&ones, 1, 4),
        bias: vector(&[0.0, forget_bias, 0.0, 0.0]),
    }
}

fn step(x: f32, (h, c): (f32, f32), weights: &LstmWeights<Cpu>) -> Step {
    let one = |value: f32| matrix(&[value], 1, 1);
    let number = |tensor: toolkit::tensor::Matrix<Cpu>| tensor.as_vec()[0];
    let i = number(input_gate(one(x), one(h), weights));
    // An empty cell state gets i · g.
    let added = number(cell_update(one(x), one(h), one(0.0), weights));
    let (shown, new) = lstm_cell(one(x), (one(h), one(c)), weights);
    Step {
        f: number(forget_gate(one(x), one(h), weights)),
        i,
        g: added / i,
        old: c,
        new: number(new),
        o: number(output_gate(one(x), one(h), weights)),
        h: number(shown),
    }
}

fn number(value: f32) -> String {
    minus(&short(f64::from(value), 2))
}

fn lstm_frames() -> Result<Sheet> {
    // The second step of the lecture's table.
    let weights = weights(0.0);
    let first = step(1.0, (0.0, 0.0), &weights);
    let second = step(0.5, (first.h, first.new), &weights);
    let Step { f, i, g, old, new, o, h } = second;
    let frames = [
        ("1 forget: what to keep", format!("f = σ(0.5 + {}) = {}", number(first.h), number(f))),
        ("2 input: what to let in", format!("i · g = {} · {} = {}", number(i), number(g), number(i * g))),
        ("3 the edit", format!("C = {} · {} + {} = {}", number(f), number(old), number(i * g), number(new))),
        ("4 output: what to show", format!("h = {} · tanh {} = {}", number(o), number(new), number(h))),
    ];
    let mut sheet = Sheet::new(560.0);
    for (k, (heading, words)) in frames.into_iter().enumerate() {
        let corner = (10.0 + 345.0 * (k % 2) as f64, 10.0 + 275.0 * (k / 2) as f64);
        sheet.strong(Hue::Ink, (corner.0 + 10.0, corner.1 + 18.0), Anchor::Start, heading);
        Cell { corner, frame: k + 1 }.draw(&mut sheet, &second);
        sheet.text(Hue::Ink, (corner.0 + 10.0, corner.1 + 252.0), Anchor::Start, &words);
    }
    Ok(sheet)
}

/// A drawing of the cell in which one frame's part is coloured.
struct Cell {
    corner: Point,
    frame: usize,
}

impl Cell {
    fn at(&self, x: f64, y: f64) -> Point {
        (self.corner.0 + x, self.corner.1 + y)
    }

    /// The colour of a part that belongs to a frame.
    fn hue(&self, frame: usize) -> Hue {
        if frame == self.frame {
            [Hue::Orange, Hue::Blue, Hue::Green, Hue::Purple][frame - 1]
        } else {
            Hue::Soft
        }
    }

    fn way(&self, sheet: &mut Sheet, frame: usize, points: &[(f64, f64)]) {
        let points: Vec<Point> = points.iter().map(|&(x, y)| self.at(x, y)).collect();
        let hue = self.hue(frame);
        if let [before @ .., from, to] = points.as_slice() {
            if !before.is_empty() {
                sheet.polyline(hue, " thin", &points[..points.len() - 1]);
            }
            sheet.arrow(hue, *from, *to);
        }
    }

    fn sign(&self, sheet: &mut Sheet, frame: usize, (x, y): (f64, f64), word: &str) {
        let centre = self.at(x, y);
        let hue = self.hue(frame);
        if frame == self.frame {
            sheet.dot(hue, centre, 11.0);
            // Read on any colour, in light and dark: the sign stands beside its circle.
            sheet.text(hue, (centre.0 + 15.0, centre.1 + 18.0), Anchor::Start, word);
        } else {
            sheet.ring(hue, centre, 11.0);
            sheet.text(hue, (centre.0, centre.1 + 5.0), Anchor::Middle, word);
        }
    }

    fn gate(&self, sheet: &mut Sheet, frame: usize, x: f64, kind: &str, value: &str) {
        let (left, top) = self.at(x - 20.0, 140.0);
        let rect = Rect::new(left, top, 40.0, 30.0);
        sheet.fill(self.hue(frame), if frame == self.frame { 0.3 } else { 0.06 }, rect);
        sheet.border(self.hue(frame), rect);
        sheet.text(Hue::Ink, (left + 20.0, top + 20.0), Anchor::Middle, kind);
        sheet.small(self.hue(frame), (left + 26.0, top - 6.0), Anchor::Start, value);
        self.way(sheet, frame, &[(x, 205.0), (x, 172.0)]);
    }

    fn draw(&self, sheet: &mut Sheet, step: &Step) {
        // The cell state's line, cut where something happens to it.
        self.way(sheet, 1, &[(30.0, 55.0), (62.0, 55.0)]);
        self.way(sheet, 3, &[(86.0, 55.0), (150.0, 55.0)]);
        self.way(sheet, 3, &[(174.0, 55.0), (318.0, 55.0)]);
        self.way(sheet, 1, &[(74.0, 138.0), (74.0, 67.0)]);
        self.way(sheet, 2, &[(134.0, 138.0), (134.0, 100.0), (150.0, 100.0)]);
        self.way(sheet, 2, &[(190.0, 138.0), (190.0, 100.0), (174.0, 100.0)]);
        self.way(sheet, 3, &[(162.0, 88.0), (162.0, 67.0)]);
        self.way(sheet, 4, &[(298.0, 55.0), (298.0, 78.0)]);
        self.way(sheet, 4, &[(298.0, 102.0), (298.0, 143.0)]);
        self.way(sheet, 4, &[(268.0, 155.0), (286.0, 155.0)]);
        self.way(sheet, 4, &[(298.0, 167.0), (298.0, 205.0), (322.0, 205.0)]);
        sheet.thin(Hue::Soft, self.at(20.0, 205.0), self.at(246.0, 205.0));
        self.sign(sheet, 1, (74.0, 55.0), "×");
        self.sign(sheet, 3, (162.0, 55.0), "+");
        self.sign(sheet, 2, (162.0, 100.0), "×");
        self.sign(sheet, 4, (298.0, 155.0), "×");
        let (x, y) = self.at(298.0, 94.0);
        sheet.small(self.hue(4), (x, y), Anchor::Middle, "tanh");
        self.gate(sheet, 1, 74.0, "σ", &format!("f = {}", number(step.f)));
        self.gate(sheet, 2, 134.0, "σ", "i");
        self.gate(sheet, 2, 190.0, "tanh", "g");
        self.gate(sheet, 4, 246.0, "σ", "");
        for ((x, y), anchor, words) in [
            ((20.0, 46.0), Anchor::Start, "old C"),
            ((322.0, 46.0), Anchor::End, "new C"),
            ((20.0, 222.0), Anchor::Start, "x and old h"),
            ((322.0, 222.0), Anchor::End, "new h"),
        ] {
            sheet.small(Hue::Ink, self.at(x, y), anchor, words);
        }
    }
}

fn lstm_steps() -> Result<Sheet> {
    let mut sheet = Sheet::new(320.0);
    let area = Rect::new(70.0, 20.0, 500.0, 240.0);
    let x = Axis::linear(0.0, 20.0, 2.0, "step (the input is 1 at step 3, −1 at step 12, else 0)");
    let plot = Plot::new(&mut sheet, area, x, Axis::linear(-0.6, 0.8, 0.2, "cell state C"));
    plot.level(&mut sheet, Hue::Soft, 0.0);
    [3.0, 12.0].into_iter().for_each(|at| plot.upright(&mut sheet, Hue::Soft, at));
    for (row, (bias, hue)) in
        [(0.0, Hue::Orange), (1.0, Hue::Green), (3.0, Hue::Blue)].into_iter().enumerate()
    {
        let weights = weights_without_recurrence(bias);
        let (mut h, mut c) = (0.0, 0.0);
        let mut curve = vec![(0.0, 0.0)];
        for t in 1..=20 {
            let x = match t {
                3 => 1.0,
                12 => -1.0,
                _ => 0.0,
            };
            let next = step(x, (h, c), &weights);
            (h, c) = (next.h, next.new);
            curve.push((f64::from(t), f64::from(c)));
        }
        plot.curve(&mut sheet, hue, curve.iter().copied());
        plot.dots(&mut sheet, hue, 3.0, curve);
        let place = (area.right() + 14.0, area.top + 20.0 + 22.0 * row as f64);
        sheet.text(hue, place, Anchor::Start, &format!("bias {bias}"));
    }
    Ok(sheet)
}

/// Gates that look at the input alone, and a forget gate that looks at nothing.
fn weights_without_recurrence(forget_bias: f32) -> LstmWeights<Cpu> {
    LstmWeights {
        input: matrix(&[1.0, 0.0, 1.0, 1.0], 1, 4),
        hidden: matrix(&[0.0; 4], 1, 4),
        bias: vector(&[0.0, forget_bias, 0.0, 0.0]),
    }
}
