//! Calls into `regularization::dropout_features`.

use dfdx::prelude::*;
use probe::{Dev, Fault, Inputs, Leaf, Outputs, Plain, serve};
use regularization::dropout_features::{self as student, Autoencoder};

type Matrix = Plain<(usize, usize)>;

pub(crate) fn main() -> std::io::Result<()> {
    serve(&[
        ("dropout_features/reconstruct", reconstruct),
        ("dropout_features/kurtosis", |call| {
            let weights: Matrix = call.tensor("weights")?;
            Ok(Outputs::new().numbers("kurtosis", &student::kurtosis(&weights)))
        }),
        ("dropout_features/train_autoencoder", |call| {
            let (network, loss) = train(call)?;
            Ok(Outputs::new().numbers("loss", &loss).tensors(&tensors(&network)))
        }),
        ("dropout_features/train_autoencoder + kurtosis", train_and_look),
    ])
}

probe::network! {
    Autoencoder of call = Autoencoder { encoder, encoder_bias, decoder, decoder_bias };
    encoder at encoder, encoder_bias at encoder_bias, decoder at decoder, decoder_bias at decoder_bias
}

fn reconstruct(call: &Inputs) -> Result<Outputs, Fault> {
    let (p, training, mut rng) = (call.number("p")?, call.flag("training")?, call.rng("seed")?);
    let (network, x): (_, Matrix) = (read(call)?, call.tensor("x")?);
    let y = student::reconstruct(&network, x.leaky_trace(), p, training, &mut rng)?;
    let x: [(&str, &dyn Leaf); 1] = [("x", &x)];
    Outputs::new().gradients(call, y, &[&x[..], &tensors(&network)].concat())
}

fn train(call: &Inputs) -> Result<(Autoencoder<Dev>, Vec<f32>), Fault> {
    let recipe = student::Recipe {
        hidden: call.count("hidden")?,
        dropout: call.number("dropout")?,
        epochs: call.count("epochs")?,
        batch_size: call.count("batch_size")?,
        learning_rate: call.number("learning_rate")?,
    };
    let images: Matrix = call.tensor("images")?;
    let training = student::train_autoencoder(&images, recipe, &mut call.rng("seed")?)?;
    Ok((training.autoencoder, training.loss))
}

/// Trains, and shows the features as images of the call's height.
fn train_and_look(call: &Inputs) -> Result<Outputs, Fault> {
    let (network, loss) = train(call)?;
    let kurtosis = student::kurtosis(&network.encoder);
    let ((pixels, hidden), height) = (*network.encoder.shape(), call.count("height")?);
    let features = network.encoder.clone().permute::<(usize, usize), Axes2<1, 0>>();
    let features = features.reshape_like(&(hidden, height, pixels / height));
    let outputs = Outputs::new().numbers("loss", &loss).tensors(&tensors(&network));
    Ok(outputs.tensor("features", &features).numbers("kurtosis", &kurtosis))
}
