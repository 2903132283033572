//! Collects the names in a body: functions and methods that it calls, what it binds, whether it is finished.

use proc_macro2::TokenStream;
use syn::{
    Attribute, Expr, ExprMethodCall, ExprPath, Macro, Token, UseTree,
    parse::{ParseStream, Parser},
    punctuated::Punctuated,
    spanned::Spanned,
    visit::{self, Visit},
};

use super::{
    Body, Reference, Use,
    words::{self, UNNAMED},
};

/// Collects the names in a body.
pub struct Words {
    /// What was found so far.
    pub body: Body,
    /// `use` inside of it.
    pub used: Vec<UseTree>,
    /// The line on which it starts, its attributes and docs left out.
    pub start: Option<usize>,
}

impl Words {
    /// Of a body in which nothing was looked at yet.
    pub fn new(body: Body) -> Self {
        Self { body, used: Vec::new(), start: None }
    }

    fn add(&mut self, what: Reference, line: usize) {
        self.body.uses.push(Use { what, line, is_loose: false });
    }
}

impl<'ast> Visit<'ast> for Words {
    fn visit_attribute(&mut self, _: &'ast Attribute) {}

    fn visit_signature(&mut self, signature: &'ast syn::Signature) {
        self.start.get_or_insert(signature.fn_token.span().start().line);
        visit::visit_signature(self, signature);
    }

    fn visit_item_use(&mut self, used: &'ast syn::ItemUse) {
        self.used.push(used.tree.clone());
    }

    fn visit_item_fn(&mut self, function: &'ast syn::ItemFn) {
        let name = function.sig.ident.to_string();
        if name != self.body.name {
            self.body.locals.insert(name);
        }
        visit::visit_item_fn(self, function);
    }

    fn visit_pat_ident(&mut self, pattern: &'ast syn::PatIdent) {
        self.body.locals.insert(pattern.ident.to_string());
        visit::visit_pat_ident(self, pattern);
    }

    fn visit_expr_method_call(&mut self, call: &'ast ExprMethodCall) {
        let on_self = matches!(&*call.receiver, Expr::Path(path) if path.path.is_ident("self"));
        let what = Reference::Method { name: call.method.to_string(), on_self };
        self.add(what, call.method.span().start().line);
        visit::visit_expr_method_call(self, call);
    }

    fn visit_expr_path(&mut self, expr: &'ast ExprPath) {
        if let Some(of) = expr.qself.as_ref().filter(|of| of.position == 0) {
            // `<T>::name`: the path has nothing but the name.
            self.visit_type(&of.ty);
            let mut path = vec![UNNAMED.to_owned()];
            path.extend(expr.path.segments.iter().map(|segment| segment.ident.to_string()));
            self.add(Reference::Path(path), expr.span().start().line);
        } else {
            visit::visit_expr_path(self, expr);
        }
    }

    fn visit_path(&mut self, path: &'ast syn::Path) {
        let segments = path.segments.iter().map(|segment| segment.ident.to_string());
        let line = path.segments.last().map_or(0, |segment| segment.ident.span().start().line);
        self.add(Reference::Path(segments.collect()), line);
        visit::visit_path(self, path);
    }

    fn visit_macro(&mut self, call: &'ast Macro) {
        let name = call.path.segments.last().map(|segment| segment.ident.to_string()).unwrap_or_default();
        if name == "todo" || name == "unimplemented" {
            self.body.is_unfinished = true;
            return;
        }
        self.visit_path(&call.path);
        match arguments.parse2(call.tokens.clone()) {
            Ok(arguments) => {
                // What is read here lives shorter than the file, but only words are kept.
                let mut inner = Words::new(std::mem::take(&mut self.body));
                arguments.iter().for_each(|argument| inner.visit_expr(argument));
                self.body = inner.body;
                self.used.extend(inner.used);
            }
            Err(_) => words::names(call.tokens.clone(), &mut self.body.uses),
        }
    }
}

/// What most macros take: `a, b, c` or `a; n`.
fn arguments(input: ParseStream) -> syn::Result<Vec<Expr>> {
    let fork = input.fork();
    if let Ok(first) = fork.parse::<Expr>()
        && fork.parse::<Token![;]>().is_ok()
        && let Ok(second) = fork.parse::<Expr>()
        && fork.is_empty()
    {
        input.parse::<TokenStream>()?;
        return Ok(vec![first, second]);
    }
    Ok(Punctuated::<Expr, Token![,]>::parse_terminated(input)?.into_iter().collect())
}
