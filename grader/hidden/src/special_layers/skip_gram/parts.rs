//! The functions that a training is made of, each by its formula.

use ndarray::Axis;
use rand::Rng;

use super::{numbers, sentences, spoken};
use crate::{Args, Budget, Suite, Tensor, Terms, is_supposed, otherwise};

pub fn pairs(t: &mut Suite) {
    for _ in 0..48 {
        let (n, vocabulary, window) =
            (t.rng.gen_range(1..=4), t.rng.gen_range(1..=9), t.rng.gen_range(1..=4));
        let spoken = sentences(t, n, vocabulary);
        paired(t, &format!("random sentences, window {window}"), &spoken, window);
    }
    paired(t, "one word again and again", &[vec![4; 5]], 2);
    paired(t, "sentences of one word, and one of none", &[vec![1], vec![], vec![2]], 3);
    paired(t, "window 0, so no context", &[vec![1, 2, 3]], 0);
    paired(t, "a window wider than the sentences", &[vec![1, 2, 3], vec![4, 5]], 100);
    paired(t, "no sentences at all", &[], 2);
}

fn paired(t: &mut Suite, about: &str, sentences: &[Vec<usize>], window: usize) {
    let (mut centres, mut contexts) = (Vec::new(), Vec::new());
    let reach = otherwise("the window reached one word less far", window, window.saturating_sub(1));
    let reach = otherwise("`window` were that of both sides together", reach, window / 2);
    let (left, right) = otherwise("the words before the centre alone counted", (reach, reach), (reach, 0));
    let right =
        otherwise("the window reached one word less far to the right", right, reach.saturating_sub(1));
    let right_first = is_supposed("the words behind the centre came first");
    let farthest_first = is_supposed("the words before the centre came from near to far");
    for sentence in sentences {
        for i in 0..sentence.len() {
            let before: Vec<usize> = (i.saturating_sub(left)..i).collect();
            let behind: Vec<usize> = (i + 1..sentence.len()).take(right).collect();
            let before = if farthest_first { before.into_iter().rev().collect() } else { before };
            let places = if right_first { [behind, before].concat() } else { [before, behind].concat() };
            for j in places {
                centres.push(sentence[i]);
                contexts.push(sentence[j]);
            }
        }
    }
    if is_supposed("centres and contexts were exchanged") {
        (centres, contexts) = (contexts, centres);
    }
    t.call(about, spoken("skip_gram_pairs", sentences).count("window", window))
        .close("centres", &numbers(centres), Budget::exact())
        .close("contexts", &numbers(contexts), Budget::exact());
}

pub fn distribution(t: &mut Suite) {
    for round in 0..24 {
        let vocabulary = t.rng.gen_range(1..=12);
        let mut spoken = sentences(t, 8, vocabulary);
        // One word far more frequent than the others.
        spoken.push(vec![t.rng.gen_range(0..vocabulary); 1 << (round / 2)]);
        probable(t, "random sentences, one word far more frequent than the others", &spoken, vocabulary);
    }
    probable(t, "words that never occur", &[vec![1, 4, 4]], 7);
    probable(t, "one word, once", &[vec![0]], 1);
    probable(t, "no words at all", &[vec![], vec![]], 3);
    for (word, about) in
        [(5, "a word just beyond the vocabulary"), (1000, "a word far beyond the vocabulary")]
    {
        let args = spoken("negative_distribution", &[vec![0, 4], vec![word, 1]]).count("vocabulary", 5);
        t.call(about, args).refuses(&[&word.to_string(), "5"]);
    }
}

fn probable(t: &mut Suite, about: &str, sentences: &[Vec<usize>], vocabulary: usize) {
    let mut powers = vec![0.0; vocabulary];
    sentences.iter().flatten().for_each(|&word| powers[word] += 1.0);
    let power = otherwise("the root were taken, and not the power 3/4", 0.75, 0.5);
    let power = otherwise("the power were 4/3", power, 4.0 / 3.0);
    if is_supposed("logarithms stood in place of powers") {
        powers.iter_mut().for_each(|count: &mut f64| *count = count.ln_1p());
    } else {
        powers.iter_mut().for_each(|count: &mut f64| *count = count.powf(power));
    }
    let sum = powers.iter().sum::<f64>();
    let sum = otherwise("the numbers did not sum to 1", sum, 1.0);
    let sum = otherwise("they were divided by the number of all words", sum, sentences.concat().len() as f64);
    let most = powers.iter().copied().fold(0.0, f64::max);
    let sum = otherwise("they were divided by the largest", sum, most);
    let p = Tensor::from_shape_fn(vec![vocabulary], |at| if sum > 0.0 { powers[at[0]] / sum } else { 0.0 });
    let args = spoken("negative_distribution", sentences).count("vocabulary", vocabulary);
    t.call(about, args).close("p", &p, Budget::sum(vocabulary));
}

