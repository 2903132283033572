//! Calls into `regularization::early_stopping`.

use dfdx::prelude::*;
use probe::{Fault, Inputs, Outputs, Plain, serve};
use regularization::early_stopping as student;

type Vector = Plain<(usize,)>;

pub(crate) fn main() -> std::io::Result<()> {
    serve(&[
        ("early_stopping", |call| early_stopping(call, None)),
        ("early_stopping/EarlyStopping::observe by a rule that changes", |call| {
            let rule = (call.count("later_patience")?, call.number("later_min_delta")?);
            early_stopping(call, Some((call.count("later")?, rule)))
        }),
    ])
}

/// Trains until the losses are used up or the student says stop. The weights are two tensors, and what they say is the
/// number of epochs that they have been trained for. After so many epochs another patience and another least improvement hold.
fn early_stopping(call: &Inputs, later: Option<(usize, (usize, f32))>) -> Result<Outputs, Fault> {
    let mut stopping = student::EarlyStopping::new(call.count("patience")?, call.number("min_delta")?)?;
    let losses: Vector = call.tensor("losses")?;
    let one: Vector = call.dev.ones_like(&(1,));
    let mut weights: (Vector, Vector) = (call.dev.zeros_like(&(1,)), call.dev.zeros_like(&(1,)));
    let (mut trained, mut stopped, mut stops) = (0, false, Vec::new());
    let goes_on = call.flag_or("goes_on", false)?;
    for loss in losses.as_vec() {
        if let Some((_, rule)) = later.filter(|(epoch, _)| *epoch == trained) {
            (stopping.patience, stopping.min_delta) = rule;
        }
        weights.0.axpy(1.0, &one, 1.0);
        weights.1.axpy(1.0, &one, 1.0);
        trained += 1;
        stopped = stopping.observe(loss, &weights) == student::Flow::Stop;
        stops.push(usize::from(stopped));
        if stopped && !goes_on {
            break;
        }
    }
    stopping.restore(&mut weights);
    let (best_epoch, best_loss) = match &stopping.best {
        Some(best) => (best.epoch, best.loss),
        None => (0, f32::INFINITY),
    };
    Ok(Outputs::new()
        .indexes("stopped", &[usize::from(stopped)])
        .indexes("stops", &stops)
        .indexes("trained_epochs", &[trained])
        .indexes("epochs", &[stopping.epochs])
        .indexes("bad_epochs", &[stopping.bad_epochs])
        .indexes("best_epoch", &[best_epoch])
        .numbers("best_loss", &[best_loss])
        .numbers("restored_weights_are_of_epoch", &[weights.0.as_vec(), weights.1.as_vec()].concat()))
}
