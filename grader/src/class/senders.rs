//! Whose a parcel is, by the names that platforms give to files and folders; a roster knows the rest.
//!
//! Canvas, Moodle, Gradescope's export with its `submission_metadata.yml`; otherwise the first folder or archive that not all
//! have in common, which is how clones and folders a student are called.

use saphyr::{LoadableYamlNode, Yaml};

use super::roster::Roster;
use crate::hand_in::{bundle::archive_ending, canvas};

/// Who sent something.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sender {
    /// What tells this sender from others.
    pub key: String,
    /// As one reads it.
    pub name: String,
    /// The platform's or the university's number.
    pub id: String,
    /// In small letters.
    pub email: String,
    /// How this is known: `Canvas`, `Moodle`, `Gradescope`, `its name`.
    pub known_by: &'static str,
    /// Whether the platform calls it late.
    pub is_late: bool,
    /// The platform's number of the upload: the larger, the newer; 0 where there is none.
    pub upload: u64,
    /// When it was handed in, as the platform or the roster writes it; empty where nobody says.
    pub submitted: String,
    /// Whether the roster has it.
    pub is_on_roster: bool,
}

/// What is known about senders beside their parcels' places.
#[derive(Default)]
pub struct Register<'a> {
    /// Everybody, if there is a list.
    pub roster: Option<&'a Roster>,
    /// Gradescope's list.
    pub submitters: Option<&'a str>,
}

impl Register<'_> {
    /// The senders of parcels that lie at `within` in `place`, in their order. Group work has several senders each.
    pub fn senders(&self, place: &str, within: &[&str]) -> Vec<Vec<Sender>> {
        let common = common_parts(within);
        // One student's own archive may have any folder in it.
        let is_own = within.len() == 1 && archive_ending(place) > 0;
        let submitters = self.submitters.map(gradescope).unwrap_or_default();
        let found = within.iter().map(|within| {
            let parts: Vec<&str> = within.split('/').filter(|part| !part.is_empty()).collect();
            let named = parts.iter().find_map(|part| by_platform(part, &submitters));
            let archive = parts.iter().find(|part| is_own && archive_ending(part) > 0);
            let first = parts.get(common).or(parts.last()).filter(|_| !is_own);
            let own = archive.or(first).copied().unwrap_or(place);
            let senders = named.unwrap_or_else(|| vec![by_name(own)]);
            senders.into_iter().map(|sender| self.on_roster(sender)).collect()
        });
        found.collect()
    }

    fn on_roster(&self, sender: Sender) -> Sender {
        let names = [sender.id.as_str(), &sender.email, &sender.name, &sender.key];
        match self.roster.and_then(|roster| roster.find(&names)) {
            Some(student) => {
                let first = |own: String, other: &str| if other.is_empty() { own } else { other.to_owned() };
                Sender {
                    key: student.key().to_owned(),
                    name: first(sender.name, &student.name),
                    email: first(sender.email, &student.email),
                    submitted: first(sender.submitted, &student.submitted),
                    is_on_roster: true,
                    ..sender
                }
            }
            None => sender,
        }
    }
}

/// How many leading folders all have in common, the last part of each aside.
fn common_parts(within: &[&str]) -> usize {
    let parts: Vec<Vec<&str>> = within.iter().map(|w| w.split('/').collect()).collect();
    let Some(first) = parts.first().filter(|_| parts.len() > 1) else { return 0 };
    let shortest = parts.iter().map(Vec::len).min().unwrap_or_default();
    (0..shortest.saturating_sub(1)).take_while(|&i| parts.iter().all(|other| other[i] == first[i])).count()
}

type Submitters = Vec<(String, Vec<Sender>)>;

fn by_platform(part: &str, submitters: &Submitters) -> Option<Vec<Sender>> {
    if let Some((_, senders)) = submitters.iter().find(|(folder, _)| folder == part) {
        return Some(senders.clone());
    }
    moodle(part).or_else(|| by_canvas(part)).map(|sender| vec![sender])
}

/// `Ada King_1234_assignsubmission_file`.
fn moodle(part: &str) -> Option<Sender> {
    let (head, _) = part.rsplit_once("_assignsubmission_")?;
    let (name, id) = head.rsplit_once('_')?;
    let is_number = !id.is_empty() && id.bytes().all(|byte| byte.is_ascii_digit());
    is_number.then(|| Sender {
        key: id.to_owned(),
        name: name.to_owned(),
        id: id.to_owned(),
        known_by: "Moodle",
        ..Sender::default()
    })
}

