//! Calls into `tricks::initialization`.

use dfdx::prelude::*;
use probe::{Dev, Fault, Inputs, Outputs, Plain, serve};
use rand::rngs::StdRng;
use tricks::initialization as student;

type Matrix = Plain<(usize, usize)>;

pub(crate) fn main() -> std::io::Result<()> {
    serve(&[
        ("calculate_gain", |call| {
            let slope = call.has("slope").then(|| call.number("slope")).transpose()?;
            Ok(Outputs::new().number("y", student::calculate_gain(call.text("nonlinearity")?, slope)?))
        }),
        ("xavier_normal", |call| {
            let (fan_in, fan_out) = student::fans(&call.indexes("shape")?);
            Ok(drawn(call, XavierNormal(call.number("gain")?))?.indexes("fans", &[fan_in, fan_out]))
        }),
        ("xavier_uniform", |call| drawn(call, XavierUniform(call.number("gain")?))),
        ("kaiming_normal", |call| drawn(call, KaimingNormal)),
        ("signal_propagation", |call| propagated(call, &call.tensors("layer")?)),
        ("signal_propagation/signal_propagation of a stack", |call| propagated(call, &stack(call)?)),
    ])
}

/// A student's initialization, to be called with shapes of any rank.
trait Init {
    fn draw<S: Shape>(&self, shape: S, dev: &Dev, rng: &mut StdRng) -> Plain<S>;
}

struct XavierNormal(f32);
struct XavierUniform(f32);
struct KaimingNormal;

impl Init for XavierNormal {
    fn draw<S: Shape>(&self, shape: S, dev: &Dev, rng: &mut StdRng) -> Plain<S> {
        student::xavier_normal(shape, self.0, dev, rng)
    }
}

impl Init for XavierUniform {
    fn draw<S: Shape>(&self, shape: S, dev: &Dev, rng: &mut StdRng) -> Plain<S> {
        student::xavier_uniform(shape, self.0, dev, rng)
    }
}

impl Init for KaimingNormal {
    fn draw<S: Shape>(&self, shape: S, dev: &Dev, rng: &mut StdRng) -> Plain<S> {
        student::kaiming_normal(shape, dev, rng)
    }
}

/// Weights of the call's shape, whatever its rank.
fn drawn(call: &Inputs, init: impl Init) -> Result<Outputs, Fault> {
    match call.indexes("shape")?[..] {
        [] => outputs(call, init, ()),
        [n] => outputs(call, init, (n,)),
        [i, o] => outputs(call, init, (i, o)),
        [k, i, o] => outputs(call, init, (k, i, o)),
        [h, w, i, o] => outputs(call, init, (h, w, i, o)),
        _ => Err(Fault::Unsupported("no weights have a shape of that rank".to_owned())),
    }
}

/// The `skip`ped draws are thrown away: what comes after them must be new.
fn outputs<S: Shape>(call: &Inputs, init: impl Init, shape: S) -> Result<Outputs, Fault> {
    let mut rng = call.rng("seed")?;
    for _ in 0..call.count_or("skip", 0)? {
        init.draw(shape, &call.dev, &mut rng);
    }
    let y = init.draw(shape, &call.dev, &mut rng);
    let lengths: Vec<usize> = y.shape().concrete().into_iter().collect();
    Ok(Outputs::new().indexes("shape", &lengths).tensor("y", &y))
}

fn propagated(call: &Inputs, layers: &[Matrix]) -> Result<Outputs, Fault> {
    let activation = match call.text("activation")? {
        "tanh" => student::Activation::Tanh,
        "relu" => student::Activation::Relu,
        other => return Err(Fault::Unsupported(format!("no activation is called `{other}`"))),
    };
    let stds = student::signal_propagation(call.tensor("x")?, layers, activation);
    Ok(Outputs::new().numbers("y", &stds))
}

/// The layers of `stack`, whose first axis counts them.
fn stack(call: &Inputs) -> Result<Vec<Matrix>, Fault> {
    let stack: Plain<(usize, usize, usize)> = call.tensor("stack")?;
    let (depth, ..) = *stack.shape();
    Ok((0..depth).map(|l| stack.clone().select(call.dev.tensor(l))).collect())
}
