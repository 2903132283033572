//! Echo state networks: a recurrent network that is hardly trained at all.

use std::{error::Error, fmt};

use dfdx::prelude::*;
use rand::rngs::StdRng;

/// A recurrent network with weights that are drawn once and never trained. Everything here is in double precision.
#[derive(Clone, Debug)]
pub struct Reservoir<D: Device<f64>> {
    /// W, what multiplies the input, one number at each step: (units,).
    pub input: Tensor<(usize,), f64, D>,
    /// U, what multiplies the state: (units, units).
    pub recurrent: Tensor<(usize, usize), f64, D>,
    /// b, what is added: (units,).
    pub bias: Tensor<(usize,), f64, D>,
}

/// How a reservoir is drawn.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Recipe {
    /// How many units it has.
    pub units: usize,
    /// The spectral radius of U, the largest absolute value of its eigenvalues.
    pub radius: f64,
    /// W is uniform between minus this and this.
    pub input_scale: f64,
    /// b is uniform between minus this and this.
    pub bias_scale: f64,
}

/// A matrix whose spectral radius is 0, or not a number, and that no factor can change.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct NoRadius(pub f64);

impl fmt::Display for NoRadius {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "a matrix of spectral radius {} can't be scaled to another", self.0)
    }
}

impl Error for NoRadius {}

/// Why a readout can't be trained.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Untrainable {
    /// Nothing is left after the washout.
    AllWashedOut {
        /// States to leave out.
        washout: usize,
        /// All states.
        steps: usize,
    },
    /// Γ is not positive.
    NotPositive(f64),
}

impl fmt::Display for Untrainable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Untrainable::AllWashedOut { washout, steps } => {
                write!(f, "a washout of {washout} leaves none of the {steps} states")
            }
            Untrainable::NotPositive(gamma) => write!(f, "Γ (gamma) must be positive, and it is {gamma}"),
        }
    }
}

impl Error for Untrainable {}

/// `matrix`, multiplied by the number that gives it this spectral radius.
///
/// ```text
/// U = matrix · radius / ρ(matrix)               ρ = largest |λ| of all eigenvalues λ, complex ones too
/// ```
///
/// The spectral radius is no norm. A norm says how much *one* step can stretch a state, ρ what each of *many* steps does: of
/// 0 1000 / 0 0 every norm is 1000, but its second power is 0, and so is ρ. [`toolkit::linalg::spectral_radius`] finds ρ.
///
/// # Errors
/// When ρ is 0 or NaN: then no factor will do.
///
/// Source: slide “Echo state networks”; Jaeger 2001.
///
/// ```
/// use dfdx::prelude::*;
/// use rnn::echo_state::scale_to_radius;
/// let dev = Cpu::default();
/// let turn = dev.tensor_from_vec(vec![0.0, -4.0, 1.0, 0.0], (2, 2)); // eigenvalues ±2i
/// let scaled = scale_to_radius(&turn, 0.5).unwrap().as_vec();
/// assert!((scaled[1] + 1.0).abs() < 1e-6 && (scaled[2] - 0.25).abs() < 1e-6);
/// assert!(scale_to_radius(&dev.tensor_from_vec(vec![0.0, 1000.0, 0.0, 0.0], (2, 2)), 0.5).is_err());
/// ```
pub fn scale_to_radius<D: Device<f64>>(
    matrix: &Tensor<(usize, usize), f64, D>,
    radius: f64,
) -> Result<Tensor<(usize, usize), f64, D>, NoRadius> {
    todo!()
}

/// Draws a reservoir: W, U and b uniform and symmetric about 0, as `recipe` says, and U then scaled to its spectral radius.
///
/// All randomness comes from `rng`: the same seed gives the same reservoir.
///
/// # Errors
/// When U can't be scaled, which one drawn from a continuous distribution always can, except with 0 units.
///
/// Source: slide “Echo state networks”; Jaeger 2001.
///
/// ```
/// use dfdx::prelude::*;
/// use rand::{SeedableRng, rngs::StdRng};
/// use rnn::echo_state::{Recipe, draw_reservoir};
/// let recipe = Recipe { units: 20, radius: 0.9, input_scale: 0.5, bias_scale: 0.1 };
/// let reservoir = draw_reservoir(&recipe, &Cpu::default(), &mut StdRng::seed_from_u64(1)).unwrap();
/// assert!((toolkit::linalg::spectral_radius(&reservoir.recurrent) - 0.9).abs() < 1e-6);
/// assert!(reservoir.input.as_vec().iter().all(|w| w.abs() <= 0.5));
/// ```
pub fn draw_reservoir<D: Device<f64>>(
    recipe: &Recipe,
    dev: &D,
    rng: &mut StdRng,
) -> Result<Reservoir<D>, NoRadius> {
    todo!()
}

