//! More images from the same images: rotations, shifts, shears and zooms.

use dfdx::prelude::*;

use crate::augmentation::Images;

/// A rotation, a shift, a shear and a zoom, done in one go by [`affine_augment`].
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Affine {
    /// θ in degrees; positive angles turn the picture clockwise.
    pub rotation: f32,
    /// (tᵣ, t꜀) in pixels, along rows and along columns; (1, 0) moves the picture up by one row.
    pub shift: (f32, f32),
    /// φ in degrees.
    pub shear: f32,
    /// (zᵣ, z꜀), along rows and along columns; 2 shows the picture at half its size, ½ at twice its size.
    pub zoom: (f32, f32),
}

impl Affine {
    /// Leaves an image as it is.
    pub const IDENTITY: Self = Self { rotation: 0.0, shift: (0.0, 0.0), shear: 0.0, zoom: (1.0, 1.0) };
}

/// What lies outside an image: the pixels beyond the border, shown for a row `a b c d`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum FillMode {
    /// This value `k` everywhere: `k k k k | a b c d | k k k k`. SciPy's mode "grid-constant".
    Constant(f32),
    /// The nearest pixel of the border: `a a a a | a b c d | d d d d`. SciPy's mode "nearest".
    Nearest,
    /// The mirror image, border pixels twice: `d c b a | a b c d | d c b a`. SciPy's mode "reflect".
    Reflect,
    /// The same image again: `a b c d | a b c d | a b c d`. SciPy's mode "grid-wrap".
    Wrap,
}

/// A batch with another number of images than of transforms.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CountError {
    /// How many images there are.
    pub images: usize,
    /// How many transforms there are.
    pub transforms: usize,
}

impl std::fmt::Display for CountError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} transforms for a batch of {} images", self.transforms, self.images)
    }
}

impl std::error::Error for CountError {}

/// Rotates, shifts, shears and zooms every image by its own transform, about the image's centre.
///
/// A transform is a matrix that says where an *output* pixel looks in the *input* (hence the directions that [`Affine`]
/// describes). It acts on (row, column, 1), counted from the centre ((h − 1)/2, (w − 1)/2), and is the product
/// rotation · shift · shear · zoom, of which the zoom is applied first:
///
/// ```text
///     ⎡cos θ  −sin θ  0⎤   ⎡1  0  tᵣ⎤   ⎡1  −sin φ  0⎤   ⎡zᵣ  0  0⎤
/// M = ⎢sin θ   cos θ  0⎥ · ⎢0  1  t꜀⎥ · ⎢0   cos φ  0⎥ · ⎢0  z꜀  0⎥
///     ⎣  0       0    1⎦   ⎣0  0  1 ⎦   ⎣0     0    1⎦   ⎣0   0  1⎦
///
/// (row, column) of the input − centre = M · ((row, column) of the output − centre)
/// ```
///
/// The output has the input's shape. Where M points between pixels, the output is interpolated bilinearly: the mean of
/// the four pixels around that place, each weighted by its nearness, `(1 − |Δrow|) · (1 − |Δcolumn|)`. Any of the four
/// may lie outside the image and is then what `fill` says.
///
/// This is Keras 2's `apply_affine_transform`, that is `scipy.ndimage.affine_transform` with `order=1`, but for two of
/// their oddities: keras-preprocessing up to 1.1.2 turns about a centre that is one pixel off, and SciPy's plain
/// "constant" and "wrap" do not interpolate across the border ("grid-constant" and "grid-wrap", which we follow, do).
///
/// There must be as many transforms as images; otherwise the result is an `Err` with both numbers.
///
/// Source: slides “Data augmentation” and “ImageDataGenerator”; Keras 2, `preprocessing/image.py`.
///
/// ```
/// use dfdx::prelude::*;
/// use tricks::affine::{Affine, FillMode, affine_augment};
/// let dev = Cpu::default();
/// let x = dev.tensor_from_vec(vec![1.0, 2.0, 3.0], (1, 1, 3, 1));
/// let half = Affine { shift: (0.0, 0.5), ..Affine::IDENTITY };
/// let y = affine_augment(x.clone(), &[half], FillMode::Constant(0.0)).unwrap();
/// assert_eq!(y.as_vec(), [1.5, 2.5, 1.5]);
/// let y = affine_augment(x.clone(), &[half], FillMode::Wrap).unwrap();
/// assert_eq!(y.as_vec(), [1.5, 2.5, 2.0]);
/// assert!(affine_augment(x, &[], FillMode::Wrap).is_err());
/// ```
pub fn affine_augment<D: Device<f32>>(
    x: Images<D>,
    transforms: &[Affine],
    fill: FillMode,
) -> Result<Images<D>, CountError> {
    todo!()
}
