//! Word vectors from the company that words keep.

use dfdx::prelude::*;
use rand::{Rng, distributions::WeightedIndex, prelude::Distribution, rngs::StdRng, seq::SliceRandom};
use toolkit::tensor::{Matrix, Sequences};

use crate::embedding::{IndexOutOfRange, embedding};

/// How word vectors are trained.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Recipe {
    /// Length of a word's vector.
    pub width: usize,
    /// How far away a word's context reaches, to either side.
    pub window: usize,
    /// Words drawn as wrong answers for each pair, at least 1.
    pub negatives: usize,
    /// Passes through all pairs.
    pub epochs: usize,
    /// Pairs a step, at least 1.
    pub batch_size: usize,
    /// Step size η for the loss of one pair.
    pub learning_rate: f32,
}

/// Every word with every word that stands near it: (centre, context).
///
/// A word's context are the words at most `window` places before or behind it, in the same sentence and without the word in
/// its own place. The same word in another place counts like any other.
///
/// Sentences are lists of numbers of words. Pairs come in reading order: by sentence, in it by the place of the centre, then
/// by the place of the context. A window of 0, or a sentence of one word, has no pairs.
///
/// Source: slide “Embeddings and word2vec”; Mikolov, Chen, Corrado & Dean 2013, “Efficient estimation of word representations
/// in vector space”.
///
/// ```
/// let pairs = special_layers::skip_gram::skip_gram_pairs(&[vec![7, 8, 9], vec![5, 7]], 1);
/// assert_eq!(pairs, [(7, 8), (8, 7), (8, 9), (9, 8), (5, 7), (7, 5)]);
/// ```
pub fn skip_gram_pairs(sentences: &[Vec<usize>], window: usize) -> Vec<(usize, usize)> {
    let mut pairs = Vec::new();
    for sentence in sentences {
        for (i, &centre) in sentence.iter().enumerate() {
            let near = i.saturating_sub(window)..sentence.len().min(i + window + 1);
            pairs.extend(near.filter(|&j| j != i).map(|j| (centre, sentence[j])));
        }
    }
    pairs
}

/// How probable each word is as a wrong answer: how often it occurs, to the power of 3/4.
///
/// ```text
/// p[word] = count[word]^0.75 / Σ count^0.75         over all words from 0 to vocabulary − 1
/// ```
///
/// The power makes rare words a little less rare. One probability a word; where there are no words at all, all are 0.
///
/// # Errors
/// For the first word that is not below `vocabulary`.
///
/// Source: slide “Embeddings and word2vec”; Mikolov, Sutskever, Chen, Corrado & Dean 2013, “Distributed representations of
/// words and phrases and their compositionality”, §2.2.
///
/// ```
/// let mut sentence = vec![0; 16]; // one word sixteen times,
/// sentence.push(2); // another one once: 8 and 1 after the power
/// let p = special_layers::skip_gram::negative_distribution(&[sentence], 3).unwrap();
/// assert!((p[0] - 8.0 / 9.0).abs() < 1e-6 && p[1] == 0.0 && (p[2] - 1.0 / 9.0).abs() < 1e-6);
/// ```
pub fn negative_distribution(
    sentences: &[Vec<usize>],
    vocabulary: usize,
) -> Result<Vec<f32>, IndexOutOfRange> {
    let mut counts = vec![0.0_f32; vocabulary];
    for &word in sentences.iter().flatten() {
        *counts.get_mut(word).ok_or(IndexOutOfRange { index: word, rows: vocabulary })? += 1.0;
    }
    let powers: Vec<f32> = counts.into_iter().map(|count| count.powf(0.75)).collect();
    // One word alone is a sum of 1; a smaller one is 0, and so are all its terms.
    let sum = powers.iter().sum::<f32>().max(1.0);
    Ok(powers.into_iter().map(|power| power / sum).collect())
}

