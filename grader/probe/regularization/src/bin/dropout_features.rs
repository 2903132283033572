//! Calls into `regularization::dropout_features`: by what they bring, a reconstruction, a training or a measurement.

use dfdx::prelude::*;
use probe::{Fault, Inputs, Outputs, Plain, serve};
use regularization::dropout_features as student;

type Matrix = Plain<(usize, usize)>;

pub(crate) fn main() -> std::io::Result<()> {
    serve(&[("dropout_features", |call| {
        if call.has("x") {
            reconstruct(call)
        } else if call.has("images") {
            train(call)
        } else {
            let weights: Matrix = call.tensor("weights")?;
            Ok(Outputs::new().numbers("kurtosis", &student::kurtosis(&weights)))
        }
    })])
}

fn reconstruct(call: &Inputs) -> Result<Outputs, Fault> {
    let (p, training, mut rng) = (call.number("p")?, call.flag("training")?, call.rng("seed")?);
    let network = student::Autoencoder {
        encoder: call.tensor("encoder")?,
        encoder_bias: call.tensor("encoder_bias")?,
        decoder: call.tensor("decoder")?,
        decoder_bias: call.tensor("decoder_bias")?,
    };
    let x: Matrix = call.tensor("x")?;
    let y = student::reconstruct(&network, x.leaky_trace(), p, training, &mut rng)?;
    Outputs::new().gradients(
        call,
        y,
        &[
            ("x", &x),
            ("encoder", &network.encoder),
            ("encoder_bias", &network.encoder_bias),
            ("decoder", &network.decoder),
            ("decoder_bias", &network.decoder_bias),
        ],
    )
}

fn train(call: &Inputs) -> Result<Outputs, Fault> {
    let recipe = student::Recipe {
        hidden: call.count("hidden")?,
        dropout: call.number("dropout")?,
        epochs: call.count("epochs")?,
        batch_size: call.count("batch_size")?,
        learning_rate: call.number("learning_rate")?,
    };
    let images: Matrix = call.tensor("images")?;
    let student::Training { autoencoder: network, loss } =
        student::train_autoencoder(&images, recipe, &mut call.rng("seed")?)?;
    let outputs = Outputs::new()
        .numbers("loss", &loss)
        .tensor("encoder", &network.encoder)
        .tensor("encoder_bias", &network.encoder_bias)
        .tensor("decoder", &network.decoder)
        .tensor("decoder_bias", &network.decoder_bias);
    if !call.has("height") {
        return Ok(outputs);
    }
    let kurtosis = student::kurtosis(&network.encoder);
    let (hidden, height) = (recipe.hidden, call.count("height")?);
    let features = network.encoder.permute::<(usize, usize), Axes2<1, 0>>();
    let features = features.reshape_like(&(hidden, height, images.shape().1 / height));
    Ok(outputs.tensor("features", &features).numbers("kurtosis", &kurtosis))
}
