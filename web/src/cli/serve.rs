//! `arenoa serve`: the whole country on one port.

use std::net::IpAddr;
use std::path::PathBuf;

use clap::Args;
use mocks::kit::country::{Country, Settings};
use mocks::kit::room::Policy;
use mocks::kit::server::{Listen, Running, is_private, serve};
use orchestrator::theatre::Theatre;

use super::open::open_with_stories;
use super::{Failure, say};
use crate::Environment;

/// The port where nothing else is said.
const PORT: u16 = 8080;
/// A secret for a public address has at least so many characters.
const SHORTEST_SECRET: usize = 12;

/// Options of `arenoa serve`.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  arenoa serve                              http://127.0.0.1:8080, or the next free port
  arenoa serve --spread 9000                every system on a port of its own as well
  arenoa serve --scenarios ./scenarios      play the stories of a folder of yours
  ARENOA_SECRET=... arenoa serve --bind 0.0.0.0   let others on the network in")]
pub(super) struct Serve {
    /// Port of the country [default: 8080, or the next free one]
    #[arg(long)]
    port: Option<u16>,
    /// Address to listen on; anything but this machine asks for ARENOA_SECRET
    #[arg(long, default_value = "127.0.0.1")]
    bind: IpAddr,
    /// Folder for databases and keys [default: arenoa in your data folder]
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,
    /// How many people live in the country
    #[arg(long, default_value_t = 20_000)]
    people: usize,
    /// The number that everything made up follows from
    #[arg(long, default_value_t = 42)]
    seed: u64,
    /// Give each system a port of its own as well, counted up from BASE
    #[arg(long, value_name = "BASE")]
    spread: Option<u16>,
    /// Read the stories of this folder instead of those built in
    #[arg(long, value_name = "DIR")]
    scenarios: Option<PathBuf>,
    /// Whether systems insist on signatures and tokens, open or strict [default: as it was; open at first]
    #[arg(long)]
    policy: Option<Policy>,
    /// A host outside the cast that may receive callbacks; can be given again
    #[arg(long = "allow-callbacks-to", value_name = "HOST")]
    allow: Vec<String>,
}

impl Serve {
    /// Serves until Ctrl-C.
    pub(super) async fn run(self, environment: &Environment) -> Result<(), Failure> {
        let secret = self.check_secret(environment)?;
        let dir = self.data.clone().unwrap_or_else(|| environment.data.clone());
        let settings = Settings {
            people: self.people,
            seed: self.seed,
            allowed_hosts: self.allow.clone(),
            ..Settings::new(dir)
        };
        let (kept, library) = open_with_stories(settings, self.scenarios.as_deref())?;
        let country = kept.country.clone();
        if let Some(policy) = self.policy {
            country.main().room.set_policy(policy).map_err(Failure::usage)?;
        }
        let theatre = Theatre::new(country.clone(), library);
        let listen = Listen {
            bind: self.bind,
            port: self.port.unwrap_or(PORT),
            next_free: self.port.is_none(),
            spread: self.spread,
            alone: None,
            secret: secret.map(Into::into),
        };
        let pages = web::pages::pages(&theatre);
        let running = serve(&country, &listen, pages).map_err(Failure::usage)?;
        self.greet(&country, &running);
        until_stopped().await?;
        running.stop().await;
        Ok(())
    }

    /// A public address asks for a real secret; demo credentials are for this machine only.
    fn check_secret(&self, environment: &Environment) -> Result<Option<String>, Failure> {
        let secret = environment.secret.clone();
        if is_private(self.bind) {
            return Ok(secret);
        }
        match secret {
            Some(secret) if secret.len() >= SHORTEST_SECRET => Ok(Some(secret)),
            _ => Err(Failure::Usage(format!(
                "{} can be reached by others, and the demo credentials are known to everybody: set ARENOA_SECRET to \
                 {SHORTEST_SECRET} characters or more (user name `arenoa`), or leave --bind out",
                self.bind
            ))),
        }
    }

    fn greet(&self, country: &Country, running: &Running) {
        let base = &running.base;
        say(&format!("\n  Arenoa is up: {base}\n"));
        say(&format!(
            "  {} people, {} systems, seed {}",
            self.people,
            country.fabric.systems().len(),
            self.seed
        ));
        for system in country.fabric.systems() {
            let own = running.spread.iter().find(|(name, _)| *name == system.name);
            let address =
                own.map_or_else(|| format!("{base}/{}", system.mount()), |(_, a)| a.clone());
            say(&format!("    {:<22} {:<18} {address}", system.title, system.standard));
        }
        say("\n  Demo credentials (for this machine only):");
        say("    OAuth client           demo / demo, at POST /oauth2/client/token");
        say("    OpenID client          demo-portal (public, PKCE); one-time code 111111");
        say("\n  Ctrl-C stops it. Nothing that was committed is lost.\n");
    }
}

/// Waits for Ctrl-C, or for the request to end that service managers send.
pub(super) async fn until_stopped() -> Result<(), Failure> {
    tokio::select! {
        stopped = tokio::signal::ctrl_c() => stopped.map_err(Failure::usage),
        stopped = until_terminated() => stopped,
    }
}

#[cfg(unix)]
async fn until_terminated() -> Result<(), Failure> {
    use tokio::signal::unix::{SignalKind, signal};
    let mut terminate = signal(SignalKind::terminate()).map_err(Failure::usage)?;
    terminate.recv().await;
    Ok(())
}

/// Elsewhere a service manager has other means.
#[cfg(not(unix))]
async fn until_terminated() -> Result<(), Failure> {
    std::future::pending().await
}
