//! The parts of a source file that can be taken out by themselves, and what stands in for them: of functions and methods the
//! body goes, of everything else the whole item. Lines keep their numbers.
//!
//! Which part is at fault is left to `blame`.

use std::{collections::BTreeMap, ops::Range};

use proc_macro2::{Group, TokenStream, TokenTree};
use quote::{ToTokens, quote};
use syn::{Attribute, Block, ImplItem, Item, TraitItem, spanned::Spanned, visit_mut::VisitMut};

use crate::source::{
    items::{name_of, tokens, type_name},
    parse::{on_large_stack, parse},
};

/// How a call ends at run time that needed a part which was taken out.
const MARKER: &str = "does not compile, and is called here";

/// A part of a file.
pub struct Part {
    /// What it is called: `relu`, `Dense::forward`.
    pub name: String,
    /// The item that it belongs to: `relu`, `Dense`.
    pub item: String,
    /// Tells it from every other part of the file, in the same way in every version of the file.
    pub key: String,
    /// Where it stands, docs and attributes included.
    pub whole: Range<usize>,
    /// Where its body stands, braces included.
    pub body: Option<Range<usize>>,
    code: TokenStream,
    body_code: Option<TokenStream>,
}

/// The parts of `text` in its order, what contains before what is contained; `None` where it does not parse.
pub fn parts(text: &str) -> Option<Vec<Part>> {
    // What stands before a byte order mark or behind `#!` is not counted by the parser.
    if text.starts_with("#!") && !text.starts_with("#![") {
        return None;
    }
    let skipped = if text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
    let file = parse(text).ok()?;
    let mut collector = Collector { skipped, parts: Vec::new(), impls: BTreeMap::new() };
    on_large_stack(|| collector.items(&file.items, ""));
    Some(collector.parts)
}

/// The smallest part that `byte` lies in.
pub fn part_at(parts: &[Part], byte: usize) -> Option<&Part> {
    parts.iter().filter(|part| part.whole.contains(&byte)).min_by_key(|part| part.whole.len())
}

