//! `arenoa mock NAME`: one system alone at the root of a port.

use std::net::IpAddr;

use clap::Args;
use mocks::kit::room::Policy;
use mocks::kit::server::{Listen, serve};
use orchestrator::theatre::Theatre;

use super::open::{OwnCountry, stories};
use super::serve::until_stopped;
use super::{Failure, say, system_named};
use crate::Environment;

/// Options of `arenoa mock`.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  arenoa mock civil_registry --port 9001
  arenoa play old-age-pension --with civil_registry=http://localhost:9001
  curl localhost:9001/_arenoa/health
  curl localhost:9001/_arenoa/messages       who called, with what")]
pub(super) struct Mock {
    /// The system, such as civil_registry; `arenoa list` names them all
    name: String,
    /// Port to listen on; 0 takes any free one
    #[arg(long, default_value_t = 9001)]
    port: u16,
    /// How many people the system knows
    #[arg(long, default_value_t = 20_000)]
    people: usize,
    /// The number that everything made up follows from
    #[arg(long, default_value_t = 42)]
    seed: u64,
    /// Whether the system insists on signatures and tokens: open or strict
    #[arg(long, default_value = "open")]
    policy: Policy,
}

impl Mock {
    /// Serves until Ctrl-C.
    pub(super) async fn run(self, environment: &Environment) -> Result<(), Failure> {
        let system = system_named(&self.name)?;
        let own = OwnCountry::open((self.people, 0), self.seed, environment)?;
        let room = &own.country.main().room;
        room.set_policy(self.policy).map_err(Failure::usage)?;
        room.serve_strangers();
        let bind = IpAddr::from([127, 0, 0, 1]);
        let listen =
            Listen { bind, port: self.port, alone: Some(system.name), ..Listen::default() };
        let library = stories(None, &own.country.people)?;
        let theatre = Theatre::new(own.country.clone(), library);
        let pages = web::pages::alone::alone(&theatre, system);
        let running = serve(&own.country, &listen, pages).map_err(Failure::usage)?;
        say(&format!("{} ({}) at {}", system.title, system.standard, running.base));
        say(&format!("  a page to begin with: {}/", running.base));
        say(&format!("  who called, with what: {}/_arenoa/messages", running.base));
        until_stopped().await?;
        running.stop().await;
        Ok(())
    }
}
