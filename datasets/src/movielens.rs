//! MovieLens latest-small (Harper, Konstan 2015): who gave which film how many stars. Its licence allows no copy in this
//! repository.

use std::{
    collections::{BTreeMap, HashSet},
    fs::File,
    path::Path,
};

use csv::{ErrorKind, Position, Reader};
use serde::{Deserialize, de::DeserializeOwned};

use crate::{Error, Ratings, places};

/// Folders in which MovieLens may lie, below a folder of data sets.
pub(crate) const FOLDERS: &[&str] = &["movielens", "movielens/ml-latest-small", "ml-latest-small"];

/// Ratings with the films that they are of.
#[derive(Clone, Debug, PartialEq)]
pub struct MovieLens {
    /// The ratings, in the order of the file: user by user. Users and films are numbered from 0.
    pub ratings: Ratings,
    /// The original number of each user.
    pub users: Vec<u32>,
    /// The films that somebody rated, by ascending original number.
    pub movies: Vec<Movie>,
}

/// A film.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Movie {
    /// Its original number.
    pub id: u32,
    /// With the year in brackets.
    pub title: String,
    /// Such as "Comedy". May be empty.
    pub genres: Vec<String>,
}

#[derive(Deserialize)]
struct RatingRow {
    #[serde(rename = "userId")]
    user: u32,
    #[serde(rename = "movieId")]
    movie: u32,
    rating: f32,
}

#[derive(Deserialize)]
struct MovieRow {
    #[serde(rename = "movieId")]
    id: u32,
    title: String,
    genres: String,
}

/// MovieLens as it is on this machine: 100,836 ratings (September 2018) or 100,004 (October 2016).
pub fn full() -> Result<MovieLens, Error> {
    load(&places::find("movielens", FOLDERS, &["ratings.csv"])?)
}

/// From a folder with `ratings.csv` and `movies.csv`.
pub fn load(folder: &Path) -> Result<MovieLens, Error> {
    let mut known = BTreeMap::new();
    rows(&folder.join("movies.csv"), |row: MovieRow| {
        let genres = row.genres.split('|').filter(|genre| *genre != "(no genres listed)");
        let genres = genres.map(str::to_owned).collect();
        match known.insert(row.id, Movie { id: row.id, title: row.title, genres }) {
            Some(_) => Err(format!("film {} a second time", row.id)),
            None => Ok(()),
        }
    })?;
    let (mut stars, mut seen) = (Vec::new(), HashSet::new());
    rows(&folder.join("ratings.csv"), |row: RatingRow| {
        // Half a star to five, in halves.
        let halves = row.rating * 2.0;
        if !(1.0..=10.0).contains(&halves) || halves.fract() != 0.0 {
            return Err(format!("{} is not a number of stars from 0.5 to 5 in halves", row.rating));
        }
        if !known.contains_key(&row.movie) {
            return Err(format!("film {} is not in movies.csv", row.movie));
        }
        if !seen.insert((row.user, row.movie)) {
            return Err(format!("user {} rates film {} a second time", row.user, row.movie));
        }
        stars.push(row);
        Ok(())
    })?;
    Ok(numbered(&stars, known))
}

/// Users and films numbered from 0, in the order of their original numbers.
fn numbered(stars: &[RatingRow], mut known: BTreeMap<u32, Movie>) -> MovieLens {
    let rated: HashSet<u32> = stars.iter().map(|row| row.movie).collect();
    known.retain(|id, _| rated.contains(id));
    let place: BTreeMap<u32, usize> = known.keys().enumerate().map(|(i, &id)| (id, i)).collect();
    let mut users: Vec<u32> = stars.iter().map(|row| row.user).collect();
    users.sort_unstable();
    users.dedup();
    let user = |row: &RatingRow| users.partition_point(|&id| id < row.user);
    let ratings = Ratings {
        n_users: users.len(),
        n_items: known.len(),
        users: stars.iter().map(user).collect(),
        items: stars.iter().map(|row| place[&row.movie]).collect(),
        values: stars.iter().map(|row| row.rating).collect(),
    };
    MovieLens { ratings, users, movies: known.into_values().collect() }
}

/// Gives each row of a file with a header to `take`, whose refusal is reported with the line.
fn rows<R: DeserializeOwned>(
    file: &Path,
    mut take: impl FnMut(R) -> Result<(), String>,
) -> Result<(), Error> {
    let open = File::open(file).map_err(Error::reading(file))?;
    let mut reader = Reader::from_reader(open);
    let headers = reader.headers().map_err(|error| wrong(file, error))?.clone();
    let mut record = csv::StringRecord::new();
    loop {
        let line = reader.position().line();
        if !reader.read_record(&mut record).map_err(|error| wrong(file, error))? {
            return Ok(());
        }
        let line = record.position().map_or(line, Position::line);
        let row = record.deserialize(Some(&headers)).map_err(|error| wrong(file, error))?;
        take(row).map_err(|reason| Error::record(file, format!("line {line}"), reason))?;
    }
}

/// An error of the csv crate, in our form.
fn wrong(file: &Path, error: csv::Error) -> Error {
    let line = error.position().map_or_else(|| "header".to_owned(), |at| format!("line {}", at.line()));
    let reason = match error.kind() {
        ErrorKind::UnequalLengths { expected_len, len, .. } => {
            format!("{len} fields, but {expected_len} in the header")
        }
        ErrorKind::Deserialize { err, .. } => err.to_string(),
        ErrorKind::Utf8 { .. } => "not UTF-8 text".to_owned(),
        _ => error.to_string(),
    };
    Error::record(file, line, reason)
}
