//! Optimisers for models of plain tensors, whose sizes are known at run time. dfdx's own want sizes in the types; its
//! update kernels are used, one tensor at a time.

use dfdx::prelude::*;

use crate::tape::{accumulate, gradient_of};
use crate::update;

pub use dfdx::tensor_ops::{AdamConfig, Momentum, SgdConfig, WeightDecay};

/// Something that is trained: it shows all its parameters, always in the same order.
///
/// ```
/// use dfdx::prelude::*;
/// use toolkit::optim::{Parameters, Visitor};
/// use toolkit::tensor::{Matrix, Vector};
/// struct Linear<D: Device<f32>> {
///     weight: Matrix<D>,
///     bias: Vector<D>,
/// }
/// impl<D: Device<f32>> Parameters<D> for Linear<D> {
///     fn visit<V: Visitor<D>>(&mut self, visitor: &mut V) -> Result<(), D::Err> {
///         visitor.tensor(&mut self.weight)?;
///         visitor.tensor(&mut self.bias)
///     }
/// }
/// ```
pub trait Parameters<D: Device<f32>> {
    /// Shows every parameter to the visitor.
    ///
    /// # Errors
    /// The visitor's.
    fn visit<V: Visitor<D>>(&mut self, visitor: &mut V) -> Result<(), D::Err>;
}

/// What is done with every parameter, whatever its shape.
pub trait Visitor<D: Device<f32>> {
    /// Called for each parameter.
    ///
    /// # Errors
    /// When the device has no memory left.
    fn tensor<S: Shape>(&mut self, parameter: &mut Tensor<S, f32, D>) -> Result<(), D::Err>;
}

impl<S: Shape, D: Device<f32>> Parameters<D> for Tensor<S, f32, D> {
    fn visit<V: Visitor<D>>(&mut self, visitor: &mut V) -> Result<(), D::Err> {
        visitor.tensor(self)
    }
}

impl<D: Device<f32>, P: Parameters<D>> Parameters<D> for Vec<P> {
    fn visit<V: Visitor<D>>(&mut self, visitor: &mut V) -> Result<(), D::Err> {
        self.iter_mut().try_for_each(|part| part.visit(visitor))
    }
}

impl<D: Device<f32>, A: Parameters<D>, B: Parameters<D>> Parameters<D> for (A, B) {
    fn visit<V: Visitor<D>>(&mut self, visitor: &mut V) -> Result<(), D::Err> {
        self.0.visit(visitor)?;
        self.1.visit(visitor)
    }
}

impl<D: Device<f32>> Parameters<D> for crate::ops::LstmWeights<D> {
    fn visit<V: Visitor<D>>(&mut self, visitor: &mut V) -> Result<(), D::Err> {
        visitor.tensor(&mut self.input)?;
        visitor.tensor(&mut self.hidden)?;
        visitor.tensor(&mut self.bias)
    }
}

/// RMSprop as PyTorch has it: `v ← α·v + (1−α)·g²` from v = 0, `p ← p − lr·g / (√v + ε)`; with momentum `µ`,
/// `b ← µ·b + g / (√v + ε)` and `p ← p − lr·b`. dfdx's starts at v = 1 and adds ε under the root.
#[derive(Clone, Copy, Debug)]
pub struct RmsPropConfig {
    /// Learning rate.
    pub lr: f64,
    /// α, how much of the mean square is kept at each step.
    pub alpha: f64,
    /// ε.
    pub eps: f64,
    /// µ; 0 for none.
    pub momentum: f64,
    /// Added to the gradient (L2) or taken off the parameter (decoupled).
    pub weight_decay: Option<WeightDecay>,
}

impl Default for RmsPropConfig {
    /// PyTorch's defaults.
    fn default() -> Self {
        RmsPropConfig { lr: 1e-2, alpha: 0.99, eps: 1e-8, momentum: 0.0, weight_decay: None }
    }
}

impl RmsPropConfig {
    /// Adam with β₁ = 0 after infinitely many steps: no momentum, no bias correction, the same mean square.
    fn as_adam(&self) -> AdamConfig {
        AdamConfig { lr: self.lr, betas: [0.0, self.alpha], eps: self.eps, weight_decay: self.weight_decay }
    }
}

/// How a gradient becomes a step.
#[derive(Clone, Copy, Debug)]
pub enum Rule {
    /// `p ← p − lr·v` with `v ← µ·v + g`.
    Sgd(SgdConfig),
    /// Adam and, with decoupled weight decay, AdamW.
    Adam(AdamConfig),
    /// RMSprop.
    RmsProp(RmsPropConfig),
}

