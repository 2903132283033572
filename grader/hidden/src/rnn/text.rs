//! Cases for `rnn::text`: tables by sorting, draws by their frequencies.

use rand::{Rng, seq::SliceRandom};

use crate::{
    Args, Budget, Case, Rule, Statistic, Suite, Tensor, as_it_is, draws, is_supposed, otherwise,
    suppose::of_right_texts,
};

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

/// The table; another one where that is supposed.
fn table_of(corpus: &str) -> Vec<char> {
    let mut table = characters(corpus);
    let all = || {
        let mut all: Vec<char> = corpus.chars().collect();
        all.sort_unstable();
        all
    };
    if is_supposed("the table were sorted the other way") {
        table.reverse();
    }
    if is_supposed("characters that come again stood in the table again") {
        table = all();
    }
    if is_supposed("the most frequent character came first") {
        let count = |c: &char| corpus.chars().filter(|other| other == c).count();
        table.sort_by_key(|c| std::cmp::Reverse(count(c)));
    }
    if is_supposed("upper and lower case were the same") {
        table =
            corpus.to_lowercase().chars().collect::<std::collections::BTreeSet<char>>().into_iter().collect();
    }
    if is_supposed("white space were left out of the table") {
        table.retain(|c| !c.is_whitespace());
    }
    table
}

fn encode(t: &mut Suite, about: &str, corpus: &str, text: &str) {
    let table = table_of(corpus);
    let numbers: Vec<usize> =
        text.chars().filter_map(|c| table.iter().position(|&known| known == c)).collect();
    let vector = Tensor::from_shape_fn(vec![numbers.len()], |i| numbers[i[0]] as f64);
    let at = |i: &ndarray::IxDyn| {
        otherwise("the ones stood one place further", numbers[i[0]], (numbers[i[0]] + 1) % table.len())
    };
    let rows =
        Tensor::from_shape_fn(vec![numbers.len(), table.len()], |i| f64::from(u8::from(at(&i) == i[1])));
    let fewer = otherwise("the last character were left out", numbers.len(), numbers.len().saturating_sub(1));
    let vector = vector.slice_axis(ndarray::Axis(0), ndarray::Slice::from(..fewer)).to_owned();
    t.call(about, Args::new().text("corpus", corpus).text("text", text))
        .check("characters", Rule::Text { want: table.iter().collect() })
        .close("numbers", &vector, Budget::exact())
        .close("rows", &rows, Budget::exact())
        .check("decoded", of_right_texts(text.to_owned()));
}

fn decode(t: &mut Suite, about: &str, corpus: &str, logits: &Tensor) {
    let table = table_of(corpus);
    let smallest = is_supposed("the smallest of each row counted");
    let by_size = is_supposed("the largest in size counted, whatever its sign");
    let largest = |row: ndarray::ArrayView1<f64>| {
        let key = |x: f64| {
            if smallest {
                -x
            } else if by_size {
                x.abs()
            } else {
                x
            }
        };
        (0..row.len().min(table.len())).fold(0, |best, i| if key(row[i]) > key(row[best]) { i } else { best })
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
    let key =
        |i: usize| otherwise("the smallest logit were taken at temperature 0", logits[[i]], -logits[[i]]);
    let largest = (0..logits.len()).fold(0, |best, i| if key(i) > key(best) { i } else { best });
    let largest = otherwise("classes were counted from 1", largest, largest + 1);
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
    if as_it_is(|| probabilities(logits, temperature)).iter().all(|p| *p < 0.9) {
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
    let temperature = otherwise("`temperature` were ignored", temperature, 1.0);
    let temperature = otherwise("`temperature` stood under a root", temperature, temperature.sqrt());
    let temperature = otherwise("1 were added to `temperature`", temperature, temperature + 1.0);
    let negated = is_supposed("logits had the other sign").then(|| logits.mapv(|z| -z));
    let logits = negated.as_ref().unwrap_or(logits);
    let most = logits.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let softmax = |logits: &Tensor, by: f64| {
        let weights = logits.mapv(|z| ((z - most) / by).exp());
        let sum = weights.sum();
        weights / sum
    };
    if is_supposed("probabilities were divided by `temperature` and went through another softmax") {
        let weights = softmax(logits, 1.0).mapv(|p| (p / temperature).exp());
        let sum = weights.sum();
        return weights / sum;
    }
    if is_supposed("all classes were equally likely") {
        return logits.mapv(|_| 1.0 / logits.len() as f64);
    }
    softmax(logits, temperature)
}

/// Of `n` draws each class has its share. Some hundred bounds, each missed with probability e⁻²¹ at most.
fn shares(case: &mut Case, n: usize, p: &Tensor) {
    for (class, &p) in p.iter().enumerate() {
        let (low, high) = draws::share(n, p);
        case.statistic("drawn", Statistic::Share { of: class as f64 }, low, high);
    }
}
