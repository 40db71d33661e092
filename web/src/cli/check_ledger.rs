//! `arenoa check-ledger`: whether the books of the switch and the banks are right.

use std::path::{Path, PathBuf};

use clap::Args;
use mocks::kit::courier::Network;
use mocks::kit::ledger::{Checked, audit_folder, keeps_books};
use serde_json::Value;

use super::address::country_at;
use super::open::hold;
use super::{Failure, say};
use crate::Environment;

/// Options of `arenoa check-ledger`.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  arenoa check-ledger                              the books in the usual data folder
  arenoa check-ledger --data /srv/arenoa           those in another
  arenoa check-ledger --at http://127.0.0.1:8080   those of a country that runs")]
pub(super) struct CheckLedger {
    /// Folder for databases and keys [default: arenoa in your data folder]
    #[arg(long, value_name = "DIR", conflicts_with = "at")]
    data: Option<PathBuf>,
    /// Address of a running country
    #[arg(long, value_name = "URL")]
    at: Option<String>,
}

impl CheckLedger {
    /// Checks all books and names every rule that is broken.
    pub(super) async fn run(self, environment: &Environment) -> Result<(), Failure> {
        let lines = match &self.at {
            Some(address) => at(&country_at(address)?).await?,
            None => folder(self.data.as_deref().unwrap_or(&environment.data))?,
        };
        let mut wrong = 0;
        for (books, found) in lines {
            match found {
                Ok(Checked { accounts, entries }) => {
                    say(&format!("{books}: balanced, {accounts} accounts, {entries} entries"));
                }
                Err(sentence) => {
                    wrong += 1;
                    say(&format!("{books}: {sentence}"));
                }
            }
        }
        match wrong {
            0 => Ok(()),
            1 => Err(Failure::DidNotHold(String::from("one set of books is wrong"))),
            more => Err(Failure::DidNotHold(format!("{more} sets of books are wrong"))),
        }
    }
}

/// Books, and what was found in them or what is wrong with them.
type Line = (String, Result<Checked, String>);

fn folder(dir: &Path) -> Result<Vec<Line>, Failure> {
    // A folder that is not there has no books, and none is made.
    let _hold = dir.is_dir().then(|| hold(dir)).transpose()?;
    let audits = audit_folder(dir, mocks::ALL).map_err(Failure::usage)?;
    if audits.is_empty() {
        let sentence = format!("{} holds no books; start the country there once", dir.display());
        return Err(Failure::Usage(sentence));
    }
    let line = |audit: mocks::kit::ledger::Audit| {
        let found = audit.found.map_err(|broken| broken.to_string());
        (format!("{} {}", audit.room, audit.system), found)
    };
    Ok(audits.into_iter().map(line).collect())
}

async fn at(base: &str) -> Result<Vec<Line>, Failure> {
    let network = Network::new(Vec::new());
    let mut lines = Vec::new();
    for system in mocks::ALL.iter().filter(|system| keeps_books(system)) {
        let address = format!("{base}/{}/_arenoa/ledger", system.mount());
        let reply = network.get(&address).await.map_err(Failure::usage)?;
        if !reply.is_success() {
            let sentence = format!("{address} answered {}; is this a country?", reply.status);
            return Err(Failure::Usage(sentence));
        }
        let said: Value = reply.json().map_err(Failure::usage)?;
        let count = |name: &str| said[name].as_i64().unwrap_or_default();
        let found = if said["balanced"] == true {
            Ok(Checked { accounts: count("accounts"), entries: count("entries") })
        } else {
            Err(said["broken"].as_str().unwrap_or("the answer tells no result").to_owned())
        };
        lines.push((system.name.to_owned(), found));
    }
    Ok(lines)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn books_in_use_are_not_read_beside_their_country_and_a_mistyped_folder_is_not_made() {
        let dir = std::env::temp_dir().join(format!("arenoa-books-{}", std::process::id()));
        let said = |found: Result<Vec<Line>, Failure>| match found {
            Err(Failure::Usage(sentence)) => sentence,
            _ => String::from("something else"),
        };
        assert!(said(folder(&dir)).contains("holds no books"));
        assert!(!dir.exists());
        let held = hold(&dir).unwrap();
        assert!(said(folder(&dir)).contains("already runs in"));
        drop(held);
        assert!(said(folder(&dir)).contains("holds no books"));
        std::fs::remove_dir_all(dir).unwrap();
    }
}
