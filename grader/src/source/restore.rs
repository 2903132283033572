//! Text to text: an exercise's items as the stub has them, the rest of the file as the student has it.
//!
//! Reads and writes no file.

use std::ops::Range;

use crate::source::items::Module;

/// Why an exercise can't be put back on its own; the whole file always can.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unfit {
    /// The student's file has a syntax error on this line, counted from 1. The compiler explains it better than we.
    #[error("line {0} does not parse")]
    Syntax(usize),
    /// The stub does not parse or has no such items: the course is broken.
    #[error("its stub has no item of this exercise")]
    Stub,
    /// The items were found, but not where they could be cut out.
    #[error("the exercise can't be told apart from what stands around it")]
    Entangled,
}

/// `written` with `items` (and the `impl` blocks of types) as `stub` has them.
///
/// The stub's pieces take the places of the student's in order; what the student has more is removed, what
/// is missing comes after the last place, or at the end.
pub fn restore(written: &str, stub: &str, items: &[String]) -> Result<String, Unfit> {
    // The parser counts without it.
    let written = written.strip_prefix('\u{feff}').unwrap_or(written);
    let theirs = Module::parse(written).map_err(|error| Unfit::Syntax(error.span().start().line))?;
    let ours = Module::parse(stub).map_err(|_| Unfit::Stub)?;
    let pieces: Option<Vec<&str>> = ours.ranges(items).into_iter().map(|range| stub.get(range)).collect();
    let pieces = pieces.filter(|pieces| !pieces.is_empty()).ok_or(Unfit::Stub)?;
    let newline = if written.contains("\r\n") { "\r\n" } else { "\n" };
    let pieces: Vec<String> = pieces.iter().map(|piece| piece.replace('\n', newline)).collect();
    let restored = place(written, &theirs.ranges(items), &pieces, newline).ok_or(Unfit::Entangled)?;
    let now = Module::parse(&restored).map_err(|_| Unfit::Entangled)?;
    let fits =
        now.code_of(items) == ours.code_of(items) && now.code_beside(items) == theirs.code_beside(items);
    if fits { Ok(restored) } else { Err(Unfit::Entangled) }
}

/// Puts `pieces` into `places`.
fn place(written: &str, places: &[Range<usize>], pieces: &[String], newline: &str) -> Option<String> {
    let gap = newline.repeat(2);
    let Some(last) = places.len().checked_sub(1) else {
        return Some(format!("{}{gap}{}{newline}", written.trim_end(), pieces.join(&gap)));
    };
    let (mut restored, mut done) = (String::new(), 0);
    for (i, place) in places.iter().enumerate() {
        restored += written.get(done..place.start)?;
        done = place.end;
        let here = if i == last { pieces.get(i..) } else { pieces.get(i..=i) };
        match here {
            Some(here @ [_, ..]) => restored += &here.join(&gap),
            _ => done += written.get(done..)?.chars().take_while(|c| matches!(c, '\r' | '\n')).count(),
        }
    }
    Some(restored + written.get(done..)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    const STUB: &str = "//! Docs.\n\n/// One.\npub fn one() -> f32 {\n    todo!()\n}\n\n/// σ.\npub struct Two;\n\n\
                        impl Two {\n    pub fn go() {\n        todo!()\n    }\n}\n\n/// Three.\npub fn three() {\n    todo!()\n}\n";

    fn items(names: &[&str]) -> Vec<String> {
        names.iter().map(|name| (*name).to_owned()).collect()
    }

    #[test]
    fn the_others_keep_every_byte() {
        let written = STUB
            .replace("f32 {\n    todo!()", "f32 { // π ≈ 3\n  3.0")
            .replace("go() {\n        todo!()", "go() {");
        let one = restore(&written, STUB, &items(&["one"])).unwrap();
        assert_eq!(one, STUB.replace("go() {\n        todo!()", "go() {"));
        assert_eq!(restore(&one, STUB, &items(&["Two"])).unwrap(), STUB);
    }

    #[test]
    fn what_was_added_to_a_type_goes_and_what_was_removed_comes_back() {
        let more =
            STUB.replace("/// Three.", "impl Drop for Two {\n    fn drop(&mut self) {}\n}\n\n/// Three.");
        assert_eq!(restore(&more, STUB, &items(&["Two"])).unwrap(), STUB);
        let less = STUB.replace("impl Two {\n    pub fn go() {\n        todo!()\n    }\n}\n\n", "");
        assert_eq!(restore(&less, STUB, &items(&["Two"])).unwrap(), STUB);
        let none = "use a::b;\n";
        let text = restore(none, STUB, &items(&["one", "three"])).unwrap();
        assert!(text.starts_with("use a::b;\n\n/// One.\npub fn one()"), "{text}");
        assert!(text.ends_with("/// Three.\npub fn three() {\n    todo!()\n}\n"), "{text}");
    }

    #[test]
    fn windows_line_ends_and_byte_order_marks_are_understood() {
        let written =
            format!("\u{feff}{}", STUB.replace("f32 {\n    todo!()", "f32 {\n    1.0").replace('\n', "\r\n"));
        assert_eq!(restore(&written, STUB, &items(&["one"])).unwrap(), STUB.replace('\n', "\r\n"));
    }

    #[test]
    fn a_file_that_does_not_parse_is_refused_with_its_line() {
        let error = restore(&STUB.replace("three() {", "three( {"), STUB, &items(&["one"])).unwrap_err();
        assert_eq!(error, Unfit::Syntax(18));
        assert_eq!(restore(STUB, STUB, &items(&["four"])), Err(Unfit::Stub));
    }

    #[test]
    fn items_in_another_order_are_still_the_stubs() {
        let swapped = "pub fn three() { 3 }\nfn helper() {}\npub fn one() -> f32 { 1.0 }\n";
        let text = restore(swapped, STUB, &items(&["one", "three"])).unwrap();
        assert!(text.starts_with("/// One.") && text.contains("}\nfn helper() {}\n/// Three."), "{text}");
    }
}
