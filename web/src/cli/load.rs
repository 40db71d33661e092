//! `arenoa load STORY`: many applicants at once, and how fast they were served.

use std::num::NonZeroUsize;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use clap::Args;
use indicatif::{ProgressBar, ProgressStyle};
use mocks::kit::clock::Stopwatch;
use mocks::kit::seed::People;
use mocks::kit::server::{Listen, serve};
use orchestrator::crowd::{Applicant, Crowd};
use orchestrator::scenario::Plan;

use super::open::{OwnCountry, stories};
use super::serve::until_stopped;
use super::{Failure, say};
use crate::Environment;

/// The seed of the country that is made for it.
const SEED: u64 = 42;

/// Options of `arenoa load`.
#[derive(Debug, Args)]
#[command(after_help = "\
Example:
  arenoa load old-age-pension --applicants 1000 --concurrency 32")]
pub(super) struct Load {
    /// Name or number of the story
    story: String,
    /// How many people apply
    #[arg(long, default_value = "1000", value_parser = one_or_more)]
    applicants: NonZeroUsize,
    /// How many of them at the same time
    #[arg(long, default_value = "32", value_parser = one_or_more)]
    concurrency: NonZeroUsize,
    /// How many people live in the country
    #[arg(long, default_value_t = 20_000)]
    people: usize,
}

impl Load {
    /// Lets them apply and reports rate, times and failures.
    pub(super) async fn run(self, environment: &Environment) -> Result<(), Failure> {
        let wanted = self.applicants.get();
        let people = self.people.max(wanted);
        self.check_story()?;
        let waiting = ProgressBar::new_spinner();
        waiting.set_message(format!("making a country of {people} people"));
        waiting.enable_steady_tick(Duration::from_millis(100));
        let own = OwnCountry::open((people, wanted), SEED, environment)?;
        waiting.finish_and_clear();
        let plan = self.plan(&own.country.people)?;
        let running = serve(&own.country, &Listen::default(), |_| {}).map_err(Failure::usage)?;
        let crowd = Arc::new(Crowd::new(own.country.main(), plan));
        let applicants = crowd.applicants(&own.country.people, wanted);
        if applicants.len() < wanted {
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
        let served = tokio::select! {
            served = apply(&crowd, applicants, self.concurrency.get(), &bar) => Ok(served),
            stopped = until_stopped() => Err(stopped),
        };
        follower.abort();
        let took = watch.elapsed();
        bar.finish_and_clear();
        running.stop().await;
        let (times, failures) = match served {
            Ok(served) => served,
            Err(stopped) => {
                stopped?;
                return Err(Failure::DidNotHold("the load was stopped before its end".into()));
            }
        };
        report(&times, &failures, took);
        match failures.first() {
            None => Ok(()),
            Some(first) => Err(Failure::DidNotHold(format!(
                "{} applicants were not served; the first: {first}",
                failures.len()
            ))),
        }
    }

    /// The story is looked at before a country is made for it: a crowd can apply only where somebody applies.
    fn check_story(&self) -> Result<(), Failure> {
        let nobody = People::generate(SEED, 0);
        if Crowd::can_play(&self.plan(&nobody)?) {
            return Ok(());
        }
        let library = stories(None, &nobody)?;
        let playable =
            library.stories().filter(|story| story.plan("").is_ok_and(|p| Crowd::can_play(&p)));
        let names: Vec<_> = playable.map(|story| story.name.as_str()).collect();
        Err(Failure::Usage(format!(
            "`{}` is no story for a crowd, because its lead does not apply; use {}",
            self.story,
            names.join(" or ")
        )))
    }

    fn plan(&self, people: &People) -> Result<Plan, Failure> {
        let library = stories(None, people)?;
        let story = library.story(&self.story).map_err(Failure::usage)?;
        story.plan("").map_err(Failure::usage)
    }
}

/// A number at the command line that must not be zero.
fn one_or_more(text: &str) -> Result<NonZeroUsize, String> {
    text.parse().map_err(|_| String::from("write a whole number of 1 or more"))
}

async fn apply(
    crowd: &Arc<Crowd>,
    applicants: Vec<Applicant>,
    concurrency: usize,
    bar: &ProgressBar,
) -> (Vec<Duration>, Vec<String>) {
    let applicants = Arc::new(applicants);
    let next = Arc::new(AtomicUsize::new(0));
    let workers = (0..concurrency).map(|_| {
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
