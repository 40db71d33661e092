//! A file that a command writes at its end. It is opened at the beginning: nobody waits for a story whose report has
//! nowhere to go.

use std::fs::{File, OpenOptions};
use std::io::Write as _;
use std::path::{Path, PathBuf};

use super::Failure;

/// A file that is open for writing. What stood in it stays until it is written.
#[derive(Debug)]
pub(super) struct Destination {
    path: PathBuf,
    file: File,
}

impl Destination {
    /// Opens the file, or makes it.
    pub(super) fn open(path: &Path) -> Result<Self, Failure> {
        let file = OpenOptions::new().write(true).create(true).truncate(false).open(path);
        let file = file.map_err(|e| cannot(path, &e))?;
        Ok(Self { path: path.into(), file })
    }

    /// Replaces what stands in the file.
    pub(super) fn write(mut self, text: &str) -> Result<(), Failure> {
        // Pipes and terminals have no length.
        if self.file.metadata().is_ok_and(|about| about.is_file()) {
            self.file.set_len(0).map_err(|e| cannot(&self.path, &e))?;
        }
        self.file.write_all(text.as_bytes()).map_err(|e| cannot(&self.path, &e))
    }
}

/// The failure that names the file.
pub(super) fn cannot(path: &Path, error: &impl std::fmt::Display) -> Failure {
    Failure::Usage(format!("{} cannot be written: {error}", path.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_that_cannot_be_written_is_named_before_anything_is_done() {
        let refused = Destination::open(Path::new("/nope/run.html"));
        assert!(matches!(refused, Err(Failure::Usage(said)) if said.starts_with("/nope/run.html")));
    }

    #[test]
    fn a_shorter_text_replaces_a_longer_one() {
        let path = std::env::temp_dir().join(format!("arenoa-report-{}", std::process::id()));
        Destination::open(&path).unwrap().write("a long report").unwrap();
        Destination::open(&path).unwrap().write("short").unwrap();
        assert_eq!(std::fs::read_to_string(&path).unwrap(), "short");
        std::fs::remove_file(&path).unwrap();
    }
}
