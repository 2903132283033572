//! Calls into `rnn::char_rnn`.

use dfdx::prelude::*;
use probe::{Dev, Fault, Inputs, Outputs, serve};
use rnn::{
    char_rnn::{self as student, CharRnn, Recipe},
    lstm::LstmWeights,
    text::CharTable,
};

pub(crate) fn main() -> std::io::Result<()> {
    serve(&[
        ("char_rnn/windows", windows),
        ("char_rnn/char_logits", char_logits),
        ("char_rnn/bits_per_character", bits_per_character),
        ("char_rnn/write", write),
        ("char_rnn/train_char_rnn + bits_per_character + write", training),
    ])
}

probe::network! {
    CharRnn of call = CharRnn { lstm: LstmWeights { input, hidden, bias: b }, weight, bias };
    input at lstm.input, hidden at lstm.hidden, b at lstm.bias, weight at weight, bias at bias
}

fn windows(call: &Inputs) -> Result<Outputs, Fault> {
    let windows = student::windows(&call.indexes("text")?, call.count("batch_size")?, call.count("steps")?);
    let (inputs, targets): (Vec<Vec<usize>>, Vec<Vec<usize>>) =
        windows.into_iter().map(|window| (window.inputs, window.targets)).unzip();
    Ok(Outputs::new().indexes("inputs", &inputs.concat()).indexes("targets", &targets.concat()))
}

fn char_logits(call: &Inputs) -> Result<Outputs, Fault> {
    let (model, state) = (read(call)?, (call.tensor("h")?, call.tensor("c")?));
    let (y, (h, c)) = student::char_logits::<_, OwnedTape<f32, Dev>>(&model, &call.indexes("inputs")?, state);
    Outputs::new().tensor("next_h", &h).tensor("next_c", &c).gradients(call, y, &tensors(&model))
}

fn bits_per_character(call: &Inputs) -> Result<Outputs, Fault> {
    let bits = student::bits_per_character(&read(call)?, &call.indexes("held_out")?);
    Ok(Outputs::new().number("bits", bits))
}

fn write(call: &Inputs) -> Result<Outputs, Fault> {
    let table = CharTable { characters: call.text("characters")?.chars().collect() };
    let (start, length, temperature) =
        (call.text("start")?, call.count("length")?, call.number("temperature")?);
    let written = student::write(&read(call)?, &table, start, length, temperature, &mut call.rng("seed")?)?;
    Ok(Outputs::new().text("written", &written))
}

/// Trains, measures on the held-out text, and writes at three temperatures.
fn training(call: &Inputs) -> Result<Outputs, Fault> {
    let recipe = Recipe {
        hidden: call.count("units")?,
        epochs: call.count("epochs")?,
        batch_size: call.count("batch_size")?,
        steps: call.count("steps")?,
        learning_rate: f64::from(call.number("learning_rate")?),
    };
    let table = CharTable { characters: call.text("characters")?.chars().collect() };
    let (train, test, mut rng) = (call.indexes("train")?, call.indexes("test")?, call.rng("seed")?);
    let training = student::train_char_rnn(&train, table.characters.len(), recipe, &call.dev, &mut rng)
        .map_err(Fault::device)?;
    let train_bits: Vec<f32> = training.train_bits.iter().map(|&bits| bits as f32).collect();
    let mut outputs = Outputs::new()
        .numbers("train_bits", &train_bits)
        .tensors(&tensors(&training.model))
        .number("bits", student::bits_per_character(&training.model, &test));
    for (name, temperature) in [("cool", 0.5), ("warm", 0.8), ("hot", 1.2)] {
        let start = call.text("start")?;
        let verse =
            student::write(&training.model, &table, start, call.count("length")?, temperature, &mut rng)?;
        outputs = outputs.text(name, &format!("{start}{verse}"));
    }
    Ok(outputs)
}
