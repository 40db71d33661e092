//! `arenoa seed`: makes the databases of a country in a folder.

use std::path::PathBuf;
use std::time::Duration;

use clap::Args;
use indicatif::{ProgressBar, ProgressStyle};

use super::open::open;
use super::{Failure, say};

/// Options of `arenoa seed`.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  arenoa seed --people 1000000 --out ./big
  arenoa serve --people 1000000 --data ./big")]
pub(super) struct Seed {
    /// How many people live in the country
    #[arg(long, default_value_t = 20_000)]
    people: usize,
    /// The number that everything made up follows from
    #[arg(long, default_value_t = 42)]
    seed: u64,
    /// The folder; give it to `arenoa serve` as --data
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
}

impl Seed {
    /// Makes the databases.
    pub(super) fn run(self) -> Result<(), Failure> {
        let bar = ProgressBar::new(mocks::ALL.len() as u64).with_style(style());
        bar.set_message(format!("{} people are born, marry and move", self.people));
        bar.enable_steady_tick(Duration::from_millis(100));
        let kept = open(&self.out, self.people, self.seed, |system| {
            bar.set_message(format!("{} knows its people", system.title));
            bar.inc(1);
        })?;
        let took = bar.elapsed();
        bar.finish_and_clear();
        let systems = kept.country.fabric.systems().len();
        let out = self.out.display();
        say(&format!("{} people in {systems} databases below {out}, in {took:.1?}", self.people));
        Ok(())
    }
}

/// How far the systems are.
fn style() -> ProgressStyle {
    let told = "{bar:34} {pos:>2} of {len} systems, {elapsed}: {msg}";
    ProgressStyle::with_template(told).unwrap_or_else(|_| ProgressStyle::default_bar())
}