/// The states of a reservoir that listens to a series:
///
/// ```text
/// h_t = tanh(u_t · W + h_{t−1} · U + b)          t = 1, 2, …, steps
/// ```
///
/// the vanilla cell with one feature. Shapes: `series` (steps,), the state h₀ to begin with, `start`, (units,); all states
/// come out, (steps, units), h₁ in the first row. There is at least one step.
///
/// Source: slide “Echo state networks”; Jaeger 2001.
///
/// ```
/// use dfdx::prelude::*;
/// use rnn::echo_state::{Reservoir, reservoir_states};
/// let dev = Cpu::default();
/// let reservoir = Reservoir {
///     input: dev.tensor_from_vec(vec![1.0, 0.0], (2,)),
///     recurrent: dev.tensor_from_vec(vec![0.0, 1.0, 0.0, 0.0], (2, 2)), // the first unit drives the second
///     bias: dev.zeros_like(&(2,)),
/// };
/// let series = dev.tensor_from_vec(vec![0.5, 0.0], (2,));
/// let states = reservoir_states(&reservoir, &series, dev.zeros_like(&(2,))).as_vec();
/// let echo = 0.5_f64.tanh();
/// for (h, want) in states.iter().zip([echo, 0.0, 0.0, echo.tanh()]) {
///     assert!((h - want).abs() < 1e-12);
/// }
/// ```
pub fn reservoir_states<D: Device<f64>>(
    reservoir: &Reservoir<D>,
    series: &Tensor<(usize,), f64, D>,
    start: Tensor<(usize,), f64, D>,
) -> Tensor<(usize, usize), f64, D> {
    todo!()
}

/// Trains the only thing in an echo state network that is trained: a linear readout, by ridge regression. It finds the w that
/// minimises
///
/// ```text
/// Σ_{t > washout} (y_t − h_t · w)² + Γ · ‖w‖²         so (HᵀH + Γ·I) · w = Hᵀy, where H has these h_t as its rows
/// ```
///
/// Shapes: `states` (steps, units), `targets` (steps,), one for each state; w (units,). Sums, not means. The first `washout`
/// states still remember where the reservoir began, which has nothing to do with the series: they and their targets are left
/// out.
///
/// HᵀH + Γ·I is positive definite, and [`toolkit::linalg::solve_positive_definite`] solves such systems.
///
/// # Errors
/// When Γ is not positive (or NaN), or the washout leaves no state.
///
/// Source: slide “Echo state networks”; Jaeger 2001; Lukoševičius 2012, “A practical guide to applying echo state networks”.
///
/// ```
/// use dfdx::prelude::*;
/// use rnn::echo_state::train_readout;
/// let dev = Cpu::default();
/// let states = dev.tensor_from_vec(vec![9.0, 1.0, 2.0], (3, 1));
/// let targets = dev.tensor_from_vec(vec![-9.0, 3.0, 6.0], (3,));
/// let readout = train_readout(&states, &targets, 1, 1.0).unwrap();
/// assert!((readout.as_vec()[0] - 2.5).abs() < 1e-12); // (1·3 + 2·6) / (1² + 2² + 1), without the first
/// assert!(train_readout(&states, &targets, 3, 1.0).is_err());
/// ```
pub fn train_readout<D: Device<f64>>(
    states: &Tensor<(usize, usize), f64, D>,
    targets: &Tensor<(usize,), f64, D>,
    washout: usize,
    gamma: f64,
) -> Result<Tensor<(usize,), f64, D>, Untrainable> {
    todo!()
}

/// Lets a trained network go on by itself: what it predicts is its next input.
///
/// ```text
/// y₁ = h₀ · w            h_t = tanh(y_t · W + h_{t−1} · U + b)            y_{t+1} = h_t · w
/// ```
///
/// Shapes: `readout` w (units,); `state` h₀ (units,) is the state after the last value that was known, so that y₁ is the
/// prediction of the first unknown one; y (steps,) comes out.
///
/// Source: slide “Echo state networks”; Jaeger & Haas 2004.
///
/// ```
/// use dfdx::prelude::*;
/// use rand::{SeedableRng, rngs::StdRng};
/// use rnn::echo_state::{Recipe, draw_reservoir, free_run, reservoir_states, train_readout};
/// // a sine, 40 values to a period: learn to say the next value, then go on alone
/// let (dev, sine) = (Cpu::default(), |t: usize| (t as f64 * std::f64::consts::TAU / 40.0).sin());
/// let values = |from: usize| dev.tensor_from_vec((from..from + 400).map(sine).collect(), (400,));
/// let recipe = Recipe { units: 30, radius: 0.8, input_scale: 0.5, bias_scale: 0.2 };
/// let reservoir = draw_reservoir(&recipe, &dev, &mut StdRng::seed_from_u64(1)).unwrap();
/// let states = reservoir_states(&reservoir, &values(0), dev.zeros_like(&(30,)));
/// let readout = train_readout(&states, &values(1), 100, 1e-6).unwrap();
/// let last = states.select(dev.tensor(399));
/// for (t, y) in free_run(&reservoir, &readout, last, 80).as_vec().iter().enumerate() {
///     assert!((y - sine(400 + t)).abs() < 0.05, "{y} at {t}");
/// }
/// ```
pub fn free_run<D: Device<f64>>(
    reservoir: &Reservoir<D>,
    readout: &Tensor<(usize,), f64, D>,
    state: Tensor<(usize,), f64, D>,
    steps: usize,
) -> Tensor<(usize,), f64, D> {
    todo!()
}
