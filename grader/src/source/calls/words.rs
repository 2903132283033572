//! Names in the tokens of macros, which are no syntax yet: what follows a dot is a method, what `::` joins is a path.

use proc_macro2::{TokenStream, TokenTree};

use super::{Reference, Use};

/// Stands for a part of a path that is no name: the `<T as Trait>` of `<T as Trait>::name`.
pub const UNNAMED: &str = "_";

/// All names in `tokens`, groups included.
pub fn names(tokens: TokenStream, uses: &mut Vec<Use>) {
    let trees: Vec<TokenTree> = tokens.into_iter().collect();
    let mut at = 0;
    while at < trees.len() {
        match &trees[at] {
            TokenTree::Group(group) => names(group.stream(), uses),
            TokenTree::Ident(first) => {
                let line = first.span().start().line;
                let is_method = is_dot(&trees, at);
                let mut path = path(&trees, &mut at);
                let what = match path.len() {
                    1 if is_method => Reference::Method { name: path.remove(0), on_self: false },
                    _ => Reference::Path(path),
                };
                uses.push(Use { what, line, is_loose: true });
            }
            _ => {}
        }
        at += 1;
    }
}

/// Whether a method's name is put together from an argument: `.$name`.
pub fn pastes_methods(tokens: TokenStream) -> bool {
    let trees: Vec<TokenTree> = tokens.into_iter().collect();
    let here = (1..trees.len()).any(|at| is_punct(&trees, at, '$') && is_dot(&trees, at));
    here || trees.into_iter().any(|tree| match tree {
        TokenTree::Group(group) => pastes_methods(group.stream()),
        _ => false,
    })
}

/// The path that the word at `at` begins or ends; `at` is its last word afterwards.
fn path(trees: &[TokenTree], at: &mut usize) -> Vec<String> {
    let mut path = Vec::new();
    if *at >= 2 && is_colons(trees, *at - 2) {
        path.push(UNNAMED.to_owned());
    }
    path.push(trees[*at].to_string());
    while is_colons(trees, *at + 1) {
        // `$module::name` in a macro.
        let next = *at + 3 + usize::from(is_punct(trees, *at + 3, '$'));
        let Some(TokenTree::Ident(word)) = trees.get(next) else { break };
        path.push(word.to_string());
        *at = next;
    }
    path
}

/// Whether a dot stands before `at` that is none of a range.
fn is_dot(trees: &[TokenTree], at: usize) -> bool {
    at >= 1 && is_punct(trees, at - 1, '.') && !(at >= 2 && is_punct(trees, at - 2, '.'))
}

fn is_colons(trees: &[TokenTree], at: usize) -> bool {
    is_punct(trees, at, ':') && is_punct(trees, at + 1, ':')
}

fn is_punct(trees: &[TokenTree], at: usize, wanted: char) -> bool {
    matches!(trees.get(at), Some(TokenTree::Punct(punct)) if punct.as_char() == wanted)
}
