//! A student's file can't be compiled as it is. What is said goes on after the file's name, and names the way out.

use crate::PROGRAM;

/// What is wrong with the file or folder `place`.
pub fn of_file(place: &str, why: &str) -> String {
    format!("`{place}` {why}.\n")
}

/// Something of a chapter is not there at all.
pub fn gone(place: &str, chapter: &str) -> String {
    of_file(place, &format!("is gone: `{PROGRAM} reset {chapter} --missing` brings it back"))
}

/// A link to a folder.
pub fn linked_folder(to: &str) -> String {
    format!("is a link{to}, a folder, and is not followed: put the folder itself there")
}

/// A link to somewhere else.
pub fn linked_outside(to: &str) -> String {
    format!("is a link{to}, outside the chapter, and is not followed: put a copy of the file there")
}

/// A link to nothing.
pub fn linked_nowhere(to: &str, error: &std::io::Error) -> String {
    format!("is a link{to}, which leads nowhere ({error}): put the file itself there")
}

/// No right to read it.
pub fn unreadable(error: &std::io::Error) -> String {
    format!("can't be read ({error}): give yourself the right to read it")
}

/// A giant.
pub fn too_large(bytes: u64) -> String {
    format!("has more than {bytes} bytes: keep in it what is code")
}

/// UTF-16.
pub const UTF16: &str = "is UTF-16 text (some editors say Unicode) from line 1 on: save it as UTF-8";

/// No text at all.
pub fn not_utf8(line: usize, byte: u8) -> String {
    format!(
        "is not UTF-8 text: line {line} has the byte {byte:#04x}, which is no character. Save it as UTF-8"
    )
}

/// An expression with too many words.
pub fn too_long(limit: usize) -> String {
    format!("has more than {limit} words and signs in one expression: cut it into several with `let`")
}

/// Too many brackets in brackets.
pub fn too_deep(limit: usize) -> String {
    format!("is nested more than {limit} brackets deep: move what is inside into functions of its own")
}

/// The compiler would read another file by `item`, for which there is something better.
pub fn reads_another_file(item: &str, instead: &str) -> String {
    format!(
        "`{item}` reads another file while your code is compiled, and only your own sources go to the compiler: {instead}"
    )
}

/// The compiler read a file `name` that it was not given.
pub fn read_outside(place: &str, name: &str) -> String {
    format!(
        "`{place}` makes the compiler read a file `{name}` that is none of your sources. Only files below `src/` go to the compiler: \
         put what you need there.\n"
    )
}

/// An item has another signature than the course calls: at `place`, where what stood and what stands now differ.
pub fn changed(
    name: &str,
    place: &str,
    difference: Option<[String; 2]>,
    [wanted, found]: [&str; 2],
) -> String {
    let differs = match difference {
        Some([was, is]) if was.is_empty() => format!("in {place} `{is}` stands that was not there"),
        Some([was, is]) if is.is_empty() => format!("in {place} `{was}` is gone"),
        Some([was, is]) => format!("in {place} `{is}` stands where `{was}` was"),
        None => format!("in {place} it differs"),
    };
    format!(
        "`{name}` no longer has the signature that the course calls: {differs}.\nPut the first of the two back in its \
         place. What you need besides goes into a function of your own, which this one calls. (`{PROGRAM} reset \
         EXERCISE` brings its whole stub back and keeps yours.)\n  it was:\n{wanted}\n  and is:\n{found}\n"
    )
}

/// An item that the course calls is gone from `place`.
pub fn missing(name: &str, place: &str, wanted: &str) -> String {
    format!(
        "`{name}` is gone, and the course calls it. Put it back into {place}: by hand, or with `{PROGRAM} reset \
         EXERCISE`, which keeps what you wrote.\n  It was:\n{wanted}\n"
    )
}
