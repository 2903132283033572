//! Calls into `rnn::echo_state`.

use dfdx::prelude::*;
use probe::{Dev, Fault, Inputs, Outputs, serve};
use rnn::echo_state as student;

type Vector = Tensor<(usize,), f64, Dev>;
type Matrix = Tensor<(usize, usize), f64, Dev>;

pub(crate) fn main() -> std::io::Result<()> {
    serve(&[
        ("echo_state_network/scale_to_radius", |call| {
            let matrix: Matrix = call.double("matrix")?;
            let scaled = student::scale_to_radius(&matrix, f64::from(call.number("radius")?))?;
            Ok(Outputs::new().double("scaled", &scaled))
        }),
        ("echo_state_network/draw_reservoir", |call| {
            let student::Reservoir { input, recurrent, bias } = draw(call)?;
            let outputs = Outputs::new().double("input", &input).double("bias", &bias);
            Ok(outputs.double("recurrent", &recurrent))
        }),
        ("echo_state_network/reservoir_states + train_readout + free_run", network),
        ("echo_state_network", chaos),
    ])
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

/// A drawn reservoir that learns a series, and says how that one goes on, and others. How they do is not in the call.
fn chaos(call: &Inputs) -> Result<Outputs, Fault> {
    let (reservoir, series): (_, Vector) = (draw(call)?, call.double("series")?);
    let listen = |series: &Vector| -> Result<Matrix, Fault> {
        let start = call.dev.zeros_like(&(call.count("units")?,));
        Ok(student::reservoir_states(&reservoir, series, start))
    };
    let states = listen(&series)?;
    let readout = readout(call, &states, &series.as_vec())?;
    let shown = student::free_run(&reservoir, &readout, last(&states), call.count("shown")?);
    let (others, steps): (Matrix, _) = (call.double("others")?, call.count("steps")?);
    let free_run = |other: usize| -> Result<Vector, Fault> {
        let states = listen(&others.clone().select(call.dev.tensor(other)))?;
        Ok(student::free_run(&reservoir, &readout, last(&states), steps))
    };
    let runs = (0..others.shape().0).map(free_run).collect::<Result<Vec<_>, _>>()?;
    Ok(Outputs::new().double("free_run", &shown).double("free_runs", &runs.stack()))
}
