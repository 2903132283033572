//! Calls into `rnn::echo_state`.

use dfdx::prelude::*;
use probe::{Dev, Fault, Inputs, Outputs, serve};
use rnn::echo_state as student;

type Vector = Tensor<(usize,), f64, Dev>;
type Matrix = Tensor<(usize, usize), f64, Dev>;

/// A free run is judged over so many steps, and shown over more.
const JUDGED: usize = 84;
const SHOWN: usize = 400;

pub(crate) fn main() -> std::io::Result<()> {
    serve(&[("echo_state_network", |call| match call.text("what")? {
        "scale" => {
            let matrix: Matrix = call.double("matrix")?;
            let scaled = student::scale_to_radius(&matrix, f64::from(call.number("radius")?))?;
            Ok(Outputs::new().double("scaled", &scaled))
        }
        "draw" => {
            let student::Reservoir { input, recurrent, bias } = draw(call)?;
            let outputs = Outputs::new().double("input", &input).double("bias", &bias);
            Ok(outputs.double("recurrent", &recurrent))
        }
        "network" => network(call),
        _ => chaos(call),
    })])
}

fn draw(call: &Inputs) -> Result<student::Reservoir<Dev>, Fault> {
    let number = |name: &str| call.number(name).map(f64::from);
    let recipe = student::Recipe {
        units: call.count("units")?,
        radius: number("radius")?,
        input_scale: number("input_scale")?,
        bias_scale: number("bias_scale")?,
    };
    Ok(student::draw_reservoir(&recipe, &call.dev, &mut call.rng("seed")?)?)
}

/// The readout that says what comes next; the state after the last value has no target.
fn readout(call: &Inputs, states: &Matrix, series: &[f64]) -> Result<Vector, Fault> {
    let known = states.clone().slice((..series.len() - 1, ..));
    let next: Vector = call.dev.tensor_from_vec(series[1..].to_vec(), (series.len() - 1,));
    Ok(student::train_readout(&known, &next, call.count("washout")?, f64::from(call.number("gamma")?))?)
}

fn last(states: &Matrix) -> Vector {
    let (steps, _) = *states.shape();
    states.clone().select(states.device().tensor(steps - 1))
}

/// A given reservoir: everything it does.
fn network(call: &Inputs) -> Result<Outputs, Fault> {
    let (input, recurrent, bias) = (call.double("input")?, call.double("recurrent")?, call.double("bias")?);
    let reservoir = student::Reservoir { input, recurrent, bias };
    let series: Vector = call.double("series")?;
    let states = student::reservoir_states(&reservoir, &series, call.double("start")?);
    let readout = readout(call, &states, &series.as_vec())?;
    let ahead = student::free_run(&reservoir, &readout, last(&states), call.count("steps")?);
    Ok(Outputs::new().double("states", &states).double("readout", &readout).double("free_run", &ahead))
}

/// A drawn reservoir that learns the beginning of a series and predicts the rest: each next value, and all on its own.
fn chaos(call: &Inputs) -> Result<Outputs, Fault> {
    let (reservoir, known) = (draw(call)?, call.count("known")?);
    let all = call.double::<(usize,)>("series")?.as_vec();
    let (before, after) = all.split_at(known);
    let series = |values: &[f64]| -> Vector { call.dev.tensor_from_vec(values.to_vec(), (values.len(),)) };
    let start = call.dev.zeros_like(&(call.count("units")?,));
    let states = student::reservoir_states(&reservoir, &series(before), start);
    let readout = readout(call, &states, before)?;
    let later = student::reservoir_states(&reservoir, &series(after), last(&states));
    // the state after a value predicts the value after it
    let predicted = readout.clone().matmul(later.permute::<(usize, usize), Axes2<1, 0>>()).as_vec();
    let ahead = student::free_run(&reservoir, &readout, last(&states), SHOWN.min(after.len())).as_vec();
    Ok(Outputs::new()
        .number("one_step_error", error(&predicted, &after[1..], after))
        .number("free_run_error", error(&ahead[..JUDGED], after, after))
        .double("free_run", &series(&ahead))
        .double("truth", &series(&after[..ahead.len()])))
}

/// The root of the mean squared error, in standard deviations of `all`: 1 for those who always say the mean.
fn error(got: &[f64], want: &[f64], all: &[f64]) -> f64 {
    let pairs = || got.iter().zip(want);
    let mean = all.iter().sum::<f64>() / all.len() as f64;
    let variance = all.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / all.len() as f64;
    (pairs().map(|(y, x)| (y - x).powi(2)).sum::<f64>() / pairs().count() as f64 / variance).sqrt()
}
