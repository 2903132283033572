//! What takes longer than a moment, trained once and kept as numbers in `traces/`.

use std::{
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result};
use serde::de::DeserializeOwned;
use serde_json::Value;

/// A training whose numbers are kept.
#[derive(Clone, Copy, Debug)]
pub struct Trace {
    /// The file is called so, and ends in `.json`.
    pub name: &'static str,
    /// Trains.
    pub train: fn() -> Result<Value>,
}

fn file(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("traces").join(format!("{name}.json"))
}

/// The numbers that were kept.
///
/// # Errors
/// When there are none, or others.
pub fn load<T: DeserializeOwned>(name: &str) -> Result<T> {
    let file = file(name);
    let text = fs::read_to_string(&file).with_context(|| format!("failed to read `{}`", file.display()))?;
    serde_json::from_str(&text).with_context(|| format!("`{}` is not what it should be", file.display()))
}

/// Trains and keeps the numbers, with six digits each.
///
/// # Errors
/// When the training or the writing fails.
pub fn make(trace: &Trace) -> Result<PathBuf> {
    let file = file(trace.name);
    let numbers = (trace.train)().with_context(|| format!("failed to make the trace `{}`", trace.name))?;
    let text = serde_json::to_string(&rounded(numbers))?;
    fs::write(&file, text + "\n").with_context(|| format!("failed to write `{}`", file.display()))?;
    Ok(file)
}

fn rounded(value: Value) -> Value {
    match value {
        Value::Number(number) if number.is_f64() => {
            let short = number.as_f64().and_then(|number| format!("{number:.5e}").parse::<f64>().ok());
            short.map_or(Value::Null, Value::from)
        }
        Value::Array(values) => values.into_iter().map(rounded).collect(),
        Value::Object(values) => values.into_iter().map(|(name, value)| (name, rounded(value))).collect(),
        other => other,
    }
}
