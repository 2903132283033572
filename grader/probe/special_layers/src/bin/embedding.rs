//! Calls into `special_layers::embedding`.

use dfdx::prelude::*;
use probe::{Fault, FromLengths, Inputs, Outputs, Plain, serve};
use special_layers::embedding::{self as student, IndexShape};

pub(crate) fn main() -> std::io::Result<()> {
    serve(&[("embedding", |call| match call.indexes("shape")?[..] {
        [] => look_up(call, ()),
        [n] => look_up(call, (n,)),
        [n, steps] => look_up(call, (n, steps)),
        [n, h, w] => look_up(call, (n, h, w)),
        _ => Err(Fault::Unsupported("no indexes have a shape of that rank".to_owned())),
    })])
}

/// Looks up the indexes of the call, in the shape `indexes`.
fn look_up<I: IndexShape>(call: &Inputs, shape: I) -> Result<Outputs, Fault>
where
    I::Vectors: FromLengths,
{
    let table: Plain<(usize, usize)> = call.tensor("table")?;
    let indexes = call.dev.tensor_from_vec(call.indexes("indexes")?, shape);
    let y = student::embedding(table.leaky_trace(), &indexes)?;
    if y.shape().num_elements() == 0 {
        return Ok(Outputs::new().tensor("y", &y));
    }
    Outputs::new().gradients(call, y, &[("table", &table)])
}
