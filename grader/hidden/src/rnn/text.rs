//! Cases for `rnn::text`: tables by sorting, draws by their frequencies.

use rand::{Rng, seq::SliceRandom};

use crate::{Args, Budget, Case, Rule, Statistic, Suite, Tensor, draws};

const ALPHABET: &str = "abcdefgh ABC.,:1π→\n";

pub fn char_table(t: &mut Suite) {
    for round in 0..64 {
        let corpus = random_text(t, 1, 20);
        let known: Vec<char> = corpus.chars().collect();
        let n = t.rng.gen_range(1..=8);
        let text: String = (0..n).filter_map(|_| known.choose(&mut t.rng)).collect();
        let about = if round % 2 == 0 { "a text in characters of the table" } else { "there and back" };
        encode(t, about, &corpus, &text);
    }
    encode(t, "a table of one character", "zzz", "zz");
    encode(t, "letters of more than one byte count as one", "naïve → π", "π→ï");
    for _ in 0..64 {
        let corpus = random_text(t, 2, 8);
        let (table, n) = (characters(&corpus), t.rng.gen_range(1..=5));
        let logits = t.normal(&[n, table.len()], 3.0);
        decode(t, "logits: the largest of each row", &corpus, &logits);
    }
    let ties = t.array(&[3, 3], &[1.0, 2.0, 2.0, -5.0, -5.0, -5.0, 0.0, -1.0, 0.0]);
    decode(t, "of equal numbers the first counts", "abc", &ties);
    let low = t.array(&[2, 2], &[f64::from(f32::MIN), -1e30, f64::NEG_INFINITY, -3.0]);
    decode(t, "only negative numbers, some very large", "ab", &low);
    for (text, character, place) in
        [("baz", "z", "2"), ("ab\tc", "\\t", "2"), ("é", "é", "0"), ("ïïx", "x", "2")]
    {
        let args = Args::new().text("corpus", "abcï").text("text", text);
        t.call("a character that is not in the table", args).refuses(&[character, place]);
    }
}

fn random_text(t: &mut Suite, least: usize, most: usize) -> String {
    let letters: Vec<char> = ALPHABET.chars().collect();
    let n = t.rng.gen_range(least..=most);
    let mut text: Vec<char> = (0..n).filter_map(|_| letters.choose(&mut t.rng).copied()).collect();
    // At least two different ones, where two are asked for.
    text.extend("xy".chars().take(least.saturating_sub(1) * 2));
    text.into_iter().collect()
}

fn characters(text: &str) -> Vec<char> {
    text.chars().collect::<std::collections::BTreeSet<char>>().into_iter().collect()
}

fn encode(t: &mut Suite, about: &str, corpus: &str, text: &str) {
    let table = characters(corpus);
    let numbers: Vec<usize> =
        text.chars().filter_map(|c| table.iter().position(|&known| known == c)).collect();
    let vector = Tensor::from_shape_fn(vec![numbers.len()], |i| numbers[i[0]] as f64);
    let rows = Tensor::from_shape_fn(vec![numbers.len(), table.len()], |i| {
        f64::from(u8::from(numbers[i[0]] == i[1]))
    });
    t.call(about, Args::new().text("corpus", corpus).text("text", text))
        .check("characters", Rule::Text { want: table.iter().collect() })
        .close("numbers", &vector, Budget::exact())
        .close("rows", &rows, Budget::exact())
        .check("decoded", Rule::Text { want: text.to_owned() });
}

fn decode(t: &mut Suite, about: &str, corpus: &str, logits: &Tensor) {
    let table = characters(corpus);
    let largest = |row: ndarray::ArrayView1<f64>| {
        (0..row.len()).fold(0, |best, i| if row[i] > row[best] { i } else { best })
    };
    let rows = logits.view().into_dimensionality::<ndarray::Ix2>();
    let Ok(rows) = rows else { return };
    let want: String = rows.rows().into_iter().map(|row| table[largest(row)]).collect();
    t.call(
        about,
        Args::new().function("CharTable::decode").text("corpus", corpus).constant("rows", logits.clone()),
    )
    .check("decoded", Rule::Text { want });
}

