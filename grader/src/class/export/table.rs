//! A table that somebody else made, in which single cells are replaced and every other byte stays as it is.
//!
//! A library that reads CSV and writes it again would change quotes, line ends and the byte order mark.

use std::ops::Range;

use crate::class::roster::delimiter_of;

/// A table, and what is to stand in it instead.
pub struct Table {
    text: String,
    delimiter: u8,
    rows: Vec<Vec<Range<usize>>>,
    edits: Vec<(Range<usize>, String)>,
}

impl Table {
    /// Of a file's text.
    pub fn new(text: String) -> Self {
        let start = text.len() - text.trim_start_matches('\u{feff}').len();
        let delimiter = delimiter_of(&text[start..]);
        let rows = rows(text.as_bytes(), start, delimiter);
        Self { text, delimiter, rows, edits: Vec::new() }
    }

    /// The whole text as it was, without a byte order mark.
    pub fn text(&self) -> &str {
        self.text.trim_start_matches('\u{feff}')
    }

    /// How many rows there are, the titles too.
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// The row that begins at this byte of [`Table::text`], or behind the line ends there.
    pub fn row_at(&self, at: u64) -> Option<usize> {
        let start = self.text.len() - self.text().len() + usize::try_from(at).ok()?;
        self.rows.iter().position(|row| row.first().is_some_and(|cell| cell.start >= start))
    }

    /// What stands in a cell, without quotes; empty where there is none.
    pub fn cell(&self, row: usize, column: usize) -> String {
        let Some(range) = self.rows.get(row).and_then(|row| row.get(column)) else { return String::new() };
        let raw = &self.text[range.clone()];
        match raw.strip_prefix('"').and_then(|raw| raw.strip_suffix('"')) {
            Some(quoted) => quoted.replace("\"\"", "\""),
            None => raw.to_owned(),
        }
    }

    /// The column whose title is one of `titles`, the first of them that there is.
    pub fn column(&self, titles: &[&str]) -> Option<usize> {
        let columns = 0..self.rows.first().map_or(0, Vec::len);
        titles.iter().find_map(|title| columns.clone().find(|&column| self.cell(0, column).trim() == *title))
    }

    /// What the columns are called.
    pub fn titles(&self) -> Vec<String> {
        (0..self.rows.first().map_or(0, Vec::len)).map(|column| self.cell(0, column)).collect()
    }

    /// Replaces what stands in a cell. Cells that there are none of stay so.
    pub fn put(&mut self, row: usize, column: usize, text: &str) {
        let Some(range) = self.rows.get(row).and_then(|row| row.get(column)) else { return };
        let needs_quotes =
            text.contains(['"', '\n', '\r']) || text.bytes().any(|byte| byte == self.delimiter);
        let was_quoted = self.text[range.clone()].starts_with('"');
        let cell = if needs_quotes || was_quoted {
            format!("\"{}\"", text.replace('"', "\"\""))
        } else {
            text.to_owned()
        };
        self.edits.push((range.clone(), cell));
    }

    /// The whole table with what was put into it.
    pub fn finish(mut self) -> String {
        self.edits.sort_by_key(|(range, _)| range.start);
        let (mut out, mut done) = (String::with_capacity(self.text.len()), 0);
        for (range, cell) in &self.edits {
            out += &self.text[done..range.start];
            out += cell;
            done = range.end;
        }
        out + &self.text[done..]
    }
}

/// Where the cells of each row that is not empty lie.
fn rows(text: &[u8], start: usize, delimiter: u8) -> Vec<Vec<Range<usize>>> {
    let (mut rows, mut row, mut cell, mut quoted) = (Vec::new(), Vec::new(), start, false);
    for (i, &byte) in text.iter().enumerate().skip(start) {
        match byte {
            b'"' => quoted = !quoted,
            _ if quoted => {}
            b'\n' | b'\r' => {
                if i > cell || !row.is_empty() {
                    row.push(cell..i);
                    rows.push(std::mem::take(&mut row));
                }
                cell = i + 1;
            }
            byte if byte == delimiter => {
                row.push(cell..i);
                cell = i + 1;
            }
            _ => {}
        }
    }
    if text.len() > cell || !row.is_empty() {
        row.push(cell..text.len());
        rows.push(row);
    }
    rows
}

#[cfg(test)]
mod tests {
    use super::*;

    const WORKSHEET: &str =
        "\u{feff}Name;Grade;Note\r\n\"King; Ada\";\"\";\"said \"\"no\"\"\r\ntwice\"\r\n\r\nBob;3,5;";

    #[test]
    fn nothing_but_the_cells_changes() {
        assert_eq!(Table::new(WORKSHEET.to_owned()).finish(), WORKSHEET);
        let mut table = Table::new(WORKSHEET.to_owned());
        assert_eq!((table.len(), table.column(&["Mark", "Grade"])), (3, Some(1)));
        assert_eq!(table.cell(1, 0), "King; Ada");
        assert_eq!(table.cell(1, 2), "said \"no\"\r\ntwice");
        table.put(1, 1, "7");
        table.put(2, 1, "4,5");
        table.put(2, 2, "a;b");
        let want = WORKSHEET.replace("\"\"; \"", "").replace("King; Ada\";\"\"", "King; Ada\";\"7\"");
        let want = want.replace("Bob;3,5;", "Bob;4,5;\"a;b\"");
        assert_eq!(table.finish(), want);
    }

    #[test]
    fn a_row_is_found_by_its_byte() {
        let table = Table::new(WORKSHEET.to_owned());
        let at = table.text().find("Bob").unwrap() as u64;
        assert_eq!((table.row_at(at), table.row_at(at - 2), table.row_at(at + 1)), (Some(2), Some(2), None));
    }
}
