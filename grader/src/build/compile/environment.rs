//! What of our environment and of cargo's configuration the inner cargo gets: where sources come from and how they are reached,
//! what links, how many processors. Never what changes what is built: flags, wrappers, other compilers stay out.

use std::{
    env,
    ffi::OsString,
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result};
use toml::{Table, Value};

use crate::{files::write_if_changed, paths::Paths};

/// Delivery on by their whole names, proxies in both spellings besides.
const NAMES: [&str; 30] = [
    // itself
    "PATH",
    "HOME",
    "USER",
    "TMPDIR",
    "LANG",
    "CARGO_HOME",
    "CARGO_BUILD_JOBS",
    "RUSTUP_HOME",
    "RUSTUP_TOOLCHAIN",
    // certificates
    "SSL_CERT_FILE",
    "SSL_CERT_DIR",
    "NIX_SSL_CERT_FILE",
    "CURL_CA_BUNDLE",
    "GIT_SSL_CAINFO",
    "GIT_SSL_CAPATH",
    "SSH_AUTH_SOCK",
    // linking
    "LIBRARY_PATH",
    "COMPILER_PATH",
    "GCC_EXEC_PREFIX",
    "SDKROOT",
    "DEVELOPER_DIR",
    "MACOSX_DEPLOYMENT_TARGET",
    "CC",
    "CXX",
    "AR",
    "NVCC_CCBIN",
    // CUDA
    "CUDA_HOME",
    "CUDA_PATH",
    "CUDA_ROOT",
    "CUDA_COMPUTE_CAP",
];
const PROXIES: [&str; 4] = ["http_proxy", "https_proxy", "all_proxy", "no_proxy"];
/// Delivery on by how their names begin: how sources are reached, and what the linkers of Nix go by.
const FAMILIES: [&str; 6] =
    ["CARGO_HTTP_", "CARGO_NET_", "CARGO_REGISTRIES_", "CARGO_REGISTRY_", "CARGO_SOURCE_", "NIX_"];
/// Tables of a configuration about where sources come from.
const TABLES: [&str; 5] = ["source", "registries", "registry", "http", "net"];
/// Settings that are paths, relative to the folder that `.cargo` lies in.
const PATHS: [&str; 4] = ["directory", "local-registry", "cainfo", "proxy-cainfo"];

/// The variables of ours that cargo gets when it is run with `arguments`.
pub fn variables(paths: &Paths, arguments: &[String]) -> Vec<(String, String)> {
    let fetches = arguments.iter().any(|argument| argument == "fetch");
    let ours = env::vars_os().filter_map(|(name, value)| Some((name.into_string().ok()?, value)));
    let mut variables = chosen(ours, fetches);
    if let Some(libraries) = env::var_os("LD_LIBRARY_PATH").and_then(|path| without_cargos(&path, paths)) {
        variables.push(("LD_LIBRARY_PATH".to_owned(), libraries));
    }
    if !variables.iter().any(|(name, _)| name == "RUSTUP_TOOLCHAIN") {
        variables.extend(toolchain(paths).map(|channel| ("RUSTUP_TOOLCHAIN".to_owned(), channel)));
    }
    variables
}

fn chosen(ours: impl Iterator<Item = (String, OsString)>, fetches: bool) -> Vec<(String, String)> {
    let ours = ours.filter(|(name, _)| is_handed_on(name, fetches));
    ours.filter_map(|(name, value)| Some((name, value.into_string().ok()?))).collect()
}

/// A key to a registry goes to what downloads alone: code that is compiled can read the variables of its compiler.
fn is_handed_on(name: &str, fetches: bool) -> bool {
    let linker = name.starts_with("CARGO_TARGET_") && name.ends_with("_LINKER");
    let family = FAMILIES.iter().any(|family| name.starts_with(family));
    let secret = name.ends_with("_TOKEN") || name.ends_with("_CREDENTIAL_PROVIDER");
    NAMES.contains(&name)
        || PROXIES.contains(&name.to_lowercase().as_str())
        || name.starts_with("LC_")
        || linker
        || family && (fetches || !secret)
}

