//! A call's arguments as the tensors and numbers that student functions take.

use std::collections::BTreeMap;

use dfdx::prelude::*;
use protocol::{Array, Data, Value, Values};
use rand::{SeedableRng, rngs::StdRng};

use crate::{Dev, Plain};

/// Why a call gave no outputs.
#[derive(Debug)]
pub enum Fault {
    /// The student's function returned `Err` with this message.
    Refused(String),
    /// The call does not fit the adapter: the course's fault.
    Unsupported(String),
}

impl Fault {
    /// A device's own error, which on CUDA is no `std::error::Error`.
    pub fn device(error: impl std::fmt::Debug) -> Self {
        Self::Refused(format!("the device failed: {error:?}"))
    }
}

impl<E: std::error::Error> From<E> for Fault {
    fn from(error: E) -> Self {
        Self::Refused(error.to_string())
    }
}

/// The arguments of one call, and a fresh device seeded with 0 to put them on.
pub struct Inputs {
    /// Where tensors live.
    pub dev: Dev,
    args: Values,
}

impl Inputs {
    /// Wraps a call's arguments.
    pub fn new(args: Values) -> Self {
        Self { dev: Dev::seed_from_u64(0), args }
    }

    /// The single-precision tensor `name`, of rank `S`.
    pub fn tensor<S: FromLengths>(&self, name: &str) -> Result<Plain<S>, Fault> {
        match self.array(name)? {
            Array { shape, data: Data::F32(data) } => {
                let shape = S::from_lengths(shape).ok_or_else(|| wrong(name, "a tensor of that rank"))?;
                Ok(self.dev.tensor_from_vec(data.clone(), shape))
            }
            _ => Err(wrong(name, "a single-precision tensor")),
        }
    }

    /// The double-precision tensor `name`, of rank `S`.
    pub fn double<S: FromLengths>(&self, name: &str) -> Result<Tensor<S, f64, Dev>, Fault> {
        match self.array(name)? {
            Array { shape, data: Data::F64(data) } => {
                let shape = S::from_lengths(shape).ok_or_else(|| wrong(name, "a tensor of that rank"))?;
                Ok(self.dev.tensor_from_vec(data.clone(), shape))
            }
            _ => Err(wrong(name, "a double-precision tensor")),
        }
    }

    /// Whether there is an argument `name`.
    pub fn has(&self, name: &str) -> bool {
        self.args.contains_key(name)
    }

    /// The names `name0`, `name1`, …, as many as there are arguments.
    pub fn numbered(&self, name: &str) -> impl Iterator<Item = String> {
        (0..).map(move |i| format!("{name}{i}")).take_while(|name| self.has(name))
    }

    /// The tensors `name0`, `name1`, …, as many as there are.
    pub fn tensors<S: FromLengths>(&self, name: &str) -> Result<Vec<Plain<S>>, Fault> {
        self.numbered(name).map(|name| self.tensor(&name)).collect()
    }

    /// All single-precision arrays whose names start with `prefix`, by the rest of their names: shape and numbers.
    pub fn arrays(&self, prefix: &str) -> BTreeMap<String, (Vec<usize>, Vec<f32>)> {
        let named = self.args.iter().filter_map(|(name, value)| match (name.strip_prefix(prefix), value) {
            (Some(name), Value::Array(Array { shape, data: Data::F32(data) })) => {
                Some((name.to_owned(), (shape.clone(), data.clone())))
            }
            _ => None,
        });
        named.collect()
    }

    /// Every array of the call on the device, as vectors of single precision, double precision and indexes.
    pub(crate) fn every_array(
        &self,
    ) -> (Vec<Plain<(usize,)>>, Vec<Tensor<(usize,), f64, Dev>>, Vec<Vec<usize>>) {
        let mut all = (Vec::new(), Vec::new(), Vec::new());
        for value in self.args.values() {
            match value {
                Value::Array(Array { data: Data::F32(data), .. }) => {
                    all.0.push(self.dev.tensor_from_vec(data.clone(), (data.len(),)))
                }
                Value::Array(Array { data: Data::F64(data), .. }) => {
                    all.1.push(self.dev.tensor_from_vec(data.clone(), (data.len(),)))
                }
                Value::Array(Array { data: Data::Index(data), .. }) => {
                    all.2.push(data.iter().map(|&i| i as usize).collect())
                }
                _ => {}
            }
        }
        all
    }

