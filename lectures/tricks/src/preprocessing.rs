//! Inputs at the right scale: standardization and ZCA whitening.

use dfdx::prelude::*;
use toolkit::tensor::{Matrix, Vector};

/// Standardization: subtracts the mean and divides by the standard deviation, both taken from training data once and
/// for all.
///
/// ```text
/// mean = Σ x / n          std = √(Σ (x − mean)² / n)          z = (x − mean) / std
/// ```
///
/// The last axis of the data holds the features; each has its own mean and standard deviation over all other axes:
///
/// | training data | shape | statistics |
/// |---|---|---|
/// | features | (n, features) | one pair a feature |
/// | flattened images | (n, h·w·c) | one pair a pixel and colour |
/// | images | (n, h, w, c) | one pair a colour channel |
///
/// The standard deviation divides by n, as NumPy's, scikit-learn's and Keras's do, not by n − 1.
///
/// A feature that has the same value in all training data has nothing to scale: its `std` is set to 1. Be careful how you
/// find it: the mean of equal numbers is rounded, so a computed standard deviation may be 1e-9 instead of 0.
///
/// Source: slide “Data pre-processing”; LeCun et al. 1998, “Efficient BackProp”, §4.3; scikit-learn's `StandardScaler`.
///
/// ```
/// use dfdx::prelude::*;
/// use tricks::preprocessing::Standardizer;
/// let dev = Cpu::default();
/// let training = dev.tensor_from_vec(vec![1.0, 7.0, 5.0, 7.0], (2, 2));
/// let standardizer = Standardizer::fit(&training);
/// assert_eq!(standardizer.mean.as_vec(), [3.0, 7.0]);
/// assert_eq!(standardizer.std.as_vec(), [2.0, 1.0]); // the second feature is constant
/// let unseen = dev.tensor_from_vec(vec![7.0, 8.0], (1, 2));
/// let z = standardizer.apply(unseen);
/// assert_eq!(z.as_vec(), [2.0, 1.0]);
/// assert_eq!(standardizer.inverse(z).as_vec(), [7.0, 8.0]);
/// ```
#[derive(Clone, Debug)]
pub struct Standardizer<D: Device<f32>> {
    /// Mean of each feature in the training data, (features,).
    pub mean: Vector<D>,
    /// Standard deviation of each feature in the training data, (features,), and 1 where the feature is constant.
    pub std: Vector<D>,
}

impl<D: Device<f32>> Standardizer<D> {
    /// Takes the mean and standard deviation of each feature (the last axis) from `training`, which has at least one
    /// example.
    pub fn fit<S: Shape>(training: &Tensor<S, f32, D>) -> Self {
        todo!()
    }

    /// (data − mean) / std with the statistics of the training data, whatever `data` is: a batch of any size, images of
    /// another height and width, a single image (h, w, c). Only the last axis must be that of the training data.
    pub fn apply<S: Shape>(&self, data: Tensor<S, f32, D>) -> Tensor<S, f32, D> {
        todo!()
    }

    /// data · std + mean: back to the original units.
    pub fn inverse<S: Shape>(&self, data: Tensor<S, f32, D>) -> Tensor<S, f32, D> {
        todo!()
    }
}

/// ZCA whitening: centres the features and multiplies by the symmetric matrix W that takes away their correlations.
///
/// ```text
/// Σ = Xᵀ · X / n                           covariance of the centred training data X (n, features)
/// Σ = U · diag(s) · Uᵀ                     its eigenvectors U and eigenvalues s
/// W = U · diag(1 / √(s + ε)) · Uᵀ
/// z = (x − mean) · W
/// ```
///
/// The whitened training data has the covariance matrix I (nearly, because of ε, which keeps directions of no variance
/// from being divided by 0). So has PCA whitening, `U · diag(1 / √(s + ε))`, but that leaves the data rotated into the
/// eigenvectors; the last Uᵀ rotates back, and whitened images still look like images.
///
/// Flatten images to (n, h·w·c) first. W is Keras 2's, whose default ε is 1e-6. (Keras centres each colour channel before,
/// we centre each feature, as a covariance wants it.)
///
/// No covariance matrix has a negative eigenvalue, but rounding can leave a 0 slightly below: take it as 0.
///
/// Source: slide “Data pre-processing”; Bell & Sejnowski 1997; Krizhevsky 2009, appendix A; Keras's `ImageDataGenerator`.
///
/// ```
/// use dfdx::prelude::*;
/// use tricks::preprocessing::ZcaWhitening;
/// let dev = Cpu::default();
/// let training = dev.tensor_from_vec(vec![-2.0, 1.0, 2.0, 1.0, -2.0, -1.0, 2.0, -1.0], (4, 2));
/// let zca = ZcaWhitening::fit(&training, 0.0);
/// assert_eq!(zca.matrix.as_vec(), [0.5, 0.0, 0.0, 1.0]); // the variances are 4 and 1
/// let unseen = dev.tensor_from_vec(vec![6.0, 5.0], (1, 2));
/// assert_eq!(zca.apply(unseen).as_vec(), [3.0, 5.0]);
/// ```
#[derive(Clone, Debug)]
pub struct ZcaWhitening<D: Device<f32>> {
    /// Mean of each feature in the training data, (features,).
    pub mean: Vector<D>,
    /// The symmetric matrix W, (features, features).
    pub matrix: Matrix<D>,
}

impl<D: Device<f32>> ZcaWhitening<D> {
    /// Takes mean and W from `training` (n, features), which has at least one example. `epsilon` is usually 1e-6.
    pub fn fit(training: &Matrix<D>, epsilon: f32) -> Self {
        todo!()
    }

    /// (data − mean) · W for `data` (m, features), with the statistics of the training data.
    pub fn apply(&self, data: Matrix<D>) -> Matrix<D> {
        todo!()
    }
}