impl Part {
    /// What stands in for its body: the stub's, or a panic that names it.
    pub fn body_stand_in(&self, stub: Option<&Part>) -> String {
        let panic = call_of_a_broken(&self.name);
        match stub.and_then(|stub| stub.body_code.clone()) {
            Some(body) => without_to_dos(body, &panic).to_string(),
            None => quote!({ #panic }).to_string(),
        }
    }

    /// As an item that stands in for one that is broken or gone.
    pub fn stand_in(&self) -> String {
        without_to_dos(self.code.clone(), &call_of_a_broken(&self.name)).to_string()
    }
}

/// `text` with other words in `range`, and as many lines as before.
pub fn replaced(text: &str, range: &Range<usize>, by: &str) -> String {
    let lines = |text: &str| text.matches('\n').count();
    let padding = lines(&text[range.clone()]).saturating_sub(lines(by));
    [&text[..range.start], by, &"\n".repeat(padding), &text[range.end..]].concat()
}

/// What was called in vain, where `message` is or quotes such a panic.
pub fn called_in_vain(message: &str) -> Option<&str> {
    let (before, _) = message.split_once(&format!("` {MARKER}"))?;
    before.rsplit_once('`').map(|(_, name)| name)
}

fn call_of_a_broken(name: &str) -> TokenStream {
    let message = format!("`{name}` {MARKER}");
    quote!(panic!(#message))
}

/// Code in which `todo!()` says what is the matter.
fn without_to_dos(code: TokenStream, panic: &TokenStream) -> TokenStream {
    let mut tokens = code.into_iter().peekable();
    let mut out = TokenStream::new();
    while let Some(token) = tokens.next() {
        let bang = matches!(tokens.peek(), Some(TokenTree::Punct(punct)) if punct.as_char() == '!');
        match token {
            TokenTree::Ident(ident) if ident == "todo" && bang => {
                tokens.nth(1);
                out.extend(panic.clone());
            }
            TokenTree::Group(group) => {
                let inner = without_to_dos(group.stream(), panic);
                out.extend([TokenTree::Group(Group::new(group.delimiter(), inner))]);
            }
            other => out.extend([other]),
        }
    }
    out
}

struct Collector {
    skipped: usize,
    parts: Vec<Part>,
    /// How many `impl` blocks with the same head there were.
    impls: BTreeMap<String, usize>,
}

impl Collector {
    fn items(&mut self, items: &[Item], path: &str) {
        for item in items {
            match item {
                // Errors there concern the whole file.
                Item::Use(_) | Item::ExternCrate(_) => {}
                Item::Mod(module) => {
                    let path = format!("{path}{}", module.ident);
                    let Some((_, inner)) = &module.content else {
                        self.add((&path, &path, &format!("mod {path}")), item, None);
                        continue;
                    };
                    self.add((&path, &path, &path), item, None);
                    self.items(inner, &format!("{path}::"));
                }
                Item::Fn(function) => {
                    let name = format!("{path}{}", function.sig.ident);
                    self.add((&name, &name, &name), item, Some(&function.block));
                }
                Item::Impl(block) => self.implementation(item, block, path),
                Item::Trait(block) => {
                    let name = format!("{path}{}", block.ident);
                    self.add((&name, &name, &name), item, None);
                    for method in &block.items {
                        let TraitItem::Fn(method) = method else { continue };
                        let full = format!("{name}::{}", method.sig.ident);
                        self.add((&full, &name, &full), method, method.default.as_ref());
                    }
                }
                Item::Macro(call) => {
                    let called = || tokens(&call.mac.path) + "!";
                    let name = call.ident.as_ref().map_or_else(called, |ident| format!("{ident}!"));
                    self.add((&name, &name, &name), item, None);
                }
                other => {
                    let Some((name, _)) = name_of(other) else { continue };
                    let name = format!("{path}{name}");
                    self.add((&name, &name, &name), item, None);
                }
            }
        }
    }

    fn implementation(&mut self, item: &Item, block: &syn::ItemImpl, path: &str) {
        let name = format!("{path}{}", type_name(&block.self_ty));
        let head = block.trait_.as_ref().map(|(_, path, _)| tokens(path)).unwrap_or_default();
        let head = format!("impl {head} {name}");
        let before = self.impls.entry(head.clone()).or_default();
        let key = format!("{head} #{before}");
        *before += 1;
        self.add((&name, &name, &key), item, None);
        for method in &block.items {
            let ImplItem::Fn(method) = method else { continue };
            let (ident, full) = (&method.sig.ident, format!("{name}::{}", method.sig.ident));
            self.add((&full, &name, &format!("{head}::{ident}")), method, Some(&method.block));
        }
    }

    fn add(&mut self, (name, item, key): (&str, &str, &str), node: &impl DocStripper, body: Option<&Block>) {
        let range = |range: Range<usize>| range.start + self.skipped..range.end + self.skipped;
        self.parts.push(Part {
            name: name.to_owned(),
            item: item.to_owned(),
            key: key.to_owned(),
            whole: range(node.span().byte_range()),
            body: body.map(|body| range(body.span().byte_range())),
            code: node.undocumented(),
            body_code: body.map(ToTokens::to_token_stream),
        });
    }
}

/// Code as tokens without its docs, which would be lines.
trait DocStripper: Spanned {
    fn undocumented(&self) -> TokenStream;
}

struct Undocument;

impl VisitMut for Undocument {
    fn visit_attributes_mut(&mut self, attributes: &mut Vec<Attribute>) {
        attributes.retain(|attribute| !attribute.path().is_ident("doc"));
    }
}

macro_rules! undocumented {
    ($($node:ty, $visit:ident);*) => {
        $(impl DocStripper for $node {
            fn undocumented(&self) -> TokenStream {
                let mut node = self.clone();
                Undocument.$visit(&mut node);
                node.to_token_stream()
            }
        })*
    };
}

undocumented!(Item, visit_item_mut; syn::ImplItemFn, visit_impl_item_fn_mut; syn::TraitItemFn, visit_trait_item_fn_mut);
