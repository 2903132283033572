//! What a name means: a function of the crate, one of its types, or something from outside.

use std::collections::{BTreeMap, BTreeSet};

use super::{Body, BodyKind, Calls, Certainty, Reference, Use, words::UNNAMED};

/// `use` that leads back to itself, or farther than anybody writes.
const DEEPEST: usize = 16;

/// The names of a module.
#[derive(Debug, Default)]
pub struct Scope {
    /// Functions, by their bodies' numbers.
    pub functions: BTreeMap<String, usize>,
    /// Types, traits, constants and statics.
    pub items: BTreeSet<String>,
    /// Those of them that are other names of types.
    pub type_aliases: BTreeSet<String>,
    /// Modules within.
    pub modules: BTreeSet<String>,
    /// Names that `use` brings, and the paths that they stand for.
    pub aliases: BTreeMap<String, Vec<String>>,
    /// `use path::*`
    pub globs: Vec<Vec<String>>,
}

/// What a path leads to.
enum Meaning {
    Function(usize),
    /// A type or constant of the crate, and what stands behind its name.
    Item(String, Vec<String>),
    /// The path as it would be written without `use`.
    Outside(Vec<String>),
}

impl Calls {
    /// The bodies that body number `i` uses.
    pub(super) fn used_by(&self, i: usize) -> Vec<(usize, Certainty)> {
        let body = &self.bodies[i];
        let mut used: Vec<(usize, Certainty)> =
            body.uses.iter().flat_map(|used| self.targets(body, used)).collect();
        if is_item(body) {
            // Operators, loops and formatting call a type's traits without naming them.
            let of_traits = |other: &Body| other.kind == BodyKind::TraitMethod && other.item == body.name;
            used.extend(self.where_(of_traits).map(|k| (k, Certainty::Certain)));
        }
        used
    }

    fn targets(&self, body: &Body, used: &Use) -> Vec<(usize, Certainty)> {
        match &used.what {
            Reference::Method { name, on_self } => {
                let own = self.methods_of(&body.item, name);
                if *on_self && !own.is_empty() { certain(own) } else { certain_if_one(self.methods(name)) }
            }
            Reference::Path(path) => {
                let mut targets = self.targets_of_path(body, path);
                if let [.., name] = &path[..] {
                    targets.extend(certain(
                        self.where_(|other| other.kind == BodyKind::Macro && other.name == *name).collect(),
                    ));
                    if used.is_loose {
                        let of_name = self.where_(|other| other.name == *name);
                        targets.extend(of_name.map(|k| (k, Certainty::Possible)));
                    }
                }
                targets
            }
        }
    }

    fn targets_of_path(&self, body: &Body, path: &[String]) -> Vec<(usize, Certainty)> {
        match self.meaning(body, path) {
            Meaning::Function(k) if path.len() == 1 && body.locals.contains(&path[0]) => {
                vec![(k, Certainty::Possible)]
            }
            Meaning::Function(k) => vec![(k, Certainty::Certain)],
            Meaning::Item(item, rest) => {
                let data = self.where_(|other| is_item(other) && other.name == item);
                let mut targets: Vec<usize> = data.collect();
                targets.extend(rest.first().into_iter().flat_map(|name| self.methods_of(&item, name)));
                certain(targets)
            }
            // `Tensor::name` may be a method of a trait of the crate.
            Meaning::Outside(path) => match &path[..] {
                [_, .., name] => certain_if_one(self.methods(name)),
                _ => Vec::new(),
            },
        }
    }

    /// The path by which `used` names something called `name` that is not of this crate.
    pub(super) fn outside(&self, body: &Body, used: &Use, name: &str) -> Option<Vec<String>> {
        let is_wanted = |word: &String| word == name || word.strip_prefix("try_") == Some(name);
        match &used.what {
            Reference::Method { name: method, on_self } => {
                let own = *on_self && !self.methods_of(&body.item, method).is_empty();
                let borrowed = is_wanted(method) && !own && !self.is_method_of_own_type(method);
                borrowed.then(|| vec![method.clone()])
            }
            Reference::Path(path) => {
                let Meaning::Outside(whole) = self.meaning(body, path) else { return None };
                let borrowed = if name.starts_with(char::is_uppercase) {
                    whole.iter().any(is_wanted) && self.is_outside(body, path, &whole)
                } else {
                    whole.last().is_some_and(is_wanted)
                        && self.is_outside(body, path, &whole)
                        && !self.is_of_own_trait(&whole)
                };
                borrowed.then_some(whole)
            }
        }
    }

    /// Whether a path that leads to nothing of the crate leads to something at all.
    fn is_outside(&self, body: &Body, written: &[String], whole: &[String]) -> bool {
        match whole {
            [name] => {
                let scope = self.scopes.get(&body.module);
                let has_globs =
                    scope.is_some_and(|scope| scope.globs.iter().any(|glob| !self.is_own(body, glob)));
                !(written.len() == 1 && body.locals.contains(name)) && (has_globs || self.pastes_methods)
            }
            [first, ..] => !["crate", "self", "super", "$crate"].contains(&first.as_str()),
            [] => false,
        }
    }

