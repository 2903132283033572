//! The commands, with their options and their help.

use std::path::PathBuf;

use clap::Subcommand;

use super::{
    Baseline, ClassAction, Devices, More, PageOptions, QuestionOption, RUN_HELP, ReleaseOptions, RunOptions,
    Scoring, Selection, Snapshots, Submissions, Swap, TimingOption,
};
use crate::device::Device;

/// The commands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// List every exercise with its points, the minutes to expect and its state.
    #[command(after_help = "Example:\n  cargo run -p grader -- list --chapter tricks")]
    List {
        /// `--chapter`
        #[command(flatten)]
        selection: Selection,
        /// Options of commands that grade.
        #[command(flatten)]
        scoring: Scoring,
        /// `--no-questions`
        #[command(flatten)]
        questions: QuestionOption,
    },
    /// Grade the named exercises and show each in full.
    #[command(after_help = RUN_HELP)]
    Run {
        /// Exercises, chapters, globs or files: `tricks/relu`, `relu`, `tricks`, `'tricks/*relu'`,
        /// `lectures/tricks/src/activations.rs`.
        #[arg(required = true, value_name = "ID")]
        ids: Vec<String>,
        /// Take the cases of this seed, which a failure shows.
        #[arg(long)]
        seed: Option<u64>,
        /// What your code runs on; `cuda` needs an NVIDIA GPU and the CUDA toolkit.
        #[arg(long, value_enum, default_value_t, value_name = "DEVICE")]
        device: Device,
        /// Train a capstone twice instead, on the given layers and on those that you wrote, and compare losses and times.
        #[arg(long, conflicts_with_all = ["full", "junit", "export", "min_score"])]
        mine: bool,
        /// Options of commands that grade.
        #[command(flatten)]
        scoring: Scoring,
        /// Options of commands that grade what students write.
        #[command(flatten)]
        running: RunOptions,
    },
    /// Show the next hint for an exercise: a nudge first, then more each time.
    #[command(after_help = "Hints cost no points.\n\nExample:\n  cargo run -p grader -- hint tricks/relu")]
    Hint {
        /// The exercise: `tricks/relu`, or `relu` where only one is called so.
        id: String,
        /// Show once more what was shown so far, and no further hint.
        #[arg(long, conflicts_with = "reset")]
        again: bool,
        /// Begin with the first hint next time.
        #[arg(long)]
        reset: bool,
    },
    /// Put an exercise's stub back. What you wrote is kept in a stash.
    #[command(
        after_help = "The other exercises of the file stay as they are.\n\nExamples:\n  cargo run -p grader -- reset tricks/relu\n  \
                      cargo run -p grader -- reset tricks --missing"
    )]
    Reset {
        /// The exercise: `tricks/relu`, or `relu` where only one is called so; with --missing also a chapter.
        id: String,
        /// Put the whole file back, with every exercise in it.
        #[arg(long)]
        file: bool,
        /// Bring back the files of the chapter that are gone, and touch none that is there.
        #[arg(long, conflicts_with = "file")]
        missing: bool,
    },
    /// Work at a screen that grades whenever you save a file below lectures/: hints, the list and your editor are a key away.
    #[command(
        after_help = "`?` shows the keys. A save during a run stops it and is graded next. Where there is no terminal, on a dumb one, in\n\
                      continuous integration and with --plain it writes a report after each save.\n\nExample:\n  cargo run -p grader -- watch --chapter tricks"
    )]
    Watch {
        /// `--chapter`
        #[command(flatten)]
        selection: Selection,
        /// Look at the files from time to time: for folders on a network or in a container, whose saves nobody tells of.
        #[arg(long)]
        poll: bool,
        /// Also show it as a page in a browser: its address is printed.
        #[arg(long)]
        page: bool,
        /// `--no-timing`
        #[command(flatten)]
        timing: TimingOption,
    },
    /// Show what you are working on as a page in your browser, which renews itself whenever you save. Ctrl-C ends it.
    ///
    /// The page has the task, the verdict, pictures of what came out beside what should have come, curves of trainings while they
    /// run, and your attempts so far. Only this machine can reach it, and only who knows its address.
    #[command(after_help = "Example:\n  cargo run -p grader -- page tricks/flips --export ../flips")]
    Page {
        /// `--chapter`
        #[command(flatten)]
        selection: Selection,
        /// Which exercise, and where to.
        #[command(flatten)]
        page: PageOptions,
    },
    /// Swap the reference solutions in and out.
    #[command(
        after_help = "Your files are kept and come back byte for byte.\n\nExample:\n  cargo run -p grader -- solutions in tricks"
    )]
    Solutions {
        /// Which way.
        #[command(subcommand)]
        action: Swap,
    },
    /// Check the course itself: stubs fail, solutions pass, misconceptions are caught and named, no case lets mistakes through.
    ///
    /// For authors of the course; takes minutes. Every complaint has a line, and any makes the exit code 2.
    #[command(after_help = "Example:\n  cargo run -p grader -- check 'tricks/*relu' --seeds 5")]
    Check {
        /// `--chapter`
        #[command(flatten)]
        selection: Selection,
        /// Only these exercises, chapters or globs.
        #[arg(value_name = "ID")]
        ids: Vec<String>,
        /// How many fresh seeds a solution must pass.
        #[arg(long, default_value_t = 20)]
        seeds: u64,
        /// Seal first: record the stubs in lectures/ and the answers of the misconceptions.
        #[arg(long)]
        seal: bool,
        /// Leave each misconception out and show what is said of its answers then.
        #[arg(long)]
        diagnosis: bool,
        /// Of the misconceptions look at one in N, others each time; sealing and diagnosis look at all.
        #[arg(long, value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(u64).range(1..),
              conflicts_with_all = ["seal", "diagnosis"])]
        one_in: u64,
    },
    /// Make everything that a new exercise needs, in its places and under its name.
    #[command(
        after_help = "For authors of the course. It compiles; `check` says what is still to be written.\n\n\
                      Examples:\n  cargo run -p grader -- new tricks/softplus\n  \
                      cargo run -p grader -- new tricks/softplus --topic activations"
    )]
    New {
        /// Its chapter and its id, which is also the name of its function.
        #[arg(value_name = "CHAPTER/ID")]
        id: String,
        /// The file that it is written in, without `.rs`; one of its own when left out.
        #[arg(long, value_name = "NAME")]
        topic: Option<String>,
    },
    /// Record or review the snapshots of layer outputs.
    #[command(
        after_help = "For authors of the course.\n\nExample:\n  cargo run -p grader -- snapshots record"
    )]
    Snapshots {
        /// What to do with them.
        #[command(subcommand)]
        action: Snapshots,
    },
    /// Time the layers that you solved, next to the reference.
    ///
    /// Both are given the same new inputs in turn, and every answer is checked before its time counts. The ratio comes with its
    /// interval of 99.9 %; `too noisy to say` is a verdict, too. Takes some seconds a row.
    #[command(
        after_help = "Times are CPU time of all threads, without what a call costs that does nothing. On another machine, or on this \
                      one when it is busy, times are others; ratios hardly.\n\n\
                      Example:\n  cargo run -p grader -- bench special_layers/conv2d",
        after_long_help = "Times are CPU time of all threads, without what a call costs that does nothing. A ratio whose interval lies \
                           within 0.8 to 1.25 is `as fast`.\n\n\
                           Exit codes:\n  0  timed, whatever the verdicts are\n  2  used wrongly\n  3  not run: no such device\n\n\
                           Examples:\n  cargo run -p grader -- bench special_layers/conv2d\n  \
                           cargo run -p grader -- bench --chapter rnn --json"
    )]
    Bench {
        /// `--chapter`
        #[command(flatten)]
        selection: Selection,
        /// Exercises, chapters or globs; everything that is solved when left out.
        #[arg(value_name = "ID")]
        ids: Vec<String>,
        /// What to run on.
        #[arg(long, value_enum, default_value_t = Devices::Cpu)]
        device: Devices,
        /// What to compare with.
        #[arg(long, value_enum, default_value_t = Baseline::Reference)]
        baseline: Baseline,
    },
    /// Compare the answers of a GPU with the processor's, exercise by exercise.
    ///
    /// Both get the same calls, the hidden cases', and each output and gradient of the solutions (in a copy without them: of
    /// what lectures/ holds) must be the same on both, up to rounding. Building for a GPU takes minutes the first time.
    #[command(after_help = "Without a GPU it says so, and exits with code 3. --keep needs none.\n\n\
                      Example:\n  cargo run -p grader -- parity tricks/relu")]
    Parity {
        /// `--chapter`
        #[command(flatten)]
        selection: Selection,
        /// Exercises, chapters or globs; everything when left out.
        #[arg(value_name = "ID")]
        ids: Vec<String>,
        /// Take the cases of this seed.
        #[arg(long, default_value_t = 1)]
        seed: u64,
        /// Make at most this many cases' calls of each exercise, spread over all of them.
        #[arg(long, value_name = "N")]
        cases: Option<usize>,
        /// Only build, and keep the programs in this folder, for a machine that has a GPU and no compiler.
        #[arg(long, value_name = "DIR", conflicts_with = "programs")]
        keep: Option<PathBuf>,
        /// Build nothing: take the programs that --keep left in this folder.
        #[arg(long, value_name = "DIR")]
        programs: Option<PathBuf>,
    },
    /// Trainings that are broken: see their curves, say what is wrong, mend it.
    ///
    /// Without a name, the patients. With one, it is trained as it is and its curves and a histogram are shown; you say what is
    /// wrong and how to mend it, and the mended training is shown beside the broken one.
    #[command(after_help = "Example:\n  cargo run -p grader -- clinic plateau")]
    Clinic {
        /// A patient's name, as `clinic` lists them.
        #[arg(value_name = "NAME")]
        name: Option<String>,
        /// Say what is wrong here, by its number, instead of being asked.
        #[arg(long, value_name = "N", requires = "name")]
        wrong: Option<usize>,
        /// Say how to mend it, by its number, instead of being asked.
        #[arg(long, value_name = "N", requires = "wrong")]
        mend: Option<usize>,
    },
    /// Grade what students handed in, with cases that nobody has seen.
    ///
    /// For instructors. Only the sources of exercises are taken from a submission; what else is in it is named and left out.
    /// With --out a class is graded: a sheet a student, and the same command goes on where it was, whatever ended it.
    #[command(
        after_help = "A place is an archive that `submit` wrote, a folder with a folder `lectures` in it, or many of these as they come: \
                      a download from Canvas, Moodle or Gradescope, a folder of clones, a zip of zips.\n\n\
                      Examples:\n  cargo run -p grader -- grade homework.zip\n  \
                      cargo run -p grader -- grade submissions.zip --out results --roster class.csv"
    )]
    Grade(Submissions),
    /// Make something of a class's results: report, tables, grades for Moodle and Canvas, feedback.
    #[command(after_help = "For instructors.\n\nExample:\n  cargo run -p grader -- class report results")]
    Class {
        /// What.
        #[command(subcommand)]
        action: ClassAction,
    },
    /// Make the tree that students get: without solutions, with sealed cases.
    ///
    /// For instructors. Fails, naming file and line, where something in it would give an answer away.
    #[command(after_help = "Example:\n  cargo run -p grader -- release ../crash-course-students")]
    Release(ReleaseOptions),
    /// Bring a newer release of the course into this copy; what you wrote stays.
    ///
    /// Files that you left as they were are replaced, files that only you changed stay. Where both sides changed a file it
    /// is merged, exercise by exercise; in a conflict yours stays, and a merge with markers is written below
    /// .crash-course/conflicts/. Whatever is replaced goes to a dated stash first. An update that was interrupted is
    /// completed by the next command.
    #[command(after_help = "Examples:\n  cargo run -p grader -- update ../crash-course-0.2 --dry-run\n  \
                      cargo run -p grader -- update https://example.org/crash-course.git")]
    Update {
        /// The folder of the newer release, or a git remote that holds it.
        #[arg(value_name = "DIR|URL")]
        from: String,
        /// The remote's branch or tag, if not its own choice.
        #[arg(long, value_name = "NAME")]
        branch: Option<String>,
        /// Only show what would happen.
        #[arg(long)]
        dry_run: bool,
    },
    /// Look at the machine and the course's folder: what is missing, and what to do about it.
    #[command(
        after_help = "A line for each thing: `ok`, `attention` (works, but not as well as it could) or `problem`.\n\n\
                      Example:\n  cargo run -p grader -- doctor --json"
    )]
    Doctor,
    /// What comes next, stashes, another machine, completions.
    #[command(flatten)]
    More(More),
}
