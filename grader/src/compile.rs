//! Compiles a staged workspace into probes and hands on what the compiler said.
//!
//! What to do about errors is left to `assemble`; cargo itself is started by `process`.

mod messages;

use std::{
    collections::BTreeMap,
    env, fs,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result, anyhow, bail, ensure};

use crate::{
    device::Device,
    outside::Given,
    paths::{Paths, write_whole},
    process::tool,
    report::Progress,
    stage::Stage,
    tree::hash,
};

use messages::Message;
pub use messages::{Diagnostic, Place};

/// What came of compiling.
#[derive(Debug, Default)]
pub struct Compiled {
    /// The finished programs by topic.
    pub programs: BTreeMap<String, PathBuf>,
    /// Errors, in the order in which the compiler found them.
    pub errors: Vec<Diagnostic>,
    /// Warnings about staged sources.
    pub warnings: Vec<Diagnostic>,
    /// Files that were compiled and are neither the student's nor the course's for everybody; their programs are left out.
    pub outsiders: Vec<PathBuf>,
}

/// Compiles the programs of `topics`, as far as possible.
pub fn compile(
    paths: &Paths,
    stage: &Stage,
    topics: &[&str],
    device: Device,
    progress: &Progress,
) -> Result<Compiled> {
    fetch(paths, stage, progress)?;
    let mut arguments = vec![
        "build".to_owned(),
        "--offline".to_owned(),
        "--locked".to_owned(),
        "--keep-going".to_owned(),
        "--profile=grade".to_owned(),
        "--message-format=json-diagnostic-rendered-ansi".to_owned(),
        "--color=never".to_owned(),
        format!("--manifest-path={}", stage.folder.join("Cargo.toml").display()),
    ];
    arguments.extend(topics.iter().map(|topic| format!("--bin={}", stage.program(topic))));
    if device == Device::Cuda {
        arguments.push(format!("--features={}/cuda", stage.chapter));
    }
    let mut compiled = Compiled::default();
    let mut complaints = String::new();
    let mut listen = |line: &str| {
        if let Ok(message) = serde_json::from_str::<Message>(line) {
            compiled.note(stage, topics, message, progress);
        }
    };
    let mut complain = |line: &str| {
        complaints.push_str(line);
        complaints.push('\n');
    };
    let status = cargo(paths, device, &arguments, &mut listen, &mut complain)?;
    ensure!(status || !compiled.errors.is_empty(), "cargo could not build the probes:\n{complaints}");
    Given::new(paths, stage).sift(&mut compiled)?;
    Ok(compiled)
}

impl Compiled {
    fn note(&mut self, stage: &Stage, topics: &[&str], message: Message, progress: &Progress) {
        match message {
            Message::Diagnosed { target, message } => {
                let level = message.level.clone();
                let diagnostic = Diagnostic::new(target, message);
                match level.as_str() {
                    // "aborting due to …" points nowhere and says nothing that the others don't.
                    "error" if !diagnostic.message.starts_with("aborting due to") => {
                        self.errors.push(diagnostic)
                    }
                    "warning" if diagnostic.code.is_some() => self.warnings.push(diagnostic),
                    // Where an error in a library comes from is said in a message of its own.
                    "note" => {
                        let mut of_target =
                            self.errors.iter_mut().rev().filter(|error| error.target == diagnostic.target);
                        if let Some(error) = of_target.next() {
                            error.add_note(diagnostic);
                        }
                    }
                    _ => {}
                }
            }
            Message::Built { target, executable, fresh } => {
                if !fresh {
                    progress.compiled(&target.name);
                }
                let topic = topics.iter().find(|topic| stage.program(topic) == target.name);
                if let (Some(topic), Some(program)) = (topic, executable) {
                    self.programs.insert((*topic).to_owned(), program);
                }
            }
            Message::Other => {}
        }
    }
}

