//! What a student's function returned, on its way back: values and gradients by name.

use dfdx::prelude::*;
use protocol::{Array, COUNTS, TAPE, Value, Values};

use crate::{Dev, Fault, FromLengths, Inputs, Plain, Taped, counts};

/// The outputs of one call.
#[derive(Default)]
pub struct Outputs(Values);

impl Outputs {
    /// No outputs yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a tensor's values.
    pub fn tensor<S: Shape, T>(self, name: &str, tensor: &Tensor<S, f32, Dev, T>) -> Self {
        self.array(name, values(tensor))
    }

    /// Adds the values of a tensor of double precision.
    pub fn double<S: Shape, T>(self, name: &str, tensor: &Tensor<S, f64, Dev, T>) -> Self {
        let shape: Vec<usize> = tensor.shape().concrete().into_iter().collect();
        self.array(name, Array::f64(&shape, tensor.as_vec()))
    }

    /// Adds a scalar.
    pub fn number(mut self, name: &str, number: impl Into<f64>) -> Self {
        self.0.insert(name.to_owned(), Value::Number(number.into()));
        self
    }

    /// Adds a vector of numbers.
    pub fn numbers(self, name: &str, numbers: &[f32]) -> Self {
        self.array(name, Array::f32(&[numbers.len()], numbers.to_vec()))
    }

    /// Adds a vector of counts, labels or indexes.
    pub fn indexes(self, name: &str, indexes: &[usize]) -> Self {
        let data = indexes.iter().map(|&i| i as u64).collect();
        self.array(name, Array::index(&[indexes.len()], data))
    }

    /// Adds a text.
    pub fn text(mut self, name: &str, text: &str) -> Self {
        self.0.insert(name.to_owned(), Value::Text(text.to_owned()));
        self
    }

    /// Adds any array.
    pub fn array(mut self, name: &str, array: Array) -> Self {
        self.0.insert(name.to_owned(), Value::Array(array));
        self
    }

    /// Adds the values of all these.
    pub fn tensors(self, tensors: &[(&str, &dyn Leaf)]) -> Self {
        tensors.iter().fold(self, |outputs, (name, tensor)| outputs.array(name, tensor.values()))
    }

    /// Adds `y` and, for each of `leaves`, `d_<name>`: the gradient of `⟨d_y, y⟩` with the call's cotangent `d_y`.
    /// A leaf that the tape never saw has the gradient zero. A `y` of another shape than `d_y` goes back alone, for the
    /// judge to complain about; so it does where the call has no `d_y`, which asks for the forward pass alone.
    pub fn gradients<S: FromLengths>(
        self,
        inputs: &Inputs,
        y: Taped<S>,
        leaves: &[(&str, &dyn Leaf)],
    ) -> Result<Self, Fault> {
        let outputs = self.tensor("y", &y);
        if !inputs.has("d_y") {
            return Ok(outputs);
        }
        let (outputs, y) = if inputs.has(COUNTS) { outputs.operations(y) } else { (outputs, y) };
        let cotangent: Plain<S> = inputs.tensor("d_y")?;
        if cotangent.shape() != y.shape() {
            return Ok(outputs);
        }
        let mut gradients = (y * cotangent).sum::<Rank0, _>().backward();
        Ok(leaves.iter().fold(outputs, |outputs, (name, leaf)| {
            outputs.array(&format!("d_{name}"), leaf.gradient(&mut gradients))
        }))
    }

    /// Adds the number of operations on the tape of `y`.
    fn operations<S: Shape>(self, y: Taped<S>) -> (Self, Taped<S>) {
        let (y, tape) = y.split_tape();
        let operations = counts::operations(&tape);
        (operations.into_iter().fold(self, |outputs, n| outputs.number(TAPE, n)), y.put_tape(tape))
    }

    /// The outputs by name.
    pub fn into_values(self) -> Values {
        self.0
    }
}

/// A tensor that a gradient can be asked for, whatever its shape.
pub trait Leaf {
    /// Its values.
    fn values(&self) -> Array;

    /// Its gradient, zero where the tape never saw it.
    fn gradient(&self, gradients: &mut Gradients<f32, Dev>) -> Array;
}

impl<S: Shape> Leaf for Plain<S> {
    fn values(&self) -> Array {
        values(self)
    }

    fn gradient(&self, gradients: &mut Gradients<f32, Dev>) -> Array {
        match gradients.get_or_alloc_mut(self) {
            Ok(_) => values(&gradients.get(self)),
            Err(_) => values(self),
        }
    }
}

fn values<S: Shape, T>(tensor: &Tensor<S, f32, Dev, T>) -> Array {
    let shape: Vec<usize> = tensor.shape().concrete().into_iter().collect();
    // dfdx 0.13 panics when it reads a tensor without elements.
    let values = if shape.contains(&0) { Vec::new() } else { tensor.as_vec() };
    Array::f32(&shape, values)
}