    /// The vector of sizes, labels or indexes `name`.
    pub fn indexes(&self, name: &str) -> Result<Vec<usize>, Fault> {
        match self.array(name)? {
            Array { data: Data::Index(data), .. } => Ok(data.iter().map(|&i| i as usize).collect()),
            _ => Err(wrong(name, "a vector of indexes")),
        }
    }

    /// The scalar `name`.
    pub fn number(&self, name: &str) -> Result<f32, Fault> {
        match self.value(name)? {
            Value::Number(number) => Ok(*number as f32),
            _ => Err(wrong(name, "a number")),
        }
    }

    /// The size or index `name`.
    pub fn count(&self, name: &str) -> Result<usize, Fault> {
        match self.value(name)? {
            Value::Count(count) => Ok(*count as usize),
            _ => Err(wrong(name, "a count")),
        }
    }

    /// The size or index `name`, or this one where the call has none.
    pub fn count_or(&self, name: &str, usual: usize) -> Result<usize, Fault> {
        if self.has(name) { self.count(name) } else { Ok(usual) }
    }

    /// The scalar `name`, or this one where the call has none.
    pub fn number_or(&self, name: &str, usual: f32) -> Result<f32, Fault> {
        if self.has(name) { self.number(name) } else { Ok(usual) }
    }

    /// The switch `name`, or as it usually is where the call has none.
    pub fn flag_or(&self, name: &str, usual: bool) -> Result<bool, Fault> {
        if self.has(name) { self.flag(name) } else { Ok(usual) }
    }

    /// A generator seeded with the count `name`.
    pub fn rng(&self, name: &str) -> Result<StdRng, Fault> {
        Ok(StdRng::seed_from_u64(self.count(name)? as u64))
    }

    /// The word `name`.
    pub fn text(&self, name: &str) -> Result<&str, Fault> {
        match self.value(name)? {
            Value::Text(text) => Ok(text),
            _ => Err(wrong(name, "a word")),
        }
    }

    /// The switch `name`.
    pub fn flag(&self, name: &str) -> Result<bool, Fault> {
        match self.value(name)? {
            Value::Flag(flag) => Ok(*flag),
            _ => Err(wrong(name, "a switch")),
        }
    }

    fn array(&self, name: &str) -> Result<&Array, Fault> {
        match self.value(name)? {
            Value::Array(array) if array.is_consistent() => Ok(array),
            _ => Err(wrong(name, "an array")),
        }
    }

    fn value(&self, name: &str) -> Result<&Value, Fault> {
        self.args.get(name).ok_or_else(|| Fault::Unsupported(format!("the call has no argument `{name}`")))
    }
}

fn wrong(name: &str, wanted: &str) -> Fault {
    Fault::Unsupported(format!("argument `{name}` is not {wanted}"))
}

/// Shapes that can be made from a list of lengths.
pub trait FromLengths: Shape {
    /// The shape with these lengths, if their number is its rank.
    fn from_lengths(lengths: &[usize]) -> Option<Self>;
}

impl FromLengths for () {
    fn from_lengths(lengths: &[usize]) -> Option<Self> {
        lengths.is_empty().then_some(())
    }
}

macro_rules! from_lengths {
    ($(($($n:ident),+) $usizes:ty;)+) => {$(
        impl FromLengths for $usizes {
            fn from_lengths(lengths: &[usize]) -> Option<Self> {
                let &[$($n),+] = lengths else { return None };
                Some(($($n,)+))
            }
        }
    )+};
}

from_lengths! {
    (a) (usize,);
    (a, b) (usize, usize);
    (a, b, c) (usize, usize, usize);
    (a, b, c, d) (usize, usize, usize, usize);
    (a, b, c, d, e) (usize, usize, usize, usize, usize);
}
