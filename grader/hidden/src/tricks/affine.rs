//! Cases for `tricks::affine`: the 3 × 3 matrices multiplied out, the plane found by walking back into the image.

use rand::Rng;

use crate::{Args, Budget, Suite, Tensor, is_supposed, otherwise};

/// Rotation, shift of rows and columns, shear, zoom of rows and columns.
type Transform = [f64; 6];
type Matrix = [[f64; 3]; 3];

const FILLS: [&str; 4] = ["constant", "nearest", "reflect", "wrap"];
const IDENTITY: Transform = [0.0, 0.0, 0.0, 0.0, 1.0, 1.0];
/// What lies outside under the fill mode "constant": no image has it.
const OUTSIDE: f64 = -2.0;

pub fn affine_augment(t: &mut Suite) {
    one_at_a_time(t);
    borders(t);
    for round in 0..72 {
        let shape =
            [t.rng.gen_range(1..=2), t.rng.gen_range(1..=6), t.rng.gen_range(1..=6), t.rng.gen_range(1..=2)];
        let transforms: Vec<Transform> = (0..shape[0]).map(|_| anything(t)).collect();
        case(t, "a rotation, a shift, a shear and a zoom at once", shape, &transforms, FILLS[round % 4]);
    }
    for images in [1, 3] {
        let x = t.uniform(&[images, 2, 3, 1], -1.0, 1.0);
        let call = args(t, &x, &[IDENTITY, IDENTITY], "nearest");
        let message = format!("2 transforms for a batch of {images} images");
        t.call("two transforms for another number of images", call).refuses(&[&message]);
    }
}

fn one_at_a_time(t: &mut Suite) {
    let alone = [
        ("the identity", IDENTITY),
        ("a quarter turn", [90.0, 0.0, 0.0, 0.0, 1.0, 1.0]),
        ("half a turn", [180.0, 0.0, 0.0, 0.0, 1.0, 1.0]),
        ("a full turn", [360.0, 0.0, 0.0, 0.0, 1.0, 1.0]),
        ("a shift by the whole image, of which nothing is left", [0.0, 4.0, 5.0, 0.0, 1.0, 1.0]),
        ("a rotation by −30°", [-30.0, 0.0, 0.0, 0.0, 1.0, 1.0]),
        ("a shift along rows by a whole pixel", [0.0, 1.0, 0.0, 0.0, 1.0, 1.0]),
        ("a shift along columns by −2 pixels", [0.0, 0.0, -2.0, 0.0, 1.0, 1.0]),
        ("a shift by fractions of pixels", [0.0, 0.25, -0.75, 0.0, 1.0, 1.0]),
        ("a shear by 20°", [0.0, 0.0, 0.0, 20.0, 1.0, 1.0]),
        ("a zoom along rows by 2", [0.0, 0.0, 0.0, 0.0, 2.0, 1.0]),
        ("a zoom along columns by ½", [0.0, 0.0, 0.0, 0.0, 1.0, 0.5]),
        ("a rotation and a shift: the rotation turns the shift, too", [90.0, 1.0, 0.0, 0.0, 1.0, 1.0]),
        ("a shear and a zoom: the zoom comes first", [0.0, 0.0, 0.0, 40.0, 2.0, 0.5]),
    ];
    for (what, transform) in alone {
        for (shape, fill) in
            [([1, 3, 5, 1], "constant"), ([1, 4, 2, 2], "nearest"), ([1, 3, 3, 1], "reflect")]
        {
            let form = if shape[1] == shape[2] { "square" } else { "not square" };
            case(t, &format!("{what}, of one image, {form}"), shape, &[transform], fill);
        }
    }
    let both = [[90.0, 0.0, 0.0, 0.0, 1.0, 1.0], [0.0, 1.0, 0.0, 0.0, 1.0, 1.0]];
    case(t, "two images, each with a transform of its own", [2, 3, 4, 1], &both, "nearest");
    case(t, "a single pixel", [1, 1, 1, 3], &[[45.0, 0.0, 0.0, 10.0, 2.0, 2.0]], "nearest");
    case(t, "a single row", [1, 1, 5, 1], &[[0.0, 0.5, 0.5, 0.0, 1.0, 1.5]], "reflect");
}

