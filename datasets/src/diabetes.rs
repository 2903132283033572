//! The diabetes table of Efron, Hastie, Johnstone, Tibshirani 2004 ("Least angle regression"): ten measurements of 442 people
//! and how far their disease had progressed a year later.

use std::path::Path;

use crate::{
    Error, Examples, bytes,
    examples::{pick, pick_rows},
    places,
};

/// The measurements: age in years, sex (1 or 2), body mass index in kg/m², mean blood pressure in mmHg, then of the blood serum
/// total cholesterol, low- and high-density lipoproteins (mg/dl), total cholesterol / HDL, the logarithm of triglycerides
/// (possibly), glucose (mg/dl).
pub const COLUMNS: [&str; 10] = ["age", "sex", "bmi", "bp", "s1", "s2", "s3", "s4", "s5", "s6"];

/// A table of numbers with a target for each row.
#[derive(Clone, Debug, PartialEq)]
pub struct Table {
    /// What the columns are called.
    pub columns: Vec<String>,
    /// `targets.len() · columns.len()` numbers, row by row, as measured: not standardized.
    pub values: Vec<f32>,
    /// What is to be predicted, one for each row.
    pub targets: Vec<f32>,
}

impl Table {
    /// One row.
    pub fn row(&self, i: usize) -> &[f32] {
        &self.values[i * self.columns.len()..(i + 1) * self.columns.len()]
    }
}

impl Examples for Table {
    fn len(&self) -> usize {
        self.targets.len()
    }

    fn select(&self, which: &[usize]) -> Self {
        Table {
            columns: self.columns.clone(),
            values: pick_rows(&self.values, self.columns.len(), which),
            targets: pick(&self.targets, which),
        }
    }
}

/// The bundled table; it is complete.
pub fn bundled() -> Result<Table, Error> {
    load(&places::in_bundle("diabetes")?)
}

/// From a folder with `diabetes_data_raw.csv.gz` and `diabetes_target.csv.gz`: numbers with spaces between them.
pub fn load(folder: &Path) -> Result<Table, Error> {
    let target_file = folder.join("diabetes_target.csv.gz");
    let values = numbers(&folder.join("diabetes_data_raw.csv.gz"), COLUMNS.len())?;
    let targets = numbers(&target_file, 1)?;
    let rows = values.len() / COLUMNS.len();
    if targets.len() != rows {
        let reason = format!("{} targets for {rows} rows", targets.len());
        return Err(Error::malformed(&target_file, reason));
    }
    Ok(Table { columns: COLUMNS.map(str::to_owned).to_vec(), values, targets })
}

/// A matrix with `columns` finite numbers in each line.
fn numbers(file: &Path, columns: usize) -> Result<Vec<f32>, Error> {
    let mut all = Vec::new();
    for (i, line) in bytes::text(file)?.lines().enumerate() {
        let wrong = |reason: String| Error::record(file, format!("line {}", i + 1), reason);
        let before = all.len();
        for word in line.split_whitespace() {
            let number = word.parse().ok().filter(|number: &f32| number.is_finite());
            all.push(number.ok_or_else(|| wrong(format!("`{word}` is not a finite number")))?);
        }
        if all.len() - before != columns {
            return Err(wrong(format!("{} numbers instead of {columns}", all.len() - before)));
        }
    }
    Ok(all)
}
