//! Calls into `rnn::char_rnn`.

use dfdx::prelude::*;
use probe::{Dev, Fault, Inputs, Outputs, serve};
use rnn::{
    char_rnn::{self as student, CharRnn, Recipe},
    lstm::LstmWeights,
    text::CharTable,
};

pub(crate) fn main() -> std::io::Result<()> {
    serve(&[("char_rnn", char_rnn)])
}

fn char_rnn(call: &Inputs) -> Result<Outputs, Fault> {
    if call.has("train") {
        return training(call);
    }
    if call.has("input") {
        return of_a_model(call);
    }
    let windows = student::windows(&call.indexes("text")?, call.count("batch_size")?, call.count("steps")?);
    let (inputs, targets): (Vec<Vec<usize>>, Vec<Vec<usize>>) =
        windows.into_iter().map(|window| (window.inputs, window.targets)).unzip();
    Ok(Outputs::new().indexes("inputs", &inputs.concat()).indexes("targets", &targets.concat()))
}

fn of_a_model(call: &Inputs) -> Result<Outputs, Fault> {
    let lstm =
        LstmWeights { input: call.tensor("input")?, hidden: call.tensor("hidden")?, bias: call.tensor("b")? };
    let model: CharRnn<Dev> = CharRnn { lstm, weight: call.tensor("weight")?, bias: call.tensor("bias")? };
    if call.has("characters") {
        let table = CharTable { characters: call.text("characters")?.chars().collect() };
        let (start, length, temperature) =
            (call.text("start")?, call.count("length")?, call.number("temperature")?);
        let written = student::write(&model, &table, start, length, temperature, &mut call.rng("seed")?)?;
        return Ok(Outputs::new().text("written", &written));
    }
    if call.has("held_out") {
        let bits = student::bits_per_character(&model, &call.indexes("held_out")?);
        return Ok(Outputs::new().number("bits", bits));
    }
    let state = (call.tensor("h")?, call.tensor("c")?);
    let (y, (h, c)) = student::char_logits::<_, OwnedTape<f32, Dev>>(&model, &call.indexes("inputs")?, state);
    let leaves: [(&str, &dyn probe::Leaf); 5] = [
        ("input", &model.lstm.input),
        ("hidden", &model.lstm.hidden),
        ("b", &model.lstm.bias),
        ("weight", &model.weight),
        ("bias", &model.bias),
    ];
    Outputs::new().tensor("next_h", &h).tensor("next_c", &c).gradients(call, y, &leaves)
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
        .tensor("weight", &training.model.weight)
        .tensor("bias", &training.model.bias)
        .number("bits", student::bits_per_character(&training.model, &test));
    for (name, temperature) in [("cool", 0.5), ("warm", 0.8), ("hot", 1.2)] {
        let start = call.text("start")?;
        let verse =
            student::write(&training.model, &table, start, call.count("length")?, temperature, &mut rng)?;
        outputs = outputs.text(name, &format!("{start}{verse}"));
    }
    Ok(outputs)
}
