//! Calls into `rnn::gradients`.

use probe::{Fault, Inputs, Outputs, Plain, serve};
use rnn::{gradients as student, vanilla::RnnWeights};

type Matrix = Plain<(usize, usize)>;
type Vector = Plain<(usize,)>;

pub(crate) fn main() -> std::io::Result<()> {
    serve(&[
        ("vanishing_gradient", |call| Ok(Outputs::new().numbers("norms", &norms(call)?))),
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

fn norms(call: &Inputs) -> Result<Vec<f32>, Fault> {
    let (x, input, hidden): (Matrix, Matrix, Matrix) =
        (call.tensor("x")?, call.tensor("input")?, call.tensor("hidden")?);
    let bias: Vector = call.tensor("bias")?;
    Ok(match call.text("cell")? {
        "lstm" => student::vanishing_gradient_lstm(&x, &student::LstmWeights { input, hidden, bias }),
        _ => student::vanishing_gradient(&x, &RnnWeights { input, hidden, bias }),
    })
}
