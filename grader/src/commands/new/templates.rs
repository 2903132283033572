//! What a new exercise's places say at first. `TODO` marks what its author has to write; `check` complains of every one.

use super::Plan;

const SIGNATURE: &str =
    "<S: Shape, D: Device<f32>, T: Tape<f32, D>>(x: Tensor<S, f32, D, T>) -> Tensor<S, f32, D, T>";

/// The head of a file of its own.
pub fn module(header: &str, uses: &str) -> String {
    format!("//! {header}\n\n{uses}\n")
}

/// The function with its docs, in `lectures/` and in `solutions/`.
pub fn function(Plan { chapter, id, topic }: &Plan) -> String {
    let chapter = &chapter.name;
    format!(
        "\n/// TODO: what it computes, element by element or in words:\n///\n/// ```text\n/// {id}(x) = TODO\n/// ```\n///\n\
         /// TODO: shapes, errors, and what happens at the ends of the range.\n///\n/// Source: TODO.\n///\n/// ```\n\
         /// use dfdx::prelude::*;\n/// let dev = Cpu::default();\n\
         /// let y = {chapter}::{topic}::{id}(dev.tensor([0.0]));\n/// assert_eq!(y.array(), [0.0]);\n/// ```\n\
         pub fn {id}{SIGNATURE} {{\n    todo!()\n}}\n"
    )
}

/// The entry in `exercises.toml`.
pub fn entry(Plan { id, topic, .. }: &Plan) -> String {
    format!(
        "\n[[exercise]]\nid = \"{id}\"\ntitle = \"TODO\"\ntopic = \"{topic}\"\npoints = 1\nminutes = 0\nsource = \"TODO\"\nhints = [\n    \
         \"TODO: a nudge.\",\n    \"TODO: almost the answer.\",\n]\n"
    )
}

/// The adapter of a topic of its own.
pub fn adapter(plan: &Plan) -> String {
    let (Plan { topic, .. }, chapter) = (plan, &plan.chapter.name);
    format!(
        "//! Calls into `{chapter}::{topic}`.\n\nuse dfdx::prelude::*;\nuse probe::{{Outputs, Plain, serve}};\n\
         use {chapter}::{topic} as student;\n\npub(crate) fn main() -> std::io::Result<()> {{\n    serve(&[{}])\n}}\n",
        row(plan, "    ")
    )
}

/// Its row in the adapter, of which all lines but the first stand behind `indent`.
pub fn row(Plan { id, .. }: &Plan, indent: &str) -> String {
    format!(
        "(\"{id}\", |call| {{\n{indent}    let x: Plain<(usize, usize)> = call.tensor(\"x\")?;\n{indent}    \
         Outputs::new().gradients(call, student::{id}(x.leaky_trace()), &[(\"x\", &x)])\n{indent}}})"
    )
}

/// Its hidden cases.
pub fn cases(Plan { id, .. }: &Plan) -> String {
    format!(
        "\npub fn {id}(t: &mut Suite) {{\n    for _ in 0..32 {{\n        let shape = t.shape(2, 5);\n        \
         let args = Args::new().tensor(\"x\", t.normal(&shape, 2.0));\n        \
         // TODO: the formula, in double precision.\n        \
         t.differentiable(\"random values\", args, Budget::elementwise(), |args| args.get(\"x\").clone());\n    }}\n}}\n"
    )
}

/// Its line in the table of all exercises.
pub fn table(Plan { id, topic, .. }: &Plan) -> String {
    format!("        exercise(\"{id}\", by!({topic}::{id})),\n")
}

/// Its misconceptions: none yet.
pub fn misconceptions(Plan { .. }: &Plan) -> String {
    "# TODO: three mistakes that people make, each a patch of the solution with a sentence for the student.\n#\n\
     # [[variant]]\n# name = \"wrong_side\"\n# says = \"You … Instead …\"\n# find = \"code that occurs once in the solution\"\n\
     # replace = \"what stands there instead\"\n"
        .to_owned()
}

/// A golden program of its own, without functions.
pub fn golden(Plan { chapter, topic, .. }: &Plan) -> String {
    let chapter = &chapter.name;
    format!(
        "\"\"\"Golden values for the topic `{chapter}::{topic}`: PyTorch in float64.\n\n    \
         cd grader/golden && python -m {chapter}.{topic}        # rewrites {chapter}/*.json\n\"\"\"\n\
         from golden import array, differentiate, write, torch\n\n\n\
         if __name__ == \"__main__\":\n    write(__spec__, [])\n"
    )
}

/// Its function in the golden program.
pub fn golden_function(Plan { id, .. }: &Plan) -> String {
    format!(
        "def {id}():\n    x = array([[-3.0, -0.5, 0.25], [1.0, 2.0, -0.125]])\n    \
         # TODO: what PyTorch says.\n    return differentiate({{\"x\": x}}, lambda a: a[\"x\"] * 1.0)\n\n\n"
    )
}

/// Its line in the lecture.
pub fn task(Plan { chapter, id, topic }: &Plan) -> String {
    format!("| [`{}/{id}`](src/{topic}.rs) | `{topic}.rs` | TODO: minutes |\n", chapter.name)
}

/// What to think about after solving it, with the answer folded.
pub fn question(Plan { chapter, id, .. }: &Plan) -> String {
    format!(
        "\n<details><summary><code>{}/{id}</code>: TODO: a question to think about after solving it</summary>\n\n\
         TODO: its answer.\n\n</details>\n",
        chapter.name
    )
}

/// A section of the lecture for a topic of its own.
pub fn section() -> String {
    "\n## TODO: what it is about\n\nTODO\n\n| task | file | minutes |\n|---|---|---|\n".to_owned()
}