/// `path` without what the cargo that runs us put before it: its own folders, which the inner one puts there itself.
fn without_cargos(path: &OsString, paths: &Paths) -> Option<String> {
    let ours = env::current_exe().ok().and_then(|exe| Some(exe.parent()?.to_owned()));
    let target = paths.root().join("target");
    let is_cargos = |folder: &PathBuf| {
        ours.as_ref().is_some_and(|ours| folder.starts_with(ours))
            || folder.starts_with(&target)
            || folder.iter().any(|name| name == "toolchains")
    };
    let kept: Vec<PathBuf> = env::split_paths(path).filter(|folder| !is_cargos(folder)).collect();
    if kept.is_empty() { None } else { env::join_paths(kept).ok()?.into_string().ok() }
}

fn toolchain(paths: &Paths) -> Option<String> {
    let file: Table = crate::files::read_toml(&paths.root().join("rust-toolchain.toml")).ok()?;
    Some(file.get("toolchain")?.get("channel")?.as_str()?.to_owned())
}

/// The arguments that hand on what the course's configuration, and those of the folders above it, say about sources, linkers and
/// processors. A `.cargo` of a chapter lies below the course and counts for nothing.
pub fn configuration(paths: &Paths) -> Result<Vec<String>> {
    let mut together = Table::new();
    // The nearer file has the last word.
    let folders: Vec<&Path> = paths.root().ancestors().collect();
    for folder in folders.into_iter().rev() {
        for name in [".cargo/config", ".cargo/config.toml"] {
            let path = folder.join(name);
            let Ok(text) = fs::read_to_string(&path) else { continue };
            let file: Table = toml::from_str(&text)
                .with_context(|| format!("`{}` is no configuration of cargo", path.display()))?;
            merge(&mut together, handed_on(file, folder));
        }
    }
    if together.is_empty() {
        return Ok(Vec::new());
    }
    let path = paths.work().join("cargo.toml");
    let text = toml::to_string(&together).context("failed to write cargo's configuration")?;
    write_if_changed(&path, text.as_bytes())?;
    Ok(vec![format!("--config={}", path.display())])
}

fn handed_on(mut file: Table, folder: &Path) -> Table {
    let mut kept = Table::new();
    for name in TABLES {
        if let Some(mut table) = file.remove(name) {
            settle(&mut table, folder);
            kept.insert(name.to_owned(), table);
        }
    }
    let jobs = file.get("build").and_then(|build| build.get("jobs")).cloned();
    kept.extend(
        jobs.map(|jobs| ("build".to_owned(), Value::Table(Table::from_iter([("jobs".to_owned(), jobs)])))),
    );
    let targets = file.get("target").and_then(Value::as_table).into_iter().flatten();
    let linkers = targets.filter_map(|(target, settings)| {
        let linker = settings.get("linker")?.as_str()?;
        // A bare name is looked up in `PATH`.
        let linker = if linker.contains('/') { absolute(folder, linker) } else { linker.to_owned() };
        let settings = Table::from_iter([("linker".to_owned(), Value::String(linker))]);
        Some((target.clone(), Value::Table(settings)))
    });
    let linkers: Table = linkers.collect();
    if !linkers.is_empty() {
        kept.insert("target".to_owned(), Value::Table(linkers));
    }
    kept
}

/// Makes paths absolute, which are relative to where the file lies, and leaves keys out.
fn settle(value: &mut Value, folder: &Path) {
    let Value::Table(table) = value else { return };
    table.remove("token");
    for (key, value) in table.iter_mut() {
        match value {
            Value::String(path) if PATHS.contains(&key.as_str()) => *path = absolute(folder, path),
            other => settle(other, folder),
        }
    }
}

fn absolute(folder: &Path, path: &str) -> String {
    folder.join(path).to_string_lossy().into_owned()
}

