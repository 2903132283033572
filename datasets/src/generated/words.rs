//! A corpus whose analogies are known: king − man + woman is queen, by construction.

use rand::{Rng, rngs::StdRng, seq::SliceRandom};

/// Sentences of words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Words {
    /// The words; a word's place is its number.
    pub vocabulary: Vec<&'static str>,
    /// The sentences, as numbers of words.
    pub sentences: Vec<Vec<usize>>,
    /// `[a, b, c, d]` with b − a + c ≈ d: man is to king as woman is to queen.
    pub analogies: Vec<[usize; 4]>,
}

impl Words {
    /// A word's number.
    pub fn number(&self, word: &str) -> Option<usize> {
        self.vocabulary.iter().position(|known| *known == word)
    }
}

/// A noun for him and for her, and what is said of both.
const NOUNS: [([&str; 2], [&str; 4]); 6] = [
    (["man", "woman"], ["walks", "street", "works", "house"]),
    (["king", "queen"], ["throne", "crown", "palace", "rules"]),
    (["boy", "girl"], ["plays", "school", "toy", "small"]),
    (["actor", "actress"], ["stage", "film", "role", "applause"]),
    (["uncle", "aunt"], ["family", "visits", "nephew", "cousin"]),
    (["waiter", "waitress"], ["table", "menu", "serves", "tip"]),
];
/// What is said of him alone, and of her alone.
const SIDES: [[&str; 4]; 2] = [["he", "his", "him", "beard"], ["she", "her", "hers", "gown"]];
/// What is said of anything.
const FILLERS: [&str; 6] = ["the", "and", "of", "then", "there", "often"];

/// `n` sentences of seven words: a noun in the middle, around it in random order two words of its kind, two of its side and
/// two that mean nothing. So a noun's neighbours are those of its kind plus those of its side, and so is its vector.
///
/// The same state of `rng` gives the same sentences. The idea that vectors add up: Mikolov, Yih, Zweig 2013, "Linguistic
/// regularities in continuous space word representations".
///
/// ```
/// use rand::{SeedableRng, rngs::StdRng};
/// let words = datasets::generated::planted_words(10, &mut StdRng::seed_from_u64(0));
/// assert!(words.sentences.iter().all(|sentence| sentence.len() == 7));
/// assert_eq!(words.analogies[0].map(|word| words.vocabulary[word]), ["man", "king", "woman", "queen"]);
/// ```
pub fn planted_words(n: usize, rng: &mut StdRng) -> Words {
    let vocabulary = vocabulary();
    // Nouns come first in the vocabulary, him and her in turn.
    let noun = |kind: usize, side: usize| 2 * kind + side;
    let pairs = (0..NOUNS.len()).flat_map(|low| (low + 1..NOUNS.len()).map(move |high| (low, high)));
    let analogies =
        pairs.map(|(low, high)| [noun(low, 0), noun(high, 0), noun(low, 1), noun(high, 1)]).collect();
    let words = Words { vocabulary, sentences: Vec::new(), analogies };
    let numbers = |sentence: Vec<&str>| sentence.iter().filter_map(|word| words.number(word)).collect();
    let sentences = (0..n).map(|_| numbers(sentence(rng))).collect();
    Words { sentences, ..words }
}

fn vocabulary() -> Vec<&'static str> {
    let nouns = NOUNS.iter().flat_map(|(nouns, _)| nouns);
    let kinds = NOUNS.iter().flat_map(|(_, said)| said);
    nouns.chain(kinds).chain(SIDES.iter().flatten()).chain(&FILLERS).copied().collect()
}

fn sentence(rng: &mut StdRng) -> Vec<&'static str> {
    let (kind, side) = (rng.gen_range(0..NOUNS.len()), rng.gen_range(0..2));
    let (nouns, said) = &NOUNS[kind];
    let mut around: Vec<&str> = said.choose_multiple(rng, 2).copied().collect();
    around.extend(SIDES[side].choose_multiple(rng, 2));
    around.extend(FILLERS.choose_multiple(rng, 2));
    around.shuffle(rng);
    around.insert(3, nouns[side]);
    around
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use rand::SeedableRng;

    use super::*;

    #[test]
    fn no_word_has_two_numbers() {
        let vocabulary = vocabulary();
        assert_eq!(vocabulary.iter().collect::<HashSet<_>>().len(), vocabulary.len());
    }

    /// A noun's vector: how often each word stands beside it, in sentences of that noun.
    fn neighbours(words: &Words) -> Vec<Vec<f64>> {
        let size = words.vocabulary.len();
        let mut counts = vec![vec![0.0; size]; size];
        let mut total = vec![0.0; size];
        for sentence in &words.sentences {
            total[sentence[3]] += 1.0;
            sentence.iter().for_each(|&word| counts[sentence[3]][word] += 1.0);
        }
        for (noun, row) in counts.iter_mut().enumerate() {
            row[noun] = 0.0;
            row.iter_mut().for_each(|count| *count /= f64::max(total[noun], 1.0));
        }
        counts
    }

    #[test]
    fn counted_neighbours_solve_every_analogy() {
        let words = planted_words(5000, &mut StdRng::seed_from_u64(1));
        let vectors = neighbours(&words);
        for &[a, b, c, d] in &words.analogies {
            let sought: Vec<f64> =
                (0..vectors.len()).map(|i| vectors[b][i] - vectors[a][i] + vectors[c][i]).collect();
            let distance = |noun: &usize| -> f64 {
                vectors[*noun].iter().zip(&sought).map(|(x, y)| (x - y).powi(2)).sum()
            };
            let nouns = (0..12).filter(|noun| ![a, b, c].contains(noun));
            let nearest = nouns.min_by(|x, y| distance(x).total_cmp(&distance(y)));
            assert_eq!(nearest, Some(d), "{:?}", [a, b, c, d].map(|word| words.vocabulary[word]));
        }
    }

    #[test]
    fn the_same_seed_says_the_same() {
        let say = |seed| planted_words(20, &mut StdRng::seed_from_u64(seed));
        assert_eq!(say(1), say(1));
        assert_ne!(say(1), say(2));
    }
}
