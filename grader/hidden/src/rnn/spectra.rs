//! Cases for `rnn::echo_state::scale_to_radius`: matrices that are built from their eigenvalues.

use rand::Rng;

use crate::{Args, Budget, Suite, Tensor, otherwise};

/// `R · A · R` for a random reflection R, its own inverse: the same eigenvalues, and no zeros to see them by.
fn reflected(t: &mut Suite, a: &[f64], n: usize) -> Tensor {
    let v: Vec<f64> = t.normal(&[n], 1.0).iter().copied().collect();
    let square: f64 = v.iter().map(|v| v * v).sum();
    let reflect = |rows: &[f64]| -> Vec<f64> {
        rows.chunks(n)
            .flat_map(|row| {
                let along = 2.0 * row.iter().zip(&v).map(|(r, v)| r * v).sum::<f64>() / square;
                row.iter().zip(&v).map(move |(r, v)| r - along * v).collect::<Vec<_>>()
            })
            .collect()
    };
    let transposed = |rows: &[f64]| -> Vec<f64> { (0..n * n).map(|i| rows[i % n * n + i / n]).collect() };
    let both = transposed(&reflect(&transposed(&reflect(a))));
    Tensor::from_shape_vec(vec![n, n], both).unwrap_or_default()
}

/// Block triangular: turns by random angles, stretched to these radii, on the diagonal, and numbers of the size `above` over it.
fn of_radii(t: &mut Suite, radii: &[f64], above: f64) -> Tensor {
    let n = 2 * radii.len();
    let mut a = vec![0.0; n * n];
    for i in 0..n {
        for j in i + 1..n {
            a[i * n + j] = t.rng.gen_range(-above..=above);
        }
    }
    for (k, radius) in radii.iter().enumerate() {
        let (sin, cos) = t.rng.gen_range(0.2_f64..2.9).sin_cos();
        let at = 2 * k;
        a[at * n + at] = radius * cos;
        a[at * n + at + 1] = -radius * sin;
        a[(at + 1) * n + at] = radius * sin;
        a[(at + 1) * n + at + 1] = radius * cos;
    }
    reflected(t, &a, n)
}

fn args(matrix: &Tensor, radius: f64) -> Args {
    Args::new().function("scale_to_radius").number("radius", radius).double("matrix", matrix)
}

/// Eight digits of the spectral radius are as good as all, and more than single precision has: its budget it is.
fn scaled(t: &mut Suite, about: &str, matrix: &Tensor, now: f64, radius: f64) {
    let args = args(matrix, radius);
    let radius = f64::from(radius as f32);
    let factor = otherwise("`radius` were left out", (radius, now), (1.0, now));
    let factor = otherwise("the factor were turned round", factor, (now, radius));
    let factor = otherwise("the factor's root were taken", factor, (radius.sqrt(), now.sqrt()));
    let factor = otherwise("the spectral radius were squared", factor, (radius, now * now));
    let want = matrix.mapv(|a| a * factor.0 / factor.1);
    t.call(about, args).close("scaled", &want, Budget::elementwise());
}

/// Cases for `scale_to_radius`.
pub(super) fn scaling(t: &mut Suite) {
    for _ in 0..32 {
        let mut radii: Vec<f64> = (0..t.rng.gen_range(1..=4)).map(|_| t.rng.gen_range(0.1..0.9)).collect();
        radii.push(t.rng.gen_range(1.0..3.0));
        let largest = radii.iter().copied().fold(0.0, f64::max);
        let (matrix, radius) = (of_radii(t, &radii, 1.0), t.rng.gen_range(0.3..1.5));
        scaled(t, "a matrix whose largest eigenvalues are a complex pair", &matrix, largest, radius);
    }
    let matrix = of_radii(t, &[0.5], 0.0);
    scaled(t, "a rotation, whose norm is its spectral radius", &matrix, 0.5, 0.9);
    let one = Tensor::from_elem(vec![1, 1], -2.0);
    scaled(t, "one unit with a negative weight", &one, 2.0, 0.5);
    let long = reflected(t, &[0.5, 100.0, 0.0, 0.25], 2);
    scaled(t, "a matrix whose norm is 200 times its spectral radius", &long, 0.5, 0.9);
    let nilpotent = t.array(&[2, 2], &[0.0, 3.0, 0.0, 0.0]);
    for (about, matrix) in
        [("all zeros", Tensor::zeros(vec![3, 3])), ("a matrix whose square is zero", nilpotent)]
    {
        t.call(about, args(&matrix, 0.9)).refuses(&["0"]);
    }
}
