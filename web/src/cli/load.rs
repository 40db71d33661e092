//! `arenoa load STORY`: many applicants at once, and how fast they were served.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use clap::Args;
use indicatif::{ProgressBar, ProgressStyle};
use mocks::kit::clock::Stopwatch;
use mocks::kit::server::{Listen, serve};
use orchestrator::crowd::{Applicant, Crowd};

use super::open::{OwnCountry, stories};
use super::{Failure, say};
use crate::Environment;

/// Options of `arenoa load`.
#[derive(Debug, Args)]
#[command(after_help = "\
Example:
  arenoa load old-age-pension --applicants 1000 --concurrency 32")]
pub(super) struct Load {
    /// Name or number of the story
    story: String,
    /// How many people apply
    #[arg(long, default_value_t = 1000)]
    applicants: usize,
    /// How many of them at the same time
    #[arg(long, default_value_t = 32)]
    concurrency: usize,
    /// How many people live in the country
    #[arg(long, default_value_t = 20_000)]
    people: usize,
}

impl Load {
    /// Lets them apply and reports rate, times and failures.
    pub(super) async fn run(self, environment: &Environment) -> Result<(), Failure> {
        let people = self.people.max(self.applicants);
        let waiting = ProgressBar::new_spinner();
        waiting.set_message(format!("making a country of {people} people"));
        waiting.enable_steady_tick(Duration::from_millis(100));
        let own = OwnCountry::open((people, self.applicants), 42, environment)?;
        waiting.finish_and_clear();
        let library = stories(None, &own.country.people)?;
        let story = library.story(&self.story).map_err(Failure::usage)?;
        let plan = story.plan("").map_err(Failure::usage)?;
        let running = serve(&own.country, &Listen::default(), |_| {}).map_err(Failure::usage)?;
        let crowd = Arc::new(Crowd::new(own.country.main(), plan));
        let applicants = crowd.applicants(&own.country.people, self.applicants);
        if applicants.len() < self.applicants {
            let sentence = format!(
                "only {} of {people} people can apply for this: give more --people or fewer --applicants",
                applicants.len(),
            );
            return Err(Failure::Usage(sentence));
        }
        let style =
            ProgressStyle::with_template("{bar:40} {pos}/{len}  {per_sec}  {elapsed}  {msg}");
        let bar = ProgressBar::new(applicants.len() as u64);
        let bar = bar.with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
        let watch = Stopwatch::start();
        let follower = Arc::clone(&crowd);
        let follower = tokio::spawn(async move { follower.follow().await });
        let (times, failures) = apply(&crowd, applicants, self.concurrency, &bar).await;
        follower.abort();
        let took = watch.elapsed();
        bar.finish_and_clear();
        running.stop().await;
        report(&times, &failures, took);
        match failures.first() {
            None => Ok(()),
            Some(first) => Err(Failure::DidNotHold(format!(
                "{} applicants were not served; the first: {first}",
                failures.len()
            ))),
        }
    }
}

async fn apply(
    crowd: &Arc<Crowd>,
    applicants: Vec<Applicant>,
    concurrency: usize,
    bar: &ProgressBar,
) -> (Vec<Duration>, Vec<String>) {
    let applicants = Arc::new(applicants);
    let next = Arc::new(AtomicUsize::new(0));
    let workers = (0..concurrency.max(1)).map(|_| {
        let (crowd, applicants, next, bar) =
            (Arc::clone(crowd), Arc::clone(&applicants), Arc::clone(&next), bar.clone());
        tokio::spawn(async move {
            let mut results = Vec::new();
            while let Some(applicant) = applicants.get(next.fetch_add(1, Ordering::Relaxed)) {
                let watch = Stopwatch::start();
                let served = crowd.serve(applicant).await;
                if let Err(failure) = &served {
                    bar.set_message(format!("failed: {failure}"));
                }
                results.push(served.map(|()| watch.elapsed()));
                bar.inc(1);
            }
            results
        })
    });
    let workers: Vec<_> = workers.collect();
    let (mut times, mut failures) = (Vec::new(), Vec::new());
    for worker in workers {
        match worker.await {
            Ok(results) => {
                for result in results {
                    match result {
                        Ok(time) => times.push(time),
                        Err(what) => failures.push(what),
                    }
                }
            }
            Err(error) => failures.push(error.to_string()),
        }
    }
    times.sort();
    (times, failures)
}

fn report(times: &[Duration], failures: &[String], took: Duration) {
    let at =
        |share: usize| times.get((times.len() * share / 100).min(times.len().saturating_sub(1)));
    let shown =
        |time: Option<&Duration>| time.map_or_else(|| String::from("-"), |t| format!("{t:.1?}"));
    let served = u32::try_from(times.len()).unwrap_or(u32::MAX);
    let rate = f64::from(served) / took.as_secs_f64();
    say(&format!("{served} applicants served in {took:.1?}: {rate:.0} a second"));
    say(&format!("p50 {}  p99 {}  failures {}", shown(at(50)), shown(at(99)), failures.len()));
}
