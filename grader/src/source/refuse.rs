//! Finds in source text what makes the compiler read another file: `include!` and its like, and modules with a path of their own.
//! The compiler runs beside solutions and hidden cases, and would put them into a program or into a message.
//!
//! Tokens are looked at, not items, so that what stands in a macro is found as well, and what a macro makes of words that it is
//! handed. It is no proof: `inputs` asks the compiler afterwards what it has read.

use proc_macro2::{Delimiter, Group, Ident, Span, TokenStream, TokenTree};

use crate::{messages::sources, source::parse::lex};

/// Something that may not stand in a student's sources.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// Its line, counted from 1.
    pub line: usize,
    /// Where it begins, in bytes of the text.
    pub byte: usize,
    /// The construct that names the file.
    pub what: Way,
}

/// What makes the compiler read a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// `include!`
    Include,
    /// `include_str!`
    IncludeStr,
    /// `include_bytes!`
    IncludeBytes,
    /// `#[path = "…"]`
    Path,
    /// `#[debugger_visualizer(…)]`
    DebuggerVisualizer,
}

impl Way {
    /// What the student is told after the place: what it does, and what to write instead.
    pub fn says(self) -> String {
        match self {
            Self::Include => sources::reads_another_file(
                "include!",
                "write that text here, or make the file a module below `src/` and declare it with `mod`",
            ),
            Self::IncludeStr => sources::reads_another_file("include_str!", "put the text into a `const`"),
            Self::IncludeBytes => {
                sources::reads_another_file("include_bytes!", "put the bytes into a `const`")
            }
            Self::Path => sources::reads_another_file(
                "#[path]",
                "put the module's file below `src/` and declare it with a plain `mod`",
            ),
            Self::DebuggerVisualizer => sources::reads_another_file("#[debugger_visualizer]", "leave it out"),
        }
    }
}

/// What a crate's macros may make of the words that they are handed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Macros {
    /// There are some, so that a word may become the name of a macro.
    defined: bool,
    /// They make or are handed a `mod`, so that a word may become an attribute of it.
    modules: bool,
}

impl Macros {
    /// Those of a crate with these files.
    pub fn of<'t>(texts: impl Iterator<Item = &'t str> + Clone) -> Self {
        if !texts.clone().any(|text| text.contains("macro_rules")) {
            return Self::default();
        }
        let names_modules = |text: &str| {
            lex(text).is_ok_and(|(_, tokens)| any_in_macros(tokens, false, &|word| word == "mod"))
        };
        Self { defined: true, modules: texts.filter(|text| text.contains("mod")).any(names_modules) }
    }
}

/// Everything in `text`, a file of a crate with these `macros`, that reads a file.
pub fn refused(text: &str, macros: Macros) -> Vec<Refusal> {
    // Most files have none of these words, and lexing takes its time.
    if !["include", "path", "debugger_visualizer"].iter().any(|word| text.contains(word)) {
        return Vec::new();
    }
    let Ok((_, tokens)) = lex(text) else { return spelled(text).into_iter().collect() };
    let skipped = if text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
    let mut finder = Finder { macros, skipped, found: Vec::new() };
    finder.walk(tokens, Within::default());
    finder.found
}

/// The first plain word for it in a text that has no tokens as we know them. The compiler may know newer ones.
fn spelled(text: &str) -> Option<Refusal> {
    let words = [
        ("include_str!", Way::IncludeStr),
        ("include_bytes!", Way::IncludeBytes),
        ("include!", Way::Include),
        ("#[path", Way::Path),
    ];
    let places = words.iter().filter_map(|(word, what)| Some((text.find(word)?, *what)));
    let (byte, what) = places.min_by_key(|(byte, _)| *byte)?;
    Some(Refusal { line: 1 + text[..byte].matches('\n').count(), byte, what })
}

/// Where tokens stand.
#[derive(Clone, Copy, Default)]
struct Within {
    attribute: bool,
    call: bool,
    import: bool,
}

struct Finder {
    macros: Macros,
    skipped: usize,
    found: Vec<Refusal>,
}

