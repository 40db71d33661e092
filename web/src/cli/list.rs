//! `arenoa list`: every story, branch and system.

use std::path::PathBuf;

use clap::Args;
use mocks::kit::seed::People;

use super::open::stories;
use super::{Failure, say};

/// Options of `arenoa list`.
#[derive(Debug, Args)]
pub(super) struct List {
    /// Read the stories of this folder instead of those built in
    #[arg(long, value_name = "DIR")]
    scenarios: Option<PathBuf>,
}

impl List {
    /// Prints the lists.
    pub(super) fn run(self) -> Result<(), Failure> {
        // The cast is the same in a country of any size.
        let people = People::generate(42, 0);
        let library = stories(self.scenarios.as_deref(), &people)?;
        say("Stories");
        for story in library.stories() {
            let texts = story.texts("en");
            say(&format!("  {:<20} {} {}", story.name, story.scenario.id, texts.title));
            for (id, branch) in &texts.branches {
                say(&format!("    --branch {id:<9} {}", branch.title));
            }
        }
        say("Systems");
        for system in mocks::ALL {
            say(&format!("  {:<20} {:<18} {}", system.name, system.standard, system.does));
        }
        Ok(())
    }
}
