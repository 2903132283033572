//! GloVe word vectors (Pennington, Socher, Manning 2014) in their text format: a word and its numbers in a line, the most
//! frequent word first.

use std::{
    collections::{HashMap, hash_map::Entry},
    path::Path,
};

use crate::{Error, bytes, places};

/// Folders in which the vectors may lie, below a folder of data sets.
pub(crate) const FOLDERS: &[&str] = &["glove", "embeddings"];
const FILES: [&str; 2] = ["glove.6B.50d.txt", "glove.6B.50d.top20000.txt.gz"];

/// Words and their vectors.
#[derive(Clone, Debug, PartialEq)]
pub struct Vectors {
    /// The words; a word's place is its number.
    pub words: Vec<String>,
    /// Numbers in a vector.
    pub dimension: usize,
    /// `words.len() · dimension` numbers, word by word.
    pub values: Vec<f32>,
    index: HashMap<String, usize>,
}

/// The bundled vectors: the 4,000 most frequent words of GloVe 6B in 50 dimensions.
pub fn bundled() -> Result<Vectors, Error> {
    load(&places::in_bundle("glove/glove.6B.50d.top4000.txt.gz")?)
}

/// The vectors as they are on this machine: all 400,000 of `glove.6B.50d.txt`, or the 20,000 of
/// `glove.6B.50d.top20000.txt.gz`.
pub fn full() -> Result<Vectors, Error> {
    let folder = places::find("glove", FOLDERS, &FILES)?;
    let file = FILES.iter().map(|name| folder.join(name)).find(|file| file.is_file());
    load(&file.unwrap_or_else(|| folder.join(FILES[0])))
}

/// The vectors in a file, plain or compressed.
pub fn load(file: &Path) -> Result<Vectors, Error> {
    let text = bytes::text(file)?;
    let dimension = text.lines().next().map_or(0, |line| line.split(' ').count() - 1);
    if dimension == 0 {
        return Err(Error::record(file, "line 1", "no word with numbers behind it"));
    }
    let mut vectors = Vectors { words: vec![], dimension, values: vec![], index: HashMap::new() };
    for (i, line) in text.lines().enumerate() {
        let wrong = |reason: String| Error::record(file, format!("line {}", i + 1), reason);
        vectors.push(line).map_err(wrong)?;
    }
    Ok(vectors)
}

impl Vectors {
    /// The vector of a word. Words are in small letters.
    pub fn vector(&self, word: &str) -> Option<&[f32]> {
        self.index.get(word).map(|&i| self.row(i))
    }

    /// The `n` words whose vectors have the largest cosine with `vector`, with it, largest first; without the words in `but`.
    pub fn nearest(&self, vector: &[f32], n: usize, but: &[&str]) -> Vec<(&str, f32)> {
        let words = self.words.iter().enumerate().filter(|(_, word)| !but.contains(&word.as_str()));
        let mut found: Vec<(&str, f32)> =
            words.map(|(i, word)| (word.as_str(), cosine(vector, self.row(i)))).collect();
        found.sort_by(|a, b| b.1.total_cmp(&a.1));
        found.truncate(n);
        found
    }

    fn row(&self, i: usize) -> &[f32] {
        &self.values[i * self.dimension..(i + 1) * self.dimension]
    }

    fn push(&mut self, line: &str) -> Result<(), String> {
        let mut parts = line.split(' ');
        let word = parts.next().filter(|word| !word.is_empty()).ok_or("no word at its beginning")?;
        let before = self.values.len();
        for part in parts {
            let value: f32 = part.parse().map_err(|_| format!("`{part}` is not a number"))?;
            if !value.is_finite() {
                return Err(format!("`{part}` is not finite"));
            }
            self.values.push(value);
        }
        let numbers = self.values.len() - before;
        if numbers != self.dimension {
            return Err(format!("{numbers} numbers, but {} in line 1", self.dimension));
        }
        match self.index.entry(word.to_owned()) {
            Entry::Occupied(first) => {
                Err(format!("the word `{word}` a second time, after line {}", first.get() + 1))
            }
            Entry::Vacant(free) => {
                free.insert(self.words.len());
                self.words.push(word.to_owned());
                Ok(())
            }
        }
    }
}

fn cosine(a: &[f32], b: &[f32]) -> f32 {
    let dot = |a: &[f32], b: &[f32]| a.iter().zip(b).map(|(a, b)| a * b).sum::<f32>();
    dot(a, b) / (dot(a, a) * dot(b, b)).sqrt().max(f32::MIN_POSITIVE)
}