pub fn losses(t: &mut Suite) {
    for _ in 0..48 {
        t.decisive(|t| {
            let [n, k, width] = [5, 4, 6].map(|most| t.rng.gen_range(1..=most));
            let (centres, contexts) = (t.normal(&[n, width], 1.0), t.normal(&[n, width], 1.0));
            let negatives = t.normal(&[n, k, width], 1.0);
            loss(t, "random vectors", centres, contexts, negatives);
        });
    }
    let (centres, zeros) = (t.normal(&[3, 4], 0.1), Tensor::zeros(vec![3, 4]));
    let negatives = Tensor::zeros(vec![3, 2, 4]);
    loss(t, "the first step, where contexts and all scores are 0", centres, zeros, negatives);
    for (size, about) in [(20.0, "scores of ±20"), (150.0, "scores of ±150"), (1000.0, "scores of ±1000")]
    {
        let signs = t.array(&[4, 1], &[1.0, -1.0, 1.0, -1.0]);
        let (contexts, negatives) = (Tensor::ones(vec![4, 1]), t.array(&[4, 1, 1], &[1.0, 1.0, -1.0, -1.0]));
        loss(t, about, signs * size, contexts, negatives);
    }
}

fn loss(t: &mut Suite, about: &str, centres: Tensor, contexts: Tensor, negatives: Tensor) {
    let (n, k, width) = (negatives.shape()[0], negatives.shape()[1], negatives.shape()[2]);
    // A score is a sum of `width` products that may cancel; a loss is a sum of k + 1 functions of scores, each about as large
    // as its score or at most ln 2 + e⁻¹ larger.
    let largest = |x: &Tensor| x.fold(0.0, |largest: f64, x| largest.max(x.abs()));
    let (centre, other) = (largest(&centres), largest(&contexts).max(largest(&negatives)));
    let scale = centre * other + 1.0;
    let back = move |output: &str, terms: Terms| {
        // A gradient is a sum of vectors times slopes of at most 1, a part of the mean.
        let vector = if output == "d_centres" { other } else { centre };
        terms.largest.max(vector / n as f64 * terms.cotangent)
    };
    let budget = Budget::sum(width * (k + 1));
    let budget = |output: &str, terms: Terms| match output {
        "y" => budget.scale(scale),
        _ => budget.scale(back(output, terms)),
    };
    let args = Args::new().tensor("centres", centres).tensor("contexts", contexts);
    let args = args.tensor("negatives", negatives).function("negative_sampling_loss");
    t.differentiable_each(about, args, budget, |args| {
        let (v, u, negatives) = (args.get("centres"), args.get("contexts"), args.get("negatives"));
        let pair = |i: usize| {
            let (v, u) = (v.index_axis(Axis(0), i), u.index_axis(Axis(0), i));
            let wrong = negatives.index_axis(Axis(0), i);
            let of_negative = otherwise::<fn(f64) -> f64>(
                "the negatives counted as if they were right",
                softplus,
                |score| softplus(-score),
            );
            let negatives = wrong.outer_iter().map(|u| of_negative((&v * &u).sum())).sum::<f64>();
            let negatives = otherwise("the negatives were left out", negatives, 0.0);
            let positive = softplus(-(&v * &u).sum());
            let positive =
                otherwise("the context counted as if it were wrong", positive, softplus((&v * &u).sum()));
            let positive = otherwise("the context were left out", positive, 0.0);
            let mean = (positive + negatives) / (k + 1) as f64;
            otherwise("each pair's loss were a mean", positive + negatives, mean)
        };
        let losses = (0..n).map(pair).sum::<f64>();
        let losses = otherwise("logarithms had base 2", losses, losses / std::f64::consts::LN_2);
        Tensor::from_elem(vec![], losses / n as f64)
    });
}

/// −ln σ(−x) = ln(1 + eˣ), in the form that does not overflow.
fn softplus(x: f64) -> f64 {
    x.max(0.0) + (-x.abs()).exp().ln_1p()
}

