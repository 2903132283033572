//! Against PyTorch in float64: `grader/golden/toolkit/ops.py` made the numbers.

use dfdx::prelude::*;

use super::{Golden, Traced};
use crate::ops::{
    ActivationOps, BiasOps, ConvConfig, ConvOps, DenseOps, EmbeddingOps, LossOps, LstmOps, LstmWeights,
    PoolConfig, PoolOps, composition,
};
use crate::tape::backward_from;
use crate::tensor::{Images, Indices, Matrix, Sequences, Vector};

type Convolution = fn(Images<Cpu, Traced>, &Images<Cpu>, &Vector<Cpu>, ConvConfig) -> Images<Cpu, Traced>;
type Pooling = fn(Images<Cpu, Traced>, PoolConfig) -> Images<Cpu, Traced>;

#[test]
fn conv2d() {
    for name in ["conv2d", "conv2d_padded", "conv2d_strided", "conv2d_kernel_wider_than_the_image"] {
        for convolution in [Cpu::conv2d as Convolution, composition::conv2d] {
            let golden = Golden::load(name);
            let (x, w, b) = (golden.tensor("x"), golden.tensor("w"), golden.tensor("b"));
            let config = ConvConfig { stride: golden.count("stride"), padding: golden.count("padding") };
            let y = convolution(x.leaky_trace(), &w, &b, config);
            golden.check("y", &y.retaped());
            let gradients = backward_from(y, golden.tensor("d_y"));
            golden.check("d_x", &gradients.get(&x));
            golden.check("d_w", &gradients.get(&w));
            golden.check("d_b", &gradients.get(&b));
        }
    }
}

#[test]
fn conv2d_of_data_differs_only_in_what_it_leaves_out() {
    let golden = Golden::load("conv2d_padded");
    let (x, w, b) = (golden.tensor("x"), golden.tensor("w"), golden.tensor("b"));
    let y = Cpu::conv2d_of_data(x, &w, &b, ConvConfig { stride: 1, padding: 1 }, Traced::default());
    golden.check("y", &y.retaped());
    let gradients = backward_from(y, golden.tensor("d_y"));
    golden.check("d_w", &gradients.get(&w));
    golden.check("d_b", &gradients.get(&b));
}

#[test]
fn pooling() {
    let pairs: [(&str, [Pooling; 2]); 2] = [
        ("max_pool2d", [Cpu::max_pool2d, composition::max_pool2d]),
        ("avg_pool2d", [Cpu::avg_pool2d, composition::avg_pool2d]),
    ];
    for (name, poolings) in pairs {
        for pooling in poolings {
            for name in [name.to_string(), format!("{name}_overlapping")] {
                let golden = Golden::load(&name);
                let x: Images<Cpu> = golden.tensor("x");
                let config = PoolConfig { size: golden.count("size"), stride: golden.count("stride") };
                let y = pooling(x.leaky_trace(), config);
                golden.check("y", &y.retaped());
                golden.check("d_x", &backward_from(y, golden.tensor("d_y")).get(&x));
            }
        }
    }
}

#[test]
fn linear() {
    let golden = Golden::load("linear");
    let (x, w, b): (Matrix<Cpu>, _, _) = (golden.tensor("x"), golden.tensor("w"), golden.tensor("b"));
    let y = Cpu::linear(x.leaky_trace(), &w, &b);
    golden.check("y", &y.retaped());
    let gradients = backward_from(y, golden.tensor("d_y"));
    golden.check("d_x", &gradients.get(&x));
    golden.check("d_w", &gradients.get(&w));
    golden.check("d_b", &gradients.get(&b));
    let y = Cpu::linear_of_data(x, &w, &b, Traced::default());
    let gradients = backward_from(y, golden.tensor("d_y"));
    golden.check("d_w", &gradients.get(&w));
    golden.check("d_b", &gradients.get(&b));
}

#[test]
fn bias_add() {
    for add in [Cpu::bias_add, composition::bias_add] {
        let golden = Golden::load("bias_add");
        let (x, b): (Images<Cpu>, _) = (golden.tensor("x"), golden.tensor("b"));
        let y = add(x.leaky_trace(), &b);
        golden.check("y", &y.retaped());
        let gradients = backward_from(y, golden.tensor("d_y"));
        golden.check("d_x", &gradients.get(&x));
        golden.check("d_b", &gradients.get(&b));
    }
}

#[test]
fn activations() {
    type Activation = fn(Matrix<Cpu, Traced>) -> Matrix<Cpu, Traced>;
    let activations: [(&str, Activation); 4] =
        [("relu", Cpu::relu), ("relu", composition::relu), ("sigmoid", Cpu::sigmoid), ("tanh", Cpu::tanh)];
    for (name, activation) in activations {
        let golden = Golden::load(name);
        let x: Matrix<Cpu> = golden.tensor("x");
        let y = activation(x.leaky_trace());
        golden.check("y", &y.retaped());
        golden.check("d_x", &backward_from(y, golden.tensor("d_y")).get(&x));
    }
}

