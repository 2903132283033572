//! Calls into `rnn::seq2seq`.

use dfdx::prelude::*;
use probe::{Array, Fault, Inputs, Leaf, Outputs, Plain, serve};
use rnn::{
    given::sums::{Adder, Recipe, Sums, watched},
    lstm::LstmWeights,
    seq2seq as student,
};

pub(crate) fn main() -> std::io::Result<()> {
    serve(&[
        ("seq2seq_addition/draw_sums", draw_sums),
        ("seq2seq_addition/write_sums", write_sums),
        ("seq2seq_addition/adder_logits", logits),
        ("seq2seq_addition", training),
    ])
}

probe::network! {
    Adder of call = {
        let encoder = LstmWeights { input: encoder_input, hidden: encoder_hidden, bias: encoder_bias };
        let decoder = LstmWeights { input: decoder_input, hidden: decoder_hidden, bias: decoder_bias };
        Adder { encoder, decoder, weight, bias }
    };
    encoder_input at encoder.input,
    encoder_hidden at encoder.hidden,
    encoder_bias at encoder.bias,
    decoder_input at decoder.input,
    decoder_hidden at decoder.hidden,
    decoder_bias at decoder.bias,
    weight at weight,
    bias at bias,
}

fn write_sums(call: &Inputs) -> Result<Outputs, Fault> {
    let (a, b) = (call.indexes("a")?, call.indexes("b")?);
    let sums: Vec<(usize, usize)> = a.into_iter().zip(b).collect();
    let written = student::write_sums(&sums, call.count("digits")?);
    Ok(Outputs::new()
        .text("questions", &written.questions.join("\n"))
        .text("answers", &written.answers.join("\n")))
}

fn draw_sums(call: &Inputs) -> Result<Outputs, Fault> {
    let digits = call.count("digits")?;
    let sums = student::draw_sums(call.count("count")?, digits as u32, &mut call.rng("seed")?)?;
    let numbers = sums.iter().flat_map(|&(a, b)| [a as u64, b as u64]).collect();
    Ok(Outputs::new().array("sums", Array::index(&[sums.len(), 2], numbers)))
}

fn logits(call: &Inputs) -> Result<Outputs, Fault> {
    let adder = read(call)?;
    let questions: Plain<(usize, usize, usize)> = call.tensor("questions")?;
    let y = student::adder_logits(&adder, questions.leaky_trace(), call.count("length")?);
    let questions: [(&str, &dyn Leaf); 1] = [("questions", &questions)];
    Outputs::new().gradients(call, y, &[&questions[..], &tensors(&adder)].concat())
}

fn training(call: &Inputs) -> Result<Outputs, Fault> {
    let (train, test) = (sums(call, "train")?, sums(call, "test")?);
    let recipe = Recipe {
        hidden: call.count("hidden")?,
        epochs: call.count("epochs")?,
        batch_size: call.count("batch_size")?,
        learning_rate: f64::from(call.number("learning_rate")?),
    };
    let report = student::seq2seq_addition(&train, &test, recipe, &call.dev, &mut call.rng("seed")?);
    let shown = test.questions.len().min(5);
    Ok(Outputs::new()
        .numbers("train_loss", &report.train_loss)
        .number("exact", report.exact)
        .indexes("answers", &report.answers.concat().chars().map(|c| c as usize).collect::<Vec<_>>())
        .text("shown", &watched(&test.questions[..shown], &report.answers)))
}

fn sums(call: &Inputs, name: &str) -> Result<Sums, Fault> {
    let lines = |part: &str| -> Result<Vec<String>, Fault> {
        Ok(call.text(&format!("{name}_{part}"))?.split('\n').map(str::to_owned).collect())
    };
    Ok(Sums { questions: lines("questions")?, answers: lines("answers")? })
}
