//! The one place where source text is parsed. It may come from anybody: text that is nested beyond the limits of `nesting` is an
//! error like one of syntax, and what is left is parsed, used and dropped on a stack that is large enough for it.

use std::ops::Deref;

use proc_macro2::{LexError, TokenStream};
use syn::File;

use crate::source::nesting::{Excess, excess};

/// Bytes of stack for the deepest text within the limits, of which an unoptimised parser takes a fifth.
const STACK: usize = 256 << 20;

/// A source file's syntax, put away on a large stack.
pub struct Syntax(File);

impl Deref for Syntax {
    type Target = File;

    fn deref(&self) -> &File {
        &self.0
    }
}

impl Drop for Syntax {
    fn drop(&mut self) {
        let empty = File { shebang: None, attrs: Vec::new(), items: Vec::new() };
        let file = std::mem::replace(&mut self.0, empty);
        on_large_stack(|| drop(file));
    }
}

/// The line on which `text` is nested too deep, and what to say of it.
pub fn deep_place(text: &str) -> Option<(usize, String)> {
    let (_, tokens) = tokens(text).ok()?;
    excess(&tokens).map(|Excess { at, says }| (at.start().line, says))
}

/// Parses a source file.
///
/// # Errors
/// When it is no Rust, or nested too deep.
pub fn parse(text: &str) -> syn::Result<Syntax> {
    let (shebang, tokens) = lex(text)?;
    on_large_stack(|| {
        let mut file: File = syn::parse2(tokens)?;
        file.shebang = shebang;
        Ok(Syntax(file))
    })
}

/// The tokens of a source file, and its first line where that is for a shell.
///
/// # Errors
/// When they are none, or nested too deep.
pub fn lex(text: &str) -> syn::Result<(Option<String>, TokenStream)> {
    let (shebang, tokens) = tokens(text)?;
    match excess(&tokens) {
        Some(Excess { at, says }) => Err(syn::Error::new(at, says)),
        None => Ok((shebang, tokens)),
    }
}

fn tokens(text: &str) -> Result<(Option<String>, TokenStream), LexError> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let is_attribute = || text[2..].trim_start().starts_with('[');
    let (shebang, code) = match text.find('\n') {
        // The line's end stays, so that lines keep their numbers.
        Some(end) if text.starts_with("#!") && !is_attribute() => {
            (Some(text[..end].to_owned()), &text[end..])
        }
        _ => (None, text),
    };
    // Lexing takes no more stack for deep text than for flat text.
    Ok((shebang, code.parse()?))
}

/// Runs `work`, which may descend into syntax, with enough stack for the deepest that `parse` lets through.
pub fn on_large_stack<R>(work: impl FnOnce() -> R) -> R {
    stacker::maybe_grow(STACK / 2, STACK, work)
}
