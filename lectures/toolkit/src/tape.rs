//! What an operation with its own gradient needs from dfdx's tape, through dfdx's public interface only.

use dfdx::prelude::*;

use crate::update;

/// Adds `gradient` to the gradient of `tensor` (which is no permuted or broadcast view), on any device.
///
/// `Gradients` has no public sum. SGD's velocity `v ← µ·v + (g + λ·p)` with µ = λ = 1, g = 0 and a learning rate of 0
/// is one: it leaves the parameter `p` alone and adds it to `v`.
///
/// # Errors
/// When the device has no memory left.
pub fn accumulate<S: Shape, D: Device<f32>>(
    gradients: &mut Gradients<f32, D>,
    tensor: &Tensor<S, f32, D>,
    gradient: Tensor<S, f32, D>,
) -> Result<(), D::Err> {
    let device = tensor.device().clone();
    let slot = gradients.get_or_alloc_mut(tensor)?;
    let zeros = Storage::<f32>::try_alloc_len(&device, Storage::<f32>::len(&device, slot))?;
    let sum = SgdConfig {
        lr: 0.0,
        momentum: Some(Momentum::Classic(1.0)),
        weight_decay: Some(WeightDecay::L2(1.0)),
    };
    update::sgd(&sum, &mut gradient.contiguous(), slot, &zeros)
}

/// The gradients of ⟨`y`, `d_y`⟩ for everything that `y` was computed from: dfdx's own `backward` starts at a scalar.
pub fn backward_from<S: Shape, D: Device<f32>>(
    y: Tensor<S, f32, D, OwnedTape<f32, D>>,
    d_y: Tensor<S, f32, D>,
) -> Gradients<f32, D> {
    (y * d_y).sum::<Rank0, _>().backward()
}

/// The gradient of `tensor`: zeros where nothing flowed to it (dfdx's `get` panics then).
///
/// # Errors
/// When the device has no memory left.
pub fn gradient_of<S: Shape, D: Device<f32>>(
    gradients: &mut Gradients<f32, D>,
    tensor: &Tensor<S, f32, D>,
) -> Result<Tensor<S, f32, D>, D::Err> {
    gradients.try_alloc_for(tensor)?;
    Ok(gradients.get(tensor))
}

/// An operation of one input with its own gradient: `forward` makes `y` from `x`, `backward(x, y, d_y)` makes `d_x`.
///
/// `forward` must compute something: a result that shares its input's identity (`reshape_like`, `broadcast_like`, or
/// `x` itself) would be confused with it on the tape.
pub fn differentiable<S: Shape, R: Shape, D: Device<f32>, T: Tape<f32, D>>(
    x: Tensor<S, f32, D, T>,
    forward: impl FnOnce(Tensor<S, f32, D>) -> Tensor<R, f32, D>,
    backward: impl 'static + FnOnce(Tensor<S, f32, D>, Tensor<R, f32, D>, Tensor<R, f32, D>) -> Tensor<S, f32, D>,
) -> Tensor<R, f32, D, T> {
    let (x, mut tape) = x.contiguous().split_tape();
    let y = forward(x.clone());
    if T::OWNS_TAPE {
        let output = y.clone();
        tape.add_backward_op(move |gradients| {
            let d_y = gradient_of(gradients, &output)?;
            let d_x = backward(x.clone(), output, d_y);
            accumulate(gradients, &x, d_x)
        });
    }
    y.put_tape(tape)
}

/// A tensor apart from its tape, and its elements row by row. A permuted or broadcast view, whose memory is in another
/// order, is copied first, and the copy is on the tape.
pub(crate) fn open<S: Shape, T: Tape<f32, Cpu>>(
    x: Tensor<S, f32, Cpu, T>,
) -> (Tensor<S, f32, Cpu>, Vec<f32>, T) {
    let (x, tape) = x.contiguous().split_tape();
    let values = values(&x);
    (x, values, tape)
}

/// The elements of a tensor that is no view.
pub(crate) fn values<S: Shape>(x: &Tensor<S, f32, Cpu>) -> Vec<f32> {
    let mut values = vec![0.0; x.shape().num_elements()];
    x.copy_into(&mut values);
    values
}

/// Adds `b` to `a`, element by element.
pub(crate) fn add_assign(a: &mut [f32], b: &[f32]) {
    a.iter_mut().zip(b).for_each(|(a, b)| *a += b);
}
