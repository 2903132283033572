//! Calls into `clinic`: a call is a recipe, an answer what was recorded.

use clinic::{
    digits::{self, Count, Parts},
    film::{Examples, Film},
    noise, rows,
};
use probe::{Dev, Fault, Inputs, Outputs, serve};

pub(crate) fn main() -> std::io::Result<()> {
    serve(&[("digits", of_digits), ("rows", of_rows), ("noise", of_noise)])
}

fn of_digits(call: &Inputs) -> Result<Outputs, Fault> {
    let follow = call.count("statistics_follow")?;
    let recipe = digits::Recipe {
        examples: call.count("examples")?,
        epochs: call.count("epochs")?,
        batch: call.count("batch")?,
        learning_rate: call.number("learning_rate")?,
        decay: call.number("decay")?,
        bias: call.number("bias")?,
        shift: call.count("shift")?,
        softmax_twice: call.flag("softmax_twice")?,
        sorted: call.flag("sorted")?,
        with_test: call.flag("with_test")?,
        statistics_follow: call.flag("batch_norm")?.then_some(follow),
        seed: call.count("seed")? as u64,
    };
    let film = digits::train(&parts(call, call.flag("later")?)?, recipe, count(call.text("histogram")?)?);
    Ok(outputs(film.map_err(Fault::device)?))
}

fn of_rows(call: &Inputs) -> Result<Outputs, Fault> {
    let recipe = rows::Recipe {
        examples: call.count("examples")?,
        epochs: call.count("epochs")?,
        batch: call.count("batch")?,
        learning_rate: call.number("learning_rate")?,
        gain: call.number("gain")?,
        longest_gradient: call.number("longest_gradient")?,
        seed: call.count("seed")? as u64,
    };
    Ok(outputs(rows::train(&parts(call, false)?, recipe).map_err(Fault::device)?))
}

fn of_noise(call: &Inputs) -> Result<Outputs, Fault> {
    let recipe = noise::Recipe {
        chosen: call.count("chosen")?,
        choose_by_all: call.flag("choose_by_all")?,
        epochs: call.count("epochs")?,
        learning_rate: call.number("learning_rate")?,
        decay: call.number("decay")?,
        seed: call.count("seed")? as u64,
    };
    Ok(outputs(noise::train(recipe, &call.dev).map_err(Fault::device)?))
}

/// Images to learn from and to measure by, and with `later` those that come a month later.
fn parts(call: &Inputs, later: bool) -> Result<Parts<Dev>, Fault> {
    let examples = |name: &str| -> Result<Examples<Dev>, Fault> {
        Ok(Examples { inputs: call.tensor(name)?, labels: call.indexes(&format!("{name}_labels"))? })
    };
    let fresh = later.then(|| examples("fresh")).transpose()?;
    Ok(Parts { train: examples("train")?, test: examples("test")?, fresh })
}

fn count(name: &str) -> Result<Count, Fault> {
    match name {
        "right" => Ok(Count::Right),
        "classes" => Ok(Count::Classes),
        "weights" => Ok(Count::Weights),
        "active" => Ok(Count::Active),
        "before_relu" => Ok(Count::BeforeRelu),
        other => Err(Fault::Unsupported(format!("there is nothing called `{other}` to count"))),
    }
}

fn outputs(film: Film) -> Outputs {
    let curves = film.curves.iter();
    let outputs = curves.fold(Outputs::new(), |outputs, (name, curve)| outputs.numbers(name, curve));
    outputs.numbers("histogram", &film.histogram)
}
