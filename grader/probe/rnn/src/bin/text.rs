//! Calls into `rnn::text`.

use probe::{Fault, Inputs, Outputs, Plain, serve};
use rnn::text::{self as student, CharTable};

pub(crate) fn main() -> std::io::Result<()> {
    serve(&[
        ("char_table", char_table),
        ("char_table/CharTable::decode", decode),
        ("sample_with_temperature", sample_with_temperature),
    ])
}

fn char_table(call: &Inputs) -> Result<Outputs, Fault> {
    let (table, text) = (CharTable::of(call.text("corpus")?), call.text("text")?);
    let characters: String = table.characters.iter().collect();
    let rows = table.one_hot(text, &call.dev)?;
    Ok(Outputs::new()
        .text("characters", &characters)
        .indexes("numbers", &table.encode(text)?)
        .text("decoded", &table.decode(&rows))
        .tensor("rows", &rows))
}

fn decode(call: &Inputs) -> Result<Outputs, Fault> {
    let table = CharTable::of(call.text("corpus")?);
    let rows: Plain<(usize, usize)> = call.tensor("rows")?;
    Ok(Outputs::new().text("decoded", &table.decode(&rows)))
}

fn sample_with_temperature(call: &Inputs) -> Result<Outputs, Fault> {
    let logits: Plain<(usize,)> = call.tensor("logits")?;
    let (logits, temperature, mut rng) = (logits.as_vec(), call.number("temperature")?, call.rng("seed")?);
    let draw = |_| student::sample_with_temperature(&logits, temperature, &mut rng);
    let drawn: Vec<usize> = (0..call.count("n")?).map(draw).collect::<Result<_, _>>()?;
    Ok(Outputs::new().indexes("drawn", &drawn))
}
