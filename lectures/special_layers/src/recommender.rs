//! Capstone: which film will you like? Three recommenders.

use dfdx::prelude::*;
use rand::rngs::StdRng;
use toolkit::{
    ops::LayerOps,
    optim::{Parameters, Visitor},
    tensor::{Matrix, Vector},
};

use crate::given::ratings::{Ratings, Recipe, Trained};

/// An embedding of each user and each item.
#[derive(Clone, Debug)]
pub struct Factors<D: Device<f32>> {
    /// P: (users, factors).
    pub users: Matrix<D>,
    /// Q: (items, factors).
    pub items: Matrix<D>,
}

impl<D: Device<f32>> Parameters<D> for Factors<D> {
    fn visit<V: Visitor<D>>(&mut self, visitor: &mut V) -> Result<(), D::Err> {
        visitor.tensor(&mut self.users)?;
        visitor.tensor(&mut self.items)
    }
}

impl<D: LayerOps> Factors<D> {
    /// How user `users[k]` would rate item `items[k]`, for each k: (k,).
    ///
    /// ```text
    /// r̂ = P_u · Q_i
    /// ```
    ///
    /// A new tape `T` starts here; the gradient reaches both tables.
    pub fn predict<T: Tape<f32, D>>(&self, users: &[usize], items: &[usize]) -> Vector<D, T> {
        todo!()
    }

    /// What training makes small: the sum over these ratings r of
    ///
    /// ```text
    /// ½ (r̂ − r)² + λ/2 (‖P_u‖² + ‖Q_i‖²)        λ = l2
    /// ```
    ///
    /// A *sum*, so that a rating pulls equally hard in a batch of any size. And the penalty is paid per rating: who rates much
    /// pays often, and a table's row without a rating in the batch has no gradient at all.
    pub fn loss<T: Tape<f32, D>>(&self, ratings: &Ratings, l2: f32) -> Tensor<Rank0, f32, D, T> {
        todo!()
    }
}

/// Learns [`Factors`] from the training ratings by stochastic gradient descent.
///
/// 1. All numbers of both tables start normal with mean 0 and standard deviation 0.05.
/// 2. In every epoch shuffle the training ratings anew and cut them into batches of `batch_size`, of which the last may be
///    smaller. Make one step θ ← θ − η · ∂loss/∂θ of plain gradient descent on each, with [`Factors::loss`].
/// 3. After every epoch note the mean of (r̂ − r)² over all training ratings, and over all validation ratings. The
///    validation ratings are for this only: nothing may be learnt from them.
///
/// Plain, because an optimizer with adaptive step sizes moves the row of a film with one rating as fast as one with 300;
/// under plain descent its single rating pulls it a short way only, and that is right for a film that is hardly known.
///
/// All randomness comes from `rng`. There is at least one training and one validation rating.
///
/// # Errors
/// When the device has no memory left.
///
/// Source: notebook “Recommender”; Funk 2006; Koren, Bell & Volinsky 2009, equation 2.
///
/// ```
/// use dfdx::prelude::*;
/// use rand::{SeedableRng, rngs::StdRng};
/// use special_layers::{given::ratings::{Ratings, Recipe}, recommender::matrix_factorization};
/// // The first user likes both films twice as much as the second.
/// let (users, items, values) = (vec![0, 0, 1, 1], vec![0, 1, 0, 1], vec![4.0, 2.0, 2.0, 1.0]);
/// let ratings = Ratings { n_users: 2, n_items: 2, users, items, values };
/// let recipe = Recipe { factors: 1, epochs: 500, batch_size: 2, learning_rate: 0.05 };
/// let (dev, mut rng) = (Cpu::default(), StdRng::seed_from_u64(1));
/// let trained = matrix_factorization(&ratings, &ratings, recipe, 0.0, &dev, &mut rng).unwrap();
/// let predictions = trained.model.predict::<NoneTape>(&[0, 1], &[0, 0]).as_vec();
/// assert!((predictions[0] - 4.0).abs() < 0.01 && (predictions[1] - 2.0).abs() < 0.01);
/// ```
pub fn matrix_factorization<D: LayerOps>(
    train: &Ratings,
    validation: &Ratings,
    recipe: Recipe,
    l2: f32,
    dev: &D,
    rng: &mut StdRng,
) -> Result<Trained<Factors<D>>, D::Err> {
    todo!()
}