/// A rule and what it remembers of each parameter.
///
/// ```
/// use dfdx::prelude::*;
/// use toolkit::optim::{Optimizer, Rule, SgdConfig};
/// let dev = Cpu::default();
/// let mut p = dev.tensor_from_vec(vec![1.0, -2.0], (2,));
/// let mut sgd = Optimizer::new(Rule::Sgd(SgdConfig { lr: 0.25, momentum: None, weight_decay: None }));
/// let gradients = p.leaky_trace().square().sum::<Rank0, _>().backward();
/// sgd.step(&mut p, gradients).unwrap();
/// assert_eq!(p.as_vec(), [0.5, -1.0]);
/// ```
pub struct Optimizer<D: Device<f32>> {
    /// The rule; its learning rate may be changed between steps.
    pub rule: Rule,
    steps: i32,
    first: Gradients<f32, D>,
    second: Gradients<f32, D>,
}

impl<D: Device<f32>> Optimizer<D> {
    /// An optimiser that has made no step yet.
    pub fn new(rule: Rule) -> Self {
        Optimizer { rule, steps: 0, first: Gradients::leaky(), second: Gradients::leaky() }
    }

    /// Changes the parameters once. A parameter without a gradient counts as having one of zeros.
    ///
    /// # Errors
    /// When the device has no memory left.
    pub fn step<M: Parameters<D>>(
        &mut self,
        model: &mut M,
        gradients: Gradients<f32, D>,
    ) -> Result<(), D::Err> {
        self.steps = self.steps.saturating_add(1);
        model.visit(&mut Step { optimizer: self, gradients })
    }
}

/// One step on its way through a model.
struct Step<'a, D: Device<f32>> {
    optimizer: &'a mut Optimizer<D>,
    gradients: Gradients<f32, D>,
}

impl<D: Device<f32>> Visitor<D> for Step<'_, D> {
    fn tensor<S: Shape>(&mut self, parameter: &mut Tensor<S, f32, D>) -> Result<(), D::Err> {
        let Optimizer { rule, steps, first, second } = &mut *self.optimizer;
        let gradient = self.gradients.get_or_alloc_mut(parameter)?;
        let first = first.get_or_alloc_mut(parameter)?;
        match rule {
            Rule::Sgd(config) => update::sgd(config, parameter, first, gradient),
            Rule::Adam(config) => {
                let second = second.get_or_alloc_mut(parameter)?;
                update::adam(config, *steps, parameter, [first, second], gradient)
            }
            Rule::RmsProp(config) if config.momentum == 0.0 => {
                let second = second.get_or_alloc_mut(parameter)?;
                update::adam(&config.as_adam(), i32::MAX, parameter, [first, second], gradient)
            }
            Rule::RmsProp(config) => {
                let config = *config;
                let direction = self.normalised(&config, parameter)?;
                let momentum = Some(Momentum::Classic(config.momentum));
                let sgd = SgdConfig { lr: config.lr, momentum, weight_decay: None };
                let mut slot = Gradients::leaky();
                accumulate(&mut slot, parameter, direction)?;
                let buffer = self.optimizer.first.get_or_alloc_mut(parameter)?;
                update::sgd(&sgd, parameter, buffer, slot.get_or_alloc_mut(parameter)?)
            }
        }
    }
}

impl<D: Device<f32>> Step<'_, D> {
    /// RMSprop's `g / (√v + ε)`: what a step of learning rate −1 adds to zeros.
    fn normalised<S: Shape>(
        &mut self,
        config: &RmsPropConfig,
        parameter: &Tensor<S, f32, D>,
    ) -> Result<Tensor<S, f32, D>, D::Err> {
        let mut gradient = gradient_of(&mut self.gradients, parameter)?;
        if let Some(WeightDecay::L2(decay)) = config.weight_decay {
            gradient = gradient + parameter.clone() * decay as f32;
        }
        let mut slot = Gradients::leaky();
        accumulate(&mut slot, parameter, gradient)?;
        let adam = RmsPropConfig { lr: -1.0, weight_decay: None, ..*config }.as_adam();
        let mut direction: Tensor<S, f32, D> = parameter.device().zeros_like(parameter.shape());
        let mut unused = Gradients::leaky();
        adam.try_update(
            i32::MAX,
            &mut direction,
            unused.get_or_alloc_mut(parameter)?,
            self.optimizer.second.get_or_alloc_mut(parameter)?,
            slot.get_or_alloc_mut(parameter)?,
        )?;
        Ok(direction)
    }
}