pub fn analogies(t: &mut Suite) {
    for _ in 0..48 {
        let (n, width) = (t.rng.gen_range(4..=9), t.rng.gen_range(2..=6));
        // Vectors of quite different lengths: it is directions that count.
        let vectors = t.normal(&[n, width], 1.0) * t.uniform(&[n, 1], 0.2, 5.0);
        let vectors = vectors.mapv(|x| f64::from(x as f32));
        let candidates: Vec<[usize; 3]> = (0..12).map(|_| [0; 3].map(|_| t.rng.gen_range(0..n))).collect();
        let clear: Vec<_> =
            candidates.into_iter().filter_map(|q| Some((q, clear_answer(&vectors, q)?))).collect();
        if clear.is_empty() {
            continue;
        }
        asked(t, "random vectors of different lengths", vectors, &clear);
    }
    let three = t.normal(&[3, 4], 1.0);
    asked(t, "three words, all of them in the question", three, &[([0, 1, 2], 3), ([2, 0, 1], 3)]);
}

/// Questions of real words, those that have a clear answer.
pub fn real(t: &mut Suite, about: &str, vectors: &Tensor, questions: &[Vec<usize>]) {
    let question = |words: &Vec<usize>| <[usize; 3]>::try_from(words.as_slice()).ok();
    let clear: Vec<_> = questions
        .iter()
        .filter_map(question)
        .filter_map(|question| Some((question, clear_answer(vectors, question)?)))
        .collect();
    asked(t, about, vectors.clone(), &clear);
}

fn asked(t: &mut Suite, about: &str, vectors: Tensor, answered: &[([usize; 3], usize)]) {
    let questions: Vec<usize> = answered.iter().flat_map(|(question, _)| *question).collect();
    let args = Args::new().function("analogy").constant("vectors", vectors.clone());
    t.call(about, args.indexes("questions", &questions)).close(
        "answers",
        &numbers(answered.iter().map(|(question, answer)| supposed(&vectors, *question).unwrap_or(*answer))),
        Budget::exact(),
    );
}

/// Another answer, where something is supposed of how it is found.
fn supposed(vectors: &Tensor, [a, b, c]: [usize; 3]) -> Option<usize> {
    let length = |v: &Tensor| v.mapv(|x| x * x).sum().sqrt();
    let raw = is_supposed("vectors were added as long as they are, and compared by their directions");
    let by_distance = is_supposed("the nearest by distance counted, not by direction");
    let [without_c, plus_a] = ["the third word were left out", "all three words were added"].map(is_supposed);
    let exchanged = is_supposed("the first and the third word were exchanged");
    (raw || by_distance || without_c || plus_a || exchanged).then_some(())?;
    let vector = |word: usize| {
        let v = vectors.index_axis(Axis(0), word).to_owned();
        if raw || by_distance { v } else { &v / length(&v) }
    };
    let (from, to) = if exchanged { (c, a) } else { (a, c) };
    let first = if plus_a { vector(from) } else { -vector(from) };
    let sought = vector(b) + first + if without_c { vector(to) * 0.0 } else { vector(to) };
    let nearness = |word: usize| {
        let v = vector(word);
        if by_distance { -length(&(&v - &sought)) } else { (&v * &sought).sum() / length(&v) }
    };
    let others = (0..vectors.shape()[0]).filter(|word| ![a, b, c].contains(word));
    others.max_by(|&i, &j| nearness(i).total_cmp(&nearness(j)))
}

/// The nearest word, where no other comes near it.
fn clear_answer(vectors: &Tensor, [a, b, c]: [usize; 3]) -> Option<usize> {
    let length = |v: &Tensor| v.mapv(|x| x * x).sum().sqrt();
    let unit = |word: usize| {
        let v = vectors.index_axis(Axis(0), word).to_owned();
        &v / length(&v)
    };
    let sought = unit(b) - unit(a) + unit(c);
    let others = (0..vectors.shape()[0]).filter(|word| ![a, b, c].contains(word));
    let mut cosines: Vec<(f64, usize)> =
        others.map(|word| ((&unit(word) * &sought).sum() / length(&sought), word)).collect();
    cosines.sort_by(|x, y| y.0.total_cmp(&x.0));
    let next = cosines.get(1).map_or(-2.0, |next| next.0);
    // A sum of six rounded products is off by 10⁻⁶ at most.
    cosines.first().filter(|best| length(&sought) > 0.1 && best.0 - next > 1e-3).map(|best| best.1)
}
