//! Calls into `regularization::stratified_split`.

use probe::{Fault, Outputs, serve};
use regularization::stratified_split as student;

pub(crate) fn main() -> std::io::Result<()> {
    serve(&[("stratified_split", |call| {
        let labels = call.indexes("labels")?;
        let share = call.double::<()>("share")?.as_vec()[0];
        let fold = student::stratified_split(&labels, share, &mut call.rng("seed")?)?;
        let of = |examples: &[usize]| -> Result<Vec<usize>, Fault> {
            let label = |&example: &usize| labels.get(example).copied();
            let found: Option<Vec<usize>> = examples.iter().map(label).collect();
            found.ok_or_else(|| Fault::Refused("the split has an example that there is not".to_owned()))
        };
        let mut validation = fold.validation.clone();
        validation.sort_unstable();
        Ok(Outputs::new()
            .indexes("classes_in_validation", &of(&fold.validation)?)
            .indexes("classes_in_training", &of(&fold.training)?)
            .indexes("both_parts", &[&fold.training[..], &fold.validation].concat())
            .indexes("validation", &validation))
    })])
}
