//! Which of the CPU's programs is which layer's operation.

use dfdx::prelude::*;

use super::{conv, dense, depthwise, elementwise, embedding, loss, lstm, norm, pad, pool};
use crate::block::{relu, step};
use crate::math;
use crate::ops::{ConvBlock, LayerOps, LstmWeights};
use crate::tensor::{Images, Indices, Matrix, Sequences, Vector};

impl LayerOps for Cpu {
    fn conv2d<T: Tape<f32, Cpu>>(
        x: Images<Cpu, T>,
        kernel: &Images<Cpu>,
        bias: &Vector<Cpu>,
        stride: usize,
        padding: usize,
    ) -> Images<Cpu, T> {
        conv::conv_block(x, kernel, bias, ConvBlock::plain(stride, padding), true)
    }

    fn conv2d_of_data<T: Tape<f32, Cpu>>(
        x: Images<Cpu>,
        kernel: &Images<Cpu>,
        bias: &Vector<Cpu>,
        (stride, padding): (usize, usize),
        tape: T,
    ) -> Images<Cpu, T> {
        conv::conv_block(x.put_tape(tape), kernel, bias, ConvBlock::plain(stride, padding), false)
    }

    fn conv_block<T: Tape<f32, Cpu>>(
        x: Images<Cpu, T>,
        kernel: &Images<Cpu>,
        bias: &Vector<Cpu>,
        block: ConvBlock,
    ) -> Images<Cpu, T> {
        conv::conv_block(x, kernel, bias, block, true)
    }

    fn conv_block_of_data<T: Tape<f32, Cpu>>(
        x: Images<Cpu>,
        kernel: &Images<Cpu>,
        bias: &Vector<Cpu>,
        block: ConvBlock,
        tape: T,
    ) -> Images<Cpu, T> {
        conv::conv_block(x.put_tape(tape), kernel, bias, block, false)
    }

    fn depthwise_conv2d<T: Tape<f32, Cpu>>(
        x: Images<Cpu, T>,
        kernel: &Sequences<Cpu>,
        bias: &Vector<Cpu>,
        stride: usize,
        padding: usize,
    ) -> Images<Cpu, T> {
        depthwise::depthwise_conv2d(x, kernel, bias, stride, padding)
    }

    fn pad<T: Tape<f32, Cpu>>(
        x: Images<Cpu, T>,
        rows: (usize, usize),
        columns: (usize, usize),
    ) -> Images<Cpu, T> {
        pad::pad(x, rows, columns)
    }

    fn max_pool2d<T: Tape<f32, Cpu>>(x: Images<Cpu, T>, size: usize, stride: usize) -> Images<Cpu, T> {
        pool::max_pool2d(x, size, stride)
    }

    fn avg_pool2d<T: Tape<f32, Cpu>>(x: Images<Cpu, T>, size: usize, stride: usize) -> Images<Cpu, T> {
        pool::avg_pool2d(x, size, stride)
    }

    fn linear<T: Tape<f32, Cpu>>(
        x: Matrix<Cpu, T>,
        weight: &Matrix<Cpu>,
        bias: &Vector<Cpu>,
    ) -> Matrix<Cpu, T> {
        dense::linear(x, weight, bias, true)
    }

    fn linear_of_data<T: Tape<f32, Cpu>>(
        x: Matrix<Cpu>,
        weight: &Matrix<Cpu>,
        bias: &Vector<Cpu>,
        tape: T,
    ) -> Matrix<Cpu, T> {
        dense::linear(x.put_tape(tape), weight, bias, false)
    }

    fn bias_add<S: Shape, T: Tape<f32, Cpu>>(
        x: Tensor<S, f32, Cpu, T>,
        bias: &Vector<Cpu>,
    ) -> Tensor<S, f32, Cpu, T> {
        elementwise::bias_add(x, bias)
    }

    fn relu<S: Shape, T: Tape<f32, Cpu>>(x: Tensor<S, f32, Cpu, T>) -> Tensor<S, f32, Cpu, T> {
        elementwise::unary(x, relu, step)
    }

    fn relu6<S: Shape, T: Tape<f32, Cpu>>(x: Tensor<S, f32, Cpu, T>) -> Tensor<S, f32, Cpu, T> {
        let inside = |y: f32| if y > 0.0 && y < 6.0 { 1.0 } else { 0.0 };
        elementwise::unary(x, |x| if x > 6.0 { 6.0 } else { relu(x) }, inside)
    }

    fn sigmoid<S: Shape, T: Tape<f32, Cpu>>(x: Tensor<S, f32, Cpu, T>) -> Tensor<S, f32, Cpu, T> {
        elementwise::unary(x, math::sigmoid, |y| y * (1.0 - y))
    }

    fn tanh<S: Shape, T: Tape<f32, Cpu>>(x: Tensor<S, f32, Cpu, T>) -> Tensor<S, f32, Cpu, T> {
        elementwise::unary(x, math::tanh, |y| 1.0 - y * y)
    }

    fn batch_norm<T: Tape<f32, Cpu>>(
        x: Matrix<Cpu, T>,
        affine: (&Vector<Cpu>, &Vector<Cpu>),
        epsilon: f32,
    ) -> (Matrix<Cpu, T>, Vector<Cpu>, Vector<Cpu>) {
        norm::batch_norm(x, affine, epsilon)
    }

    fn normalize<T: Tape<f32, Cpu>>(
        x: Matrix<Cpu, T>,
        statistics: (&Vector<Cpu>, &Vector<Cpu>),
        affine: (&Vector<Cpu>, &Vector<Cpu>),
        epsilon: f32,
    ) -> Matrix<Cpu, T> {
        norm::normalize(x, statistics, affine, epsilon)
    }

    fn softmax_cross_entropy<T: Tape<f32, Cpu>>(
        logits: Matrix<Cpu, T>,
        targets: &Indices<Cpu>,
    ) -> Tensor<Rank0, f32, Cpu, T> {
        loss::softmax_cross_entropy(logits, targets)
    }

    fn embedding<T: Tape<f32, Cpu>>(table: Matrix<Cpu, T>, indices: &Indices<Cpu>) -> Matrix<Cpu, T> {
        embedding::embedding(table, indices)
    }

    fn time_step<T: Tape<f32, Cpu>>(x: Sequences<Cpu, T>, step: usize) -> Matrix<Cpu, T> {
        embedding::time_step(x, step)
    }

    fn lstm_step<T: Tape<f32, Cpu>>(
        gates: Matrix<Cpu, T>,
        state: Matrix<Cpu, T>,
    ) -> (Matrix<Cpu, T>, Matrix<Cpu, T>) {
        lstm::lstm_step(gates, state)
    }

    fn lstm<T: Tape<f32, Cpu>>(x: Sequences<Cpu, T>, weights: &LstmWeights<Cpu>) -> Sequences<Cpu, T> {
        lstm::lstm(x, weights)
    }

    fn lstm_from<T: Tape<f32, Cpu>>(
        x: Sequences<Cpu, T>,
        state: (Matrix<Cpu, T>, Matrix<Cpu, T>),
        weights: &LstmWeights<Cpu>,
    ) -> (Sequences<Cpu, T>, Matrix<Cpu, T>) {
        lstm::lstm_from(x, state, weights)
    }
}
