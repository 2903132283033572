//! Five folds, and a search for Γ among a few people.

use anyhow::{Result, anyhow};
use datasets::{Examples, diabetes};
use rand::{SeedableRng, rngs::StdRng, seq::SliceRandom};
use regularization::cross_validation::{best_gamma, k_fold};

use crate::{
    Figure,
    cells::Cells,
    numbers::{matrix, steps, vector},
    plot::{Axis, Plot},
    sheet::{Anchor, Hue, Rect, Sheet},
};

/// In the order of the lecture.
pub const FIGURES: &[Figure] = &[
    Figure {
        name: "folds",
        chapter: "regularization",
        alt: "Twelve examples in five rows, one a fold; in each row two or three examples are validated on, and each example in one row only.",
        caption: "Shuffled, a fold's examples lie anywhere; each column has one shaded box: everybody is judged once, by a model that never met them.",
        draw: folds,
    },
    Figure {
        name: "gamma_search",
        chapter: "regularization",
        alt: "Validation error over Γ from 0.01 to 10,000 for 20, 40 and all 442 people of the diabetes table, each with its lowest point.",
        caption: "With few people both ends cost much and the valley is narrow; with all 442 the curve is flat until Γ takes away what the data knows.",
        draw: gamma_search,
    },
];

fn folds() -> Result<Sheet> {
    let folds = k_fold(12, 5, &mut StdRng::seed_from_u64(1)).map_err(|cause| anyhow!("{cause}"))?;
    let mut sheet = Sheet::new(240.0);
    let cells = Cells { at: (90.0, 40.0), size: (46.0, 32.0) };
    for example in 0..12 {
        let (x, _) = cells.cell(0, example).centre();
        sheet.small(Hue::Soft, (x, 30.0), Anchor::Middle, &example.to_string());
    }
    for (row, fold) in folds.iter().enumerate() {
        let (_, y) = cells.cell(row, 0).centre();
        sheet.text(Hue::Ink, (78.0, y + 5.0), Anchor::End, &format!("fold {}", row + 1));
        for example in 0..12 {
            let is_judged = fold.validation.contains(&example);
            let (shade, word) =
                if is_judged { ((Hue::Orange, 0.6), "judge") } else { ((Hue::Blue, 0.12), "") };
            cells.word(&mut sheet, (row, example), shade, word);
        }
    }
    sheet.small(Hue::Orange, (90.0, 226.0), Anchor::Start, "orange: judged by");
    sheet.small(Hue::Blue, (220.0, 226.0), Anchor::Start, "blue: trained on");
    Ok(sheet)
}

fn gamma_search() -> Result<Sheet> {
    let table = diabetes::bundled()?;
    let gammas: Vec<f64> = steps(-2.0, 4.0, 25).into_iter().map(|power| 10_f64.powf(power)).collect();
    let mut sheet = Sheet::new(350.0);
    let area = Rect::new(75.0, 25.0, 470.0, 265.0);
    let y = Axis::linear(2500.0, 7000.0, 500.0, "mean squared validation error");
    let plot = Plot::new(&mut sheet, area, Axis::log(-2, 4, 1, "Γ"), y);
    for (n, hue, name) in
        [(20, Hue::Orange, "20 people"), (40, Hue::Green, "40 people"), (442, Hue::Blue, "all 442")]
    {
        let mut rng = StdRng::seed_from_u64(6);
        let mut order: Vec<usize> = (0..table.len()).collect();
        order.shuffle(&mut rng);
        let part = table.select(&order[..n]);
        let (a, y) = (matrix(&part.values, n, part.columns.len()), vector(&part.targets));
        let folds = k_fold(n, 5, &mut rng).map_err(|cause| anyhow!("{cause}"))?;
        let search = best_gamma(&a, &y, &gammas, &folds).map_err(|cause| anyhow!("{cause}"))?;
        let curve: Vec<(f64, f64)> = gammas.iter().copied().zip(search.errors.iter().copied()).collect();
        let best: Vec<(f64, f64)> = curve.iter().copied().filter(|point| point.0 == search.gamma).collect();
        plot.curve(&mut sheet, hue, curve.iter().copied());
        plot.dots(&mut sheet, hue, 5.0, best.iter().copied());
        if n == 20 {
            // Both ends of its curve lie above the plot.
            plot.note(&mut sheet, hue, best[0], (0.0, 22.0), Anchor::Middle, name);
        } else if let Some(last) = curve.last() {
            plot.note(&mut sheet, hue, *last, (10.0, 5.0), Anchor::Start, name);
        }
    }
    Ok(sheet)
}
