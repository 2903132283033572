//! Patterns over what a compiler or a panic says.
//!
//! `*` stands for anything without a backtick, so that it ends with the name or type that it began in; `…` stands for
//! anything.

/// What the `*`s of `pattern` stand for, should it be the whole of `text`.
pub fn matched<'t>(pattern: &str, text: &'t str) -> Option<Vec<&'t str>> {
    let mut caught = Vec::new();
    is_match(pattern, text, &mut caught).then_some(caught)
}

fn is_match<'t>(pattern: &str, text: &'t str, caught: &mut Vec<&'t str>) -> bool {
    let Some(at) = pattern.find(['*', '…']) else { return pattern == text };
    let (before, rest) = pattern.split_at(at);
    let Some(text) = text.strip_prefix(before) else { return false };
    let mut rest = rest.chars();
    let keeps = rest.next() == Some('*');
    let end = if keeps { text.find('`').unwrap_or(text.len()) } else { text.len() };
    let places = text.char_indices().map(|(i, _)| i).chain([text.len()]).take_while(|i| *i <= end);
    let known = caught.len();
    for i in places {
        if keeps {
            caught.push(&text[..i]);
        }
        if is_match(rest.as_str(), &text[i..], caught) {
            return true;
        }
        caught.truncate(known);
    }
    false
}

/// `text` in one line and with types by their last names: `Tensor` for `dfdx::tensor::Tensor`.
pub fn plain(text: &str) -> String {
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let is_name = |c: char| c.is_alphanumeric() || c == '_';
    let (mut plain, mut rest) = (String::with_capacity(text.len()), text.as_str());
    while let Some(at) = rest.find("::") {
        let (before, after) = (&rest[..at], &rest[at + 2..]);
        let path = before.trim_end_matches(is_name);
        // `{}::<T>` names what stands before it.
        let leads_to_a_name = after.starts_with(|c: char| c.is_alphabetic() || c == '_');
        if leads_to_a_name && path.len() < before.len() {
            plain += path;
        } else {
            plain += before;
            plain += "::";
        }
        rest = after;
    }
    plain + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_star_stays_within_backticks() {
        let text = "`x` has type `Tensor<S, f32, D>`, which is not, Copy";
        assert_eq!(matched("`*` has type `Tensor<*>`…", text), Some(vec!["x", "S, f32, D"]));
        assert_eq!(matched("`*` has type `Tensor<*, *, *, *>`…", text), None);
        assert_eq!(matched("`*` has type", text), None);
    }

    #[test]
    fn paths_are_left_out() {
        assert_eq!(plain("the `dfdx::tensor::Tensor<S, a::B>`\n   and `x::y`"), "the `Tensor<S, B>` and `y`");
        assert_eq!(
            plain("`retaped::<T>` in `Tensor::<S>::retaped`"),
            "`retaped::<T>` in `Tensor::<S>::retaped`"
        );
    }
}