#[test]
fn softmax_cross_entropy() {
    for loss in [Cpu::softmax_cross_entropy, composition::softmax_cross_entropy] {
        let golden = Golden::load("softmax_cross_entropy");
        let x: Matrix<Cpu> = golden.tensor("x");
        let targets: Indices<Cpu> = x.device().tensor_from_vec(golden.indices("targets"), (6,));
        let y = loss(x.leaky_trace(), &targets);
        golden.check("y", &y.retaped());
        golden.check("d_x", &backward_from(y, golden.tensor::<Rank0, 0>("d_y")).get(&x));
    }
}

#[test]
fn embedding() {
    let golden = Golden::load("embedding");
    let table: Matrix<Cpu> = golden.tensor("x");
    let indices: Indices<Cpu> = table.device().tensor_from_vec(golden.indices("indices"), (5,));
    let y = Cpu::embedding(table.leaky_trace(), &indices);
    golden.check("y", &y.retaped());
    golden.check("d_x", &backward_from(y, golden.tensor("d_y")).get(&table));
}

#[test]
fn lstm_step() {
    type Step = fn(Matrix<Cpu, Traced>, Matrix<Cpu, Traced>) -> (Matrix<Cpu, Traced>, Matrix<Cpu, Traced>);
    for step in [Cpu::lstm_step as Step, composition::lstm_step] {
        let golden = Golden::load("lstm_step");
        let (gates, c): (Matrix<Cpu>, Matrix<Cpu>) = (golden.tensor("gates"), golden.tensor("c"));
        let (h, next) = step(gates.leaky_trace(), c.leaky_trace());
        let y = (h, next).concat_along(Axis::<1>);
        golden.check("y", &y.retaped());
        let gradients = backward_from(y, golden.tensor("d_y"));
        golden.check("d_gates", &gradients.get(&gates));
        golden.check("d_c", &gradients.get(&c));
    }
}

#[test]
fn lstm() {
    type Layer = fn(Sequences<Cpu, Traced>, &LstmWeights<Cpu>) -> Sequences<Cpu, Traced>;
    for layer in [Cpu::lstm as Layer, composition::lstm] {
        let golden = Golden::load("lstm");
        let x: Sequences<Cpu> = golden.tensor("x");
        let (input, hidden, bias) = (golden.tensor("input"), golden.tensor("hidden"), golden.tensor("bias"));
        let weights = LstmWeights { input, hidden, bias };
        let y = layer(x.leaky_trace(), &weights);
        golden.check("y", &y.retaped());
        let gradients = backward_from(y, golden.tensor("d_y"));
        golden.check("d_x", &gradients.get(&x));
        golden.check("d_input", &gradients.get(&weights.input));
        golden.check("d_hidden", &gradients.get(&weights.hidden));
        golden.check("d_bias", &gradients.get(&weights.bias));
    }
}

#[test]
fn lstm_from() {
    type State = (Matrix<Cpu, Traced>, Matrix<Cpu, Traced>);
    type Layer =
        fn(Sequences<Cpu, Traced>, State, &LstmWeights<Cpu>) -> (Sequences<Cpu, Traced>, Matrix<Cpu, Traced>);
    for layer in [Cpu::lstm_from as Layer, composition::lstm_from] {
        let golden = Golden::load("lstm_from");
        let x: Sequences<Cpu> = golden.tensor("x");
        let (h, c): (Matrix<Cpu>, Matrix<Cpu>) = (golden.tensor("h"), golden.tensor("c"));
        let (input, hidden, bias) = (golden.tensor("input"), golden.tensor("hidden"), golden.tensor("bias"));
        let weights = LstmWeights { input, hidden, bias };
        let (states, cells) = layer(x.leaky_trace(), (h.leaky_trace(), c.leaky_trace()), &weights);
        let n = x.shape().0;
        let width = states.shape().1 * states.shape().2;
        let y = (states.reshape_like(&(n, width)), cells).concat_along(Axis::<1>);
        golden.check("y", &y.retaped());
        let gradients = backward_from(y, golden.tensor("d_y"));
        golden.check("d_x", &gradients.get(&x));
        golden.check("d_h", &gradients.get(&h));
        golden.check("d_c", &gradients.get(&c));
        golden.check("d_input", &gradients.get(&weights.input));
        golden.check("d_hidden", &gradients.get(&weights.hidden));
        golden.check("d_bias", &gradients.get(&weights.bias));
    }
}
