//! File names in Canvas' download of all submissions: `lovelaceada_LATE_1043_77120_homework.zip`.
//!
//! The form is that of canvas-lms, `lib/content_zipper.rb`: the sortable name without all that is no letter or digit, `LATE` where it
//! is, the user's and the attachment's number, the file's own name. Two numbers side by side are looked for from the left, since a
//! file may be called `homework_1_2.zip`, and a user's part has no `_` of its own but where a name has one.

/// What a file's name says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sender<'a> {
    /// The sortable name, run together; `anon` where marking is anonymous.
    pub user: String,
    /// The user's number, or what stands for it where marking is anonymous.
    pub id: &'a str,
    /// The attachment's number: the larger, the newer.
    pub attachment: u64,
    /// Whether Canvas calls it late.
    pub is_late: bool,
    /// The file's own name.
    pub file: &'a str,
}

/// The sender that `file` is named after, if it is called as Canvas does.
pub fn sender(file: &str) -> Option<Sender<'_>> {
    let parts: Vec<&str> = file.split('_').collect();
    let is_number = |i: usize| {
        parts.get(i).is_some_and(|part| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit()))
    };
    let anonymous = parts[0] == "anon" && is_number(2);
    let at = if anonymous { 1 } else { (1..parts.len()).find(|&i| is_number(i) && is_number(i + 1))? };
    let is_late = at > 1 && parts[at - 1] == "LATE";
    let own = parts.get(at + 2..)?;
    let file = &file[file.len() - own.join("_").len()..];
    (!file.is_empty()).then_some(Sender {
        user: parts[..at - usize::from(is_late)].join("_"),
        id: parts[at],
        attachment: parts[at + 1].parse().ok()?,
        is_late,
        file,
    })
}

/// A name without what Canvas (`-1`) and browsers (` (1)`) add to a second file of the same name.
pub fn without_copy_number(name: &str) -> &str {
    let is_number = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    let copied = name.rsplit_once(" (").filter(|(_, rest)| rest.strip_suffix(')').is_some_and(is_number));
    let again = name.rsplit_once('-').filter(|(_, rest)| is_number(rest));
    copied.or(again).map_or(name, |(name, _)| name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_read_from_its_two_numbers() {
        let read = |file| sender(file).map(|s| (s.user.clone(), s.id, s.attachment, s.is_late, s.file));
        let want =
            |user: &str, id, attachment, late, file| Some((user.to_owned(), id, attachment, late, file));
        assert_eq!(read("oneilzoë_1043_77120_hw.zip"), want("oneilzoë", "1043", 77120, false, "hw.zip"));
        assert_eq!(read("kim_LATE_7_8_hw_1_2-1.zip"), want("kim", "7", 8, true, "hw_1_2-1.zip"));
        assert_eq!(read("anon_x7Qw2_55_hw.zip"), want("anon", "x7Qw2", 55, false, "hw.zip"));
        assert_eq!(read("van_der_waals_1_2_a.rs"), want("van_der_waals", "1", 2, false, "a.rs"));
        for other in ["homework_1.zip", "activations.rs", "a_1_2", "_", ""] {
            assert_eq!(read(other), None, "{other}");
        }
    }

    #[test]
    fn copies_are_called_as_what_they_are_copies_of() {
        for name in ["pooling", "pooling-1", "pooling (12)"] {
            assert_eq!(without_copy_number(name), "pooling");
        }
        assert_eq!(without_copy_number("pooling-b"), "pooling-b");
    }
}
