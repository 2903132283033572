//! Text: temperature, streams and windows, and the network that reads a question and writes an answer.

use anyhow::{Result, anyhow};
use rand::{SeedableRng, rngs::StdRng};
use rnn::{char_rnn::windows, seq2seq::write_sums, text::sample_with_temperature};

use crate::{
    Figure,
    cells::Cells,
    diagram::labelled,
    plot::{Axis, Plot},
    sheet::{Anchor, Hue, Rect, Sheet},
};

/// In the order of the lecture.
pub const FIGURES: &[Figure] = &[
    Figure {
        name: "temperature",
        chapter: "rnn",
        alt: "How often each of six characters is drawn in 4,000 draws from the same logits at the temperatures 0.3, 1 and 3.",
        caption: "Cold, the likeliest character takes nearly all; hot, they come close to each other; the order never changes.",
        draw: temperature,
    },
    Figure {
        name: "streams",
        chapter: "rnn",
        alt: "A text cut into three streams below each other and each stream into windows of four characters; the coloured windows are one batch.",
        caption: "A batch is one column of windows; the state goes on to the right within each stream, and the gradient stops at the window's border.",
        draw: streams,
    },
    Figure {
        name: "seq2seq",
        chapter: "rnn",
        alt: "An encoder reads the reversed question 7 + 52 character by character; its last state is repeated for each step of a decoder, which writes 59 and a space.",
        caption: "All that the decoder ever sees of the question is one vector, the encoder's last state, once for each character that it writes.",
        draw: seq2seq,
    },
];

const LOGITS: [f32; 6] = [3.0, 2.2, 1.5, 1.0, 0.0, -1.0];
const CHARACTERS: [&str; 6] = ["e", "a", "i", "o", "u", "y"];

fn temperature() -> Result<Sheet> {
    const DRAWS: usize = 4000;
    let mut sheet = Sheet::new(300.0);
    for (k, temperature) in [0.3, 1.0, 3.0].into_iter().enumerate() {
        let mut rng = StdRng::seed_from_u64(1);
        let mut counts = [0_usize; 6];
        for _ in 0..DRAWS {
            let drawn = sample_with_temperature(&LOGITS, temperature, &mut rng);
            counts[drawn.map_err(|cause| anyhow!("{cause}"))?] += 1;
        }
        let area = Rect::new(60.0 + 220.0 * k as f64, 45.0, 185.0, 195.0);
        let ticks: Vec<(f64, &str)> = CHARACTERS.iter().enumerate().map(|(i, c)| (i as f64, *c)).collect();
        let x = Axis::linear(-0.6, 5.6, 1.0, "character").ticks(&ticks);
        let y = Axis::linear(0.0, 1.0, 0.2, if k == 0 { "share of the draws" } else { "" });
        let plot = Plot::new(&mut sheet, area, x, y);
        plot.heading(&mut sheet, &format!("T = {temperature}"));
        for (i, count) in counts.into_iter().enumerate() {
            let at = i as f64;
            plot.bar(&mut sheet, Hue::CURVES[k], at - 0.35, at + 0.35, count as f64 / DRAWS as f64);
        }
    }
    Ok(sheet)
}

fn streams() -> Result<Sheet> {
    let text: Vec<char> = "In the beginning God created the heaven".chars().collect();
    let numbers: Vec<usize> = (0..text.len()).collect();
    let batches = windows(&numbers, 3, 4);
    let mut sheet = Sheet::new(210.0);
    let cells = Cells { at: (80.0, 44.0), size: (46.0, 36.0) };
    for (number, batch) in batches.iter().enumerate() {
        for (i, &place) in batch.inputs.iter().enumerate() {
            let (stream, step) = (i / 4, number * 4 + i % 4);
            let hue = Hue::CURVES[number % 5];
            let shown = if text[place] == ' ' { "␣".to_owned() } else { text[place].to_string() };
            cells.word(&mut sheet, (stream, step), (hue, 0.25), &shown);
        }
        for stream in 0..3 {
            sheet.frame(Hue::CURVES[number % 5], cells.block((stream, number * 4), (1, 4)));
        }
        let (x, _) = cells.block((0, number * 4), (1, 4)).centre();
        sheet.small(Hue::CURVES[number % 5], (x, 34.0), Anchor::Middle, &format!("batch {}", number + 1));
    }
    for stream in 0..3 {
        let (_, y) = cells.cell(stream, 0).centre();
        sheet.small(Hue::Ink, (72.0, y + 4.0), Anchor::End, &format!("stream {}", stream + 1));
    }
    sheet.arrow(Hue::Soft, (80.0, 172.0), (630.0, 172.0));
    sheet.small(
        Hue::Soft,
        (80.0, 192.0),
        Anchor::Start,
        "states go on, as numbers; gradients end at each frame",
    );
    Ok(sheet)
}

fn seq2seq() -> Result<Sheet> {
    let sums = write_sums(&[(7, 52)], 2);
    let (question, answer) = (&sums.questions[0], &sums.answers[0]);
    let shown = |c: char| if c == ' ' { "␣".to_owned() } else { c.to_string() };
    let mut sheet = Sheet::new(240.0);
    let rect = |k: usize| Rect::new(30.0 + 80.0 * k as f64, 95.0, 56.0, 44.0);
    let steps = question.chars().count();
    for (k, c) in question.chars().enumerate() {
        labelled(&mut sheet, Hue::Blue, rect(k), &["LSTM"]);
        let (x, _) = rect(k).centre();
        sheet.arrow(Hue::Soft, (x, 172.0), (x, 141.0));
        sheet.text(Hue::Ink, (x, 190.0), Anchor::Middle, &shown(c));
        sheet.arrow(Hue::Blue, (rect(k).right() + 2.0, 117.0), (rect(k + 1).left - 2.0, 117.0));
    }
    let vector = Rect::new(rect(steps).left - 2.0, 100.0, 14.0, 34.0);
    sheet.fill(Hue::Orange, 0.5, vector);
    sheet.border(Hue::Orange, vector);
    let place = |k: usize| Rect::new(vector.right() + 34.0 + 74.0 * k as f64, 95.0, 56.0, 44.0);
    for (k, c) in answer.chars().enumerate() {
        labelled(&mut sheet, Hue::Green, place(k), &["LSTM"]);
        let (x, _) = place(k).centre();
        sheet.arrow(Hue::Soft, (x, 93.0), (x, 62.0));
        sheet.text(Hue::Ink, (x, 52.0), Anchor::Middle, &shown(c));
        sheet.polyline(
            Hue::Orange,
            " thin",
            &[(vector.centre().0, 136.0), (vector.centre().0, 164.0), (x, 164.0)],
        );
        sheet.arrow(Hue::Orange, (x, 164.0), (x, 141.0));
        if k > 0 {
            sheet.arrow(Hue::Green, (place(k - 1).right() + 2.0, 117.0), (place(k).left - 2.0, 117.0));
        }
    }
    sheet.strong(Hue::Blue, (30.0, 30.0), Anchor::Start, "encoder: reads the question, reversed");
    sheet.strong(Hue::Green, (place(0).left, 30.0), Anchor::Start, "decoder: writes");
    sheet.small(Hue::Orange, (vector.left, 184.0), Anchor::Start, "the last state, again and again");
    sheet.small(Hue::Soft, (30.0, 228.0), Anchor::Start, "␣ is a space");
    Ok(sheet)
}
