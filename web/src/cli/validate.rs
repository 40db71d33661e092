//! `arenoa validate`: checks stories without sending anything.

use std::path::PathBuf;

use clap::Args;
use mocks::kit::seed::People;
use orchestrator::scenario::{Library, Problems, Story};

use super::{Failure, say};

/// Options of `arenoa validate`.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  arenoa validate scenarios/old-age-pension     one story
  arenoa validate scenarios                     every story of a folder")]
pub(super) struct Validate {
    /// A story's folder, or a folder of such folders
    #[arg(required = true, value_name = "FOLDER")]
    folders: Vec<PathBuf>,
}

impl Validate {
    /// Checks every folder and names everything that is wrong.
    pub(super) fn run(self) -> Result<(), Failure> {
        let people = People::generate(42, 0);
        let mut wrong = Vec::new();
        for folder in &self.folders {
            let found = if folder.join("scenario.yaml").exists() {
                Story::folder(folder, &people).map(|story| vec![story.name])
            } else {
                let library = Library::folder(folder, &people);
                library.map(|l| l.stories().map(|s| s.name.clone()).collect())
            };
            match found {
                Ok(names) if names.is_empty() => {
                    let folder = folder.display();
                    let sentence = format!(
                        "{folder} holds no story: a story is a folder with a scenario.yaml in it"
                    );
                    return Err(Failure::Usage(sentence));
                }
                Ok(names) => say(&format!("{}: in order", names.join(", "))),
                Err(Problems(problems)) => wrong.extend(problems),
            }
        }
        if wrong.is_empty() {
            return Ok(());
        }
        let count = wrong.len();
        let thing = if count == 1 { "thing is" } else { "things are" };
        Err(Failure::Usage(format!("{count} {thing} wrong\n{}", Problems(wrong))))
    }
}
