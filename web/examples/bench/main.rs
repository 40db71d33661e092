//! Measures Arenoa against a bare server in the same run: `scripts/bench`. CPU is read from the kernel's books of each
//! process, so the driver's own work does not count. Each measurement is a module of its own that adds its lines to
//! the table.

mod bare;
mod driver;
mod journal;
mod payment;
mod process;
mod search;
mod story;
mod table;

use std::path::Path;

use mimalloc::MiMalloc;
use table::Table;

/// A message is hundreds of small texts: this allocator takes a third of the time for them.
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

/// What goes wrong ends the program with a sentence.
type Failure = Box<dyn std::error::Error + Send + Sync>;

#[tokio::main]
async fn main() -> Result<(), Failure> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["bare", port] => bare::serve(port.parse()?).await,
        ["run", arenoa, large] => run(Path::new(arenoa), large.parse()?).await,
        ["payment"] => payment::measure(&Table::new(bare::measure().await?)).await,
        ["story"] => story::measure(&Table::new(1.0)).await,
        _ => Err("usage: bench run PATH_TO_ARENOA PEOPLE, bench payment or bench story".into()),
    }
}

async fn run(arenoa: &Path, large: usize) -> Result<(), Failure> {
    let table = Table::new(bare::measure().await?);
    search::measure(&table, arenoa, large).await?;
    journal::measure(&table).await?;
    payment::measure(&table).await?;
    story::measure(&table).await
}