impl Finder {
    fn walk(&mut self, tokens: TokenStream, mut within: Within) {
        let tokens: Vec<TokenTree> = tokens.into_iter().collect();
        for (i, token) in tokens.iter().enumerate() {
            match token {
                TokenTree::Ident(word) => {
                    let word_is = plain(word);
                    within.import = within.import || word_is == "use";
                    if let Some(what) = self.what(&word_is, (&tokens[..i], &tokens[i + 1..]), within) {
                        self.refuse(word.span(), what);
                    }
                }
                TokenTree::Group(group) => {
                    let inner = Within {
                        attribute: within.attribute || is_attribute(group, &tokens[..i]),
                        call: within.call || is_call(&tokens[..i]),
                        import: within.import && group.delimiter() == Delimiter::Brace,
                    };
                    self.walk(group.stream(), inner);
                }
                TokenTree::Punct(sign) if sign.as_char() == ';' => within.import = false,
                _ => {}
            }
        }
    }

    fn what(&self, word: &str, (before, after): (&[TokenTree], &[TokenTree]), within: Within) -> Option<Way> {
        let handed = within.call && self.macros.defined && !ends_with(before, '$');
        match word {
            "include_str" => Some(Way::IncludeStr),
            "include_bytes" => Some(Way::IncludeBytes),
            "debugger_visualizer" if within.attribute || handed => Some(Way::DebuggerVisualizer),
            "include" if handed || is_called(after) || within.import && is_renamed(after) => {
                Some(Way::Include)
            }
            "path" if within.attribute && begins_with(after, '=') => Some(Way::Path),
            "path" if handed && self.macros.modules => Some(Way::Path),
            _ => None,
        }
    }

    fn refuse(&mut self, span: Span, what: Way) {
        let byte = span.byte_range().start + self.skipped;
        self.found.push(Refusal { line: span.start().line, byte, what });
    }
}

/// Whether `is` holds for any word that stands in a macro or is handed to one.
fn any_in_macros(tokens: TokenStream, in_macro: bool, is: &dyn Fn(&str) -> bool) -> bool {
    let tokens: Vec<TokenTree> = tokens.into_iter().collect();
    (0..tokens.len()).any(|i| match &tokens[i] {
        TokenTree::Ident(word) => in_macro && is(&plain(word)),
        TokenTree::Group(group) => any_in_macros(group.stream(), in_macro || is_call(&tokens[..i]), is),
        _ => false,
    })
}

/// A word without the `r#` that it may be written with.
fn plain(word: &Ident) -> String {
    let word = word.to_string();
    word.strip_prefix("r#").map(str::to_owned).unwrap_or(word)
}

/// `!` and a bracket: a macro's call.
fn is_called(after: &[TokenTree]) -> bool {
    begins_with(after, '!') && matches!(after.get(1), Some(TokenTree::Group(_)))
}

fn is_renamed(after: &[TokenTree]) -> bool {
    matches!(after.first(), Some(TokenTree::Ident(word)) if word == "as")
}

/// Whether a bracket after these tokens is what a macro is handed, or the body of its definition.
fn is_call(before: &[TokenTree]) -> bool {
    match before {
        [.., TokenTree::Ident(word), TokenTree::Punct(sign), TokenTree::Ident(_)] => {
            word == "macro_rules" && sign.as_char() == '!'
        }
        [.., TokenTree::Ident(word), TokenTree::Punct(sign)] => {
            sign.as_char() == '!'
                && !["if", "while", "match", "return", "in"].iter().any(|other| word == other)
        }
        _ => false,
    }
}

/// `#[…]` or `#![…]`.
fn is_attribute(group: &Group, before: &[TokenTree]) -> bool {
    let before = if ends_with(before, '!') { &before[..before.len() - 1] } else { before };
    group.delimiter() == Delimiter::Bracket && ends_with(before, '#')
}

fn begins_with(tokens: &[TokenTree], sign: char) -> bool {
    matches!(tokens.first(), Some(TokenTree::Punct(first)) if first.as_char() == sign)
}

