//! Calls into `tricks::augmentation`.

use probe::{Fault, Inputs, Outputs, Plain, serve};
use tricks::augmentation as student;

type Images = Plain<(usize, usize, usize, usize)>;

pub(crate) fn main() -> std::io::Result<()> {
    serve(&[
        ("flips", |call| {
            let x: Images = call.tensor("x")?;
            Ok(Outputs::new()
                .tensor("horizontal", &student::flip_horizontal(x.clone()))
                .tensor("vertical", &student::flip_vertical(x)))
        }),
        ("random_crop_resize", random),
        ("random_crop_resize/crop_resize", fixed),
    ])
}

fn fixed(call: &Inputs) -> Result<Outputs, Fault> {
    let [top, left, height, width] = numbers(call, "crop")?;
    let crop = student::Crop { top, left, height, width };
    let y = student::crop_resize(call.tensor("x")?, crop, size(call)?)?;
    Ok(Outputs::new().tensor("y", &y))
}

fn random(call: &Inputs) -> Result<Outputs, Fault> {
    let smallest = call.number("smallest")?;
    let y = student::random_crop_resize(call.tensor("x")?, smallest, size(call)?, &mut call.rng("seed")?);
    Ok(Outputs::new().tensor("y", &y))
}

fn size(call: &Inputs) -> Result<(usize, usize), Fault> {
    numbers(call, "size").map(|[height, width]| (height, width))
}

fn numbers<const N: usize>(call: &Inputs, name: &str) -> Result<[usize; N], Fault> {
    let numbers = call.indexes(name)?;
    numbers.try_into().map_err(|_| Fault::Unsupported(format!("argument `{name}` is not {N} numbers")))
}
