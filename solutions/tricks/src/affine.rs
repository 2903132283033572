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
    let (n, h, w, c) = *x.shape();
    if transforms.len() != n {
        return Err(CountError { images: n, transforms: transforms.len() });
    }
    // Each output pixel looks somewhere else: that is arithmetic on indexes, and a loop on the host says it best.
    let pixels = x.as_vec();
    let mut y = Vec::with_capacity(pixels.len());
    let centre = ((h as f32 - 1.0) / 2.0, (w as f32 - 1.0) / 2.0);
    for (i, transform) in transforms.iter().enumerate() {
        let pixels = &pixels[i * h * w * c..(i + 1) * h * w * c];
        let plane = Plane { pixels, size: (h as isize, w as isize, c as isize), fill };
        let looks_at = matrix(transform);
        for row in 0..h {
            for column in 0..w {
                let (down, right) = looks_at(row as f32 - centre.0, column as f32 - centre.1);
                let place = (centre.0 + down, centre.1 + right);
                y.extend((0..plane.size.2).map(|channel| plane.between(place, channel)));
            }
        }
    }
    Ok(x.device().tensor_from_vec(y, (n, h, w, c)))
}

/// The matrix M as a function of a row and a column, both counted from the centre.
fn matrix(transform: &Affine) -> impl Fn(f32, f32) -> (f32, f32) {
    let Affine { rotation, shift, shear, zoom } = *transform;
    let (sin, cos) = rotation.to_radians().sin_cos();
    let (lean, upright) = shear.to_radians().sin_cos();
    // The four matrices one after the other, the rightmost first.
    move |row, column| {
        let (row, column) = (zoom.0 * row, zoom.1 * column);
        let (row, column) = (row - lean * column, upright * column);
        let (row, column) = (row + shift.0, column + shift.1);
        (cos * row - sin * column, sin * row + cos * column)
    }
}

/// One image and what lies around it.
struct Plane<'a> {
    pixels: &'a [f32],
    size: (isize, isize, isize),
    fill: FillMode,
}

impl Plane<'_> {
    /// The value at a place between pixels: the mean of its four neighbours, the nearer the heavier.
    fn between(&self, (row, column): (f32, f32), channel: isize) -> f32 {
        let (top, left) = (row.floor(), column.floor());
        let (down, right) = (row - top, column - left);
        let pixel = |below, beside| self.pixel(top as isize + below, left as isize + beside, channel);
        (1.0 - down) * ((1.0 - right) * pixel(0, 0) + right * pixel(0, 1))
            + down * ((1.0 - right) * pixel(1, 0) + right * pixel(1, 1))
    }

    /// The pixel at any row and column, inside the image or not.
    fn pixel(&self, row: isize, column: isize, channel: isize) -> f32 {
        let (h, w, c) = self.size;
        let outside = !(0..h).contains(&row) || !(0..w).contains(&column);
        match self.fill {
            FillMode::Constant(value) if outside => value,
            fill => self.pixels[((fold(row, h, fill) * w + fold(column, w, fill)) * c + channel) as usize],
        }
    }
}

/// The index from 0 to `n − 1` that stands in for `index`.
fn fold(index: isize, n: isize, fill: FillMode) -> isize {
    match fill {
        FillMode::Constant(_) => index,
        FillMode::Nearest => index.clamp(0, n - 1),
        FillMode::Wrap => index.rem_euclid(n),
        // Image and mirror image together repeat every 2n pixels.
        FillMode::Reflect => index.rem_euclid(2 * n).min(2 * n - 1 - index.rem_euclid(2 * n)),
    }
}