fn ends_with(tokens: &[TokenTree], sign: char) -> bool {
    matches!(tokens.last(), Some(TokenTree::Punct(last)) if last.as_char() == sign)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> Vec<(usize, Way)> {
        let macros = Macros::of([text].into_iter());
        refused(text, macros).into_iter().map(|refused| (refused.line, refused.what)).collect()
    }

    #[test]
    fn whatever_reads_a_file_is_found_with_its_line() {
        for (text, what) in [
            ("include!(\"a.rs\");", Way::Include),
            ("std::include! { \"a.rs\" }", Way::Include),
            ("fn f() -> f32 { core::include![\"a.rs\"] }", Way::Include),
            ("r#include!(\"a.rs\");", Way::Include),
            ("use std::include as i; i!(\"a.rs\");", Way::Include),
            ("use std::{f32, include as i};", Way::Include),
            ("const A: &str = include_str!(\"a.rs\");", Way::IncludeStr),
            ("use core::include_str as s;", Way::IncludeStr),
            ("#![doc = include_str!(\"../README.md\")]", Way::IncludeStr),
            ("static A: &[u8] = include_bytes!(concat!(\"/\", \"a\"));", Way::IncludeBytes),
            ("macro_rules! m { () => { include!(\"a.rs\") } }", Way::Include),
            ("macro_rules! m { ($i:ident) => { $i!(\"a.rs\"); } } m!(include);", Way::Include),
            ("macro_rules! m { ($i:ident $b:tt) => { $i $b (\"a.rs\"); } } m!(include !);", Way::Include),
            ("#[path = \"a.rs\"] mod a;", Way::Path),
            ("#[r#path = \"a.rs\"] mod a;", Way::Path),
            ("mod a { #![path = \"..\"] mod b; }", Way::Path),
            ("#[cfg_attr(all(), path = \"a.rs\")] mod a;", Way::Path),
            ("#[cfg_attr(all(), cfg_attr(all(), path = \"a.rs\"))] mod a;", Way::Path),
            ("macro_rules! m { ($p:literal) => { #[path = $p] mod a; } } m!(\"a.rs\");", Way::Path),
            ("macro_rules! m { ($a:meta) => { #[$a] mod a; } } m!(path = \"a.rs\");", Way::Path),
            ("macro_rules! m { ($a:ident) => { #[$a = \"a.rs\"] mod a; } } m!(path);", Way::Path),
            ("macro_rules! m { ($h:tt) => { $h [path = \"a.rs\"] mod a; } } m!(#);", Way::Path),
            ("macro_rules! m { ($($t:tt)*) => { $($t)* } } m! { #[path = \"a.rs\"] mod a; }", Way::Path),
            ("macro_rules! m { ($a:meta $m:tt) => { #[$a] $m a; } } m!(path = \"a.rs\" mod);", Way::Path),
            ("#![debugger_visualizer(gdb_script_file = \"a.py\")]", Way::DebuggerVisualizer),
        ] {
            assert_eq!(found(&format!("// é\n\n{text}")), [(3, what)], "{text}");
        }
    }

    #[test]
    fn honest_code_is_let_through() {
        for text in [
            "//! `include_str!(\"a\")` and #[path = \"b\"] in docs.\nmod a; pub mod b;",
            "fn f(path: &str) { let mut path = path; path = \"include!(x)\"; g(path == \"a\", include != 3); }",
            "fn include(include: bool) -> bool { !include } use crate::a::include; use std::path::{Path, PathBuf};",
            "macro_rules! m { ($path:expr) => { println!(\"{}\", $path) } } fn f(path: u8) { m!(path); }",
            "fn f(include: bool, path: u8) { println!(\"{} {}\", include, path); assert_eq!(path, 1); }",
            "#[doc = \"path = \"] #[derive(Clone)] struct S { path: u8 }",
        ] {
            assert_eq!(found(text), [], "{text}");
        }
    }

    #[test]
    fn what_has_no_tokens_is_looked_through_as_text() {
        assert_eq!(found("// é\n\nlet \u{2e3} = \"; include_str!(\"a.rs\")"), [(3, Way::IncludeStr)]);
        assert_eq!(found("fn f() { \" include the bias, path = 1 }"), []);
    }

    #[test]
    fn places_are_bytes_of_the_text() {
        let text = "\u{feff}// é\nconst A: &str = include_str!(\"a\");";
        let refused = refused(text, Macros::default()).remove(0);
        assert!(text[refused.byte..].starts_with("include_str"));
    }
}
