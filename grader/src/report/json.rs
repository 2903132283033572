//! The report as JSON, for other programs.

use serde_json::{Value, json as object};

use super::summary;
use crate::{course::Chapter, verdict::Graded};

/// Points and verdicts of `chapters`.
pub fn json(chapters: &[&Chapter], graded: &Graded) -> Value {
    let (earned, all) = summary(chapters.iter().flat_map(|chapter| &chapter.exercises), graded);
    let exercises: Vec<Value> = chapters.iter().flat_map(|chapter| &chapter.exercises).filter_map(|exercise| {
        let id = exercise.full_id();
        let verdict = graded.verdicts.get(&id)?;
        let earned = if verdict.is_passed() { exercise.points } else { 0 };
        Some(object!({ "id": id, "title": exercise.title, "points": exercise.points, "earned": earned, "verdict": verdict }))
    }).collect();
    object!({ "format": 1, "earned": earned, "points": all, "exercises": exercises })
}
