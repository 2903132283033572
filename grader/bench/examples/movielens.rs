//! The bias model on MovieLens latest-small: `movielens [EPOCHS]`, with `CRASH_COURSE_DATA` naming a folder that has
//! `movielens/ratings.csv`. Prints the mean squared error on 20,000 held-out ratings after each epoch.
//!
//! `r̂ = μ + b_u + c_i + P_u · Q_i`; each rating pays for the squares of the numbers that it uses.

use std::time::Instant;

use datasets::{Examples, Ratings, movielens};
use dfdx::prelude::*;
use rand::{SeedableRng, rngs::StdRng, seq::SliceRandom};
use rand_distr::Normal;
use toolkit::ops::EmbeddingOps;
use toolkit::optim::{Optimizer, Parameters, Rule, SgdConfig, Visitor};
use toolkit::tensor::{Indices, Matrix, Vector};

const FACTORS: usize = 50;
const BATCH: usize = 64;
const LEARNING_RATE: f64 = 0.03;
const L2: f32 = 0.1;

type Error = Box<dyn std::error::Error>;

fn main() -> Result<(), Error> {
    let epochs = std::env::args().nth(1).map_or(Ok(20), |epochs| epochs.parse())?;
    let mut rng = StdRng::seed_from_u64(42);
    let (train, validation) = split(&movielens::full()?.ratings, &mut rng);
    let mean = train.mean() as f32;
    let dev = Cpu::seed_from_u64(1);
    let mut model = Model::new(&dev, train.n_users, train.n_items)?;
    let sgd = SgdConfig { lr: LEARNING_RATE, momentum: None, weight_decay: None };
    let mut optimizer = Optimizer::new(Rule::Sgd(sgd));
    let mut order: Vec<usize> = (0..train.len()).collect();
    let start = Instant::now();
    for epoch in 1..=epochs {
        order.shuffle(&mut rng);
        for batch in order.chunks(BATCH) {
            let gradients = model.loss(&train.select(batch), mean).backward();
            optimizer.step(&mut model, gradients).map_err(|error| format!("{error:?}"))?;
        }
        let errors = model.errors::<NoneTape>(&validation, mean).square().mean::<Rank0, _>().array();
        println!("epoch {epoch}: validation MSE {errors:.4}, {:.1} s", start.elapsed().as_secs_f32());
    }
    Ok(())
}

/// 80 % to learn from, 20 % to judge by.
fn split(ratings: &Ratings, rng: &mut StdRng) -> (Ratings, Ratings) {
    let mut order: Vec<usize> = (0..ratings.len()).collect();
    order.shuffle(rng);
    let (train, validation) = order.split_at(ratings.len() * 4 / 5);
    (ratings.select(train), ratings.select(validation))
}

struct Model {
    users: Matrix<Cpu>,
    items: Matrix<Cpu>,
    user_bias: Vector<Cpu>,
    item_bias: Vector<Cpu>,
}

impl Parameters<Cpu> for Model {
    fn visit<V: Visitor<Cpu>>(&mut self, visitor: &mut V) -> Result<(), CpuError> {
        visitor.tensor(&mut self.users)?;
        visitor.tensor(&mut self.items)?;
        visitor.tensor(&mut self.user_bias)?;
        visitor.tensor(&mut self.item_bias)
    }
}

impl Model {
    fn new(dev: &Cpu, users: usize, items: usize) -> Result<Self, Error> {
        let normal = Normal::new(0.0, 0.05)?;
        Ok(Self {
            users: dev.sample_like(&(users, FACTORS), normal),
            items: dev.sample_like(&(items, FACTORS), normal),
            user_bias: dev.zeros_like(&(users,)),
            item_bias: dev.zeros_like(&(items,)),
        })
    }

    /// ½ Σ over the ratings of (r̂ − r)² + λ (‖P_u‖² + ‖Q_i‖² + b_u² + c_i²): a sum, so that every rating pulls alike.
    fn loss(&self, ratings: &Ratings, mean: f32) -> Tensor<Rank0, f32, Cpu, OwnedTape<f32, Cpu>> {
        let (users, items) = indices(self.users.device(), ratings);
        let squares = |bias: &Vector<Cpu>, factors: &Matrix<Cpu>, rows: &Indices<Cpu>| {
            let bias = bias.leaky_trace().gather(rows.clone()).square().sum::<Rank0, _>();
            bias + Cpu::embedding(factors.leaky_trace(), rows).square().sum::<Rank0, _>()
        };
        let price =
            squares(&self.user_bias, &self.users, &users) + squares(&self.item_bias, &self.items, &items);
        (self.errors(ratings, mean).square().sum::<Rank0, _>() + price * L2) * 0.5
    }

    fn errors<T: Tape<f32, Cpu>>(&self, ratings: &Ratings, mean: f32) -> Vector<Cpu, T> {
        let (users, items) = indices(self.users.device(), ratings);
        let p = Cpu::embedding(self.users.retaped::<T>(), &users);
        let q = Cpu::embedding(self.items.retaped::<T>(), &items);
        let tastes = (p * q).sum::<(usize,), Axis<1>>();
        let biases =
            self.user_bias.retaped::<T>().gather(users) + self.item_bias.retaped::<T>().gather(items);
        let stars: Vector<Cpu> =
            self.users.device().tensor_from_vec(ratings.values.clone(), (ratings.len(),));
        tastes + biases + mean - stars
    }
}

fn indices(dev: &Cpu, ratings: &Ratings) -> (Indices<Cpu>, Indices<Cpu>) {
    let tensor = |rows: &Vec<usize>| dev.tensor_from_vec(rows.clone(), (rows.len(),));
    (tensor(&ratings.users), tensor(&ratings.items))
}
