//! What happens at the edges: NaN, ties, views, several uses of one tensor, and shapes that don't fit.

use dfdx::prelude::*;

use crate::ops::{
    ActivationOps, ConvConfig, ConvOps, DenseOps, EmbeddingOps, LossOps, PoolConfig, PoolOps, composition,
};
use crate::shape;
use crate::tensor::{Images, Indices, Matrix, Vector};

fn matrix(rows: &[&[f32]]) -> Matrix<Cpu> {
    Cpu::default().tensor_from_vec(rows.concat(), (rows.len(), rows[0].len()))
}

#[test]
fn nan_is_kept() {
    let x = matrix(&[&[f32::NAN, -1.0], &[0.0, 2.0]]);
    for y in [Cpu::relu(x.clone()), composition::relu(x.clone())] {
        assert!(y.as_vec()[0].is_nan());
        assert_eq!(y.as_vec()[1..], [0.0, 0.0, 2.0]);
    }
    assert!(Cpu::sigmoid(x.clone()).as_vec()[0].is_nan() && Cpu::tanh(x.clone()).as_vec()[0].is_nan());
    let image = x.clone().reshape_like(&(1, 2, 2, 1));
    assert!(Cpu::max_pool2d(image, PoolConfig { size: 2, stride: 2 }).as_vec()[0].is_nan());
    let targets: Indices<Cpu> = x.device().tensor_from_vec(vec![1, 1], (2,));
    assert!(Cpu::softmax_cross_entropy(x, &targets).as_vec()[0].is_nan());
}

#[test]
fn the_first_of_equal_maxima_gets_the_gradient() {
    for value in [1.0, f32::NEG_INFINITY] {
        let x: Images<Cpu> = Cpu::default().tensor_from_vec(vec![value; 16], (1, 4, 4, 1));
        let y = Cpu::max_pool2d(x.leaky_trace(), PoolConfig { size: 2, stride: 2 });
        let gradient = y.sum::<Rank0, _>().backward().get(&x).as_vec();
        assert_eq!(gradient.iter().sum::<f32>(), 4.0);
        assert!(gradient.chunks(4).all(|row| row.iter().all(|g| *g == 0.0 || *g == 1.0)));
        assert!(value.is_infinite() || gradient[..4] == [1.0, 0.0, 1.0, 0.0]);
    }
}

#[test]
fn views_give_what_their_copies_give() {
    let dev = Cpu::default();
    let (a, w) = (matrix(&[&[1.0, 2.0, 3.0], &[4.0, 5.0, 6.0]]), matrix(&[&[1.0, -1.0], &[2.0, 0.5]]));
    let bias: Vector<Cpu> = dev.tensor_from_vec(vec![0.25, -0.5], (2,));
    let transposed = a.leaky_trace().permute::<(usize, usize), Axes2<1, 0>>();
    let y = Cpu::linear(transposed, &w.clone().permute::<(usize, usize), Axes2<1, 0>>(), &bias);
    assert_eq!(y.as_vec(), [-2.75, 3.5, -2.75, 6.0, -2.75, 8.5]);
    let gradients =
        (y * dev.tensor_from_vec(vec![1.0, 0.0, 0.0, 1.0, 0.0, 0.0], (3, 2))).sum::<Rank0, _>().backward();
    assert_eq!(gradients.get(&a).as_vec(), [1.0, 2.0, 0.0, -1.0, 0.5, 0.0]);
    assert_eq!(gradients.get(&w).as_vec(), [1.0, 4.0, 2.0, 5.0]);
    let rows = Cpu::relu(bias.leaky_trace().broadcast_like::<(usize, usize), Axis<0>>(&(3, 2)));
    assert_eq!(rows.as_vec(), [0.25, 0.0, 0.25, 0.0, 0.25, 0.0]);
    assert_eq!(rows.sum::<Rank0, _>().backward().get(&bias).as_vec(), [3.0, 0.0]);
}

#[test]
fn a_tensor_used_twice_gets_both_gradients() {
    let x = matrix(&[&[1.0, -2.0, 3.0]]);
    let y = Cpu::relu(x.leaky_trace()) + shape::slice(x.leaky_trace(), (.., 0..3)) + x.leaky_trace() * 10.0;
    assert_eq!(y.sum::<Rank0, _>().backward().get(&x).as_vec(), [12.0, 11.0, 12.0]);
}

#[test]
#[should_panic(expected = "conv2d: images of 2 channels, a kernel for 3")]
fn wrong_shapes_are_named() {
    let dev = Cpu::default();
    let (x, w): (Images<Cpu>, Images<Cpu>) = (dev.zeros_like(&(1, 4, 4, 2)), dev.zeros_like(&(3, 3, 3, 1)));
    Cpu::conv2d(x, &w, &dev.zeros_like(&(1,)), ConvConfig { stride: 1, padding: 0 });
}

#[test]
#[should_panic(expected = "a window of 5×5 does not fit into an image of 4×4")]
fn a_window_larger_than_the_image_is_named() {
    Cpu::max_pool2d(Cpu::default().zeros_like(&(1, 4, 4, 1)), PoolConfig { size: 5, stride: 1 });
}

#[test]
#[should_panic(expected = "embedding: row 3 of a table of 2")]
fn a_row_beyond_the_table_is_named() {
    let table = matrix(&[&[1.0], &[2.0]]);
    let indices: Indices<Cpu> = table.device().tensor_from_vec(vec![0, 3], (2,));
    Cpu::embedding(table, &indices);
}
