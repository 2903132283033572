//! Calls into `special_layers::translation_invariance`.

use probe::{Outputs, serve};
use special_layers::translation_invariance as student;

pub(crate) fn main() -> std::io::Result<()> {
    serve(&[("translation_invariance", |call| {
        let (pool, farthest) = (call.count("pool")?, call.count("farthest")?);
        let survival = student::translation_invariance(call.tensor("maps")?, pool, farthest)?;
        Ok(Outputs::new().numbers("survival", &survival))
    })])
}
