//! The student's own editor, opened at a line.

use std::env;

use anyhow::{Context, Result, bail};

/// A command line that opens `file` at `line`.
pub fn command(file: &str, line: usize) -> Result<Vec<String>> {
    let named = |name: &str| env::var(name).ok().filter(|value| !value.trim().is_empty());
    let is_code = named("TERM_PROGRAM").is_some_and(|value| value == "vscode");
    let editor = named("VISUAL").or_else(|| named("EDITOR")).or_else(|| is_code.then(|| "code".to_owned()));
    let Some(editor) = editor else {
        bail!("say which editor is yours, as in `export EDITOR=nano`, and start `watch` again");
    };
    opening(&editor, file, line)
}

/// Every editor has its own way to say where.
fn opening(editor: &str, file: &str, line: usize) -> Result<Vec<String>> {
    let mut words: Vec<String> = editor.split_whitespace().map(str::to_owned).collect();
    let program = words.first().context("the editor has no name")?;
    let name = program.rsplit('/').next().unwrap_or_default().to_owned();
    match name.as_str() {
        "code" | "code-insiders" | "codium" | "cursor" => {
            words.extend(["-g".to_owned(), format!("{file}:{line}")]);
        }
        "hx" | "helix" | "zed" | "subl" => words.push(format!("{file}:{line}")),
        "vi" | "vim" | "nvim" | "nano" | "emacs" | "emacsclient" | "micro" | "kak" | "joe" | "ne" => {
            words.extend([format!("+{line}"), file.to_owned()]);
        }
        _ => words.push(file.to_owned()),
    }
    Ok(words)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_editor_goes_to_the_line_in_its_own_way() {
        let opened = |editor| opening(editor, "a.rs", 7).unwrap().join(" ");
        assert_eq!(opened("code --wait"), "code --wait -g a.rs:7");
        assert_eq!(opened("/usr/bin/nvim"), "/usr/bin/nvim +7 a.rs");
        assert_eq!(opened("hx"), "hx a.rs:7");
        assert_eq!(opened("strange"), "strange a.rs");
    }
}