pub fn sample_with_temperature(t: &mut Suite) {
    for _ in 0..64 {
        let k = t.rng.gen_range(1..=6);
        let logits = t.normal(&[k], 2.0);
        let seed = t.seed();
        at_zero(t, "temperature 0: always the largest logit", &logits, seed);
    }
    let ties = t.array(&[4], &[1.0, 3.0, 3.0, 2.0]);
    at_zero(t, "temperature 0 with equal logits: the first of them", &ties, 1);
    for (about, values, temperature) in [
        ("the network's own probabilities", [0.0, 1.0, 2.0, -1.0], 1.0),
        ("half the temperature: differences count twice", [0.0, 0.5, 1.0, -1.0], 0.5),
        ("twice the temperature: differences count half", [0.0, 2.0, 4.0, -2.0], 2.0),
        ("very hot: all are equally likely", [5.0, -5.0, 3.0, 0.0], 1e6),
        ("very cold: the largest wins", [0.0, 1.0, 2.0, 3.0], 1e-30),
        ("logits of thousands don't overflow", [10_000.0, 9_999.0, 9_998.0, -10_000.0], 1.0),
        ("very negative logits don't vanish", [-10_000.0, -9_999.0, -9_998.0, -20_000.0], 1.0),
        ("a logit of −∞ is never drawn", [f64::NEG_INFINITY, 0.0, 1.0, f64::NEG_INFINITY], 1.0),
    ] {
        let logits = t.array(&[4], &values);
        frequencies(t, about, &logits, temperature);
    }
    for _ in 0..8 {
        let logits = t.normal(&[5], 1.0);
        let temperature = f64::from(t.rng.gen_range(0.3f32..3.0));
        frequencies(t, "frequencies of random logits", &logits, temperature);
    }
    let temperature = f64::from(t.rng.gen_range(0.4_f32..2.0));
    precisely(t, temperature);
    for temperature in [-1.0, f64::INFINITY, f64::NAN, -1e-3] {
        let name = format!("{}", temperature as f32);
        let args = draw(&t.array(&[2], &[0.0, 1.0]), temperature, 1, 1);
        t.call(&format!("a temperature of {name}"), args).refuses(&[&name]);
    }
}

fn draw(logits: &Tensor, temperature: f64, n: usize, seed: usize) -> Args {
    Args::new()
        .constant("logits", logits.clone())
        .number("temperature", temperature)
        .count("n", n)
        .count("seed", seed)
}

fn at_zero(t: &mut Suite, about: &str, logits: &Tensor, seed: usize) {
    let largest = (0..logits.len()).fold(0, |best, i| if logits[[i]] > logits[[best]] { i } else { best });
    let want = Tensor::from_elem(vec![3], largest as f64);
    t.call(about, draw(logits, 0.0, 3, seed)).close("drawn", &want, Budget::exact());
}

fn frequencies(t: &mut Suite, about: &str, logits: &Tensor, temperature: f64) {
    let n = 4000;
    let p = probabilities(logits, temperature);
    let seed = t.seed();
    let case = t.call(about, draw(logits, temperature, n, seed));
    shares(case, n, &p);
    case.also(draw(logits, temperature, n, seed))
        .check("drawn", Rule::SameAs { call: 0, output: "drawn".to_owned() });
    if p.iter().all(|p| *p < 0.9) {
        case.also(draw(logits, temperature, n, seed + 1))
            .check("drawn", Rule::DiffersFrom { call: 0, output: "drawn".to_owned() });
    }
}

/// One likely class and [`OTHERS`] unlikely ones, which together are about as likely: of all logits, these tell most about
/// the temperature. The share of the likely one moves by 1.0 % of all draws for 1 % of temperature, and 250,000 draws
/// measure it to ±0.1 %; the bounds lie at ±0.66 %.
fn precisely(t: &mut Suite, temperature: f64) {
    const OTHERS: usize = 60;
    const DRAWS: usize = 250_000;
    let gap = f64::from((temperature * (OTHERS as f64).ln()) as f32);
    let likely = t.rng.gen_range(0..=OTHERS);
    let logits = Tensor::from_shape_fn(vec![OTHERS + 1], |k| if k[0] == likely { 0.0 } else { -gap });
    let p = probabilities(&logits, temperature)[[likely]];
    let (low, high) = draws::share(DRAWS, p);
    let seed = t.seed();
    t.call("the temperature counts in full: very many draws", draw(&logits, temperature, DRAWS, seed))
        .statistic("drawn", Statistic::Share { of: likely as f64 }, low, high)
        .check("drawn", Rule::Within { low: 0.0, high: OTHERS as f64 });
}

fn probabilities(logits: &Tensor, temperature: f64) -> Tensor {
    let most = logits.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let weights = logits.mapv(|z| ((z - most) / temperature).exp());
    let sum = weights.sum();
    weights / sum
}

/// Of `n` draws each class has its share. Some hundred bounds, each missed with probability e⁻²¹ at most.
fn shares(case: &mut Case, n: usize, p: &Tensor) {
    for (class, &p) in p.iter().enumerate() {
        let (low, high) = draws::share(n, p);
        case.statistic("drawn", Statistic::Share { of: class as f64 }, low, high);
    }
}
