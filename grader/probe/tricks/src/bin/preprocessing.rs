//! Calls into `tricks::preprocessing`.

use probe::{Dev, Fault, FromLengths, Inputs, Outputs, Plain, serve};
use tricks::preprocessing as student;

type Matrix = (usize, usize);
type Image = (usize, usize, usize);
type Images = (usize, usize, usize, usize);

pub(crate) fn main() -> std::io::Result<()> {
    serve(&[
        ("standardize", |call| {
            let standardizer = match call.tensor::<Matrix>("training") {
                Ok(features) => student::Standardizer::fit(&features),
                Err(_) => student::Standardizer::fit(&call.tensor::<Images>("training")?),
            };
            standardize::<Matrix>(call, &standardizer)
                .or_else(|_| standardize::<Image>(call, &standardizer))
                .or_else(|_| standardize::<Images>(call, &standardizer))
        }),
        ("zca_whitening", |call| {
            let training: Plain<Matrix> = call.tensor("training")?;
            let zca = student::ZcaWhitening::fit(&training, call.number("epsilon")?);
            Ok(Outputs::new()
                .tensor("mean", &zca.mean)
                .tensor("matrix", &zca.matrix)
                .tensor("whitened", &zca.apply(training))
                .tensor("y", &zca.apply(call.tensor("data")?)))
        }),
    ])
}

/// Transforms the call's data, if it is of rank `S`.
fn standardize<S: FromLengths>(
    call: &Inputs,
    standardizer: &student::Standardizer<Dev>,
) -> Result<Outputs, Fault> {
    let data: Plain<S> = call.tensor("data")?;
    Ok(Outputs::new()
        .tensor("mean", &standardizer.mean)
        .tensor("std", &standardizer.std)
        .tensor("y", &standardizer.apply(data.clone()))
        .tensor("inverse", &standardizer.inverse(data)))
}
