//! Fills grades into the table that an instructor downloaded: Moodle's grading worksheet, or Canvas' gradebook.
//!
//! Only the cells of grades and feedback change (see `table`). Both platforms know a row again by cells that stay as they are, and
//! both skip what they don't know without a word: so who is in one and not in the other is listed here.

use anyhow::{Context, Result, bail, ensure};

use super::table::Table;
use crate::class::{
    points::Points,
    roster::{Roster, Student},
    sheet::Sheet,
};

/// A table that was filled, and what could not be.
#[derive(Debug)]
pub struct Worksheet {
    /// The whole file.
    pub text: String,
    /// What kind it is.
    pub platform: &'static str,
    /// How many grades were written.
    pub grades: usize,
    /// In the table and without a result.
    pub without_result: Vec<String>,
    /// Graded and not in the table.
    pub not_in_table: Vec<String>,
    /// In the table and not graded, with the reason: no grade was written.
    pub not_graded: Vec<String>,
    /// Who earned more than the assignment's maximum, which is what was written.
    pub above: Vec<String>,
}

/// Where what is found in a table.
struct Layout {
    platform: &'static str,
    grade: usize,
    /// A column of its own, or the cell of a row that holds it for all.
    most: Most,
    feedback: Option<usize>,
}

enum Most {
    Column(usize),
    Row(usize),
}

/// Fills in the grades of `sheets`. `assignment` names Canvas' column, where it has several.
///
/// # Errors
/// When the table is of neither kind, or its column can't be told.
pub fn fill(text: String, sheets: &[Sheet], assignment: Option<&str>) -> Result<Worksheet> {
    let mut table = Table::new(text);
    let layout = layout(&table, assignment)?;
    let students = Roster::parse(table.text())?;
    let (mut grades, mut without_result, mut not_graded, mut above) = (0, Vec::new(), Vec::new(), Vec::new());
    let mut used = vec![false; sheets.len()];
    for student in &students.students {
        let row = table.row_at(student.at).with_context(|| format!("lost the line of {}", student.name))?;
        let Some(i) = sheets.iter().position(|sheet| is_of(&students, student, sheet)) else {
            without_result.push(student.name.clone());
            continue;
        };
        used[i] = true;
        let sheet = &sheets[i];
        if !sheet.state.has_points() {
            let why = sheet.why.as_deref().unwrap_or(sheet.state.word());
            not_graded.push(format!("{}: {why}", student.name));
            continue;
        }
        table.put(row, layout.grade, &grade(&table, &layout, row, sheet)?);
        above.extend((sheet.earned > sheet.points).then(|| student.name.clone()));
        if let Some(column) = layout.feedback {
            table.put(row, column, &remark(sheet));
        }
        grades += 1;
    }
    let left = sheets.iter().zip(&used).filter(|(_, used)| !**used);
    let not_in_table = left.map(|(sheet, _)| sheet.student.name.clone()).collect();
    Ok(Worksheet {
        text: table.finish(),
        platform: layout.platform,
        grades,
        without_result,
        not_in_table,
        not_graded,
        above,
    })
}

fn is_of(students: &Roster, student: &Student, sheet: &Sheet) -> bool {
    let owner = &sheet.student;
    let names = [owner.id.as_str(), &owner.email, &owner.name, &owner.key];
    students.find(&names).is_some_and(|found| found == student)
}

fn layout(table: &Table, assignment: Option<&str>) -> Result<Layout> {
    let moodle =
        (table.column(&["Identifier"]), table.column(&["Grade"]), table.column(&["Last modified (grade)"]));
    if let (Some(_), Some(grade), Some(_)) = moodle {
        let most = table.column(&["Maximum grade", "Maximum Grade"]).context(
            "the worksheet has no column `Maximum grade`: it is of an assignment that is marked by a scale, not by points",
        )?;
        let feedback = table.column(&["Feedback comments"]);
        return Ok(Layout {
            platform: "Moodle's grading worksheet",
            grade,
            most: Most::Column(most),
            feedback,
        });
    }
    let is_points = |row: &usize| table.cell(*row, 0).trim() == "Points Possible";
    let points = (1..table.len().min(4)).find(is_points);
    let titles = table.titles();
    if titles.first().is_some_and(|title| title.contains("Student"))
        && let Some(points) = points
    {
        let grade = canvas_column(table, points, &titles, assignment)?;
        return Ok(Layout { platform: "Canvas' gradebook", grade, most: Most::Row(points), feedback: None });
    }
    bail!(
        "it is neither Moodle's grading worksheet (columns `Identifier`, `Grade`, `Last modified (grade)`) nor Canvas' gradebook \
         (`Student` first, and a row `Points Possible`); its columns are {}",
        titles.iter().map(|title| format!("`{title}`")).collect::<Vec<_>>().join(", ")
    )
}

/// An assignment's title ends with its number in brackets; sums that Canvas makes itself are read only.
fn canvas_column(table: &Table, points: usize, titles: &[String], wanted: Option<&str>) -> Result<usize> {
    let has_number = |title: &str| {
        let number = title.trim().strip_suffix(')').and_then(|title| Some(title.rsplit_once('(')?.1));
        number.is_some_and(|number| !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit()))
    };
    let is_open = |column: usize| !table.cell(points, column).contains("read only");
    let known: Vec<usize> = (0..titles.len()).filter(|&i| has_number(&titles[i]) && is_open(i)).collect();
    let names =
        |known: &[usize]| known.iter().map(|&i| format!("`{}`", titles[i])).collect::<Vec<_>>().join(", ");
    let fits = |i: &usize| {
        wanted.is_none_or(|wanted| {
            titles[*i] == wanted
                || titles[*i].contains(&format!("({wanted})"))
                || titles[*i].starts_with(&format!("{wanted} ("))
        })
    };
    let fitting: Vec<usize> = known.iter().copied().filter(fits).collect();
    match (&fitting[..], wanted) {
        ([column], _) => Ok(*column),
        ([], Some(wanted)) => bail!("no column is called `{wanted}`; there are {}", names(&known)),
        ([], None) => bail!("there is no assignment's column in it"),
        (several, _) => bail!("say which column by --assignment: {}", names(several)),
    }
}

/// Points scaled to the assignment's maximum, with its decimals and its decimal sign.
fn grade(table: &Table, layout: &Layout, row: usize, sheet: &Sheet) -> Result<String> {
    let cell = match layout.most {
        Most::Column(column) => table.cell(row, column),
        Most::Row(points) => table.cell(points, layout.grade),
    };
    let cell = cell.trim();
    let most: f64 = cell.replace(',', ".").parse().with_context(|| {
        format!("the maximum of {}'s line is `{cell}`, which is no number", sheet.student.name)
    })?;
    ensure!(sheet.points > Points::ZERO, "{} has no points to be had", sheet.student.name);
    // Moodle skips a grade above the maximum without a word.
    let earned = sheet.earned.at_most(sheet.points);
    let text = format!("{:.2}", most * earned.value() / sheet.points.value());
    Ok(if cell.contains(',') { text.replace('.', ",") } else { text })
}

/// What Moodle shows beside a grade.
fn remark(sheet: &Sheet) -> String {
    let points = format!("{} of {} points by the course's own tests", sheet.earned, sheet.points);
    let said = sheet.notes.iter().chain(&sheet.comment).map(String::as_str);
    [points.as_str()].into_iter().chain(said).collect::<Vec<_>>().join(". ")
}
