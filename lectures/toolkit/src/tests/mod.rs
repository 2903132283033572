//! Values and gradients of every operation, against PyTorch (`golden`, `norm`, `optimizers`) and against finite differences of
//! plain float64 programs (`differences`): the CPU's own and the compositions that other devices run.

mod golden;
mod efficientnet;
mod norm;
mod optimizers;
mod oracle;
mod differences;
mod extremes;
mod training;

use dfdx::prelude::*;
use serde_json::Value;

/// The shape and values of `y`, and the gradient for `x` of ⟨`y`, (0, 1, 2, …)⟩.
pub(crate) fn values_and_gradient<S: Shape>(
    y: Tensor<S, f32, Cpu, OwnedTape<f32, Cpu>>,
    x: &Tensor<S, f32, Cpu>,
) -> (S, Vec<f32>, Vec<f32>) {
    let (shape, values) = (*y.shape(), y.as_vec());
    let d_y = y.device().tensor_from_vec((0..shape.num_elements()).map(|i| i as f32).collect(), shape);
    (shape, values, crate::tape::backward_from(y, d_y).get(x).as_vec())
}

/// A recorded call and what PyTorch answered in float64.
struct Golden(Value);

impl Golden {
    fn load(name: &str) -> Self {
        let path = format!("{}/../../grader/golden/toolkit/{name}.json", env!("CARGO_MANIFEST_DIR"));
        let text = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{path}: {error}"));
        Golden(serde_json::from_str(&text).unwrap())
    }

    fn count(&self, name: &str) -> usize {
        self.0["args"][name]["Count"].as_u64().unwrap() as usize
    }

    fn number(&self, name: &str) -> f32 {
        self.0["args"][name]["Number"].as_f64().unwrap() as f32
    }

    fn array(&self, part: &str, name: &str) -> (Vec<usize>, Vec<f64>) {
        let array = &self.0[part][name]["Array"];
        let shape =
            array["shape"].as_array().unwrap().iter().map(|size| size.as_u64().unwrap() as usize).collect();
        let data = array["data"].as_object().unwrap().values().next().unwrap();
        (shape, data.as_array().unwrap().iter().map(|number| number.as_f64().unwrap()).collect())
    }

    /// An argument as a tensor of a shape with as many axes.
    fn tensor<S: Shape<Concrete = [usize; N]>, const N: usize>(&self, name: &str) -> Tensor<S, f32, Cpu> {
        let (shape, data) = self.array("args", name);
        let shape = S::from_concrete(&shape.try_into().unwrap()).unwrap();
        Cpu::default().tensor_from_vec(data.iter().map(|&number| number as f32).collect(), shape)
    }

    fn indices(&self, name: &str) -> Vec<usize> {
        self.array("args", name).1.iter().map(|&index| index as usize).collect()
    }

    #[track_caller]
    fn check<S: Shape>(&self, name: &str, got: &Tensor<S, f32, Cpu>) {
        let (shape, want) = self.array("outputs", name);
        assert_eq!(got.shape().concrete().into_iter().collect::<Vec<_>>(), shape, "shape of {name}");
        close(name, &got.as_vec(), &want, 2e-6);
    }
}

/// Whether all numbers are close: `tolerance` relative to the largest one expected, a few hundred float32 roundings.
#[track_caller]
fn close(name: &str, got: &[f32], want: &[f64], tolerance: f64) {
    assert_eq!(got.len(), want.len(), "length of {name}");
    let scale = want.iter().fold(1.0_f64, |a, b| a.max(b.abs()));
    for (k, (got, want)) in got.iter().zip(want).enumerate() {
        assert!((f64::from(*got) - want).abs() <= tolerance * scale, "{name}[{k}]: {got} is not {want}");
    }
}

/// The traced tensor's type.
type Traced = OwnedTape<f32, Cpu>;
