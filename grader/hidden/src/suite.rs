//! What an author fills: a seeded source of shapes and values, and the list of cases.

use std::collections::VecDeque;

use rand::{Rng, SeedableRng, rngs::StdRng};
use rand_distr::StandardNormal;

use crate::{
    Allowance, Args, Budget, Case, Tensor,
    gradient::{Gradient, gradient},
    suppose::{as_it_is, is_supposing, wanted},
};

/// After so many draws in vain the last one stays: `check` complains about what it does not decide.
const DRAWS: usize = 200;

/// What a gradient is summed up from.
#[derive(Clone, Copy, Debug)]
pub struct Terms {
    /// The largest term `d_y_j · ∂y_j/∂x_i` of all the gradient's sums; 0 for `y` itself.
    pub largest: f64,
    /// The largest element of the cotangent `d_y`.
    pub cotangent: f64,
}

/// The cases of one exercise under construction.
pub struct Suite {
    exercise: String,
    cases: Vec<Case>,
    missing: Option<datasets::Error>,
    /// How often each decisive case was drawn; and how often it is to be drawn, where that is known.
    draws: (Vec<usize>, Option<VecDeque<usize>>),
    /// The source of everything random in the cases.
    pub rng: StdRng,
}

impl Suite {
    /// No cases yet; everything random will come from `seed` and the exercise's name.
    pub fn new(exercise: &str, seed: u64) -> Self {
        let name =
            exercise.bytes().fold(0u64, |hash, byte| hash.wrapping_mul(0x100_0000_01b3) ^ u64::from(byte));
        Self {
            exercise: exercise.to_owned(),
            cases: Vec::new(),
            missing: None,
            draws: (Vec::new(), None),
            rng: StdRng::seed_from_u64(seed ^ name),
        }
    }

    /// With every case drawn as often as in `other`, whatever it decides.
    pub(crate) fn drawn_as(mut self, other: &Self) -> Self {
        self.draws.1 = Some(other.draws.0.iter().copied().collect());
        self
    }

    /// The finished cases.
    ///
    /// # Errors
    /// When data that they need could not be loaded.
    pub fn into_cases(self) -> Result<Vec<Case>, datasets::Error> {
        self.missing.map_or(Ok(self.cases), Err)
    }

    /// Data for the cases. Where they can't be loaded the author may stop: the grader will say why.
    pub fn load<T>(&mut self, loaded: Result<T, datasets::Error>) -> Option<T> {
        loaded.map_err(|error| self.missing = Some(error)).ok()
    }

    /// A seed for a student's generator.
    pub fn seed(&mut self) -> usize {
        self.rng.gen_range(0..1_000_000)
    }

    /// `rank` lengths, each from 1 to `longest`.
    pub fn shape(&mut self, rank: usize, longest: usize) -> Vec<usize> {
        (0..rank).map(|_| self.rng.gen_range(1..=longest)).collect()
    }

    /// Normal values with this standard deviation, rounded to single precision so that oracle and student see the same.
    pub fn normal(&mut self, shape: &[usize], std: f64) -> Tensor {
        let rng = &mut self.rng;
        Tensor::from_shape_simple_fn(shape, || single(rng.sample::<f64, _>(StandardNormal) * std))
    }

    /// Uniform values in `low..high`, rounded to single precision.
    pub fn uniform(&mut self, shape: &[usize], low: f64, high: f64) -> Tensor {
        let rng = &mut self.rng;
        Tensor::from_shape_simple_fn(shape, || single(rng.gen_range(low..high)))
    }

    /// As [`Suite::normal`], but no element is nearer to 0 than 0.01 standard deviations: for functions with a kink there.
    pub fn normal_off_zero(&mut self, shape: &[usize], std: f64) -> Tensor {
        self.normal(shape, std).mapv(|x| if x.abs() < 0.01 * std { single(0.01 * std) } else { x })
    }

    /// These values, row-major, rounded to single precision.
    ///
    /// # Panics
    /// When `values` are not as many as `shape` says: an author's slip.
    pub fn array(&self, shape: &[usize], values: &[f64]) -> Tensor {
        assert_eq!(shape.iter().product::<usize>(), values.len(), "a shape of {shape:?} needs other values");
        let mut values = values.iter().map(|&x| single(x));
        Tensor::from_shape_simple_fn(shape, || values.next().unwrap_or_default())
    }

    /// A case of one call, without checks yet.
    pub fn call(&mut self, about: &str, args: Args) -> &mut Case {
        self.cases.push(Case {
            about: about.to_owned(),
            calls: vec![args.into_call(&self.exercise)],
            checks: Vec::new(),
            shows: Vec::new(),
        });
        let last = self.cases.len() - 1;
        &mut self.cases[last]
    }

