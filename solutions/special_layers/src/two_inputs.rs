//! A network with two inputs: a branch for each, a merge layer where they meet, and what comes after it.

use dfdx::prelude::*;
use toolkit::tensor::{Matrix, Sequences, Vector};

use crate::{
    dense::dense,
    merge::{MergeError, merge_add, merge_concatenate, merge_dot},
};

/// What a dense layer has learnt.
#[derive(Clone, Debug)]
pub struct Weights<D: Device<f32>> {
    /// (in, units).
    pub weight: Matrix<D>,
    /// (units,)
    pub bias: Vector<D>,
}

/// The network: a layer for each input, and one for what the merge layer makes of both.
#[derive(Clone, Debug)]
pub struct TwoInputs<D: Device<f32>> {
    /// For the first input.
    pub first: Weights<D>,
    /// For the second input.
    pub second: Weights<D>,
    /// Behind the merge layer.
    pub output: Weights<D>,
}

/// Where the branches meet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Meeting {
    /// `merge_add`.
    Add,
    /// `merge_concatenate`, along the features.
    Concatenate,
    /// `merge_dot` of each example's two vectors, not normalized: one number an example.
    Dot,
}

/// The output of a network with two inputs.
///
/// ```text
/// a ── dense (first)  ── relu ── h₁ ╮
///                                   ├─ m = merge(h₁, h₂) ── dense (output) ── y
/// b ── dense (second) ── relu ── h₂ ╯
/// ```
///
/// | merge | m | weights of the output layer |
/// |---|---|---|
/// | add | h₁ + h₂: (n, units) | (units, out) |
/// | concatenate | first h₁, then h₂: (n, units₁ + units₂) | (units₁ + units₂, out) |
/// | dot | h₁ · h₂, for each example: (n, 1) | (1, out) |
///
/// Shapes: `a` (n, in₁) and `b` (n, in₂) with n ≥ 1 give (n, out). Behind the output layer there is no activation. The
/// gradient reaches both inputs and the weights of all three layers.
///
/// Compose it of what you wrote: `dense`, `merge_add`, `merge_concatenate`, `merge_dot`; dfdx's `relu` stands between.
///
/// # Errors
/// Those of the merge layer, when the branches do not fit each other.
///
/// Source: slide “Merge layers” (`keras.layers.Add` of two branches of 8 units, then 4 outputs); Keras's functional API.
///
/// ```
/// use dfdx::prelude::*;
/// use special_layers::two_inputs::{Meeting, TwoInputs, Weights, two_inputs};
/// let dev = Cpu::default();
/// let layer = |weight: Vec<f32>, shape: (usize, usize)| Weights {
///     weight: dev.tensor_from_vec(weight, shape),
///     bias: dev.zeros_like(&(shape.1,)),
/// };
/// let mut model = TwoInputs {
///     first: layer(vec![1.0, -1.0], (1, 2)),            // relu makes (3, 0) of 3
///     second: layer(vec![1.0, 0.0, 0.0, 1.0], (2, 2)),  // and leaves (5, 7) as it is
///     output: layer(vec![1.0, 100.0], (2, 1)),
/// };
/// let (a, b) = (dev.tensor_from_vec(vec![3.0], (1, 1)), dev.tensor_from_vec(vec![5.0, 7.0], (1, 2)));
/// let sum = two_inputs(&model, a.clone(), b.clone(), Meeting::Add).unwrap();
/// assert_eq!(sum.as_vec(), [708.0]); // (3 + 5) · 1 + (0 + 7) · 100
/// model.output = layer(vec![2.0], (1, 1));
/// assert_eq!(two_inputs(&model, a, b, Meeting::Dot).unwrap().as_vec(), [30.0]); // (3 · 5 + 0 · 7) · 2
/// ```
pub fn two_inputs<D: Device<f32>, T: Tape<f32, D>>(
    model: &TwoInputs<D>,
    a: Matrix<D, T>,
    b: Matrix<D, T>,
    meeting: Meeting,
) -> Result<Matrix<D, T>, MergeError> {
    let h1 = dense(a, &model.first.weight, &model.first.bias).relu();
    let h2 = dense(b, &model.second.weight, &model.second.bias).relu();
    let merged = match meeting {
        Meeting::Add => merge_add(vec![h1, h2])?,
        Meeting::Concatenate => merge_concatenate(vec![h1, h2], 1)?,
        Meeting::Dot => {
            let n = h1.shape().0;
            merge_dot(one_step(h1), one_step(h2), (2, 2), false)?.reshape_like(&(n, 1))
        }
    };
    Ok(dense(merged, &model.output.weight, &model.output.bias))
}

/// `merge_dot` takes sequences of vectors: here each has a single one.
fn one_step<D: Device<f32>, T: Tape<f32, D>>(x: Matrix<D, T>) -> Sequences<D, T> {
    let (n, units) = *x.shape();
    x.reshape_like(&(n, 1, units))
}
