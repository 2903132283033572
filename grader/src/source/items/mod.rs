//! The public items that an exercise consists of, found in source text: where they are, what their signatures say,
//! whether they are still the stub's.

use std::{collections::BTreeMap, ops::Range};

use anyhow::{Context, Result};
use proc_macro2::{Span, TokenStream};
use syn::{
    Attribute, Block, ImplItem, Item, Signature, Type,
    spanned::Spanned,
    visit_mut::{VisitMut, visit_block_mut},
};

use crate::source::parse::{Syntax, on_large_stack, parse};

/// A module's source, parsed.
pub struct Module {
    file: Syntax,
}

/// An item or one of the `impl` blocks of a type.
struct Piece {
    key: String,
    item: Item,
}

impl Module {
    /// Parses `text`; an error here is a syntax error of the student's.
    pub fn parse(text: &str) -> syn::Result<Self> {
        Ok(Self { file: parse(text)? })
    }

    /// What stands in the file, outermost.
    pub(crate) fn items(&self) -> &[Item] {
        &self.file.items
    }

    /// The line on which `item` starts, counted from 1, its attributes and docs left out.
    pub fn line(&self, item: &str) -> Option<usize> {
        on_large_stack(|| {
            self.file.items.iter().find_map(|candidate| {
                let (name, span) = name_of(candidate)?;
                (name == item).then(|| span.start().line)
            })
        })
    }

    /// The code of `items` (with the `impl` blocks of types), without docs and comments: equal where nothing was written.
    pub fn code_of(&self, items: &[String]) -> String {
        on_large_stack(|| {
            let pieces = self.pieces(|name| items.iter().any(|item| item == name));
            pieces.iter().map(|piece| tokens(&piece.item)).collect::<Vec<_>>().join("\n")
        })
    }

    /// The code of everything but `items`, without comments.
    pub fn code_beside(&self, items: &[String]) -> String {
        on_large_stack(|| {
            self.file
                .items
                .iter()
                .filter(|item| !belongs(item, items))
                .map(tokens)
                .collect::<Vec<_>>()
                .join("\n")
        })
    }

    /// Where `items` stand with their docs and the `impl` blocks of types: bytes of the text, in its order.
    pub fn ranges(&self, items: &[String]) -> Vec<Range<usize>> {
        on_large_stack(|| {
            self.file
                .items
                .iter()
                .filter(|item| belongs(item, items))
                .map(|item| item.span().byte_range())
                .collect()
        })
    }

    /// The body of the first function of `items`, or of the first method of one, braces included: bytes of the text.
    pub fn body(&self, items: &[String]) -> Option<Range<usize>> {
        let bodies = |item: &Item| match item {
            Item::Fn(function) => vec![function.block.span().byte_range()],
            Item::Impl(block) => {
                let methods = block.items.iter().filter_map(|item| match item {
                    ImplItem::Fn(method) => Some(method.block.span().byte_range()),
                    _ => None,
                });
                methods.collect()
            }
            _ => Vec::new(),
        };
        on_large_stack(|| self.file.items.iter().filter(|item| belongs(item, items)).flat_map(bodies).next())
    }

    /// The signatures of every public item by its name, bodies and docs left out. Private items are the author's own.
    pub fn signatures(&self) -> BTreeMap<String, String> {
        on_large_stack(|| {
            let mut signatures = BTreeMap::new();
            for Piece { key, item } in self.pieces(|_| true) {
                if let Some(signature) = public_face(item) {
                    signatures.insert(key, signature);
                }
            }
            signatures
        })
    }

    /// The line on which each of these items stands, docs left out.
    pub fn lines(&self) -> BTreeMap<String, usize> {
        on_large_stack(|| {
            let pieces = self.pieces(|_| true);
            pieces.into_iter().map(|piece| (piece.key, piece.item.span().start().line)).collect()
        })
    }

    /// The docs of every item that has some, by its name.
    pub fn docs(&self) -> BTreeMap<String, String> {
        on_large_stack(|| {
            let items = self.file.items.iter().filter_map(|item| Some((name_of(item)?.0, attributes(item)?)));
            items
                .map(|(name, attributes)| (name, docs(attributes)))
                .filter(|(_, docs)| !docs.is_empty())
                .collect()
        })
    }

    fn pieces(&self, wanted: impl Fn(&str) -> bool) -> Vec<Piece> {
        let mut pieces = Vec::new();
        for item in &self.file.items {
            let (key, name) = match item {
                Item::Impl(block) => {
                    let name = type_name(&block.self_ty);
                    let header = block.trait_.as_ref().map(|(_, path, _)| tokens(path)).unwrap_or_default();
                    (format!("impl {header} {name} #{}", pieces.len()), name)
                }
                other => match name_of(other) {
                    Some((name, _)) => (name.clone(), name),
                    None => continue,
                },
            };
            if wanted(&name) {
                let key = if key.starts_with("impl") { impl_key(&key, &pieces) } else { key };
                pieces.push(Piece { key, item: item.clone() });
            }
        }
        for piece in &mut pieces {
            StripDocs.visit_item_mut(&mut piece.item);
        }
        pieces
    }
}