    /// A case whose output `y` must be the oracle's.
    pub fn value(
        &mut self,
        about: &str,
        args: Args,
        budget: Budget,
        oracle: impl Fn(&Args) -> Tensor,
    ) -> &mut Case {
        let want = wanted(&args, &oracle);
        self.call(about, args).close("y", &want, budget)
    }

    /// The cases that `draw` adds, drawn anew while a check among them would let an error of more than 1 % through: a draw
    /// whose values cancel, or whose gradients vanish, decides nothing.
    pub fn decisive(&mut self, mut draw: impl FnMut(&mut Self)) {
        self.until(&Allowance::decides, &mut draw);
    }

    /// As [`Suite::decisive`], where gradients may vanish altogether, but not almost.
    pub fn decisive_or_vanishing(&mut self, mut draw: impl FnMut(&mut Self)) {
        self.until(&|allowance| allowance.vanishing || allowance.decides(), &mut draw);
    }

    /// Compiled once, not once for each of some hundred draws: every student waits for that.
    fn until(&mut self, holds: &dyn Fn(Allowance) -> bool, draw: &mut dyn FnMut(&mut Self)) {
        let before = self.cases.len();
        let known = self.draws.1.as_mut().and_then(VecDeque::pop_front);
        for drawn in 1..=DRAWS {
            self.cases.truncate(before);
            draw(self);
            let mut checks = self.cases[before..].iter().flat_map(|case| &case.checks);
            let is_good = || checks.all(|check| Allowance::of(check).is_none_or(holds));
            if known.map_or_else(is_good, |known| drawn == known) || drawn == DRAWS {
                self.draws.0.push(drawn);
                return;
            }
        }
    }

    /// A case whose output `y` must be the oracle's, and whose gradients `d_<name>` of `⟨d_y, y⟩` with respect to each
    /// [`Args::tensor`] must be the oracle's central differences; the random cotangent `d_y` travels with the call.
    pub fn differentiable(
        &mut self,
        about: &str,
        args: Args,
        budget: Budget,
        oracle: impl Fn(&Args) -> Tensor,
    ) -> &mut Case {
        self.differentiable_each(about, args, |_, _| budget, oracle)
    }

    /// As [`Suite::differentiable`], with a budget for each output, by its name: `y` and the gradients `d_<name>`, which are
    /// sums of other terms.
    pub fn differentiable_each(
        &mut self,
        about: &str,
        args: Args,
        budget: impl Fn(&str, Terms) -> Budget,
        oracle: impl Fn(&Args) -> Tensor,
    ) -> &mut Case {
        self.differentiated(about, args, &budget, &oracle)
    }

    fn differentiated(
        &mut self,
        about: &str,
        args: Args,
        budget: &dyn Fn(&str, Terms) -> Budget,
        oracle: &dyn Fn(&Args) -> Tensor,
    ) -> &mut Case {
        let want = wanted(&args, oracle);
        if is_supposing() {
            // The same draw, whatever shape is supposed.
            let cotangent = self.normal(as_it_is(|| oracle(&args)).shape(), 1.0);
            return self.supposed(about, args.constant("d_y", cotangent), &want);
        }
        let cotangent = self.normal(want.shape(), 1.0);
        let mut names = args.clone();
        let gradients: Vec<(String, Gradient)> = args
            .differentiated()
            .map(|i| (format!("d_{}", names.at(i).0), gradient(oracle, &args, i, &cotangent)))
            .collect();
        let cotangent_size = cotangent.fold(0.0, |largest: f64, c| largest.max(c.abs()));
        let terms = |largest| Terms { largest, cotangent: cotangent_size };
        let case = self.call(about, args.constant("d_y", cotangent));
        gradients.iter().fold(case.close("y", &want, budget("y", terms(0.0))), |case, (name, gradient)| {
            let budget = budget(name, terms(gradient.largest_term)).at_least(gradient.resolution);
            case.close(name, &gradient.values, budget)
        })
    }
}

impl Suite {
    /// A case whose gradients nobody works out.
    fn supposed(&mut self, about: &str, mut args: Args, want: &Tensor) -> &mut Case {
        let mut unknown = Vec::new();
        for i in args.differentiated().collect::<Vec<_>>() {
            let (name, tensor) = args.at(i);
            unknown.push((format!("d_{name}"), tensor.mapv(|_| f64::NAN)));
        }
        let case = self.call(about, args).close("y", want, Budget::elementwise());
        unknown.iter().fold(case, |case, (name, unknown)| case.close(name, unknown, Budget::elementwise()))
    }
}

fn single(x: f64) -> f64 {
    f64::from(x as f32)
}