fn merge(into: &mut Table, from: Table) {
    for (key, value) in from {
        match (into.get_mut(&key), value) {
            (Some(Value::Table(into)), Value::Table(from)) => merge(into, from),
            (_, value) => _ = into.insert(key, value),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_reaches_sources_and_links_is_handed_on_and_what_changes_a_build_is_not() {
        for name in [
            "CARGO_BUILD_JOBS",
            "CARGO_TARGET_X86_64_UNKNOWN_LINUX_GNU_LINKER",
            "LIBRARY_PATH",
            "SDKROOT",
            "MACOSX_DEPLOYMENT_TARGET",
            "SSL_CERT_DIR",
            "CARGO_HTTP_CAINFO",
            "CARGO_NET_GIT_FETCH_WITH_CLI",
            "CARGO_SOURCE_CRATES_IO_REPLACE_WITH",
            "CARGO_REGISTRIES_MIRROR_INDEX",
            "ALL_PROXY",
            "https_proxy",
            "No_Proxy",
        ] {
            assert!(is_handed_on(name, false), "{name}");
        }
        for name in [
            "RUSTFLAGS",
            "CARGO_ENCODED_RUSTFLAGS",
            "CARGO_TARGET_X86_64_UNKNOWN_LINUX_GNU_RUSTFLAGS",
            "RUSTC_WRAPPER",
            "RUSTC",
            "RUSTC_BOOTSTRAP",
            "CARGO_TARGET_DIR",
            "CARGO_PROFILE_RELEASE_LTO",
            "CARGO_REGISTRIES_MIRROR_TOKEN",
        ] {
            assert!(!is_handed_on(name, false), "{name}");
        }
        assert!(is_handed_on("CARGO_REGISTRIES_MIRROR_TOKEN", true));
    }

    #[test]
    fn configuration_about_sources_and_linkers_is_handed_on_from_the_course_and_above() {
        let above = tempfile::tempdir().unwrap();
        let root = above.path().join("course");
        let write = |folder: &Path, text: &str| {
            fs::create_dir_all(folder.join(".cargo")).unwrap();
            fs::write(folder.join(".cargo/config.toml"), text).unwrap();
        };
        write(
            above.path(),
            "[source.crates-io]\nreplace-with = \"here\"\n[source.here]\ndirectory = \"vendor\"\n[http]\ntimeout = 5\n\
             [build]\njobs = 3\nrustflags = [\"-Cpanic=abort\"]\nrustc-wrapper = \"evil\"\n",
        );
        write(
            &root,
            "[http]\ntimeout = 9\n[target.x86_64-unknown-linux-gnu]\nlinker = \"clang\"\nrunner = \"evil\"\n\
             [alias]\ngrade = \"run\"\n[env]\nRUSTC_BOOTSTRAP = \"1\"\n",
        );
        write(&root.join("lectures"), "[http]\ntimeout = 1\n");
        let arguments = configuration(&Paths::new(&root)).unwrap();
        let file = arguments[0].strip_prefix("--config=").unwrap();
        let handed: Table = toml::from_str(&fs::read_to_string(file).unwrap()).unwrap();
        let vendor = above.path().join("vendor");
        assert_eq!(handed["source"]["here"]["directory"].as_str(), vendor.to_str());
        assert_eq!(handed["source"]["crates-io"]["replace-with"].as_str(), Some("here"));
        assert_eq!(handed["http"]["timeout"].as_integer(), Some(9));
        assert_eq!(handed["build"], toml::from_str::<Value>("jobs = 3").unwrap());
        let linker = &handed["target"]["x86_64-unknown-linux-gnu"];
        assert_eq!(linker, &toml::from_str::<Value>("linker = \"clang\"").unwrap());
        assert_eq!(handed.keys().collect::<Vec<_>>(), ["build", "http", "source", "target"]);
    }

    #[test]
    fn folders_of_the_cargo_that_runs_us_are_left_out() {
        let paths = Paths::new(Path::new("/course"));
        let path = "/course/target/debug/deps:/opt/lib:/home/me/.rustup/toolchains/1.95/lib".into();
        assert_eq!(without_cargos(&path, &paths).as_deref(), Some("/opt/lib"));
        assert_eq!(without_cargos(&"/course/target/debug".into(), &paths), None);
    }
}
