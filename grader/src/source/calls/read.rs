//! Reads sources into bodies and the names of modules. What the names mean is left to `names`.

use std::path::Path;

use syn::{
    Expr, ImplItem, Item, ItemImpl, ItemTrait, TraitItem, UseTree,
    spanned::Spanned,
    visit::{self, Visit},
};

use super::{Body, BodyKind, Calls, ModulePath, Scope, body::Words, words};
use crate::source::items::{Module, name_of, type_name};

/// The module that an adapter becomes.
const ADAPTER: &str = "__adapter";

/// Adds a file of the crate; nothing of one that does not parse.
pub fn file(calls: &mut Calls, path: &Path, text: &str) {
    let Ok(parsed) = Module::parse(text) else { return };
    let module = module_of(path);
    for (i, name) in module.iter().enumerate() {
        calls.scopes.entry(module[..i].to_vec()).or_default().modules.insert(name.clone());
    }
    Reader { calls, path, module, is_inline: false }.items(parsed.items());
}

/// Adds an adapter: its functions, and what it does for each exercise.
pub fn adapter(calls: &mut Calls, path: &Path, text: &str) {
    let Ok(parsed) = Module::parse(text) else { return };
    let mut reader = Reader { calls, path, module: vec![ADAPTER.to_owned()], is_inline: false };
    reader.items(parsed.items());
    let mut entries = Entries::default();
    parsed.items().iter().for_each(|item| entries.visit_item(item));
    for (exercise, call) in entries.0 {
        reader.body(&exercise, &exercise, BodyKind::Data, call, |words| words.visit_expr(call));
    }
}

/// `src/generator/arguments.rs` → `["generator", "arguments"]`
fn module_of(path: &Path) -> ModulePath {
    let mut module: ModulePath = path
        .with_extension("")
        .components()
        .skip(1)
        .map(|part| part.as_os_str().to_string_lossy().into_owned())
        .collect();
    if matches!(module.last().map(String::as_str), Some("mod" | "lib")) {
        module.pop();
    }
    module
}

/// The pairs of an exercise's name and what is called for it, of which an adapter's table consists.
#[derive(Default)]
struct Entries<'ast>(Vec<(String, &'ast Expr)>);

impl<'ast> Visit<'ast> for Entries<'ast> {
    fn visit_expr_tuple(&mut self, tuple: &'ast syn::ExprTuple) {
        let elements: Vec<&Expr> = tuple.elems.iter().collect();
        if let [Expr::Lit(syn::ExprLit { lit: syn::Lit::Str(name), .. }), call] = elements[..] {
            self.0.push((name.value(), call));
        }
        visit::visit_expr_tuple(self, tuple);
    }
}

struct Reader<'a> {
    calls: &'a mut Calls,
    path: &'a Path,
    module: ModulePath,
    is_inline: bool,
}

