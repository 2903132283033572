//! Calls into `rnn::seq2seq`.

use dfdx::prelude::*;
use probe::{Array, Dev, Fault, Inputs, Outputs, Plain, serve};
use rnn::{
    given::sums::{Adder, Recipe, Sums},
    lstm::LstmWeights,
    seq2seq as student,
};

pub(crate) fn main() -> std::io::Result<()> {
    serve(&[("seq2seq_addition", seq2seq_addition)])
}

fn seq2seq_addition(call: &Inputs) -> Result<Outputs, Fault> {
    if call.has("questions") {
        return logits(call);
    }
    if call.has("hidden") {
        return training(call);
    }
    if call.has("a") {
        let (a, b) = (call.indexes("a")?, call.indexes("b")?);
        let sums: Vec<(usize, usize)> = a.into_iter().zip(b).collect();
        let written = student::write_sums(&sums, call.count("digits")?);
        return Ok(Outputs::new()
            .text("questions", &written.questions.join("\n"))
            .text("answers", &written.answers.join("\n")));
    }
    let digits = call.count("digits")?;
    let sums = student::draw_sums(call.count("count")?, digits as u32, &mut call.rng("seed")?)?;
    let numbers = sums.iter().flat_map(|&(a, b)| [a as u64, b as u64]).collect();
    Ok(Outputs::new().array("sums", Array::index(&[sums.len(), 2], numbers)))
}

fn logits(call: &Inputs) -> Result<Outputs, Fault> {
    let lstm = |name: &str| -> Result<LstmWeights<Dev>, Fault> {
        Ok(LstmWeights {
            input: call.tensor(&format!("{name}_input"))?,
            hidden: call.tensor(&format!("{name}_hidden"))?,
            bias: call.tensor(&format!("{name}_bias"))?,
        })
    };
    let (encoder, decoder) = (lstm("encoder")?, lstm("decoder")?);
    let adder = Adder { encoder, decoder, weight: call.tensor("weight")?, bias: call.tensor("bias")? };
    let questions: Plain<(usize, usize, usize)> = call.tensor("questions")?;
    let y = student::adder_logits(&adder, questions.leaky_trace(), call.count("length")?);
    let leaves: [(&str, &dyn probe::Leaf); 9] = [
        ("questions", &questions),
        ("encoder_input", &adder.encoder.input),
        ("encoder_hidden", &adder.encoder.hidden),
        ("encoder_bias", &adder.encoder.bias),
        ("decoder_input", &adder.decoder.input),
        ("decoder_hidden", &adder.decoder.hidden),
        ("decoder_bias", &adder.decoder.bias),
        ("weight", &adder.weight),
        ("bias", &adder.bias),
    ];
    Outputs::new().gradients(call, y, &leaves)
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
    let show = |i: usize| {
        let question: String = test.questions[i].chars().rev().collect();
        format!("{} = {}", question.trim(), report.answers[i].trim())
    };
    let shown: Vec<String> = (0..test.questions.len().min(5)).map(show).collect();
    Ok(Outputs::new()
        .numbers("train_loss", &report.train_loss)
        .number("exact", report.exact)
        .indexes("answers", &report.answers.concat().chars().map(|c| c as usize).collect::<Vec<_>>())
        .text("shown", &shown.join(", ")))
}

fn sums(call: &Inputs, name: &str) -> Result<Sums, Fault> {
    let lines = |part: &str| -> Result<Vec<String>, Fault> {
        Ok(call.text(&format!("{name}_{part}"))?.split('\n').map(str::to_owned).collect())
    };
    Ok(Sums { questions: lines("questions")?, answers: lines("answers")? })
}