/// Downloads what the staged lock file names, once; afterwards everything works without a network.
fn fetch(paths: &Paths, stage: &Stage, progress: &Progress) -> Result<()> {
    let lock = stage.folder.join("Cargo.lock");
    let key = |path: &Path| fs::read(path).map(|bytes| hash([&bytes[..]])).unwrap_or_default();
    let (marker, manifest) = (stage.folder.join("fetched"), stage.folder.join("Cargo.toml"));
    let now = || format!("{} {}", key(&lock), key(&manifest));
    if fs::read_to_string(&marker).is_ok_and(|seen| seen == now()) {
        return Ok(());
    }
    let manifest = format!("--manifest-path={}", manifest.display());
    // Without a network, what was downloaded before may do.
    let mut fetched = quietly(paths, &["fetch", &manifest, "--offline"])?;
    if fetched.is_err() {
        progress.say("Fetching dependencies");
        fetched = quietly(paths, &["fetch", &manifest])?;
    }
    match fetched {
        Ok(()) => write_whole(&marker, now().as_bytes()),
        Err(complaints) => bail!(
            "the dependencies could not be downloaded; connect to the network once and try again.\n{complaints}"
        ),
    }
}

/// Brings the lock file beside `manifest` into the form in which cargo leaves it alone. What it names stays.
pub fn settle_lock(paths: &Paths, manifest: &Path) -> Result<()> {
    let manifest_path = format!("--manifest-path={}", manifest.display());
    quietly(paths, &["update", "--workspace", "--offline", "--quiet", &manifest_path])?.map_err(
        |complaints| anyhow!("the lock file beside `{}` does not fit it:\n{complaints}", manifest.display()),
    )
}

/// Runs cargo for what it does, not for what it prints: what it complained about, should it fail.
fn quietly(paths: &Paths, arguments: &[&str]) -> Result<Result<(), String>> {
    let arguments: Vec<String> = arguments.iter().map(|&argument| argument.to_owned()).collect();
    let mut complaints = String::new();
    let mut complain = |line: &str| complaints.push_str(&format!("{line}\n"));
    let done = cargo(paths, Device::Cpu, &arguments, &mut |_| {}, &mut complain)?;
    Ok(if done { Ok(()) } else { Err(complaints) })
}

/// Runs cargo from outside the course, so that no `.cargo/config.toml` in or above it is read, with an environment in
/// which nothing changes what is built. Returns whether it succeeded.
fn cargo(
    paths: &Paths,
    device: Device,
    arguments: &[String],
    on_stdout: &mut dyn FnMut(&str),
    on_stderr: &mut dyn FnMut(&str),
) -> Result<bool> {
    let program = env::var_os("CARGO").map_or_else(|| PathBuf::from("cargo"), PathBuf::from);
    let mut environment: Vec<(String, String)> =
        KEPT.iter().filter_map(|name| Some(((*name).to_owned(), env::var(name).ok()?))).collect();
    if !environment.iter().any(|(name, _)| name == "RUSTUP_TOOLCHAIN") {
        environment.extend(toolchain(paths).map(|channel| ("RUSTUP_TOOLCHAIN".to_owned(), channel)));
    }
    environment.push(("CARGO_TARGET_DIR".to_owned(), paths.build(device).to_string_lossy().into_owned()));
    let status = tool::run(&program, arguments, Path::new("/"), environment, on_stdout, on_stderr)
        .with_context(|| format!("failed to start `{}`; is Rust installed?", program.display()))?;
    Ok(status.success())
}

/// What cargo needs to find itself, its downloads and its way through a proxy; nothing that changes a build.
const KEPT: [&str; 16] = [
    "PATH",
    "HOME",
    "CARGO_HOME",
    "RUSTUP_HOME",
    "RUSTUP_TOOLCHAIN",
    "TMPDIR",
    "LANG",
    "http_proxy",
    "https_proxy",
    "HTTP_PROXY",
    "HTTPS_PROXY",
    "no_proxy",
    "NO_PROXY",
    "SSL_CERT_FILE",
    "CUDA_PATH",
    "CUDA_COMPUTE_CAP",
];

fn toolchain(paths: &Paths) -> Option<String> {
    let file: toml::Table = crate::course::read_toml(&paths.root().join("rust-toolchain.toml")).ok()?;
    Some(file.get("toolchain")?.get("channel")?.as_str()?.to_owned())
}