impl Reader<'_> {
    fn items(&mut self, items: &[Item]) {
        self.calls.scopes.entry(self.module.clone()).or_default();
        items.iter().filter(|item| !is_for_tests(item)).for_each(|item| self.item(item));
    }

    fn item(&mut self, item: &Item) {
        match item {
            Item::Fn(function) => {
                let name = function.sig.ident.to_string();
                let id = self.body(&name, &name, BodyKind::Function, item, |words| words.visit_item(item));
                self.scope().functions.insert(name, id);
            }
            Item::Impl(block) => self.methods(block),
            Item::Trait(definition) => self.default_methods(definition, item),
            Item::Mod(module) => {
                let name = module.ident.to_string();
                self.scope().modules.insert(name.clone());
                if let Some((_, items)) = &module.content {
                    let was_inline = std::mem::replace(&mut self.is_inline, true);
                    self.module.push(name);
                    self.items(items);
                    self.module.pop();
                    self.is_inline = was_inline;
                }
            }
            Item::Use(used) => self.uses(&used.tree, Vec::new()),
            Item::Macro(definition) => {
                let name = definition.ident.as_ref().map(ToString::to_string).unwrap_or_default();
                let tokens = definition.mac.tokens.clone();
                self.calls.pastes_methods |= words::pastes_methods(tokens.clone());
                self.body(&name, &name, BodyKind::Macro, item, |words| {
                    words::names(tokens, &mut words.body.uses)
                });
            }
            other => self.data(other),
        }
    }

    fn data(&mut self, item: &Item) {
        let Some((name, start)) = name_of(item) else { return };
        self.body(&name, &name, BodyKind::Data, item, |words| {
            words.start = Some(start.start().line);
            words.visit_item(item);
        });
        if matches!(item, Item::Type(_)) {
            self.scope().type_aliases.insert(name.clone());
        }
        self.scope().items.insert(name);
    }

    fn methods(&mut self, block: &ItemImpl) {
        let owner = type_name(&block.self_ty);
        let kind = if block.trait_.is_some() { BodyKind::TraitMethod } else { BodyKind::Method };
        for item in &block.items {
            let name = match item {
                ImplItem::Fn(method) => method.sig.ident.to_string(),
                ImplItem::Const(constant) => constant.ident.to_string(),
                _ => String::new(),
            };
            self.body(&owner, &name, kind, item, |words| words.visit_impl_item(item));
        }
    }

    fn default_methods(&mut self, definition: &ItemTrait, item: &Item) {
        let owner = definition.ident.to_string();
        for part in &definition.items {
            if let TraitItem::Fn(method) = part {
                let name = method.sig.ident.to_string();
                self.body(&owner, &name, BodyKind::TraitMethod, part, |words| words.visit_trait_item(part));
            }
        }
        self.body(&owner, &owner, BodyKind::Trait, item, |words| words.visit_item(item));
        self.scope().items.insert(owner);
    }

    /// Adds a body with the words that `read` finds in it.
    fn body(
        &mut self,
        item: &str,
        name: &str,
        kind: BodyKind,
        whole: &impl Spanned,
        read: impl FnOnce(&mut Words),
    ) -> usize {
        let span = whole.span();
        let body = Body {
            file: self.path.to_owned(),
            item: item.to_owned(),
            is_nested: self.is_inline,
            name: name.to_owned(),
            kind,
            line: span.start().line,
            end: span.end().line,
            module: self.module.clone(),
            ..Body::default()
        };
        let mut words = Words::new(body);
        read(&mut words);
        let Words { mut body, used, start } = words;
        body.line = start.unwrap_or(body.line);
        used.iter().for_each(|tree| self.uses(tree, Vec::new()));
        self.calls.bodies.push(body);
        self.calls.bodies.len() - 1
    }

    fn uses(&mut self, tree: &UseTree, mut path: Vec<String>) {
        match tree {
            UseTree::Path(step) => {
                path.push(step.ident.to_string());
                self.uses(&step.tree, path);
            }
            UseTree::Group(group) => group.items.iter().for_each(|tree| self.uses(tree, path.clone())),
            UseTree::Glob(_) => self.scope().globs.push(path),
            UseTree::Name(name) => self.alias(path, &name.ident, name.ident.to_string()),
            UseTree::Rename(renamed) => self.alias(path, &renamed.ident, renamed.rename.to_string()),
        }
    }

    fn alias(&mut self, mut path: Vec<String>, name: &syn::Ident, alias: String) {
        if name != "self" {
            path.push(name.to_string());
        }
        let alias = if alias == "self" { path.last().cloned().unwrap_or_default() } else { alias };
        self.scope().aliases.insert(alias, path);
    }

    fn scope(&mut self) -> &mut Scope {
        self.calls.scopes.entry(self.module.clone()).or_default()
    }
}

/// `#[cfg(test)]`: never a part of a program.
fn is_for_tests(item: &Item) -> bool {
    let attributes = match item {
        Item::Mod(module) => &module.attrs,
        Item::Fn(function) => &function.attrs,
        _ => return false,
    };
    attributes.iter().any(|attribute| {
        attribute.path().is_ident("test")
            || attribute.path().is_ident("cfg")
                && attribute.parse_args::<syn::Ident>().is_ok_and(|cfg| cfg == "test")
    })
}
