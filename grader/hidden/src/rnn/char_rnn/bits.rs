//! Cases for `rnn::char_rnn::bits_per_character`: the formula, and a text so long that states must go on.

use rand::Rng;

use super::{model, model_with, read};
use crate::{Args, Budget, Suite, Tensor, as_it_is, is_supposed, otherwise};

pub fn bits(t: &mut Suite) {
    for round in 0..32 {
        let (characters, hidden) = (t.rng.gen_range(1..=6), t.rng.gen_range(1..=3));
        let n = if round == 0 { 2 } else { t.rng.gen_range(2..=40) };
        let about = format!("bits a character of a text of {n}");
        let args = model(t, characters, hidden);
        measure(t, &about, args, n);
    }
    // Forget gates of about σ(5) = 0.993 remember for 150 characters.
    let keep = t.array(&[8], &[0.0, 0.0, 5.0, 5.0, 0.0, 0.0, 2.0, 2.0]);
    let (n, mut args) = (2600, model_with(t, 3, 2, keep.clone()));
    while as_it_is(|| is_chaotic(&args, n)) {
        args = model_with(t, 3, 2, keep.clone());
    }
    measure(t, "bits a character of a long text: states go on to the end", args, n);
}

/// Whether a change of a millionth does not stay one over `n` steps: then nobody's roundings do.
fn is_chaotic(args: &Args, n: usize) -> bool {
    let (hidden, characters) = (args.get("hidden"), args.get("bias").len());
    let nudged = args.clone().tensor("hidden", hidden * (1.0 + 1e-6));
    let text: Vec<usize> = (0..n).map(|i| i * i % 7 % characters).collect();
    let rest = || (vec![0.0; hidden.shape()[0]], vec![0.0; hidden.shape()[0]]);
    let ends = [args, &nudged].map(|args| read(args, &text, rest()).0);
    let differences = ends[0].iter().zip(&ends[1]).map(|(a, b)| (a - b).abs());
    differences.fold(0.0, f64::max) > 1e-4
}

fn measure(t: &mut Suite, about: &str, args: Args, n: usize) {
    let (hidden, characters) = (args.get("hidden").shape()[0], args.get("bias").len());
    let text: Vec<usize> = (0..n).map(|_| t.rng.gen_range(0..characters)).collect();
    let (logits, _) = read(&args, &text[..n - 1], (vec![0.0; hidden], vec![0.0; hidden]));
    let cost = |(z, &next): (&[f64], &usize)| {
        let most = z.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        most + z.iter().map(|z| (z - most).exp()).sum::<f64>().ln() - z[next]
    };
    let nats: f64 = logits.chunks(characters).zip(&text[1..]).map(cost).sum();
    let count = otherwise("the costs were divided by all characters, the first included", n - 1, n) as f64;
    let count = if is_supposed("the costs were added up, not averaged") { 1.0 } else { count };
    let want = nats / count / std::f64::consts::LN_2;
    let want = otherwise("the perplexity stood in place of bits", want, want.exp2());
    let want = Tensor::from_elem(
        vec![],
        otherwise("it were the mean in nats, times ln 2", want, nats / count * std::f64::consts::LN_2),
    );
    // A mean of single-precision numbers up to 10, each after a chain of steps that forgets.
    let budget = Budget::sum(characters + hidden).times(8.0).scale(5.0);
    let args = args.function("bits_per_character").indexes("held_out", &text);
    t.call(about, args).close("bits", &want, budget);
}