/// What is known before anything is learnt: how much each user and each item deviates from the mean.
///
/// ```
/// use special_layers::{given::ratings::Ratings, recommender::Means};
/// let ratings =
///     Ratings { n_users: 2, n_items: 2, users: vec![0, 0], items: vec![0, 1], values: vec![5.0, 2.0] };
/// assert_eq!(Means::of(&ratings, 0.5).item_bias, [1.0, -1.0]);
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Means {
    /// μ: the mean of all ratings.
    pub mean: f32,
    /// b: (users,).
    pub user_bias: Vec<f32>,
    /// c: (items,).
    pub item_bias: Vec<f32>,
}

impl Means {
    /// μ, then c, then b, each from what the former leave unexplained:
    ///
    /// ```text
    /// c_i = Σ (r − μ) / (n_i + damping)              over the n_i ratings of item i
    /// b_u = Σ (r − μ − c_i) / (n_u + damping)        over the n_u ratings of user u
    /// ```
    ///
    /// Items first, as there are more of them than there are users. `damping` acts as so many more ratings that say
    /// “average”: it keeps a film that one person gave five stars from being the best of all. A user or item without
    /// ratings has bias 0, whatever the damping. There is at least one rating, and `damping` is not negative.
    ///
    /// Source: Koren, Bell & Volinsky 2009, “Adding biases”; Koren 2010, section 2.1.
    pub fn of(ratings: &Ratings, damping: f32) -> Self {
        todo!()
    }
}

/// Factors for the taste, biases for the rest: some users are strict, some films are good.
#[derive(Clone, Debug)]
pub struct BiasedFactors<D: Device<f32>> {
    /// μ: the mean of the training ratings, which is not learnt.
    pub mean: f32,
    /// b: (users,).
    pub user_bias: Vector<D>,
    /// c: (items,).
    pub item_bias: Vector<D>,
    /// P and Q.
    pub factors: Factors<D>,
}

impl<D: Device<f32>> Parameters<D> for BiasedFactors<D> {
    fn visit<V: Visitor<D>>(&mut self, visitor: &mut V) -> Result<(), D::Err> {
        visitor.tensor(&mut self.user_bias)?;
        visitor.tensor(&mut self.item_bias)?;
        self.factors.visit(visitor)
    }
}

impl<D: LayerOps> BiasedFactors<D> {
    /// As [`Factors::predict`], with
    ///
    /// ```text
    /// r̂ = μ + b_u + c_i + P_u · Q_i
    /// ```
    pub fn predict<T: Tape<f32, D>>(&self, users: &[usize], items: &[usize]) -> Vector<D, T> {
        todo!()
    }

    /// As [`Factors::loss`], with this r̂. The penalty is on the factors only: a bias is no taste that could be overlearnt, and
    /// where it is kept small, the factors must take its place.
    pub fn loss<T: Tape<f32, D>>(&self, ratings: &Ratings, l2: f32) -> Tensor<Rank0, f32, D, T> {
        todo!()
    }
}

/// Learns [`BiasedFactors`] as [`matrix_factorization`] does. The biases start at 0, μ is the mean of the *training* ratings.
///
/// # Errors
/// When the device has no memory left.
///
/// Source: notebook “Recommender”; Koren, Bell & Volinsky 2009, equations 4 and 5.
pub fn with_bias<D: LayerOps>(
    train: &Ratings,
    validation: &Ratings,
    recipe: Recipe,
    l2: f32,
    dev: &D,
    rng: &mut StdRng,
) -> Result<Trained<BiasedFactors<D>>, D::Err> {
    todo!()
}
