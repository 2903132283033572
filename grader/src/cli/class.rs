//! `grade` and `class …`: what was handed in, what can be made of a folder of results, and in which forms.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};

use super::{Isolation, Scoring, Selection};
use crate::class::{export, plan::Part};

/// What `grade` is given.
#[derive(Clone, Debug, Args)]
pub struct Submissions {
    /// `--chapter`
    #[command(flatten)]
    pub selection: Selection,
    /// Archives and folders with submissions.
    #[arg(required = true, value_name = "FILE|DIR")]
    pub places: Vec<PathBuf>,
    /// Take the cases of this seed, which a report shows; fresh ones when left out.
    #[arg(long)]
    pub seed: Option<u64>,
    /// Grade a class: write a sheet a student into this folder. `class` makes everything else of it.
    #[arg(long, value_name = "DIR", conflicts_with_all = ["junit", "export", "min_score"])]
    pub out: Option<PathBuf>,
    /// A list of students as CSV (name, email, login or id), a gradebook of Canvas or a worksheet of Moodle: whose it is.
    #[arg(long, value_name = "FILE", requires = "out")]
    pub roster: Option<PathBuf>,
    /// How well submissions are kept from your files, the network and each other; refused where the machine can't.
    #[arg(long, value_enum, default_value_t = Isolation::Strict)]
    pub isolation: Isolation,
    /// After a change of the course: grade what it touches, and say whose points are others now.
    #[arg(long, requires = "out")]
    pub again: bool,
    /// Grade in so many processes at once, each with a place of its own to build in.
    #[arg(long, value_name = "N", requires = "out", conflicts_with_all = ["again", "part"])]
    pub jobs: Option<usize>,
    /// Only this part of the class, as in `0/4`: for several machines or processes.
    #[arg(long, value_name = "K/N", requires = "out", conflicts_with = "again", value_parser = Part::parse, hide_short_help = true)]
    pub part: Option<Part>,
    /// Options of commands that grade.
    #[command(flatten)]
    pub scoring: Scoring,
}

/// What `class slurm` is given.
#[derive(Clone, Debug, Args)]
pub struct ClusterOptions {
    /// `--chapter`
    #[command(flatten)]
    pub selection: Selection,
    /// Where results go.
    #[arg(value_name = "DIR")]
    pub folder: PathBuf,
    /// Archives and folders with submissions.
    #[arg(required = true, value_name = "PLACE")]
    pub places: Vec<PathBuf>,
    /// As for `grade`.
    #[arg(long, value_name = "FILE")]
    pub roster: Option<PathBuf>,
    /// As for `grade`.
    #[arg(long)]
    pub seed: Option<u64>,
    /// As for `grade`.
    #[arg(long, value_enum, default_value_t = Isolation::Strict)]
    pub isolation: Isolation,
    /// Submissions in a chunk.
    #[arg(long, value_name = "N", default_value_t = 15)]
    pub chunk: usize,
    /// Processors of a chunk.
    #[arg(long, value_name = "N", default_value_t = 2)]
    pub cpus: usize,
    /// MiB of memory of a chunk: more than a compiler and two students' programs may take.
    #[arg(long, value_name = "MIB", default_value_t = 8192)]
    pub memory: usize,
}