/// The loss of n pairs: their words should be alike, a centre and the words drawn for it should not.
///
/// ```text
/// loss of a pair = −ln σ(v · u) − Σₖ ln σ(−v · uₖ)            loss = mean over the n pairs
/// ```
///
/// v is the centre's vector, u the context's, uₖ those of the k words drawn as wrong answers, σ the sigmoid.
///
/// Shapes: `centres` and `contexts` (n, width), `negatives` (n, k, width), none of them empty. Value and gradients stay
/// finite and right for any scores v · u up to ±1000, where σ itself is 0 in an `f32`, and at exactly 0, where training
/// starts. The gradient flows to all three.
///
/// Source: slide “Embeddings and word2vec”; Mikolov, Sutskever et al. 2013, equation 4.
///
/// ```
/// use dfdx::prelude::*;
/// let dev = Cpu::default();
/// let (v, u) = (dev.tensor_from_vec(vec![1.0, 0.0], (1, 2)), dev.tensor_from_vec(vec![0.0, 5.0], (1, 2)));
/// let negatives = dev.tensor_from_vec(vec![0.0, -1.0, 100.0, 0.0], (1, 2, 2));
/// let loss = special_layers::skip_gram::negative_sampling_loss(v, u, negatives);
/// assert!((loss.array() - (2.0 * 2f32.ln() + 100.0)).abs() < 1e-4); // the scores are 0; 0 and 100
/// ```
pub fn negative_sampling_loss<D: Device<f32>, T: Tape<f32, D>>(
    centres: Matrix<D, T>,
    contexts: Matrix<D, T>,
    negatives: Sequences<D, T>,
) -> Tensor<Rank0, f32, D, T> {
    let (n, k, width) = *negatives.shape();
    let wide = centres.retaped::<T>().broadcast_like::<_, Axis<1>>(&(n, k, width));
    let right = (centres * contexts).sum::<(usize,), Axis<1>>();
    let wrong = (wide * negatives).sum::<(usize, usize), Axis<2>>();
    // −ln σ(s) is the cross entropy of the score s with the answer yes, −ln σ(−s) with the answer no. dfdx has it in a form
    // that does not overflow.
    let yes: Tensor<_, f32, D> = right.device().ones_like(&(n,));
    let no: Tensor<_, f32, D> = right.device().zeros_like(&(n, k));
    let sum = right.bce_with_logits(yes).sum::<Rank0, _>() + wrong.bce_with_logits(no).sum::<Rank0, _>();
    sum / n as f32
}

/// Trains a vector for each word from the sentences it occurs in: (vocabulary, width).
///
/// 1. Each word has two vectors, a row in each of two tables: one for when it is the centre, drawn from the uniform
///    distribution between −1/(2·width) and 1/(2·width), and one for when it is a context or a wrong answer, which starts as
///    zeros.
/// 2. In every epoch shuffle all pairs of [`skip_gram_pairs`] anew and cut them into batches of `batch_size`, of which the
///    last may be smaller.
/// 3. For each pair of a batch draw `negatives` words from [`negative_distribution`], independently. One may happen to be
///    the pair's own context; that is rare and does no harm.
/// 4. Make one step of plain gradient descent on the **sum** of the losses of the batch's pairs:
///    `θ ← θ − η · n · ∂loss/∂θ` with the mean loss of [`negative_sampling_loss`] over n pairs. So every pair moves its
///    vectors as far as if it came alone, whatever the size of the batch.
///
/// The result are the centres' vectors. All randomness comes from `rng`: the same seed gives the same vectors. Without
/// epochs, or without pairs, they are as they were drawn.
///
/// The grader lets you train on a thousand planted sentences of `datasets::generated::planted_words`, 30,000 pairs, with
/// width 32, window 3, 5 negatives, 10 epochs, batches of 500 and η = 0.02, and then asks for analogies. That is 600 steps
/// in less than five seconds: look up a batch's words together, with [`embedding`](crate::embedding::embedding).
///
/// # Errors
/// For the first word that is not below `vocabulary`.
///
/// Source: slide “Embeddings and word2vec”; Mikolov, Sutskever et al. 2013.
///
/// ```
/// use dfdx::prelude::*;
/// use rand::{SeedableRng, rngs::StdRng};
/// use special_layers::skip_gram::{Recipe, skip_gram};
/// let dev = Cpu::default();
/// // 0 and 1 keep the same company, 2 another
/// let sentences: Vec<Vec<usize>> = (0..80).map(|i| [vec![0, 3], vec![1, 3], vec![2, 4]][i % 3].clone()).collect();
/// let recipe =
///     Recipe { width: 8, window: 1, negatives: 2, epochs: 40, batch_size: 20, learning_rate: 0.1 };
/// let vectors = skip_gram(&sentences, 5, recipe, &dev, &mut StdRng::seed_from_u64(1)).unwrap();
/// let rows: Vec<Vec<f32>> = vectors.as_vec().chunks(8).map(<[f32]>::to_vec).collect();
/// let dot = |a: usize, b: usize| rows[a].iter().zip(&rows[b]).map(|(x, y)| x * y).sum::<f32>();
/// assert!(dot(0, 1) > dot(0, 2));
/// ```
pub fn skip_gram<D: Device<f32>>(
    sentences: &[Vec<usize>],
    vocabulary: usize,
    recipe: Recipe,
    dev: &D,
    rng: &mut StdRng,
) -> Result<Matrix<D>, IndexOutOfRange> {
    let (shape, limit) = ((vocabulary, recipe.width), 0.5 / recipe.width as f32);
    let draws = (0..vocabulary * recipe.width).map(|_| rng.gen_range(-limit..limit)).collect();
    let mut centres = dev.tensor_from_vec(draws, shape);
    let mut contexts: Tensor<_, f32, D> = dev.zeros_like(&shape);

    let mut pairs = skip_gram_pairs(sentences, recipe.window);
    let Ok(negatives) = WeightedIndex::new(negative_distribution(sentences, vocabulary)?) else {
        return Ok(centres); // nobody says a word
    };
    for _ in 0..recipe.epochs {
        pairs.shuffle(rng);
        for batch in pairs.chunks(recipe.batch_size) {
            let shape @ (n, k) = (batch.len(), recipe.negatives);
            let (from, to): (Vec<usize>, Vec<usize>) = batch.iter().copied().unzip();
            let drawn = (0..n * k).map(|_| negatives.sample(rng)).collect();
            // The context table is looked up twice, and its gradient is the sum of both.
            let loss = negative_sampling_loss(
                embedding(centres.leaky_trace(), &dev.tensor_from_vec(from, (n,)))?,
                embedding(contexts.leaky_trace(), &dev.tensor_from_vec(to, (n,)))?,
                embedding(contexts.leaky_trace(), &dev.tensor_from_vec(drawn, shape))?,
            );
            let gradients = loss.backward();
            for table in [&mut centres, &mut contexts] {
                table.axpy(1.0, &gradients.get(table), -recipe.learning_rate * n as f32);
            }
        }
    }
    Ok(centres)
}

