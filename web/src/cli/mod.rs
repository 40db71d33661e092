//! The command line: what can be said, and what is done about it.

mod address;
mod check_ledger;
mod destination;
mod export;
mod import;
mod list;
mod load;
mod mock;
mod open;
mod play;
mod play_at;
mod seed;
mod serve;
mod validate;

use std::io::{IsTerminal as _, Write as _};
use std::process::ExitCode;

use clap::{Parser, Subcommand};
use mocks::kit::system::System;
use orchestrator::scenario::offer;

use crate::Environment;

/// The command was understood, and what it asked for did not hold.
const DID_NOT_HOLD: u8 = 1;
/// The command could not be carried out as it was given.
const USAGE: u8 = 2;

/// A fictional country on one laptop: its registries, banks and offices speak the real standards to each other.
#[derive(Debug, Parser)]
#[command(
    name = "arenoa",
    version,
    args_conflicts_with_subcommands = true,
    after_help = "\
Examples:
  arenoa                                       start the country and print its address
  arenoa --port 9000 --people 1000000          another port, a larger country
  arenoa play old-age-pension                  play a story here and now, without a browser
  arenoa play old-age-pension --branch F3      the same story where something is different
  arenoa mock civil_registry --port 9001       one system alone, to test your own program against
  arenoa list                                  every story, branch and system"
)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    command: Option<Command>,
    #[command(flatten)]
    serve: serve::Serve,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Start the whole country on one port (the default)
    Serve(serve::Serve),
    /// Play a story without a browser; the exit code says whether it held
    Play(play::Play),
    /// List stories, branches and systems
    List(list::List),
    /// Serve one system alone at the root of a port
    Mock(mock::Mock),
    /// Make the databases of a country in a folder
    Seed(seed::Seed),
    /// Check stories without sending anything
    Validate(validate::Validate),
    /// Check the books of the switch and the banks
    CheckLedger(check_ledger::CheckLedger),
    /// Read people from a CSV file into a registry
    Import(import::Import),
    /// Write the people of a registry to a CSV file
    Export(export::Export),
    /// Play a story for many applicants at once and measure
    Load(load::Load),
}

/// Why a command ends without success.
#[derive(Debug)]
pub(crate) enum Failure {
    /// It could not be carried out as given; says what would have been right.
    Usage(String),
    /// It was carried out, and what it asked for did not hold.
    DidNotHold(String),
}

impl Failure {
    /// An error of the command as it was given.
    pub(crate) fn usage(error: impl std::fmt::Display) -> Self {
        Self::Usage(error.to_string())
    }
}

/// Carries out the command and gives the exit code: 0 done, 1 did not hold, 2 could not be carried out.
pub(crate) fn run(arguments: Arguments, environment: &Environment) -> ExitCode {
    start_log(environment.log.as_deref());
    let command = arguments.command.unwrap_or(Command::Serve(arguments.serve));
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => return fail(&Failure::usage(error)),
    };
    let result = runtime.block_on(async {
        match command {
            Command::Serve(serve) => serve.run(environment).await,
            Command::Play(play) => play.run(environment).await,
            Command::List(list) => list.run(),
            Command::Mock(mock) => mock.run(environment).await,
            Command::Seed(seed) => seed.run(),
            Command::Validate(validate) => validate.run(),
            Command::CheckLedger(check) => check.run(environment).await,
            Command::Import(import) => import.run(environment).await,
            Command::Export(export) => export.run(environment).await,
            Command::Load(load) => load.run(environment).await,
        }
    });
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => fail(&failure),
    }
}

fn fail(failure: &Failure) -> ExitCode {
    let (Failure::Usage(sentence) | Failure::DidNotHold(sentence)) = failure;
    let code = if matches!(failure, Failure::Usage(_)) { USAGE } else { DID_NOT_HOLD };
    hint(&format!("arenoa: {sentence}"));
    ExitCode::from(code)
}

/// The system of this name, written with underscores or hyphens.
pub(crate) fn system_named(name: &str) -> Result<&'static System, Failure> {
    let wanted = name.replace('-', "_");
    mocks::ALL.iter().find(|s| s.name == wanted).ok_or_else(|| {
        let hint = offer(&wanted, mocks::ALL.iter().map(|s| s.name));
        Failure::Usage(format!("there is no system `{name}`: {hint}"))
    })
}

/// Prints a line on standard error, for whoever sits there.
pub(crate) fn hint(line: &str) {
    if writeln!(std::io::stderr(), "{line}").is_err() {
        tracing::debug!("even standard error is gone; the exit code still tells");
    }
}

/// Prints a line on standard output; a reader that went away is no error.
pub(crate) fn say(line: &str) {
    if writeln!(std::io::stdout(), "{line}").is_err() {
        tracing::debug!("nobody reads standard output any more");
    }
}

fn start_log(wanted: Option<&str>) {
    // An answer that a fault cuts off is an error to the HTTP library, and no news here.
    let filter =
        tracing_subscriber::EnvFilter::new(wanted.unwrap_or("warn,actix_http::h1::dispatcher=off"));
    let terminal = std::io::stderr().is_terminal();
    let log = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    // People read lines; programs that collect logs read JSON.
    if terminal {
        log.with_ansi(true).init();
    } else {
        log.json().init();
    }
}
