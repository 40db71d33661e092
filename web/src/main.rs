//! `arenoa`: the one binary. Reads the command line and the environment, and hands over.

mod cli;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Parser as _;
use mimalloc::MiMalloc;

/// A message is hundreds of small texts: this allocator takes a third of the time for them.
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

fn main() -> ExitCode {
    let arguments = cli::Arguments::parse();
    cli::run(arguments, &Environment::read())
}

/// What the environment tells; nothing else in the program reads it.
#[derive(Debug)]
pub(crate) struct Environment {
    /// Where databases and keys are kept unless `--data` says otherwise.
    pub(crate) data: PathBuf,
    /// `RUST_LOG`
    pub(crate) log: Option<String>,
    /// `ARENOA_SECRET`: the secret that a public address asks for.
    pub(crate) secret: Option<String>,
}

impl Environment {
    #[expect(clippy::disallowed_methods, reason = "main reads the environment")]
    fn read() -> Self {
        let var = |name: &str| std::env::var(name).ok().filter(|v| !v.is_empty());
        let home = || var("HOME").map(|home| PathBuf::from(home).join(".local/share"));
        let base = var("XDG_DATA_HOME").map(PathBuf::from).or_else(home);
        let data = base.unwrap_or_else(std::env::temp_dir).join("arenoa");
        Self { data, log: var("RUST_LOG"), secret: var("ARENOA_SECRET") }
    }
}
