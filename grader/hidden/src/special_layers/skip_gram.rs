//! Cases for `special_layers::skip_gram`: pairs, probabilities and losses by their formulas, analogies by their cosines, and
//! a training by the analogies that were planted for it.

mod parts;

use datasets::{generated::planted_words, glove};
use rand::Rng;

use crate::{Args, Budget, Distribution, Rule, Statistic, Suite, Tensor, draws};

pub fn skip_gram(t: &mut Suite) {
    parts::pairs(t);
    parts::distribution(t);
    parts::losses(t);
    parts::analogies(t);
    real_words(t);
    untrained(t);
    small_trainings(t);
    planted(t);
    many_vectors(t);
}

/// Sentences as a call carries them: their words one after the other, and how many each has.
fn spoken(function: &str, sentences: &[Vec<usize>]) -> Args {
    let lengths: Vec<usize> = sentences.iter().map(Vec::len).collect();
    Args::new().function(function).indexes("words", &sentences.concat()).indexes("lengths", &lengths)
}

/// `n` sentences of random length, of words below `vocabulary`.
fn sentences(t: &mut Suite, n: usize, vocabulary: usize) -> Vec<Vec<usize>> {
    let mut sentence = || {
        let length = t.rng.gen_range(0..=7);
        (0..length).map(|_| t.rng.gen_range(0..vocabulary)).collect()
    };
    (0..n).map(|_| sentence()).collect()
}

/// Numbers of words as an oracle's answer.
fn numbers(words: impl IntoIterator<Item = usize>) -> Tensor {
    ndarray::Array1::from_iter(words.into_iter().map(|word| word as f64)).into_dyn()
}

fn training(sentences: &[Vec<usize>], vocabulary: usize, width: usize, epochs: usize, seed: usize) -> Args {
    spoken("skip_gram", sentences)
        .count("vocabulary", vocabulary)
        .count("width", width)
        .count("epochs", epochs)
        .count("seed", seed)
}

/// The rest of a recipe for few words.
fn small(args: Args, batch_size: usize) -> Args {
    args.count("window", 2)
        .count("negatives", 3)
        .count("batch_size", batch_size)
        .number("learning_rate", 0.125)
}

fn untrained(t: &mut Suite) {
    let (vocabulary, width, seed) = (100, 20, t.seed());
    let (spoken, silent) = (sentences(t, 5, vocabulary), vec![vec![3], vec![], vec![7]]);
    let limit = 0.5 / width as f64;
    let uniform = Distribution::Uniform { low: -limit, high: limit };
    // P(distance > d) ≤ 2·exp(−2nd²), Massart's bound: 10⁻⁶ for d = 2.7/√n.
    let distance = 2.7 / ((vocabulary * width) as f64).sqrt();
    let args =
        |sentences: &[Vec<usize>], epochs| small(training(sentences, vocabulary, width, epochs, seed), 4);
    t.call("no epochs: the vectors are as they were drawn", args(&spoken, 0))
        .check("vectors", Rule::Shape { shape: vec![vocabulary, width] })
        .check("vectors", Rule::Within { low: -limit * 1.000_001, high: limit * 1.000_001 })
        .statistic("vectors", Statistic::DistanceTo(uniform), 0.0, distance);
    for (about, sentences) in
        [("sentences of one word, so no pairs", &silent[..]), ("no sentences at all", &[])]
    {
        t.call(about, args(sentences, 0))
            .check("vectors", Rule::Shape { shape: vec![vocabulary, width] })
            .also(args(sentences, 3))
            .check("vectors", Rule::SameAs { call: 0, output: "vectors".to_owned() });
    }
}

/// So many that one lies within 0.02 % of either end of the range.
fn many_vectors(t: &mut Suite) {
    let (vocabulary, width, seed) = (1000, 100, t.seed());
    let limit = 0.5 / width as f64;
    let spoken = sentences(t, 5, vocabulary);
    let case = t.call(
        "no epochs: a hundred thousand numbers as they were drawn",
        small(training(&spoken, vocabulary, width, 0, seed), 4),
    );
    draws::uniform(case, "vectors", vocabulary * width, (-limit, limit), 1e-6 * limit);
}

fn small_trainings(t: &mut Suite) {
    let (vocabulary, seed) = (6, t.seed());
    let spoken = [sentences(t, 12, vocabulary), vec![vec![0, 1, 2, 3, 4, 5]]].concat();
    for (about, batch_size) in [
        ("the same seed gives the same vectors, another seed others", 7),
        ("a batch of one pair", 1),
        ("a batch larger than all pairs", 10_000),
    ] {
        let args = |seed| small(training(&spoken, vocabulary, 5, 3, seed), batch_size);
        t.call(about, args(seed))
            .check("vectors", Rule::Shape { shape: vec![vocabulary, 5] })
            .check("vectors", Rule::Within { low: -100.0, high: 100.0 })
            .also(args(seed))
            .check("vectors", Rule::SameAs { call: 0, output: "vectors".to_owned() })
            .also(args(seed + 1))
            .check("vectors", Rule::DiffersFrom { call: 0, output: "vectors".to_owned() });
    }
    let unknown = vec![vec![0, 1, 2], vec![3, 8, 1]];
    t.call("a word that the vocabulary has not", small(training(&unknown, 8, 5, 3, seed), 4)).refuses(&["8"]);
}

/// The planted analogies, all fifteen. The right word's cosine leads the next one's, in the narrowest of the fifteen, by
/// 0.27 ± 0.027 and at least by 0.19 (160 trainings in NumPy, each with a corpus and seed of its own): an error is ten standard
/// deviations away. Batches of 250, steps of 0.03 and context vectors that start at random do as well.
fn planted(t: &mut Suite) {
    let words = planted_words(1000, &mut t.rng);
    let questions: Vec<usize> = words.analogies.iter().flat_map(|&[a, b, c, _]| [a, b, c]).collect();
    let args = training(&words.sentences, words.vocabulary.len(), 32, 10, t.seed());
    let args = args.count("window", 3).count("negatives", 5).count("batch_size", 500);
    let args = args
        .number("learning_rate", f64::from(0.02f32))
        .indexes("questions", &questions)
        .function("skip_gram + analogy");
    t.call("a thousand planted sentences: man is to king as woman is to queen, and fourteen more", args)
        .close("answers", &numbers(words.analogies.iter().map(|analogy| analogy[3])), Budget::exact());
}

/// Real words: what is nearest there, which need not be what a person would say.
const QUESTIONS: [(&str, [&str; 5]); 3] = [
    (
        "women and men",
        ["man king woman", "man father woman", "he his she", "man brother woman", "man actor woman"],
    ),
    ("tenses", ["go went come", "see saw hear", "take took give", "walk walked play", "make made write"]),
    (
        "capitals",
        [
            "france paris italy",
            "germany berlin japan",
            "russia moscow china",
            "iraq baghdad iran",
            "france paris india",
        ],
    ),
];

fn real_words(t: &mut Suite) {
    let Some(glove) = t.load(glove::bundled()) else { return };
    let values: Vec<f64> = glove.values.iter().map(|&x| f64::from(x)).collect();
    let vectors = t.array(&[glove.words.len(), glove.dimension], &values);
    let number = |word: &str| glove.words.iter().position(|known| known == word);
    for (kind, questions) in QUESTIONS {
        let asked = questions.map(|question| question.split(' ').filter_map(number).collect::<Vec<_>>());
        parts::real(t, &format!("GloVe's vectors of 4,000 words, asked for {kind}"), &vectors, &asked);
    }
}
