//! The devices that code can run on, and whether this machine has them.
//!
//! Only the driver's files are looked at: the grader links no CUDA. What a driver says when it is asked, the probe finds out
//! (see [`crate::examine::probe::finds_its_device`]).

use std::{
    env, fmt, fs,
    path::{Path, PathBuf},
};

use clap::ValueEnum;

/// What code runs on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum Device {
    /// Of which every machine has one.
    #[default]
    Cpu,
    /// The first NVIDIA GPU.
    Cuda,
}

/// Why nothing was run on a device.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not run: no CUDA device{}", reason.as_ref().map(|reason| format!(" ({reason})")).unwrap_or_default())]
pub struct NoDevice {
    /// What the driver or the system said, where one was asked.
    pub reason: Option<String>,
}

impl Device {
    /// Its name on the command line.
    pub fn name(self) -> &'static str {
        match self {
            Self::Cpu => "cpu",
            Self::Cuda => "cuda",
        }
    }

    /// Fails where this machine has no such device.
    ///
    /// # Errors
    /// When neither a driver nor a device's file can be seen, or `CUDA_VISIBLE_DEVICES` hides them all.
    pub fn require(self) -> Result<(), NoDevice> {
        let hidden = env::var("CUDA_VISIBLE_DEVICES").is_ok_and(|list| hides_all(&list));
        match self {
            Self::Cpu => Ok(()),
            Self::Cuda if hidden => {
                Err(NoDevice { reason: Some("CUDA_VISIBLE_DEVICES hides them all".to_owned()) })
            }
            Self::Cuda if has_gpu(Path::new("/")) => Ok(()),
            Self::Cuda => Err(NoDevice { reason: None }),
        }
    }
}

impl fmt::Display for Device {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// CUDA reads the list up to the first number that is no device's: an empty list, or one that begins with -1, has none.
fn hides_all(list: &str) -> bool {
    let first = list.split(',').next().unwrap_or_default().trim();
    first.is_empty() || first.starts_with('-')
}

/// Whether the system below `root` shows a GPU: as a device's file, in the driver's folder, or lent by Windows to WSL.
fn has_gpu(root: &Path) -> bool {
    let numbered = |name: &str| {
        name.strip_prefix("nvidia")
            .is_some_and(|n| !n.is_empty() && n.bytes().all(|digit| digit.is_ascii_digit()))
    };
    let names = |folder: &str| -> Vec<PathBuf> {
        let entries = fs::read_dir(root.join(folder)).into_iter().flatten().flatten();
        entries.map(|entry| PathBuf::from(entry.file_name())).collect()
    };
    names("dev").iter().any(|name| name.to_str().is_some_and(numbered))
        || !names("proc/driver/nvidia/gpus").is_empty()
        || root.join("dev/dxg").exists() && root.join("usr/lib/wsl/lib/libcuda.so.1").exists()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_gpu_is_seen_by_its_files() {
        let root = tempfile::tempdir().unwrap();
        assert!(!has_gpu(root.path()));
        fs::create_dir_all(root.path().join("dev")).unwrap();
        // The driver's control file is there on machines whose GPU is another container's.
        for file in ["nvidiactl", "nvidia-uvm", "dxg"] {
            fs::write(root.path().join("dev").join(file), "").unwrap();
        }
        assert!(!has_gpu(root.path()));
        fs::write(root.path().join("dev/nvidia3"), "").unwrap();
        assert!(has_gpu(root.path()));
    }

    #[test]
    fn the_drivers_folder_and_wsl_count_too() {
        let root = tempfile::tempdir().unwrap();
        fs::create_dir_all(root.path().join("proc/driver/nvidia/gpus/0000:01:00.0")).unwrap();
        assert!(has_gpu(root.path()));
        let root = tempfile::tempdir().unwrap();
        for file in ["dev/dxg", "usr/lib/wsl/lib/libcuda.so.1"] {
            let file = root.path().join(file);
            fs::create_dir_all(file.parent().unwrap()).unwrap();
            fs::write(file, "").unwrap();
        }
        assert!(has_gpu(root.path()));
    }

    #[test]
    fn an_empty_list_of_visible_devices_hides_them_all() {
        assert!(hides_all("") && hides_all("-1") && hides_all("-1,0"));
        assert!(!hides_all("0") && !hides_all("1,-1") && !hides_all("GPU-4b0f"));
    }

    #[test]
    fn a_missing_device_is_named_in_one_sentence() {
        assert_eq!(NoDevice { reason: None }.to_string(), "not run: no CUDA device");
        let reason = Some("no driver".to_owned());
        assert_eq!(NoDevice { reason }.to_string(), "not run: no CUDA device (no driver)");
    }
}
