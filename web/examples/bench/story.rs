//! The old age pension from application to "paid" on the phone: machine time at Play pace, and CPU, signatures on.

use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use mocks::kit::country::{Country, Settings};
use mocks::kit::server::{Listen, serve};
use orchestrator::player::{Player, Show};
use orchestrator::scenario::Library;
use tokio::sync::watch;

use crate::Failure;
use crate::process::cpu_us;
use crate::table::Table;

/// Plays of the story.
const PLAYS: usize = 50;

/// Plays the story many times, and takes the median.
pub(crate) async fn measure(table: &Table) -> Result<(), Failure> {
    let dir = std::env::temp_dir().join(format!("arenoa-bench-story-{}", std::process::id()));
    let country = Country::open(Settings::new(&dir), mocks::ALL)?;
    let running = serve(&country, &Listen::default(), |_| {})?;
    let library = Library::built_in(&country.people)?;
    let plan = library.story("old-age-pension")?.plan("")?;
    let mut times = Vec::new();
    let mut before = cpu_us("self")?;
    for play in 0..=PLAYS {
        let show = watch::Sender::new(Arc::new(Show::default()));
        let stepwise = Arc::new(AtomicBool::new(false));
        let player = Player::new(country.main(), plan.clone(), &country.people, show, stepwise)?;
        let outcome = player.play().await;
        if let Some(failure) = outcome.failure {
            return Err(format!("the story broke at {}: {}", failure.step, failure.what).into());
        }
        if play == 0 {
            // The first makes keys and fetches others'.
            before = cpu_us("self")?;
        } else {
            times.push(outcome.show.elapsed_us);
        }
    }
    let cpu_ms = (cpu_us("self")? - before) / 1000.0 / f64::from(u32::try_from(PLAYS)?);
    running.stop().await;
    std::fs::remove_dir_all(dir)?;
    times.sort_unstable();
    let ms = |us: i64| f64::from(u32::try_from(us).unwrap_or(u32::MAX)) / 1000.0;
    let (median, slowest) = (ms(times[PLAYS / 2]), ms(times[PLAYS - 1]));
    let note = format!(
        "fastest {:.1} ms, slowest {slowest:.1} ms, {cpu_ms:.1} ms CPU with reset",
        ms(times[0])
    );
    table.line("old age pension, median of 50 plays", &format!("{median:.1} ms"), &note);
    Ok(())
}