fn borders(t: &mut Suite) {
    let shifts = [
        ("half a pixel beyond the border", [0.0, 0.5, -0.5, 0.0, 1.0, 1.0]),
        ("two pixels beyond the border", [0.0, 2.0, -2.0, 0.0, 1.0, 1.0]),
        ("beyond the border by more than the image is large, twice over", [0.0, 7.25, -10.5, 0.0, 1.0, 1.0]),
        ("shown at a third of its size, with what lies around it", [0.0, 0.0, 0.0, 0.0, 3.0, 3.0]),
    ];
    for (what, transform) in shifts {
        for fill in FILLS {
            case(t, &format!("an image {what}, fill mode {fill}"), [1, 3, 4, 1], &[transform], fill);
        }
    }
}

fn anything(t: &mut Suite) -> Transform {
    let rng = &mut t.rng;
    let rotation = rng.gen_range(-180.0..180.0);
    let shift = (rng.gen_range(-5.0..5.0), rng.gen_range(-5.0..5.0));
    let shear = rng.gen_range(-60.0..60.0);
    [rotation, shift.0, shift.1, shear, rng.gen_range(0.3..2.5), rng.gen_range(0.3..2.5)]
}

fn case(t: &mut Suite, about: &str, shape: [usize; 4], transforms: &[Transform], fill: &str) {
    // No pixel is near 0: far beyond the border a single one may fill the result, and errors are measured against it.
    let x = t.uniform(&shape, 0.5, 2.0);
    let args = args(t, &x, transforms, fill);
    // Coordinates up to 16 are rounded some ten times, and pixels that differ by up to 3 are weighed with them.
    t.value(about, args, Budget::elementwise().scale(16.0), |args| transformed(args, fill));
}

fn args(t: &Suite, x: &Tensor, transforms: &[Transform], fill: &str) -> Args {
    let transforms = t.array(&[transforms.len(), 6], transforms.as_flattened());
    let args = Args::new().constant("x", x.clone()).constant("transforms", transforms).text("fill", fill);
    if fill == "constant" { args.number("value", OUTSIDE) } else { args }
}

fn transformed(args: &Args, fill: &str) -> Tensor {
    let (x, transforms) = (args.get("x"), args.get("transforms"));
    let (h, w) = (x.shape()[1], x.shape()[2]);
    Tensor::from_shape_fn(x.shape(), |i| {
        let transform = std::array::from_fn(|at| transforms[[i[0], at]]);
        let half = |length: usize| (length as f64 - 1.0) / 2.0;
        let (middle, centre) = otherwise("the centre's row and column were exchanged", (h, w), (w, h));
        let m = matrix(transform, half(middle), half(centre));
        let [row, column] = [0, 1].map(|a| m[a][0] * i[1] as f64 + m[a][1] * i[2] as f64 + m[a][2]);
        let mut sum = 0.0;
        for (r, c) in [(0.0, 0.0), (0.0, 1.0), (1.0, 0.0), (1.0, 1.0)] {
            let (r, c) = (row.floor() + r, column.floor() + c);
            let weight = |place: f64, at: f64| {
                let distance = (place - at).abs();
                let other =
                    otherwise("the weights of both neighbours were exchanged", 1.0 - distance, distance);
                let upper = f64::from(u8::from(at == place.floor()));
                otherwise("places were rounded down", other, upper)
            };
            let weight = weight(row, r) * weight(column, c);
            let pixel = match (walk_back(r, h, fill), walk_back(c, w, fill)) {
                (Some(r), Some(c)) => x[[i[0], r, c, i[3]]],
                _ => otherwise("0 lay outside, whatever `value` says", OUTSIDE, 0.0),
            };
            sum += weight * pixel;
        }
        sum
    })
}

