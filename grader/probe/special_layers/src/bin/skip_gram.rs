//! Calls into `special_layers::skip_gram`.

use dfdx::prelude::*;
use probe::{Fault, Inputs, Outputs, Plain, serve};
use special_layers::skip_gram as student;

type Matrix = Plain<(usize, usize)>;

pub(crate) fn main() -> std::io::Result<()> {
    serve(&[
        ("skip_gram/skip_gram_pairs", |call| {
            let pairs = student::skip_gram_pairs(&sentences(call)?, call.count("window")?);
            let (centres, contexts): (Vec<usize>, Vec<usize>) = pairs.into_iter().unzip();
            Ok(Outputs::new().indexes("centres", &centres).indexes("contexts", &contexts))
        }),
        ("skip_gram/negative_distribution", |call| {
            let p = student::negative_distribution(&sentences(call)?, call.count("vocabulary")?)?;
            Ok(Outputs::new().numbers("p", &p))
        }),
        ("skip_gram/negative_sampling_loss", loss),
        ("skip_gram/analogy", |call| answers(call, Outputs::new(), &call.tensor("vectors")?)),
        ("skip_gram", |call| Ok(Outputs::new().tensor("vectors", &train(call)?))),
        ("skip_gram/skip_gram + analogy", |call| {
            let vectors = train(call)?;
            answers(call, Outputs::new().tensor("vectors", &vectors), &vectors)
        }),
    ])
}

/// The words, cut where sentences end.
fn sentences(call: &Inputs) -> Result<Vec<Vec<usize>>, Fault> {
    let mut words = call.indexes("words")?.into_iter();
    Ok(call.indexes("lengths")?.into_iter().map(|length| words.by_ref().take(length).collect()).collect())
}

fn loss(call: &Inputs) -> Result<Outputs, Fault> {
    let (centres, contexts): (Matrix, Matrix) = (call.tensor("centres")?, call.tensor("contexts")?);
    let negatives: Plain<(usize, usize, usize)> = call.tensor("negatives")?;
    let y = student::negative_sampling_loss(
        centres.leaky_trace(),
        contexts.leaky_trace(),
        negatives.leaky_trace(),
    );
    let leaves: [(&str, &dyn probe::Leaf); 3] =
        [("centres", &centres), ("contexts", &contexts), ("negatives", &negatives)];
    Outputs::new().gradients(call, y, &leaves)
}

fn train(call: &Inputs) -> Result<Matrix, Fault> {
    let recipe = student::Recipe {
        width: call.count("width")?,
        window: call.count("window")?,
        negatives: call.count("negatives")?,
        epochs: call.count("epochs")?,
        batch_size: call.count("batch_size")?,
        learning_rate: call.number("learning_rate")?,
    };
    let (sentences, vocabulary) = (sentences(call)?, call.count("vocabulary")?);
    Ok(student::skip_gram(&sentences, vocabulary, recipe, &call.dev, &mut call.rng("seed")?)?)
}

/// Adds the answer to each three words of `questions`; the number of words stands for none.
fn answers(call: &Inputs, outputs: Outputs, vectors: &Matrix) -> Result<Outputs, Fault> {
    let questions = call.indexes("questions")?;
    let (questions, _) = questions.as_chunks::<3>();
    let none = vectors.shape().0;
    let answer = |&question| student::analogy(vectors, question).unwrap_or(none);
    Ok(outputs.indexes("answers", &questions.iter().map(answer).collect::<Vec<_>>()))
}
