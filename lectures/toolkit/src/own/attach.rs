//! Puts what such a layer computed onto the tape of the network, whichever that is, as one operation.
//!
//! The layer writes on a tape of its own, which begins at its arguments. In the backward pass the gradient that arrives at its
//! result goes through that tape, and what comes out at the arguments is added to theirs.

use dfdx::prelude::*;

use super::{Lstm, Recorded, inside};
use crate::ops::LstmWeights;
use crate::tape::{accumulate, backward_from, gradient_of};
use crate::tensor::{Matrix, Sequences};

type Plain<S> = Tensor<S, f32, Cpu>;
type Taped<S> = Tensor<S, f32, Cpu, Recorded>;
type Failure = <Cpu as HasErr>::Err;

/// `layer` of `x` alone.
pub(crate) fn alone<S: Shape, R: Shape, T: Tape<f32, Cpu>>(
    x: Tensor<S, f32, Cpu, T>,
    layer: impl FnOnce(Taped<S>) -> Taped<R>,
) -> Tensor<R, f32, Cpu, T> {
    let (x, tape) = x.contiguous().split_tape();
    let y = inside(|| layer(x.leaky_trace()));
    attach(tape, y, vec![Box::new(x)])
}

/// `layer` of `x` and two tensors that are learnt.
pub(crate) fn with_parameters<S: Shape, A: Shape, B: Shape, R: Shape, T: Tape<f32, Cpu>>(
    x: Tensor<S, f32, Cpu, T>,
    (a, b): (&Plain<A>, &Plain<B>),
    layer: impl FnOnce(Taped<S>, &Plain<A>, &Plain<B>) -> Taped<R>,
) -> Tensor<R, f32, Cpu, T> {
    let (x, tape) = x.contiguous().split_tape();
    let ((a, a_tape), (b, b_tape)) = (opened::<_, T>(a), opened::<_, T>(b));
    let y = inside(|| layer(x.leaky_trace(), &a, &b));
    attach(tape.merge(a_tape).merge(b_tape), y, vec![Box::new(x), Box::new(a), Box::new(b)])
}

/// An LSTM layer from `(h, c)`: all states, and the last c. The tape is in the first.
pub(crate) fn lstm<T: Tape<f32, Cpu>>(
    x: Sequences<Cpu, T>,
    (h, c): (Matrix<Cpu, T>, Matrix<Cpu, T>),
    weights: &LstmWeights<Cpu>,
    layer: Lstm,
) -> (Sequences<Cpu, T>, Matrix<Cpu, T>) {
    let (x, tape) = x.contiguous().split_tape();
    let ((h, h_tape), (c, c_tape)) = (h.contiguous().split_tape(), c.contiguous().split_tape());
    let states = (h.leaky_trace(), c.leaky_trace());
    let (y, last) = inside(|| layer(x.leaky_trace(), states, weights));
    let (LstmWeights { input, hidden, bias }, tape) = (weights.clone(), tape.merge(h_tape).merge(c_tape));
    let leaves: Leaves =
        vec![Box::new(x), Box::new(h), Box::new(c), Box::new(input), Box::new(hidden), Box::new(bias)];
    attach_both(tape, (y.contiguous(), last.contiguous()), leaves)
}

/// A parameter in one piece, and the tape on which that is written.
fn opened<S: Shape, T: Tape<f32, Cpu>>(parameter: &Plain<S>) -> (Plain<S>, T) {
    parameter.retaped::<T>().contiguous().split_tape()
}

/// What a gradient comes out at.
trait Leaf {
    /// Adds its gradient in `from` to that in `to`.
    fn hand_on(&self, from: &mut Gradients<f32, Cpu>, to: &mut Gradients<f32, Cpu>) -> Result<(), Failure>;
}

type Leaves = Vec<Box<dyn Leaf>>;

impl<S: Shape> Leaf for Plain<S> {
    fn hand_on(&self, from: &mut Gradients<f32, Cpu>, to: &mut Gradients<f32, Cpu>) -> Result<(), Failure> {
        let gradient = gradient_of(from, self)?;
        accumulate(to, self, gradient)
    }
}

fn attach<R: Shape, T: Tape<f32, Cpu>>(mut tape: T, y: Taped<R>, leaves: Leaves) -> Tensor<R, f32, Cpu, T> {
    let (y, own) = y.contiguous().split_tape();
    if T::OWNS_TAPE {
        let output = y.clone();
        tape.add_backward_op(move |gradients| {
            let d_y = gradient_of(gradients, &output)?;
            let mut found = backward_from(output.put_tape(own), d_y);
            leaves.iter().try_for_each(|leaf| leaf.hand_on(&mut found, gradients))
        });
    }
    y.put_tape(tape)
}

/// As [`attach`], of two results, where the own tape is in the first.
fn attach_both<R: Shape, S: Shape, T: Tape<f32, Cpu>>(
    mut tape: T,
    (y, z): (Taped<R>, Taped<S>),
    leaves: Leaves,
) -> (Tensor<R, f32, Cpu, T>, Tensor<S, f32, Cpu, T>) {
    let ((y, own), (z, z_own)) = (y.split_tape(), z.split_tape());
    if T::OWNS_TAPE {
        let (first, second) = (y.clone(), z.clone());
        tape.add_backward_op(move |gradients| {
            let (d_y, d_z) = (gradient_of(gradients, &first)?, gradient_of(gradients, &second)?);
            let one = (first.put_tape(own) * d_y).sum::<Rank0, _>();
            let mut found = (one + (second.put_tape(z_own) * d_z).sum::<Rank0, _>()).backward();
            leaves.iter().try_for_each(|leaf| leaf.hand_on(&mut found, gradients))
        });
    }
    (y.put_tape(tape), z.put_tape(T::default()))
}