    /// `Tensor::name`, where a trait of the crate has a method of that name.
    fn is_of_own_trait(&self, path: &[String]) -> bool {
        let [.., of, name] = path else { return false };
        let is_type = of == UNNAMED || of.starts_with(char::is_uppercase);
        is_type && !self.methods(name).is_empty()
    }

    fn is_own(&self, body: &Body, path: &[String]) -> bool {
        let mut path = path.to_vec();
        path.push(String::new());
        self.module_of(&body.module, &path).is_some()
    }

    fn meaning(&self, body: &Body, path: &[String]) -> Meaning {
        match path {
            [first, rest @ ..] if first == "Self" && self.is_own_type(&body.item) => {
                Meaning::Item(body.item.clone(), rest.to_vec())
            }
            _ => self.resolved(&body.module, path, 0).unwrap_or_else(|| Meaning::Outside(path.to_vec())),
        }
    }

    /// What `path` means in `module`, if the crate says anything about its first word.
    fn resolved(&self, module: &[String], path: &[String], depth: usize) -> Option<Meaning> {
        if depth > DEEPEST {
            return None;
        }
        let (module, path) = match self.module_of(module, path) {
            Some((module, rest)) => (module, rest),
            None => (module.to_vec(), path.to_vec()),
        };
        let scope = self.scopes.get(&module)?;
        let (first, rest) = path.split_first()?;
        if rest.is_empty()
            && let Some(&k) = scope.functions.get(first)
        {
            return Some(Meaning::Function(k));
        }
        if scope.type_aliases.contains(first) {
            return (!rest.is_empty()).then(|| Meaning::Outside(path.clone()));
        }
        if scope.items.contains(first) {
            return Some(Meaning::Item(first.clone(), rest.to_vec()));
        }
        if let Some(alias) = scope.aliases.get(first) {
            let whole: Vec<String> = alias.iter().chain(rest).cloned().collect();
            // `use relu;` names itself.
            let meaning = if whole == path { None } else { self.resolved(&module, &whole, depth + 1) };
            return Some(meaning.unwrap_or(Meaning::Outside(whole)));
        }
        scope.globs.iter().find_map(|glob| {
            let whole: Vec<String> = glob.iter().chain(&path).cloned().collect();
            self.module_of(&module, &whole)?;
            self.resolved(&module, &whole, depth + 1).filter(|found| !matches!(found, Meaning::Outside(_)))
        })
    }

    /// The module of the crate that all but the end of `path` leads to, and that end.
    fn module_of(&self, from: &[String], path: &[String]) -> Option<(Vec<String>, Vec<String>)> {
        let (first, mut rest) = path.split_first()?;
        let mut module = match first.as_str() {
            "crate" | "$crate" => Vec::new(),
            "self" => from.to_vec(),
            "super" => from[..from.len().saturating_sub(1)].to_vec(),
            name if name == self.name => Vec::new(),
            name if self.scopes.get(from)?.modules.contains(name) => [from, &[name.to_owned()]].concat(),
            _ => return None,
        };
        if rest.is_empty() {
            return None;
        }
        while let [next, more @ ..] = rest
            && !more.is_empty()
        {
            let inner = [&module[..], std::slice::from_ref(next)].concat();
            if next == "super" {
                module.pop();
            } else if self.scopes.contains_key(&inner) {
                module = inner;
            } else {
                break;
            }
            rest = more;
        }
        Some((module, rest.to_vec()))
    }

    fn methods(&self, name: &str) -> Vec<usize> {
        self.where_(|body| is_method(body) && body.name == name).collect()
    }

    fn methods_of(&self, item: &str, name: &str) -> Vec<usize> {
        self.where_(|body| is_method(body) && body.name == name && body.item == item).collect()
    }

    fn is_method_of_own_type(&self, name: &str) -> bool {
        self.methods(name).into_iter().any(|k| self.is_own_type(&self.bodies[k].item))
    }

    fn is_own_type(&self, item: &str) -> bool {
        let is_alias = self.scopes.values().any(|scope| scope.type_aliases.contains(item));
        !is_alias && self.where_(|body| body.kind == BodyKind::Data && body.name == item).next().is_some()
    }

    fn where_<'s>(&'s self, holds: impl Fn(&Body) -> bool + 's) -> impl Iterator<Item = usize> + 's {
        self.bodies.iter().enumerate().filter(move |(_, body)| holds(body)).map(|(k, _)| k)
    }
}

fn is_item(body: &Body) -> bool {
    matches!(body.kind, BodyKind::Data | BodyKind::Trait)
}

fn is_method(body: &Body) -> bool {
    matches!(body.kind, BodyKind::Method | BodyKind::TraitMethod)
}

fn certain(targets: Vec<usize>) -> Vec<(usize, Certainty)> {
    targets.into_iter().map(|k| (k, Certainty::Certain)).collect()
}

fn certain_if_one(targets: Vec<usize>) -> Vec<(usize, Certainty)> {
    let certainty = if targets.len() == 1 { Certainty::Certain } else { Certainty::Possible };
    targets.into_iter().map(|k| (k, certainty)).collect()
}
