//! Draws the lectures' figures into `lectures/<chapter>/figures/`. Which there are, the library says.

use std::fs;

use anyhow::{Context, Result, ensure};
use clap::Parser;
use figures::{Figure, chapters, traces};

/// Draws the lectures' figures, or makes the traces that some are drawn from.
#[derive(Parser)]
struct Arguments {
    /// Figures (or, with `--trace`, traces) to make; all where none is named.
    names: Vec<String>,
    /// Trains again what takes longer than a moment, and writes it into `lectures/figures/traces/`.
    #[arg(long)]
    trace: bool,
}

fn main() -> Result<()> {
    let arguments = Arguments::parse();
    let is_wanted = |name: &str| arguments.names.is_empty() || arguments.names.iter().any(|n| n == name);
    if arguments.trace {
        for trace in chapters::traces().filter(|trace| is_wanted(trace.name)) {
            println!("{}", traces::make(trace)?.display());
        }
        return Ok(());
    }
    let wanted: Vec<&Figure> = chapters::figures().filter(|figure| is_wanted(figure.name)).collect();
    ensure!(!wanted.is_empty(), "no figure is called so: {}", arguments.names.join(", "));
    let failures: Vec<String> = wanted
        .into_iter()
        .filter_map(|figure| write(figure).err())
        .map(|cause| format!("{cause:#}"))
        .collect();
    ensure!(failures.is_empty(), "{}", failures.join("\n"));
    Ok(())
}

fn write(figure: &Figure) -> Result<()> {
    let (svg, file) = (figure.svg()?, figure.file());
    if fs::read_to_string(&file).is_ok_and(|there| there == svg) {
        return Ok(());
    }
    let folder = file.parent().context("a figure lies in a folder")?;
    let written = fs::create_dir_all(folder).and_then(|()| fs::write(&file, svg));
    written.with_context(|| format!("failed to write `{}`", file.display()))?;
    println!("{}/{}", figure.chapter, figure.name);
    Ok(())
}