/// `impl` blocks of one type are told apart by counting them.
fn impl_key(key: &str, pieces: &[Piece]) -> String {
    let base = key.split(" #").next().unwrap_or(key);
    let before = pieces.iter().filter(|piece| piece.key.split(" #").next() == Some(base)).count();
    format!("{base} #{before}")
}

/// The item with its function bodies emptied and private parts of `impl` blocks removed; `None` for private items.
fn public_face(mut item: Item) -> Option<String> {
    match &mut item {
        Item::Impl(block) => {
            let is_trait = block.trait_.is_some();
            block.items.retain(|item| match item {
                ImplItem::Fn(method) => is_trait || matches!(method.vis, syn::Visibility::Public(_)),
                _ => true,
            });
            if block.items.is_empty() && !is_trait {
                return None;
            }
        }
        Item::Use(_) | Item::Mod(_) => return None,
        other => {
            let public =
                visibility(other).is_some_and(|visibility| matches!(visibility, syn::Visibility::Public(_)));
            if !public {
                return None;
            }
        }
    }
    EmptyBodies.visit_item_mut(&mut item);
    Some(tokens(&item))
}

struct EmptyBodies;

impl VisitMut for EmptyBodies {
    fn visit_block_mut(&mut self, block: &mut Block) {
        block.stmts.clear();
        visit_block_mut(self, block);
    }

    /// `mut` on an argument is the body's business.
    fn visit_signature_mut(&mut self, signature: &mut Signature) {
        for input in &mut signature.inputs {
            if let syn::FnArg::Typed(argument) = input
                && let syn::Pat::Ident(pattern) = &mut *argument.pat
            {
                pattern.mutability = None;
            }
        }
    }
}

struct StripDocs;

impl VisitMut for StripDocs {
    fn visit_attributes_mut(&mut self, attributes: &mut Vec<Attribute>) {
        attributes.retain(|attribute| !attribute.path().is_ident("doc"));
    }
}

pub(crate) fn tokens(item: &impl quote::ToTokens) -> String {
    let mut stream = TokenStream::new();
    item.to_tokens(&mut stream);
    stream.to_string()
}

fn docs(attributes: &[Attribute]) -> String {
    let lines =
        attributes.iter().filter(|attribute| attribute.path().is_ident("doc")).filter_map(|attribute| {
            let syn::Meta::NameValue(pair) = &attribute.meta else { return None };
            Some(tokens(&pair.value))
        });
    lines.collect::<Vec<_>>().join("\n")
}

macro_rules! each_item {
    ($item:expr, $it:ident => $out:expr) => {
        match $item {
            Item::Const($it) => Some($out),
            Item::Enum($it) => Some($out),
            Item::Static($it) => Some($out),
            Item::Struct($it) => Some($out),
            Item::Trait($it) => Some($out),
            Item::Type($it) => Some($out),
            _ => None,
        }
    };
}

pub(crate) fn name_of(item: &Item) -> Option<(String, Span)> {
    match item {
        Item::Fn(function) => Some((function.sig.ident.to_string(), function.sig.fn_token.span())),
        other => each_item!(other, it => (it.ident.to_string(), it.ident.span())),
    }
}

/// Whether it is one of `items` or an `impl` block of one.
fn belongs(item: &Item, items: &[String]) -> bool {
    let name = match item {
        Item::Impl(block) => Some(type_name(&block.self_ty)),
        other => name_of(other).map(|(name, _)| name),
    };
    name.is_some_and(|name| items.contains(&name))
}

fn visibility(item: &Item) -> Option<&syn::Visibility> {
    match item {
        Item::Fn(function) => Some(&function.vis),
        other => each_item!(other, it => &it.vis),
    }
}

fn attributes(item: &Item) -> Option<&[Attribute]> {
    match item {
        Item::Fn(function) => Some(&function.attrs),
        other => each_item!(other, it => &it.attrs),
    }
}

pub(crate) fn type_name(ty: &Type) -> String {
    match ty {
        Type::Path(path) => {
            path.path.segments.last().map(|segment| segment.ident.to_string()).unwrap_or_default()
        }
        other => tokens(other),
    }
}

/// Parses one of our own files.
pub fn parse_ours(text: &str, name: &str) -> Result<Module> {
    Module::parse(text).with_context(|| format!("`{name}` does not parse"))
}

#[cfg(test)]
mod tests;
