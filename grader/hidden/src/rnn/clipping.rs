//! Cases for `rnn::gradients::clip_grad_norm`: the formula, and what must stay bit for bit.

use rand::Rng;

use crate::{Args, Budget, Suite, Tensor, otherwise};

pub fn clip_grad_norm(t: &mut Suite) {
    for _ in 0..64 {
        let lengths: Vec<usize> = (0..t.rng.gen_range(1..=4)).map(|_| t.rng.gen_range(1..=6)).collect();
        let size = t.rng.gen_range(0.5..20.0);
        let gradients: Vec<Tensor> = lengths.iter().map(|&n| t.normal(&[n], size)).collect();
        // from half of it to twice of it, but never so near that rounding decides
        let share = if t.rng.gen_bool(0.5) { t.rng.gen_range(0.3..0.98) } else { t.rng.gen_range(1.02..3.0) };
        let limit = f64::from((share * norm(&gradients)) as f32);
        let about =
            if share < 1.0 { "gradients that are too long" } else { "gradients that are short enough" };
        clipped(t, about, &gradients, limit);
    }
    let two = [t.array(&[1], &[3.0]), t.array(&[2], &[0.0, -4.0])];
    clipped(t, "a norm that is exactly the limit", &two, 5.0);
    let one_long = [t.array(&[2], &[0.3, 0.4]), t.array(&[1], &[12.0])];
    clipped(t, "one gradient is short and another long: both are scaled", &one_long, 2.0);
    clipped(t, "all gradients are zero", &[Tensor::zeros(vec![3]), Tensor::zeros(vec![1])], 1.0);
    clipped(t, "no gradients at all", &[], 1.0);
    let huge = [t.array(&[2], &[3e30, -4e30])];
    clipped(t, "gradients whose squares overflow in single precision", &huge, 1.0);
    let tiny = [t.array(&[2], &[3e-30, -4e-30])];
    clipped(t, "gradients whose squares vanish in single precision", &tiny, 1e-30);
    for (about, value, word) in [
        ("a gradient with a NaN in it", f64::NAN, "NaN"),
        ("a gradient that is infinite", f64::INFINITY, "inf"),
        ("a gradient that is minus infinite", f64::NEG_INFINITY, "inf"),
    ] {
        let gradients = [t.array(&[2], &[1.0, 2.0]), t.array(&[2], &[value, 1.0])];
        t.call(about, clipping(&gradients, 1.0)).refuses(&[word]);
    }
    let some = [t.array(&[2], &[3.0, -4.0]), t.array(&[1], &[12.0])];
    clipped(t, "a limit of 0, which leaves nothing", &some, 0.0);
}

fn norm(gradients: &[Tensor]) -> f64 {
    gradients.iter().flatten().map(|g| g * g).sum::<f64>().sqrt()
}

fn clipping(gradients: &[Tensor], max_norm: f64) -> Args {
    let args = Args::new().number("max_norm", max_norm);
    let numbered = gradients.iter().enumerate();
    numbered.fold(args, |args, (i, gradient)| args.constant(&format!("gradient{i}"), gradient.clone()))
}

/// Below the limit not a bit may change.
fn clipped(t: &mut Suite, about: &str, gradients: &[Tensor], max_norm: f64) {
    let norms = || gradients.iter().map(|g| norm(std::slice::from_ref(g)));
    let longest = norms().fold(0.0, f64::max);
    let norm = otherwise("the longest gradient's norm stood for that of all", norm(gradients), longest);
    let norm = otherwise("the norms of all gradients were summed up", norm, norms().sum());
    let count = gradients.iter().map(|g| g.len()).sum::<usize>().max(1) as f64;
    let norm = otherwise("the root of the mean square stood in place of the norm", norm, norm / count.sqrt());
    let sizes = || gradients.iter().flatten().map(|g| g.abs());
    let norm = otherwise("the sum of sizes stood in place of the norm", norm, sizes().sum());
    let norm = otherwise("the largest size stood in place of the norm", norm, sizes().fold(0.0, f64::max));
    let of_first = gradients.first().map_or(0.0, |first| self::norm(std::slice::from_ref(first)));
    let norm = otherwise("the first gradient's norm stood for that of all", norm, of_first);
    let max_norm = f64::from(max_norm as f32);
    let (factor, budget) =
        if norm > max_norm { (max_norm / norm, Budget::elementwise()) } else { (1.0, Budget::exact()) };
    let factor = factor_supposed(factor, norm, max_norm);
    let case = t.call(about, clipping(gradients, max_norm));
    for (i, gradient) in gradients.iter().enumerate() {
        case.close(&format!("clipped{i}"), &gradient.mapv(|g| g * factor), budget);
    }
    case.close("norm", &Tensor::from_elem(vec![], norm), Budget::elementwise());
}

/// What gradients are multiplied by, unless something is supposed of it.
fn factor_supposed(factor: f64, norm: f64, max_norm: f64) -> f64 {
    let is_long = norm > max_norm;
    let too_long = |supposed: f64| if is_long { supposed } else { factor };
    let factor = otherwise("gradients that are too long became as long as 1", factor, too_long(1.0 / norm));
    let factor = otherwise("gradients were divided by the limit", factor, too_long(1.0 / max_norm));
    let factor = otherwise("norm and limit were exchanged in the factor", factor, too_long(norm / max_norm));
    let factor = otherwise("the factor's root were taken", factor, too_long((max_norm / norm).sqrt()));
    let factor = otherwise("gradients that are too long became 0", factor, too_long(0.0));
    let small = max_norm / (norm + 1e-6);
    let factor = otherwise("10⁻⁶ were added to the norm that divides", factor, too_long(small));
    otherwise(
        "short gradients were scaled, and long ones not",
        factor,
        if is_long { 1.0 } else { max_norm / norm },
    )
}
