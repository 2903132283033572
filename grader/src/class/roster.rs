//! A list of students as CSV: an instructor's own, or the gradebook that Canvas exports, or Moodle's grading worksheet.
//!
//! Columns are known by their titles, in any order; what is not known is left alone.

use std::path::Path;

use anyhow::{Context, Result, ensure};
use csv::{ReaderBuilder, StringRecord};

/// A student as the roster knows one.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Student {
    /// Numbers of every kind: a platform's, the university's.
    pub ids: Vec<String>,
    /// As one reads it.
    pub name: String,
    /// In small letters.
    pub email: String,
    /// What one signs in with.
    pub login: String,
    /// When it was handed in, as the list writes it.
    pub submitted: String,
    /// Where the line begins in the file's text, in bytes after the byte order mark.
    pub at: u64,
}

/// Everybody who may hand in.
#[derive(Clone, Debug, Default)]
pub struct Roster {
    /// In the file's order.
    pub students: Vec<Student>,
}

#[derive(Clone, Copy, PartialEq)]
enum Column {
    Id,
    Name,
    First,
    Last,
    Email,
    Login,
    Submitted,
}

/// Titles in small letters.
const TITLES: &[(&str, Column)] = &[
    ("id", Column::Id),
    ("identifier", Column::Id),
    ("sis user id", Column::Id),
    ("sid", Column::Id),
    ("student id", Column::Id),
    ("id number", Column::Id),
    ("name", Column::Name),
    ("student", Column::Name),
    ("full name", Column::Name),
    ("first name", Column::First),
    ("first_name", Column::First),
    ("firstname", Column::First),
    ("last name", Column::Last),
    ("last_name", Column::Last),
    ("lastname", Column::Last),
    ("email", Column::Email),
    ("email address", Column::Email),
    ("sis login id", Column::Login),
    ("login", Column::Login),
    ("username", Column::Login),
    ("github_username", Column::Login),
    ("github", Column::Login),
    ("submitted", Column::Submitted),
    ("submitted at", Column::Submitted),
    ("submission time", Column::Submitted),
    ("last modified (submission)", Column::Submitted),
];

impl Roster {
    /// Reads a file.
    ///
    /// # Errors
    /// When it can't be read, or no column says who anybody is.
    pub fn read(path: &Path) -> Result<Self> {
        let bytes =
            std::fs::read(path).with_context(|| format!("failed to read the roster `{}`", path.display()))?;
        let text = String::from_utf8(bytes)
            .with_context(|| format!("the roster `{}` is not UTF-8 text: save it so", path.display()))?;
        Self::parse(&text).with_context(|| format!("the roster `{}`", path.display()))
    }

    /// Reads a file's text.
    ///
    /// # Errors
    /// When no column says who anybody is.
    pub fn parse(text: &str) -> Result<Self> {
        let text = text.trim_start_matches('\u{feff}');
        let mut reader =
            ReaderBuilder::new().delimiter(delimiter_of(text)).flexible(true).from_reader(text.as_bytes());
        let titles = reader.headers().context("has no first line with titles")?;
        let columns: Vec<Option<Column>> = titles.iter().map(column).collect();
        let known = columns.iter().flatten().filter(|column| **column != Column::Submitted).count();
        ensure!(
            known > 0,
            "has no column that says who somebody is: call one `name`, `email`, `login` or `id`"
        );
        let mut students = Vec::new();
        for record in reader.records() {
            let record = record.context("is no CSV")?;
            let student = student(&columns, &record);
            // Canvas' second line holds the points to be had.
            if !student.is_nobody() && student.name != "Points Possible" {
                students.push(student);
            }
        }
        Ok(Self { students })
    }

    /// The one student who is called so in any way; `None` also where several are. An empty name is nobody's.
    pub fn find(&self, names: &[&str]) -> Option<&Student> {
        let ways: [fn(&Student, &str) -> bool; 4] = [
            |student, name| student.ids.iter().any(|id| id == name),
            |student, name| !student.email.is_empty() && student.email == name.to_lowercase(),
            |student, name| {
                let (login, name) = (student.login.to_lowercase(), name.to_lowercase());
                // A clone's folder is called after the assignment, too: `homework-1-ada`.
                !login.is_empty() && (name == login || name.ends_with(&format!("-{login}")))
            },
            |student, name| student.is_called(name),
        ];
        ways.iter().find_map(|is_called| {
            let mut found =
                self.students.iter().filter(|student| names.iter().any(|name| is_called(student, name)));
            found.next().filter(|_| found.next().is_none())
        })
    }
}

