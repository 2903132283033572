//! Numbers, shapes and indexes as a student reads them.

/// As Rust writes a tuple.
pub fn shape(lengths: &[usize]) -> String {
    let lengths: Vec<String> = lengths.iter().map(ToString::to_string).collect();
    format!("({})", lengths.join(", "))
}

/// Where the element `flat` of an array of these lengths stands.
pub fn index(mut flat: usize, lengths: &[usize]) -> String {
    let mut index = vec![0; lengths.len()];
    for (slot, length) in index.iter_mut().zip(lengths).rev() {
        *slot = flat % length.max(&1);
        flat /= length.max(&1);
    }
    format!("{index:?}")
}

/// Seven digits, as many as an f32 has; exponents only where they help.
pub fn number(x: f64) -> String {
    match x.abs() {
        _ if !x.is_finite() => x.to_string(),
        0.0 => "0".to_owned(),
        size if (1e-4..1e7).contains(&size) => {
            let digits = (6 - size.log10().floor() as i32).clamp(0, 12) as usize;
            let text = format!("{x:.digits$}");
            if text.contains('.') {
                text.trim_end_matches('0').trim_end_matches('.').to_owned()
            } else {
                text
            }
        }
        _ => format!("{x:.6e}"),
    }
}

/// A ratio.
pub fn times(ratio: f64) -> String {
    if ratio < 1e4 { format!("{ratio:.1}") } else { format!("{ratio:.1e}") }
}

/// With its first letter large.
pub fn capitalised(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}
