//! Writes what criterion measured as rows of a Markdown table: `cargo run -p bench --bin results [DIR]`, where DIR is criterion's
//! folder, `target/criterion` when left out. Measures nothing itself.

use std::{collections::BTreeMap, env, fs, path::Path};

use anyhow::{Context, Result, ensure};
use serde_json::Value;

/// A median of times, with the interval that holds it in 95 of 100 resamplings; nanoseconds.
#[derive(Clone, Copy)]
struct Median {
    point: f64,
    low: f64,
    high: f64,
}

/// Medians by group (`ops/relu`) and by what was measured in it (`toolkit`, `dfdx`, `cpu`, `cuda`).
type Medians = BTreeMap<String, BTreeMap<String, Median>>;

fn main() -> Result<()> {
    let folder = env::args().nth(1).unwrap_or_else(|| "target/criterion".to_owned());
    let medians = read(Path::new(&folder))?;
    ensure!(!medians.is_empty(), "criterion left nothing in `{folder}`: run `cargo bench -p bench` first");
    print!("{}", table(&medians, "ops/", &["toolkit", "dfdx", "cuda"], ["dfdx", "toolkit"]));
    println!();
    print!("{}", table(&medians, "layers/", &["cpu", "cuda"], ["cpu", "cuda"]));
    Ok(())
}

/// The newest measurements below criterion's folder.
fn read(folder: &Path) -> Result<Medians> {
    let mut medians = Medians::new();
    for group in below(folder)? {
        for function in below(&group)? {
            let newest = function.join("new");
            if !newest.join("benchmark.json").is_file() {
                continue;
            }
            let id = json(&newest.join("benchmark.json"))?;
            let text = |name: &str| id[name].as_str().unwrap_or_default().to_owned();
            let median = median(&json(&newest.join("estimates.json"))?)
                .with_context(|| format!("there is no median in `{}`", newest.display()))?;
            medians.entry(text("group_id")).or_default().insert(text("function_id"), median);
        }
    }
    Ok(medians)
}

fn below(folder: &Path) -> Result<Vec<std::path::PathBuf>> {
    let entries = fs::read_dir(folder).with_context(|| format!("failed to read `{}`", folder.display()))?;
    Ok(entries.flatten().map(|entry| entry.path()).filter(|path| path.is_dir()).collect())
}

fn json(path: &Path) -> Result<Value> {
    let text = fs::read_to_string(path).with_context(|| format!("failed to read `{}`", path.display()))?;
    serde_json::from_str(&text).with_context(|| format!("`{}` is no JSON", path.display()))
}

fn median(estimates: &Value) -> Option<Median> {
    let median = &estimates["median"];
    let interval = &median["confidence_interval"];
    Some(Median {
        point: median["point_estimate"].as_f64()?,
        low: interval["lower_bound"].as_f64()?,
        high: interval["upper_bound"].as_f64()?,
    })
}

/// The groups whose names begin with `prefix`: a row each, a column for each of `columns`, and how many times slower the
/// first of `ratio` is than the second.
fn table(medians: &Medians, prefix: &str, columns: &[&str], [slower, faster]: [&str; 2]) -> String {
    let names: String = columns.iter().map(|name| format!(" {name}, ms |")).collect();
    let rule = "---|".repeat(columns.len() + 2);
    let mut text = format!("| {} |{names} {slower} / {faster} |\n|{rule}\n", prefix.trim_end_matches('/'));
    for (group, measured) in medians {
        let Some(name) = group.strip_prefix(prefix) else { continue };
        let cells: String = columns
            .iter()
            .map(|column| format!(" {} |", measured.get(*column).map_or("not run".to_owned(), cell)))
            .collect();
        let ratio = measured.get(slower).zip(measured.get(faster));
        let ratio = ratio.map_or("–".to_owned(), |(a, b)| format!("{:.1}", a.point / b.point));
        text += &format!("| `{name}` |{cells} {ratio} |\n");
    }
    text
}

fn cell(median: &Median) -> String {
    let ms = |ns: f64| format!("{:.3}", ns / 1e6);
    format!("{} ({}–{})", ms(median.point), ms(median.low), ms(median.high))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_criterion_left_becomes_rows() {
        let folder = env::temp_dir().join(format!("criterion-{}", std::process::id()));
        for (function, ns) in [("toolkit", 2e6), ("dfdx", 5e6)] {
            let new = folder.join("ops_relu").join(function).join("new");
            fs::create_dir_all(&new).unwrap();
            let id = format!(r#"{{"group_id":"ops/relu","function_id":"{function}"}}"#);
            fs::write(new.join("benchmark.json"), id).unwrap();
            let (low, high) = (ns * 0.9, ns * 1.2);
            let median = format!(
                r#"{{"median":{{"point_estimate":{ns},"confidence_interval":{{"lower_bound":{low},"upper_bound":{high}}}}}}}"#
            );
            fs::write(new.join("estimates.json"), median).unwrap();
        }
        let medians = read(&folder).unwrap();
        fs::remove_dir_all(&folder).unwrap();
        let text = table(&medians, "ops/", &["toolkit", "dfdx", "cuda"], ["dfdx", "toolkit"]);
        let row = "| `relu` | 2.000 (1.800–2.400) | 5.000 (4.500–6.000) | not run | 2.5 |";
        assert_eq!(text.lines().last(), Some(row));
    }
}
