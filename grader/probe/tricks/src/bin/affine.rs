//! Calls into `tricks::affine`.

use probe::{Fault, Inputs, Outputs, Plain, serve};
use tricks::affine::{self as student, Affine, FillMode};

pub(crate) fn main() -> std::io::Result<()> {
    serve(&[("affine_augment", |call| {
        let transforms: Plain<(usize, usize)> = call.tensor("transforms")?;
        let transforms: Vec<Affine> = transforms.as_vec().chunks_exact(6).map(transform).collect();
        let y = student::affine_augment(call.tensor("x")?, &transforms, fill(call)?)?;
        Ok(Outputs::new().tensor("y", &y))
    })])
}

/// A row of `transforms`: rotation, shift of rows and columns, shear, zoom of rows and columns.
fn transform(row: &[f32]) -> Affine {
    Affine { rotation: row[0], shift: (row[1], row[2]), shear: row[3], zoom: (row[4], row[5]) }
}

fn fill(call: &Inputs) -> Result<FillMode, Fault> {
    Ok(match call.text("fill")? {
        "constant" => FillMode::Constant(call.number("value")?),
        "nearest" => FillMode::Nearest,
        "reflect" => FillMode::Reflect,
        "wrap" => FillMode::Wrap,
        other => return Err(Fault::Unsupported(format!("there is no fill mode {other}"))),
    })
}