/// What to make of a class's results.
#[derive(Clone, Debug, Subcommand)]
pub enum ClassAction {
    /// The class at a glance: points, tasks by the share that is solved, what to explain, what is odd.
    #[command(after_help = "Example:\n  cargo run -p grader -- class report results --html class.html")]
    Report {
        /// The folder that `grade --out` wrote.
        #[arg(value_name = "DIR")]
        folder: PathBuf,
        /// Also write it as a page.
        #[arg(long, value_name = "FILE")]
        html: Option<PathBuf>,
        /// Leave out whatever names somebody.
        #[arg(long)]
        no_names: bool,
    },
    /// Write the results in forms that other programs read.
    #[command(
        after_help = "`csv` is a line a student, a column an exercise; `jsonl` everything that is known, a line a student; \
                            `gradescope` a folder with a results.json a student, `classroom50` one with a result.json a student \
                            (it needs an identity.json there, which says what is missing), `exercism` one with a folder a student.\n\n\
                            Example:\n  cargo run -p grader -- class export results csv=points.csv"
    )]
    Export {
        /// The folder that `grade --out` wrote.
        #[arg(value_name = "DIR")]
        folder: PathBuf,
        /// Which forms, and where each goes.
        #[arg(required = true, value_name = "FORM=PLACE", value_parser = FormOption::parse)]
        forms: Vec<FormOption>,
        /// How much of the grading is in those that students read.
        #[arg(long, value_enum, default_value_t = Show::Full)]
        show: Show,
    },
    /// Fill the grades into the table that you downloaded: Moodle's grading worksheet or Canvas' gradebook.
    ///
    /// Only cells of grades and of Moodle's feedback comments change, everything else stays byte for byte. Points are scaled to
    /// the assignment's maximum. Who is in one and not in the other is listed; who was not graded gets no grade.
    #[command(
        after_help = "Example:\n  cargo run -p grader -- class fill results Grades-42.csv --out filled.csv"
    )]
    Fill {
        /// The folder that `grade --out` wrote.
        #[arg(value_name = "DIR")]
        folder: PathBuf,
        /// The table as it was downloaded.
        #[arg(value_name = "TABLE")]
        table: PathBuf,
        /// Where the filled one goes.
        #[arg(long, value_name = "FILE")]
        out: PathBuf,
        /// Canvas' column, by its title or its number, where there are several.
        #[arg(long, value_name = "NAME")]
        assignment: Option<String>,
    },
    /// Grade a class on a cluster: write a job array for Slurm, whose tasks grade a chunk each into DIR.
    #[command(
        after_help = "The course, DIR and what was handed in must be seen by all nodes. Build once before, as any `grade` does; nodes \
                      copy what is built.\n\n\
                      Example:\n  cargo run -p grader -- class slurm results submissions.zip && sbatch results/slurm/array.sh"
    )]
    Slurm(ClusterOptions),
    /// Which results of a cluster are there.
    Status {
        /// The folder that `class slurm` was given.
        #[arg(value_name = "DIR")]
        folder: PathBuf,
    },
    /// Write a job array for what is missing; at most so often, then it is the grader's failure, and nobody's zero.
    Collect {
        /// The folder that `class slurm` was given.
        #[arg(value_name = "DIR")]
        folder: PathBuf,
        /// How often to ask again.
        #[arg(long, value_name = "N", default_value_t = 3)]
        most: u32,
    },
    /// Write what each student reads, as Markdown and as HTML.
    #[command(
        after_help = "Example:\n  cargo run -p grader -- class feedback results feedback --moodle-zip feedback.zip"
    )]
    Feedback {
        /// The folder that `grade --out` wrote.
        #[arg(value_name = "DIR")]
        folder: PathBuf,
        /// Where the pages go.
        #[arg(value_name = "PLACE")]
        place: PathBuf,
        /// How much of the grading they show.
        #[arg(long, value_enum, default_value_t = Show::Full)]
        show: Show,
        /// Also write the zip that Moodle takes for many students at once.
        #[arg(long, value_name = "FILE")]
        moodle_zip: Option<PathBuf>,
    },
}

/// How much of the grading a student sees.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Show {
    /// Points by chapter.
    Points,
    /// A word an exercise, too.
    Category,
    /// And what is wrong.
    Full,
}

impl From<Show> for export::Show {
    fn from(show: Show) -> Self {
        match show {
            Show::Points => Self::Points,
            Show::Category => Self::Category,
            Show::Full => Self::Full,
        }
    }
}

/// A form of the results, and where it goes.
#[derive(Clone, Debug)]
pub struct FormOption {
    /// The form's name.
    pub form: &'static str,
    /// Where it is written, replacing what is there.
    pub place: PathBuf,
}

impl FormOption {
    fn parse(given: &str) -> Result<Self, String> {
        let known = || export::FORMS.iter().map(|form| form.name()).collect::<Vec<_>>().join(", ");
        let Some((name, place)) = given.split_once('=') else {
            return Err(format!("say which form, as in `csv={given}`; there are {}", known()));
        };
        let form =
            export::form(name).ok_or_else(|| format!("there is no form `{name}`; there are {}", known()))?;
        Ok(Self { form: form.name(), place: PathBuf::from(place) })
    }
}
