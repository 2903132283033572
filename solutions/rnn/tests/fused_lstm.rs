//! The LSTM that is written gate by gate and the toolkit's fused one are the same function, with the same gradients.

use dfdx::prelude::*;
use rand::{Rng, SeedableRng, rngs::StdRng};
use rnn::lstm::{LstmWeights, lstm_last, lstm_unroll};
use toolkit::ops::LstmOps;
use toolkit::tape::backward_from;
use toolkit::tensor::{Matrix, Sequences};

struct Draw(StdRng);

impl Draw {
    fn tensor<S: Shape>(&mut self, shape: S) -> Tensor<S, f32, Cpu> {
        let values = (0..shape.num_elements()).map(|_| self.0.gen_range(-1.0..1.0)).collect();
        Cpu::default().tensor_from_vec(values, shape)
    }

    fn size(&mut self, largest: usize) -> usize {
        self.0.gen_range(1..=largest)
    }
}

/// Sums of at most 30 products of numbers up to 1, and gradients of up to 8 steps and 20 sequences.
#[track_caller]
fn close(got: &[f32], want: &[f32]) {
    assert_eq!(got.len(), want.len());
    let largest = want.iter().fold(1.0_f32, |largest, want| largest.max(want.abs()));
    for (got, want) in got.iter().zip(want) {
        assert!((got - want).abs() < 2e-6 * largest, "{got} is not {want}");
    }
}

#[test]
fn values_and_gradients_agree() {
    for seed in 0..24 {
        let mut draw = Draw(StdRng::seed_from_u64(seed));
        // enough sequences for two threads, now and then
        let (n, steps, features, hidden) = (draw.size(20), draw.size(8), draw.size(4), draw.size(5));
        let x: Sequences<Cpu> = draw.tensor((n, steps, features));
        let (h, c): (Matrix<Cpu>, Matrix<Cpu>) = (draw.tensor((n, hidden)), draw.tensor((n, hidden)));
        let (input, recurrent) = (draw.tensor((features, 4 * hidden)), draw.tensor((hidden, 4 * hidden)));
        let weights = LstmWeights { input, hidden: recurrent, bias: draw.tensor((4 * hidden,)) };
        let upstream: Sequences<Cpu> = draw.tensor((n, steps, hidden));
        let states = || (h.leaky_trace(), c.leaky_trace());
        let own = lstm_unroll(x.leaky_trace(), states(), &weights);
        let (fused, last_c) = Cpu::lstm_from(x.leaky_trace(), states(), &weights);
        close(&own.as_vec(), &fused.as_vec());
        close(&lstm_last(x.clone(), (h.clone(), c.clone()), &weights).1.as_vec(), &last_c.as_vec());
        let (own, fused) = (backward_from(own, upstream.clone()), backward_from(fused, upstream));
        close(&own.get(&x).as_vec(), &fused.get(&x).as_vec());
        close(&own.get(&h).as_vec(), &fused.get(&h).as_vec());
        close(&own.get(&c).as_vec(), &fused.get(&c).as_vec());
        close(&own.get(&weights.input).as_vec(), &fused.get(&weights.input).as_vec());
        close(&own.get(&weights.hidden).as_vec(), &fused.get(&weights.hidden).as_vec());
        close(&own.get(&weights.bias).as_vec(), &fused.get(&weights.bias).as_vec());
    }
}

#[test]
fn from_zeros_it_is_the_toolkits_lstm() {
    let mut draw = Draw(StdRng::seed_from_u64(1));
    let x: Sequences<Cpu> = draw.tensor((3, 5, 2));
    let weights = LstmWeights::new(2, 4, &Cpu::default(), &mut StdRng::seed_from_u64(2));
    let zeros = || Cpu::default().zeros_like(&(3, 4));
    let own = lstm_unroll(x.clone(), (zeros(), zeros()), &weights);
    close(&own.as_vec(), &Cpu::lstm(x, &weights).as_vec());
}