impl Student {
    /// What the student is told apart by, in files' names, too.
    pub fn key(&self) -> &str {
        let keys =
            [self.login.as_str(), self.ids.first().map_or("", String::as_str), &self.email, &self.name];
        keys.into_iter().find(|key| !key.is_empty()).unwrap_or_default()
    }

    fn is_nobody(&self) -> bool {
        self.key().is_empty()
    }

    /// Whether `name` is this one's, whichever of the names stands first: `lovelaceada`, `Ada Lovelace`, `Lovelace, Ada`.
    fn is_called(&self, name: &str) -> bool {
        let words: Vec<String> = self.name.split([' ', ',']).map(letters).filter(|w| !w.is_empty()).collect();
        let wanted = letters(name);
        !wanted.is_empty()
            && (0..words.len()).any(|first| [&words[first..], &words[..first]].concat().concat() == wanted)
    }
}

/// What stands between the cells of a table, by its first line.
pub fn delimiter_of(text: &str) -> u8 {
    let first = text.lines().next().unwrap_or_default();
    let count = |delimiter: &u8| first.bytes().filter(|byte| byte == delimiter).count();
    [b',', b';', b'\t'].into_iter().rev().max_by_key(count).unwrap_or(b',')
}

/// Small letters and digits.
fn letters(text: &str) -> String {
    text.to_lowercase().chars().filter(|c| c.is_alphanumeric()).collect()
}

fn column(title: &str) -> Option<Column> {
    let title = title.trim().to_lowercase();
    TITLES.iter().find(|(known, _)| *known == title).map(|(_, column)| *column)
}

fn student(columns: &[Option<Column>], record: &StringRecord) -> Student {
    let at = record.position().map_or(0, csv::Position::byte);
    let mut student = Student { at, ..Student::default() };
    let (mut first, mut last) = ("", "");
    for (cell, column) in record.iter().zip(columns) {
        let cell = cell.trim();
        match column {
            _ if cell.is_empty() => {}
            // Moodle's is `Participant 1234`.
            Some(Column::Id) => {
                student.ids.push(cell.strip_prefix("Participant ").unwrap_or(cell).to_owned());
            }
            Some(Column::Name) => student.name = cell.to_owned(),
            Some(Column::First) => first = cell,
            Some(Column::Last) => last = cell,
            Some(Column::Email) => student.email = cell.to_lowercase(),
            Some(Column::Login) => student.login = cell.to_owned(),
            // Moodle's is “-” where nothing came.
            Some(Column::Submitted) => student.submitted = cell.trim_matches('-').to_owned(),
            None => {}
        }
    }
    if student.name.is_empty() {
        student.name = format!("{first} {last}").trim().to_owned();
    }
    student
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_list_of_students_that_platforms_write_is_read() {
        let canvas = "Student,ID,SIS User ID,SIS Login ID,Section,Homework (55)\n    Points Possible,,,,,10\n\
                      \"O'Neil, Zoë\",1043,S7,zoneil,A,\n";
        let roster = Roster::parse(canvas).unwrap();
        assert_eq!(roster.students.len(), 1);
        assert_eq!(roster.students[0].ids, ["1043", "S7"]);
        for names in [["1043"], ["zoneil"], ["oneilzoë"], ["Zoë O'Neil"], ["homework-1-zoneil"]] {
            assert_eq!(roster.find(&names).unwrap().key(), "zoneil", "{names:?}");
        }
        let moodle =
            "\u{feff}Identifier,Full name,Email address,Status,Grade\nParticipant 12,Ada King,Ada@x.org,,\n";
        let roster = Roster::parse(moodle).unwrap();
        assert_eq!(roster.find(&["12"]).unwrap().email, "ada@x.org");
        let own = "first_name;last_name;github_username\nAda;King;ada\nAda;King;ada2\n";
        let roster = Roster::parse(own).unwrap();
        assert_eq!(roster.find(&["Ada King"]), None, "two are called so");
        assert_eq!(roster.find(&["ada2"]).unwrap().name, "Ada King");
    }

    #[test]
    fn a_list_of_nothing_says_what_it_lacks() {
        let message = Roster::parse("colour,size\nred,3\n").unwrap_err().to_string();
        assert!(message.contains("call one `name`"), "{message}");
    }
}