fn by_canvas(part: &str) -> Option<Sender> {
    let sender = canvas::sender(part)?;
    Some(Sender {
        key: sender.id.to_owned(),
        name: sender.user,
        id: sender.id.to_owned(),
        known_by: "Canvas",
        is_late: sender.is_late,
        upload: sender.attachment,
        ..Sender::default()
    })
}

fn by_name(part: &str) -> Sender {
    let name = canvas::without_copy_number(&part[..part.len() - archive_ending(part)]).to_owned();
    Sender { key: name.clone(), name, known_by: "its name", ..Sender::default() }
}

/// Who is behind each folder of Gradescope's export. A list that can't be read names nobody.
fn gradescope(text: &str) -> Submitters {
    let Ok(documents) = Yaml::load_from_str(text) else { return Vec::new() };
    let Some(folders) = documents.first().and_then(|document| document.as_mapping()) else {
        return Vec::new();
    };
    let senders = |entry: &Yaml| -> Vec<Sender> {
        let submitters = entry.as_mapping_get(":submitters").and_then(|list| list.as_sequence());
        let submitted =
            entry.as_mapping_get(":created_at").and_then(|time| time.as_str()).unwrap_or_default();
        let submitters = submitters.into_iter().flatten().map(submitter);
        submitters.map(|sender| Sender { submitted: submitted.to_owned(), ..sender }).collect()
    };
    let named =
        folders.iter().filter_map(|(folder, entry)| Some((folder.as_str()?.to_owned(), senders(entry))));
    named.filter(|(_, senders)| !senders.is_empty()).collect()
}

fn submitter(entry: &Yaml) -> Sender {
    let text = |key: &str| match entry.as_mapping_get(key) {
        Some(value) => value
            .as_str()
            .map(str::to_owned)
            .or_else(|| value.as_integer().map(|n| n.to_string()))
            .unwrap_or_default(),
        None => String::new(),
    };
    let (name, id, email) = (text(":name"), text(":sid"), text(":email").to_lowercase());
    let key = [&id, &email, &name].into_iter().find(|key| !key.is_empty()).cloned().unwrap_or_default();
    Sender { key, name, id, email, known_by: "Gradescope", ..Sender::default() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keys(register: &Register, within: &[&str]) -> Vec<String> {
        let senders = register.senders("class.zip", within);
        senders.iter().map(|s| s.iter().map(|s| s.key.clone()).collect::<Vec<_>>().join("+")).collect()
    }

    #[test]
    fn platforms_and_folders_say_who_it_is() {
        let none = Register::default();
        assert_eq!(keys(&none, &["lovelaceada_LATE_1043_77_hw.zip", "kim_7_8_a.rs"]), ["1043", "7"]);
        let moodle = ["Ada King_12_assignsubmission_file/hw.zip", "Bob van_Dyk_13_assignsubmission_file_"];
        assert_eq!(keys(&none, &moodle), ["12", "13"]);
        assert_eq!(none.senders("x", &moodle)[1][0].name, "Bob van_Dyk");
        assert_eq!(keys(&none, &["all/ada/try 1", "all/ada/try 2", "all/bob"]), ["ada", "ada", "bob"]);
        assert_eq!(keys(&none, &["ada.tar.gz", "bob (1).zip/homework"]), ["ada", "bob"]);
        assert_eq!(keys(&none, &[""]), ["class"]);
        assert_eq!(keys(&none, &["homework"]), ["class"]);
        assert_eq!(keys(&none, &["all/ada.zip/homework"]), ["ada"]);
        assert_eq!(none.senders("submissions", &["ada/homework"])[0][0].key, "ada");
    }

    #[test]
    fn gradescopes_list_names_everybody_of_a_group() {
        let list = "submission_9:\n  :submitters:\n  - :name: Ada King\n    :sid: 007\n    :email: Ada@x.org\n  - :name: Bob\n    \
                    :sid: ''\n    :email: bob@x.org\n  :created_at: 2026-01-01 10:00:00.0 Z\n  :score: 3.0\n";
        let register = Register { roster: None, submitters: Some(list) };
        let senders = register.senders("x", &["assignment_5_export/submission_9"]);
        assert_eq!(senders[0].len(), 2);
        assert_eq!(senders[0][1].key, "bob@x.org");
        assert_eq!(senders[0][1].submitted, "2026-01-01 10:00:00.0 Z");
        assert_eq!((senders[0][0].name.as_str(), senders[0][0].email.as_str()), ("Ada King", "ada@x.org"));
        assert_eq!(
            Register { roster: None, submitters: Some(": : [") }.senders("x", &["submission_9"])[0][0].key,
            "submission_9"
        );
    }
}
