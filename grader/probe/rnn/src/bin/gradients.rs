//! Calls into `rnn::gradients`.

use probe::{Fault, Inputs, Outputs, Plain, serve};
use rnn::{
    gradients::{self as student, LstmWeights},
    vanilla::RnnWeights,
};

type Matrix = Plain<(usize, usize)>;
type Vector = Plain<(usize,)>;

pub(crate) fn main() -> std::io::Result<()> {
    serve(&[
        ("vanishing_gradient", |call| {
            let (x, Weights { input, hidden, bias }) = (call.tensor("x")?, Weights::read(call)?);
            let norms = student::vanishing_gradient(&x, &RnnWeights { input, hidden, bias });
            Ok(Outputs::new().numbers("norms", &norms))
        }),
        ("vanishing_gradient/vanishing_gradient_lstm", |call| {
            let (x, Weights { input, hidden, bias }) = (call.tensor("x")?, Weights::read(call)?);
            let norms = student::vanishing_gradient_lstm(&x, &LstmWeights { input, hidden, bias });
            Ok(Outputs::new().numbers("norms", &norms))
        }),
        ("clip_grad_norm", |call| {
            let mut gradients: Vec<Vector> = call.tensors("gradient")?;
            let norm = student::clip_grad_norm(&mut gradients, call.number("max_norm")?)?;
            let outputs = Outputs::new().number("norm", norm);
            let numbered = gradients.iter().enumerate();
            Ok(numbered
                .fold(outputs, |outputs, (i, gradient)| outputs.tensor(&format!("clipped{i}"), gradient)))
        }),
    ])
}

/// The weights of either cell.
struct Weights {
    input: Matrix,
    hidden: Matrix,
    bias: Vector,
}

impl Weights {
    fn read(call: &Inputs) -> Result<Self, Fault> {
        Ok(Self { input: call.tensor("input")?, hidden: call.tensor("hidden")?, bias: call.tensor("bias")? })
    }
}
