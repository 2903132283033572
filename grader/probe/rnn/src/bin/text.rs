//! Calls into `rnn::text`.

use probe::{Fault, Inputs, Outputs, Plain, serve};
use rnn::text::{self as student, CharTable};

pub(crate) fn main() -> std::io::Result<()> {
    serve(&[("char_table", char_table), ("sample_with_temperature", sample_with_temperature)])
}

fn char_table(call: &Inputs) -> Result<Outputs, Fault> {
    let table = CharTable::of(call.text("corpus")?);
    let characters: String = table.characters.iter().collect();
    let outputs = Outputs::new().text("characters", &characters);
    if call.has("rows") {
        let rows: Plain<(usize, usize)> = call.tensor("rows")?;
        return Ok(outputs.text("decoded", &table.decode(&rows)));
    }
    let text = call.text("text")?;
    let rows = table.one_hot(text, &call.dev)?;
    Ok(outputs
        .indexes("numbers", &table.encode(text)?)
        .text("decoded", &table.decode(&rows))
        .tensor("rows", &rows))
}

fn sample_with_temperature(call: &Inputs) -> Result<Outputs, Fault> {
    let logits: Plain<(usize,)> = call.tensor("logits")?;
    let (logits, temperature, mut rng) = (logits.as_vec(), call.number("temperature")?, call.rng("seed")?);
    let draw = |_| student::sample_with_temperature(&logits, temperature, &mut rng);
    let drawn: Vec<usize> = (0..call.count("n")?).map(draw).collect::<Result<_, _>>()?;
    Ok(Outputs::new().indexes("drawn", &drawn))
}
