//! The training loop on a problem with a known answer.

use dfdx::prelude::*;

use crate::callbacks::{Callback, EarlyStopping, Goal};
use crate::fit::{Plan, accuracy, fit};
use crate::ops::DenseOps;
use crate::optim::{Optimizer, Rule, SgdConfig};
use crate::tensor::{Matrix, Vector};

#[derive(Default)]
struct Steps(usize, usize);

impl Callback for Steps {
    fn begin(&mut self, plan: &Plan, batches: usize) {
        self.1 = plan.epochs * batches;
    }
    fn batch(&mut self, _loss: f32) {
        self.0 += 1;
    }
}

/// Fits y = 3a − b + 0.5, exactly solvable, on 10 samples in batches of 4.
fn train(epochs: usize, callbacks: &mut [&mut dyn Callback]) -> (Vec<f32>, usize) {
    let dev = Cpu::default();
    let mut model: (Matrix<Cpu>, Vector<Cpu>) = (dev.zeros_like(&(2, 1)), dev.zeros_like(&(1,)));
    let samples: Vec<[f32; 2]> =
        (0..10).map(|k| [(k % 3) as f32 - 1.0, (k % 4) as f32 / 2.0 - 1.0]).collect();
    let rule = Rule::Sgd(SgdConfig { lr: 0.1, momentum: None, weight_decay: None });
    let loss = |(w, b): &(Matrix<Cpu>, Vector<Cpu>), rows: &[usize]| {
        let x = rows.iter().flat_map(|&row| samples[row]).collect();
        let y = rows.iter().map(|&row| 3.0 * samples[row][0] - samples[row][1] + 0.5).collect();
        let x: Matrix<Cpu> = dev.tensor_from_vec(x, (rows.len(), 2));
        let y: Matrix<Cpu> = dev.tensor_from_vec(y, (rows.len(), 1));
        (Cpu::linear(x.leaky_traced(), w, b) - y).square().mean()
    };
    let plan = Plan { epochs, batch: 4, seed: 5 };
    let epochs = fit(&mut model, &mut Optimizer::new(rule), &plan, 10, loss, |_| vec![], callbacks).unwrap();
    ([model.0.as_vec(), model.1.as_vec()].concat(), epochs.len())
}

#[test]
fn it_finds_the_line_and_repeats_itself() {
    let mut steps = Steps::default();
    let (parameters, epochs) = train(300, &mut [&mut steps]);
    assert_eq!((steps.0, steps.1, epochs), (900, 900, 300));
    for (got, want) in parameters.iter().zip([3.0, -1.0, 0.5]) {
        assert!((got - want).abs() < 1e-4, "{got} is not {want}");
    }
    assert_eq!(parameters, train(300, &mut []).0);
}

#[test]
fn early_stopping_ends_it() {
    let mut stopping = EarlyStopping::new("loss", Goal::Smaller, 3);
    let (_, epochs) = train(5000, &mut [&mut stopping]);
    assert!(epochs < 5000 && stopping.best().is_some_and(|(loss, best)| loss < 1e-6 && best + 3 == epochs));
}

#[test]
fn accuracy_counts_the_first_largest() {
    let logits = Cpu::default().tensor_from_vec(vec![1.0, 2.0, 5.0, 5.0, f32::NAN, 0.0, -1.0, -2.0], (4, 2));
    assert_eq!(accuracy(&logits, &[1, 0, 1, 1]), 0.5);
}
