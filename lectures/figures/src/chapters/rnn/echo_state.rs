//! The echo state network's free run on the Mackey–Glass series.

use anyhow::{Result, anyhow};
use datasets::generated::mackey_glass;
use dfdx::prelude::*;
use rand::{SeedableRng, rngs::StdRng};
use rnn::echo_state::{Recipe, draw_reservoir, free_run as run, reservoir_states, train_readout};
use serde::{Deserialize, Serialize};
use serde_json::{Value, to_value};

use crate::{
    Figure,
    plot::{Axis, Plot},
    sheet::{Anchor, Hue, Rect, Sheet},
    traces::{self, Trace},
};

/// In the order of the lecture.
pub const FIGURES: &[Figure] = &[
    Figure {
        name: "echoes",
        chapter: "rnn",
        alt: "The states of one unit of three reservoirs after two different starts, over eighty steps, for the spectral radii 0.5, 0.95 and 2.",
        caption: "With a small radius two starts are forgotten within ten steps, with 0.95 it takes longer, and with 2 the reservoir never agrees with itself: there is no washout long enough.",
        draw: echoes,
    },
    Figure {
        name: "free_run",
        chapter: "rnn",
        alt: "The Mackey–Glass series over 500 steps after the training and the network's free run, which lies on it; below, the error on a logarithmic axis.",
        caption: "The two curves can't be told apart for 500 steps; below, the error has grown from less than a thousandth to a hundredth, and it goes on growing.",
        draw: free_run,
    },
];

/// What they are drawn from.
pub const TRACES: &[Trace] = &[Trace { name: "free_run", train }, Trace { name: "echoes", train: listen }];

#[derive(Serialize, Deserialize)]
struct Run {
    truth: Vec<f64>,
    predicted: Vec<f64>,
}

fn train() -> Result<Value> {
    const TRAINED: usize = 2000;
    const FREE: usize = 500;
    let (dev, mut rng) = (Cpu::default(), StdRng::seed_from_u64(1));
    let series: Vec<f64> =
        mackey_glass(TRAINED + FREE + 1, 17, &mut rng).into_iter().map(f64::from).collect();
    let recipe = Recipe { units: 500, radius: 1.25, input_scale: 1.0, bias_scale: 1.0 };
    let reservoir = draw_reservoir(&recipe, &dev, &mut rng).map_err(|cause| anyhow!("{cause}"))?;
    let heard = dev.tensor_from_vec(series[..TRAINED].to_vec(), (TRAINED,));
    let wanted = dev.tensor_from_vec(series[1..=TRAINED].to_vec(), (TRAINED,));
    let states = reservoir_states(&reservoir, &heard, dev.zeros_like(&(recipe.units,)));
    let readout = train_readout(&states, &wanted, 100, 1e-8).map_err(|cause| anyhow!("{cause}"))?;
    let last = dev.tensor_from_vec(states.as_vec()[(TRAINED - 1) * recipe.units..].to_vec(), (recipe.units,));
    let predicted = run(&reservoir, &readout, last, FREE).as_vec();
    Ok(to_value(Run { truth: series[TRAINED..TRAINED + FREE].to_vec(), predicted })?)
}

/// One unit's state after two starts, for three radii.
fn listen() -> Result<Value> {
    const UNITS: usize = 100;
    let dev = Cpu::default();
    let radii = [0.5, 0.95, 2.0].map(|radius| {
        let recipe = Recipe { units: UNITS, radius, input_scale: 0.3, bias_scale: 0.0 };
        let mut rng = StdRng::seed_from_u64(3);
        let reservoir = draw_reservoir(&recipe, &dev, &mut rng).map_err(|cause| anyhow!("{cause}"))?;
        let series: Vec<f64> =
            mackey_glass(80, 17, &mut rng).into_iter().map(|x| f64::from(x) - 0.9).collect();
        let series = dev.tensor_from_vec(series, (80,));
        let starts = [0.9, -0.9].map(|start| {
            let start = dev.tensor_from_vec(vec![start; UNITS], (UNITS,));
            let states = reservoir_states(&reservoir, &series, start).as_vec();
            states.into_iter().step_by(UNITS).collect::<Vec<f64>>()
        });
        Ok(starts)
    });
    let radii: Result<Vec<[Vec<f64>; 2]>> = radii.into_iter().collect();
    Ok(to_value(radii?)?)
}

fn echoes() -> Result<Sheet> {
    let radii: Vec<[Vec<f64>; 2]> = traces::load("echoes")?;
    let mut sheet = Sheet::new(300.0);
    for (k, (starts, name)) in radii.iter().zip(["ρ = 0.5", "ρ = 0.95", "ρ = 2"]).enumerate() {
        let area = Rect::new(60.0 + 220.0 * k as f64, 45.0, 185.0, 195.0);
        let y = Axis::linear(-1.0, 1.0, 0.5, if k == 0 { "state of a unit" } else { "" });
        let plot = Plot::new(&mut sheet, area, Axis::linear(0.0, 80.0, 20.0, "step"), y);
        plot.heading(&mut sheet, name);
        for (start, hue) in starts.iter().zip([Hue::Blue, Hue::Orange]) {
            plot.curve(
                &mut sheet,
                hue,
                start.iter().enumerate().map(|(step, state)| (step as f64 + 1.0, *state)),
            );
        }
    }
    Ok(sheet)
}

fn free_run() -> Result<Sheet> {
    let Run { truth, predicted } = traces::load("free_run")?;
    let mut sheet = Sheet::new(450.0);
    let steps = || Axis::linear(0.0, 500.0, 50.0, "steps without a look at the series");
    let area = Rect::new(75.0, 20.0, 590.0, 170.0);
    let plot = Plot::new(&mut sheet, area, steps(), Axis::linear(0.2, 1.6, 0.2, "value"));
    let points = |values: &[f64]| values.iter().enumerate().map(|(i, y)| (i as f64, *y)).collect::<Vec<_>>();
    plot.curve(&mut sheet, Hue::Blue, points(&truth));
    plot.dashed(&mut sheet, Hue::Orange, points(&predicted));
    sheet.text(Hue::Blue, (area.left + 8.0, area.bottom() - 8.0), Anchor::Start, "series");
    sheet.text(Hue::Orange, (area.left + 66.0, area.bottom() - 8.0), Anchor::Start, "free run (dashed)");
    let area = Rect::new(75.0, 265.0, 590.0, 125.0);
    let plot = Plot::new(&mut sheet, area, steps(), Axis::log(-6, 0, 2, "error"));
    let errors: Vec<f64> = truth.iter().zip(&predicted).map(|(a, b)| (a - b).abs().max(1.1e-6)).collect();
    plot.styled(&mut sheet, Hue::Green, " thin", points(&errors));
    Ok(sheet)
}
