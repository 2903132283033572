//! Calls into `regularization::cross_validation`.

use dfdx::prelude::*;
use probe::{Fault, Inputs, Outputs, serve};
use regularization::cross_validation as student;

pub(crate) fn main() -> std::io::Result<()> {
    serve(&[("k_fold", k_fold), ("best_gamma", best_gamma)])
}

fn k_fold(call: &Inputs) -> Result<Outputs, Fault> {
    let folds = student::k_fold(call.count("n")?, call.count("k")?, &mut call.rng("seed")?)?;
    let parts = |of: fn(&student::Fold) -> &Vec<usize>| folds.iter().map(of).collect::<Vec<_>>();
    let (training, validation) = (parts(|fold| &fold.training), parts(|fold| &fold.validation));
    let sizes = |parts: &[&Vec<usize>]| parts.iter().map(|part| part.len()).collect::<Vec<_>>();
    let mut first = validation.first().map(|part| part.to_vec()).unwrap_or_default();
    first.sort_unstable();
    let outputs = Outputs::new()
        .indexes("validation_sizes", &sizes(&validation))
        .indexes("training_sizes", &sizes(&training))
        .indexes(
            "all_validation_examples",
            &validation.iter().copied().flatten().copied().collect::<Vec<_>>(),
        )
        .indexes("first_validation_part", &first);
    let both =
        training.iter().zip(&validation).map(|(training, validation)| [&training[..], validation].concat());
    Ok(both
        .enumerate()
        .fold(outputs, |outputs, (i, both)| outputs.indexes(&format!("both_parts_of_fold{i}"), &both)))
}

fn best_gamma(call: &Inputs) -> Result<Outputs, Fault> {
    // dfdx has no empty tensors.
    let gammas: Vec<f64> = if call.has("gammas") {
        call.tensor::<(usize,)>("gammas")?.as_vec().into_iter().map(f64::from).collect()
    } else {
        Vec::new()
    };
    let names = call.numbered("training").zip(call.numbered("validation"));
    let folds = names.map(|(training, validation)| {
        Ok(student::Fold { training: call.indexes(&training)?, validation: call.indexes(&validation)? })
    });
    let folds = folds.collect::<Result<Vec<_>, Fault>>()?;
    let search = student::best_gamma(&call.tensor("a")?, &call.tensor("y")?, &gammas, &folds)?;
    let count = search.errors.len();
    let errors: Tensor<(usize,), f64, _> = call.dev.tensor_from_vec(search.errors, (count,));
    Ok(Outputs::new().number("gamma", search.gamma).double("errors", &errors))
}
