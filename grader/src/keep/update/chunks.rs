//! Cuts a source text into its head, its items with what stands above each, and its end. Put together again, the chunks
//! are the text, byte for byte.

use std::collections::HashMap;

use syn::{AttrStyle, File, Item, spanned::Spanned};

use crate::source::{
    items::{name_of, tokens, type_name},
    parse::{on_large_stack, parse},
};

/// The key of what stands above all items.
pub const HEAD: &str = "";
/// The key of what stands below all items.
pub const END: &str = "end of the file";

/// A piece of a source text.
#[derive(Clone, Debug, PartialEq)]
pub struct Chunk<'t> {
    /// What it is: the same in every version of a file, and only once in each.
    pub key: String,
    /// The text, line ends included.
    pub text: &'t str,
}

/// The chunks of `text`; `None` where it does not parse.
pub fn chunks(text: &str) -> Option<Vec<Chunk<'_>>> {
    let file = parse(text).ok()?;
    on_large_stack(|| cut(&file, text))
}

fn cut<'t>(file: &File, text: &'t str) -> Option<Vec<Chunk<'t>>> {
    let starts: Vec<usize> = file.items.iter().map(|item| item.span().byte_range().start).collect();
    let mut chunks = vec![Chunk { key: HEAD.to_owned(), text: text.get(..head(file, text, &starts))? }];
    let (mut counts, mut done) = (HashMap::new(), chunks[0].text.len());
    for (i, item) in file.items.iter().enumerate() {
        let end = line_end(text, item.span().byte_range().end, starts.get(i + 1));
        let count: &mut usize = counts.entry(key(item)).or_default();
        *count += 1;
        let key = if *count == 1 { key(item) } else { format!("{} ({count})", key(item)) };
        chunks.push(Chunk { key, text: text.get(done..end)? });
        done = end;
    }
    chunks.push(Chunk { key: END.to_owned(), text: text.get(done..)? });
    Some(chunks)
}

/// Where the inner docs and attributes end.
fn head(file: &File, text: &str, starts: &[usize]) -> usize {
    let inner = file.attrs.iter().filter(|attribute| matches!(attribute.style, AttrStyle::Inner(_)));
    let end = inner.map(|attribute| attribute.span().byte_range().end).max();
    end.map_or(0, |end| line_end(text, end, starts.first()))
}

/// The end of the line on which something ends, unless something else begins on it.
fn line_end(text: &str, end: usize, next: Option<&usize>) -> usize {
    let rest = text.get(end..).unwrap_or_default();
    let line = end + rest.find('\n').map_or(rest.len(), |at| at + 1);
    if next.is_some_and(|&next| next < line) { end } else { line }
}

fn key(item: &Item) -> String {
    match item {
        Item::Impl(block) => {
            let header = block.trait_.as_ref().map(|(_, path, _)| tokens(path)).unwrap_or_default();
            format!("impl {header} {}", type_name(&block.self_ty))
        }
        Item::Mod(module) => format!("mod {}", module.ident),
        other => match name_of(other) {
            Some((name, _)) => name,
            None => tokens(other),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chunks_make_up_the_text() {
        let text = "//! Docs.\n\nuse a::b; // why\nuse c::d;\n\n// About f.\n/// F.\nfn f() {} fn g() {}\n\nimpl T {}\nimpl T {}\n// bye";
        let cut = chunks(text).unwrap();
        assert_eq!(cut.iter().map(|chunk| chunk.text).collect::<String>(), text);
        let keys: Vec<&str> = cut.iter().map(|chunk| chunk.key.as_str()).collect();
        let wanted = ["", "use a :: b ;", "use c :: d ;", "f", "g", "impl  T", "impl  T (2)", END];
        assert_eq!(keys, wanted);
        assert_eq!(cut[1].text, "\nuse a::b; // why\n");
        assert_eq!(cut[3].text, "\n// About f.\n/// F.\nfn f() {}");
        assert!(chunks("fn f( {").is_none());
    }

    #[test]
    fn a_text_without_items_is_head_and_end() {
        assert_eq!(chunks("//! A.\n//! B.\n").unwrap()[0].text, "//! A.\n//! B.\n");
        assert_eq!(chunks("").unwrap().len(), 2);
    }
}
