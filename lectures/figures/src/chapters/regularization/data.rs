//! Data that fools one: a series cut in time, and what an accuracy hides.

use anyhow::{Result, anyhow};
use datasets::generated;
use dfdx::shapes::HasShape;
use rand::{SeedableRng, rngs::StdRng};
use regularization::{
    confusion_matrix::ConfusionMatrix,
    time_windows::{Span, split_by_time},
};

use crate::{
    Figure,
    cells::Cells,
    numbers::matrix,
    plot::{Axis, Plot},
    sheet::{Anchor, Hue, Rect, Sheet},
};

/// In the order of the lecture.
pub const FIGURES: &[Figure] = &[
    Figure {
        name: "confusion",
        chapter: "regularization",
        alt: "Two confusion matrices of 950 healthy and 50 ill: one that says healthy to all, and one that finds 40 of the ill and calls 70 of the healthy ill.",
        caption: "The left one has the better accuracy and has never found anybody: look along the lower row, at those who are ill.",
        draw: confusion,
    },
    Figure {
        name: "time_split",
        chapter: "regularization",
        alt: "A series of 300 steps cut into training, validation and test in the order of time, with a window of ten steps and its target in each part.",
        caption: "No window reaches over a border: what comes later judges, and has had no hand in what was learnt.",
        draw: time_split,
    },
];

fn confusion() -> Result<Sheet> {
    let labels: Vec<usize> = (0..1000).map(|i| usize::from(i >= 950)).collect();
    // Rows of logits: healthy, ill. The second model calls the last 70 of the healthy ill, and misses 10.
    let second = |i: usize| (880..950).contains(&i) || (960..1000).contains(&i);
    let models: [(&str, Vec<bool>); 2] = [
        ("says “healthy” to all", vec![false; 1000]),
        ("looks for the ill", (0..1000).map(second).collect()),
    ];
    let mut sheet = Sheet::new(250.0);
    for (k, (name, says_ill)) in models.into_iter().enumerate() {
        let logits: Vec<f32> =
            says_ill.iter().flat_map(|&ill| if ill { [0.0, 1.0] } else { [1.0, 0.0] }).collect();
        let counted =
            ConfusionMatrix::new(&matrix(&logits, 1000, 2), &labels).map_err(|cause| anyhow!("{cause}"))?;
        let left = 30.0 + 345.0 * k as f64;
        let cells = Cells { at: (left + 75.0, 70.0), size: (100.0, 48.0) };
        sheet.strong(Hue::Ink, (left, 24.0), Anchor::Start, name);
        for (i, class) in ["healthy", "ill"].into_iter().enumerate() {
            sheet.small(
                Hue::Soft,
                (cells.cell(0, i).centre().0, 60.0),
                Anchor::Middle,
                &format!("says {class}"),
            );
            sheet.small(
                Hue::Soft,
                (left + 68.0, cells.cell(i, 0).centre().1 + 4.0),
                Anchor::End,
                &format!("is {class}"),
            );
            for (j, count) in counted.counts[i].iter().enumerate() {
                let hue = if i == j { Hue::Blue } else { Hue::Orange };
                let share = *count as f64 / [950.0, 50.0][i];
                cells.word(&mut sheet, (i, j), (hue, 0.05 + 0.55 * share), &count.to_string());
            }
        }
        let percent = |share: f64| format!("{:.0} %", 100.0 * share);
        let words = format!(
            "accuracy {}, recall of the ill {}",
            percent(counted.accuracy()),
            percent(counted.recall()[1])
        );
        sheet.text(Hue::Ink, (left, 198.0), Anchor::Start, &words);
        let balanced = format!("balanced accuracy {}", percent(counted.balanced_accuracy()));
        sheet.text(Hue::Ink, (left, 220.0), Anchor::Start, &balanced);
    }
    Ok(sheet)
}

fn time_split() -> Result<Sheet> {
    let series: Vec<f32> = generated::mackey_glass(300, 17, &mut StdRng::seed_from_u64(1));
    let span = Span { length: 10, horizon: 5 };
    let split = split_by_time(&matrix(&series, 300, 1), span, 60, 60).map_err(|cause| anyhow!("{cause}"))?;
    let mut sheet = Sheet::new(310.0);
    let area = Rect::new(60.0, 40.0, 610.0, 200.0);
    let plot = Plot::new(
        &mut sheet,
        area,
        Axis::linear(0.0, 300.0, 50.0, "step"),
        Axis::linear(0.2, 1.6, 0.2, "value"),
    );
    let parts = [
        ("training", 0, 180, Hue::Blue, split.training.targets.shape().0),
        ("validation", 180, 240, Hue::Gold, split.validation.targets.shape().0),
        ("test", 240, 300, Hue::Orange, split.test.targets.shape().0),
    ];
    for (name, from, to, hue, windows) in parts {
        plot.band(&mut sheet, hue, f64::from(from), f64::from(to));
        let points =
            |from: usize, to: usize| (from..to).map(|i| (i as f64, f64::from(series[i]))).collect::<Vec<_>>();
        plot.styled(&mut sheet, hue, "", points(from as usize, to as usize));
        let begin = from as usize + 20;
        plot.dots(&mut sheet, Hue::Ink, 2.5, points(begin, begin + span.length));
        let target = begin + span.length - 1 + span.horizon;
        plot.dots(&mut sheet, Hue::Ink, 5.0, points(target, target + 1));
        let x = plot.place(f64::from(from + to) / 2.0, 0.2).0;
        sheet.text(hue, (x, 18.0), Anchor::Middle, name);
        sheet.small(hue, (x, 34.0), Anchor::Middle, &format!("{windows} windows"));
    }
    sheet.small(
        Hue::Soft,
        (area.left, 303.0),
        Anchor::Start,
        "black: a window of 10 steps and, larger, its target 5 steps on",
    );
    Ok(sheet)
}
