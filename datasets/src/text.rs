//! Plain text to read character by character.

use std::path::Path;

use crate::{Dataset, Error, bytes, places};

/// Folders in which the text may lie, below a folder of data sets.
pub(crate) const FOLDERS: &[&str] = &["text", "kjv"];
const FILES: [&str; 2] = ["kjv.txt", "kjv.txt.gz"];

/// The bundled texts by name, and what each is.
pub const NAMES: [(&str, &str); 2] = [
    ("kjv", "the beginning of the King James Bible, a verse a line"),
    ("shakespeare", "the first plays of Shakespeare's in alphabetical order, a line a line"),
];
/// Says on which text a network learns to write instead of the Bible: one of [`NAMES`], or a text file of your own.
pub const CHOICE: &str = "CRASH_COURSE_TEXT";

/// A text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Corpus {
    /// All of it.
    pub text: String,
}

/// The bundled text: the beginning of the King James Bible, about 500 kB, a verse a line.
pub fn bundled() -> Result<Corpus, Error> {
    called("kjv")
}

/// One of the bundled texts, by its name in [`NAMES`]; about 500 kB.
pub fn called(name: &str) -> Result<Corpus, Error> {
    if NAMES.iter().any(|(known, _)| *known == name) {
        return load(&places::in_bundle(&format!("text/{name}.txt.gz"))?);
    }
    let known = NAMES.map(|(known, _)| format!("`{known}`")).join(" and ");
    let way_out = format!("the texts {known} come with the course; of your own, name the file");
    Err(Error::Missing { file: name.into(), way_out })
}

/// The text that [`CHOICE`] names, if it names any: a file where there is one, else a bundled text.
pub fn chosen() -> Option<Result<Corpus, Error>> {
    let choice = std::env::var_os(CHOICE).filter(|choice| !choice.is_empty())?;
    let file = Path::new(&choice);
    Some(if file.is_file() { load(file) } else { called(&choice.to_string_lossy()) })
}

/// The whole King James Bible, 4.1 MB, a verse a line.
pub fn full() -> Result<Corpus, Error> {
    let folder = places::find("kjv", FOLDERS, &FILES)?;
    let file = FILES.iter().map(|name| folder.join(name)).find(|file| file.is_file());
    load(&file.unwrap_or_else(|| folder.join(FILES[0])))
}

/// A UTF-8 text file, plain or compressed.
pub fn load(file: &Path) -> Result<Corpus, Error> {
    let text = bytes::text(file)?;
    if text.is_empty() {
        return Err(Error::malformed(file, "an empty text"));
    }
    Ok(Corpus { text })
}

impl Corpus {
    /// The characters that occur, in order; a character's place is its number.
    pub fn characters(&self) -> Vec<char> {
        self.text.chars().collect::<std::collections::BTreeSet<char>>().into_iter().collect()
    }

    /// The numbers of all characters in `characters`; characters that are not in it are left out.
    pub fn encode(&self, characters: &[char]) -> Vec<usize> {
        self.text.chars().filter_map(|c| characters.binary_search(&c).ok()).collect()
    }

    /// The last ⌊`test` · bytes⌋ bytes (or up to three more, to the next character) are for testing, what comes before for
    /// training. Cut at one place, not at random: pieces that overlap must not be in both parts.
    ///
    /// # Panics
    /// When `test` is not from 0 to 1.
    pub fn split(&self, test: f64) -> Dataset<Corpus> {
        assert!((0.0..=1.0).contains(&test), "a part of {test} is not between nothing and everything");
        let at = self.text.len() - (self.text.len() as f64 * test) as usize;
        let at = self.text.floor_char_boundary(at);
        let part = |text: &str| Corpus { text: text.to_owned() };
        Dataset { train: part(&self.text[..at]), test: part(&self.text[at..]) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn characters_are_numbered_and_never_cut() {
        let corpus = Corpus { text: "baéa".into() };
        let characters = corpus.characters();
        assert_eq!(characters, ['a', 'b', 'é']);
        assert_eq!(corpus.encode(&characters), [1, 0, 2, 0]);
        let parts = corpus.split(0.4);
        assert_eq!((parts.train.text.as_str(), parts.test.text.as_str()), ("ba", "éa"));
    }
}