/// The word that is to `c` as `b` is to `a`: king is to man as which word is to woman?
///
/// ```text
/// sought = v̂[b] − v̂[a] + v̂[c],        v̂ = v / |v|
/// answer = the word with the largest cosine between its vector and the sought one
/// ```
///
/// `vectors` (words, width) has a vector for each word. `a`, `b` and `c` themselves are no answers: one of them is nearly
/// always the nearest. Where there is no other word, `None`. No vector is zero, and no two words are equally near.
///
/// Source: slide “Embeddings and word2vec”; Mikolov, Yih & Zweig 2013, “Linguistic regularities in continuous space
/// word representations”.
///
/// ```
/// use dfdx::prelude::*;
/// use special_layers::skip_gram::analogy;
/// let dev = Cpu::default();
/// // man, woman, king, queen, palace
/// let vectors = vec![1.0, 0.0, 0.0, 1.0, 3.0, 3.0, 0.0, 4.0, 2.0, -2.0];
/// let vectors = dev.tensor_from_vec(vectors, (5, 2));
/// assert_eq!(analogy(&vectors, [0, 2, 1]), Some(3));
/// assert_eq!(analogy(&dev.ones_like(&(3, 2)), [0, 1, 2]), None);
/// ```
pub fn analogy<D: Device<f32>>(vectors: &Matrix<D>, [a, b, c]: [usize; 3]) -> Option<usize> {
    let shape = *vectors.shape();
    let lengths = vectors.clone().square().sum::<(usize,), Axis<1>>().sqrt();
    let unit = vectors.clone() / lengths.broadcast_like::<_, Axis<1>>(&shape);
    let row = |word: usize| unit.clone().select(unit.device().tensor(word));
    let sought = row(b) - row(a) + row(c);
    // The cosine would also divide by the sought vector's length, which is the same for all.
    let cosines = unit.clone().matmul(sought.reshape_like(&(shape.1, 1))).as_vec();
    let others = (0..shape.0).filter(|word| ![a, b, c].contains(word));
    others.max_by(|&x, &y| cosines[x].total_cmp(&cosines[y]))
}