/// centre · rotation · shift · shear · zoom · centre⁻¹.
fn matrix([rotation, rows, columns, shear, tall, wide]: Transform, row: f64, column: f64) -> Matrix {
    let given = (rotation, shear);
    let (rotation, shear) = (rotation.to_radians(), shear.to_radians());
    let rotation = otherwise("the rotation were taken for radians", rotation, given.0);
    let shear = otherwise("the shear were taken for radians", shear, given.1);
    let rotation = otherwise("the rotation had the other sign", rotation, -rotation);
    let (rows, columns) = otherwise("the shifts were exchanged", (rows, columns), (columns, rows));
    let (rows, columns) = otherwise("the shifts had the other sign", (rows, columns), (-rows, -columns));
    let (tall, wide) = otherwise("the zooms were exchanged", (tall, wide), (wide, tall));
    let (tall, wide) = otherwise("the zooms were their reciprocals", (tall, wide), (1.0 / tall, 1.0 / wide));
    let shear = otherwise("the shear had the other sign", shear, -shear);
    let shift = |r, c| [[1.0, 0.0, r], [0.0, 1.0, c], [0.0, 0.0, 1.0]];
    let turn =
        [[rotation.cos(), -rotation.sin(), 0.0], [rotation.sin(), rotation.cos(), 0.0], [0.0, 0.0, 1.0]];
    let factors = [
        turn,
        shift(rows, columns),
        sheared(shear),
        [[tall, 0.0, 0.0], [0.0, wide, 0.0], [0.0, 0.0, 1.0]],
        shift(-row, -column),
    ];
    let [rotate, move_by, slant, zoom, back] = factors;
    let factors =
        otherwise("shear and rotation were exchanged", factors, [slant, move_by, rotate, zoom, back]);
    let shear_first = [rotate, slant, move_by, zoom, back];
    let factors = otherwise("the shear came after the shift", factors, shear_first);
    let backwards = [zoom, slant, move_by, rotate, back];
    let factors = otherwise("the four matrices were multiplied in the other order", factors, backwards);
    factors.iter().fold(shift(row, column), |product, factor| multiply(&product, factor))
}

fn sheared(shear: f64) -> Matrix {
    let (sin, cos) = shear.sin_cos();
    let (sin, cos) = otherwise("the shear's sine and cosine were exchanged", (sin, cos), (cos, sin));
    let cos = otherwise("the shear's cosine were left out", cos, 1.0);
    let sin = otherwise("the shear took the tangent for the sine", sin, shear.tan());
    if is_supposed("the shear moved columns, and not rows") {
        return [[cos, 0.0, 0.0], [-sin, 1.0, 0.0], [0.0, 0.0, 1.0]];
    }
    [[1.0, -sin, 0.0], [0.0, cos, 0.0], [0.0, 0.0, 1.0]]
}

fn multiply(a: &Matrix, b: &Matrix) -> Matrix {
    std::array::from_fn(|i| std::array::from_fn(|j| (0..3).map(|k| a[i][k] * b[k][j]).sum()))
}

/// The index that stands in for `index`, one border at a time; none where a constant does.
fn walk_back(index: f64, length: usize, fill: &str) -> Option<usize> {
    let n = length as f64;
    let mut i = index;
    let fill = otherwise("each fill mode were \"nearest\"", fill, "nearest");
    let fill = otherwise("each fill mode were \"constant\"", fill, "constant");
    let fill = match fill {
        "reflect" => otherwise("\"reflect\" and \"wrap\" were exchanged", fill, "wrap"),
        "wrap" => otherwise("\"reflect\" and \"wrap\" were exchanged", fill, "reflect"),
        _ => fill,
    };
    while !(0.0..n).contains(&i) {
        let below = i < 0.0;
        i = match fill {
            "nearest" if below => 0.0,
            "nearest" => n - 1.0,
            "reflect" if below => -1.0 - i,
            "reflect" => 2.0 * n - 1.0 - i,
            "wrap" if below => i + n,
            "wrap" => i - n,
            _ => return None,
        };
    }
    Some(i as usize)
}
