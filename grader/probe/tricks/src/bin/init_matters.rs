//! Calls into `tricks::init_matters`.

use probe::{Fault, Inputs, Outputs, serve};
use tricks::init_matters as student;

pub(crate) fn main() -> std::io::Result<()> {
    serve(&[
        ("does_init_matter", training),
        ("does_init_matter/initial_weights", |call| {
            let (shape, mut rng) = ((call.count("inputs")?, call.count("outputs")?), call.rng("seed")?);
            let weights = student::initial_weights(initialization(call)?, shape, &call.dev, &mut rng);
            Ok(Outputs::new().tensor("weights", &weights))
        }),
    ])
}

fn training(call: &Inputs) -> Result<Outputs, Fault> {
    let examples = |images: &str, labels: &str| -> Result<_, Fault> {
        Ok(student::Examples { images: call.tensor(images)?, labels: call.indexes(labels)? })
    };
    let recipe = student::Recipe {
        hidden: call.count("hidden")?,
        epochs: call.count("epochs")?,
        batch_size: call.count("batch_size")?,
        learning_rate: call.number("learning_rate")?,
    };
    let (train, test) = (examples("train", "train_labels")?, examples("test", "test_labels")?);
    let curve =
        student::does_init_matter(&train, &test, initialization(call)?, recipe, &mut call.rng("seed")?);
    Ok(Outputs::new().numbers("loss", &curve.train_loss).number("accuracy", curve.test_accuracy))
}

fn initialization(call: &Inputs) -> Result<student::Initialization, Fault> {
    match call.text("initialization")? {
        "zero" => Ok(student::Initialization::Zero),
        "small" => Ok(student::Initialization::Small),
        "large" => Ok(student::Initialization::Large),
        "xavier" => Ok(student::Initialization::Xavier),
        "he" => Ok(student::Initialization::He),
        other => Err(Fault::Unsupported(format!("there is no initialization `{other}`"))),
    }
}
