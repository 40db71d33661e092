//! `arenoa play`: a story without a browser.

use std::io::IsTerminal as _;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use clap::Args;
use indicatif::{ProgressBar, ProgressStyle};
use mocks::kit::clock::Pace;
use mocks::kit::control;
use mocks::kit::country::MAIN;
use mocks::kit::room::Hall;
use mocks::kit::seed::People;
use mocks::kit::server::{Listen, serve};
use orchestrator::player::{Outcome, Player, Show, StepState};
use orchestrator::report;
use orchestrator::scenario::Story;
use orchestrator::transcript::transcript;
use tokio::sync::watch;
use web::pages::order::{Order, Told};

use super::address::web_address;
use super::destination::Destination;
use super::open::{OwnCountry, stories};
use super::play_at::play_at;
use super::serve::until_stopped;
use super::{Failure, say, system_named};
use crate::Environment;

/// How many people live in a country of one's own where the story needs no more.
const FEW: usize = 2000;

/// Options of `arenoa play`.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  arenoa play old-age-pension
  arenoa play old-age-pension --branch F3 --report run.html --junit run.xml
  arenoa play old-age-pension --with civil_registry=http://localhost:7000
  arenoa play old-age-pension --at http://127.0.0.1:8080 --room blue     on the stage of a running country, as it is

Exit code: 0 the story held, 1 it did not, 2 the command was wrong, or with --at another play began in the room.")]
pub(super) struct Play {
    /// Name or number of the story: old-age-pension, S01
    story: String,
    /// A branch of the story: F1; `arenoa list` names them
    #[arg(long, default_value = "")]
    branch: String,
    /// Wait for Enter before every message
    #[arg(long, conflicts_with = "at")]
    step: bool,
    /// The room to play in
    #[arg(long, default_value = MAIN)]
    room: String,
    /// Let a real system play a part: civil_registry=http://...; can be given again
    #[arg(long = "with", value_name = "SYSTEM=URL", conflicts_with = "at")]
    with: Vec<String>,
    /// Write the run as one page to hand on
    #[arg(long, value_name = "FILE")]
    report: Option<PathBuf>,
    /// Write a JUnit report
    #[arg(long, value_name = "FILE")]
    junit: Option<PathBuf>,
    /// Print the whole run as JSON instead of the transcript
    #[arg(long)]
    json: bool,
    /// Play in the running country at this address instead of one of its own
    #[arg(long, value_name = "URL")]
    at: Option<String>,
    /// How many people live in the country; 2000, or as many as the story needs, if nothing is said
    #[arg(long, conflicts_with = "at")]
    people: Option<usize>,
    /// The number that everything made up follows from
    #[arg(long, default_value_t = 42, conflicts_with = "at")]
    seed: u64,
    /// Read the stories of this folder instead of those built in
    #[arg(long, value_name = "DIR", conflicts_with = "at")]
    scenarios: Option<PathBuf>,
}

impl Play {
    /// Plays, prints what was asked for, and fails where the story did not hold.
    pub(super) async fn run(self, environment: &Environment) -> Result<(), Failure> {
        let files = Files::open(&self)?;
        if let Some(address) = &self.at {
            let order = Order { story: self.story.clone(), branch: self.branch.clone() };
            let told = play_at(address, &self.room, &order).await?;
            return self.tell(files, &told);
        }
        let people = self.people_wanted()?;
        let own = OwnCountry::open((people, 0), self.seed, environment)?;
        let library = stories(self.scenarios.as_deref(), &own.country.people)?;
        let story = library.story(&self.story).map_err(Failure::usage)?;
        let plan = story.plan(&self.branch).map_err(Failure::usage)?;
        let running = serve(&own.country, &Listen::default(), |_| {}).map_err(Failure::usage)?;
        let hall = own.country.open_room(&self.room).map_err(Failure::usage)?;
        let show = watch::Sender::new(Arc::new(Show::default()));
        let watching = show.subscribe();
        let (people, stepwise) = (&own.country.people, Arc::default());
        let player = Player::new(Arc::clone(&hall), plan.clone(), people, show, stepwise);
        let player = player.map_err(Failure::usage)?;
        for guest in &self.with {
            invite(&hall, guest).await?;
        }
        let outcome = tokio::select! {
            outcome = self.play(player, &hall, watching, story) => Ok(outcome),
            stopped = until_stopped() => Err(stopped),
        };
        // Guests are told that this country is gone, and its folder goes, also where somebody stopped the play.
        control::take_leave(&hall).await;
        running.stop().await;
        let outcome = match outcome {
            Ok(outcome) => outcome,
            Err(stopped) => {
                stopped?;
                return Err(Failure::DidNotHold("the play was stopped before its end".into()));
            }
        };
        let told = Told {
            failure: outcome.failure.as_ref().map(ToString::to_string),
            transcript: transcript(story, &plan.steps, &outcome),
            run: report::json(story, &outcome),
            page: report::page(story, &outcome),
            junit: report::junit(story, &outcome),
        };
        self.tell(files, &told)
    }

    /// How many people shall live in the country. The cast is the same in an empty one, so the story can be read before
    /// a country is made that would be too small for it.
    fn people_wanted(&self) -> Result<usize, Failure> {
        let library = stories(self.scenarios.as_deref(), &People::generate(self.seed, 0))?;
        let story = library.story(&self.story).map_err(Failure::usage)?;
        let plan = story.plan(&self.branch).map_err(Failure::usage)?;
        let Some(people) = self.people else { return Ok(plan.people.max(FEW)) };
        plan.fits(people).map_err(Failure::usage)?;
        Ok(people)
    }

    async fn play(
        &self,
        player: Player,
        hall: &Arc<Hall>,
        watching: watch::Receiver<Arc<Show>>,
        story: &Story,
    ) -> Outcome {
        if self.step {
            hall.room.clock.set_pace(Pace::Step);
        }
        let story = story.clone();
        let watcher = tokio::spawn(async move { show_progress(watching, &story).await });
        if self.step {
            permit_on_enter(Arc::clone(hall));
        }
        let outcome = player.play().await;
        // The watcher ends by itself when the player lets go of the show.
        drop(watcher.await);
        outcome
    }

    fn tell(&self, files: Files, told: &Told) -> Result<(), Failure> {
        if let Some(file) = files.report {
            file.write(&told.page)?;
        }
        if let Some(file) = files.junit {
            file.write(&told.junit)?;
        }
        if self.json {
            say(&told.run.to_string());
        } else {
            say(told.transcript.trim_end());
        }
        match &told.failure {
            None => Ok(()),
            Some(sentence) => Err(Failure::DidNotHold(sentence.clone())),
        }
    }
}

/// The files that are written when the story has ended.
#[derive(Debug)]
struct Files {
    report: Option<Destination>,
    junit: Option<Destination>,
}

impl Files {
    fn open(play: &Play) -> Result<Self, Failure> {
        let open = |path: &Option<PathBuf>| path.as_deref().map(Destination::open).transpose();
        Ok(Self { report: open(&play.report)?, junit: open(&play.junit)? })
    }
}

/// Lets a real system play a part, once it is known to answer.
async fn invite(hall: &Arc<Hall>, guest: &str) -> Result<(), Failure> {
    let Some((system, url)) = guest.split_once('=') else {
        let sentence = format!(
            "`{guest}` is no guest: write SYSTEM=URL, such as civil_registry=http://localhost:7000"
        );
        return Err(Failure::Usage(sentence));
    };
    let system = system_named(system)?.name;
    let url = web_address(url, "--with", "http://localhost:7000")?;
    control::invite(hall, system, &url).await.map_err(Failure::usage)
}

/// Shows each step as it is done: a spinner for people, nothing for programs.
async fn show_progress(mut show: watch::Receiver<Arc<Show>>, story: &Story) {
    if !std::io::stderr().is_terminal() {
        return;
    }
    let bar = ProgressBar::new_spinner().with_style(ProgressStyle::default_spinner());
    bar.enable_steady_tick(Duration::from_millis(80));
    while show.changed().await.is_ok() {
        let now = Arc::clone(&show.borrow_and_update());
        let done = now.steps.iter().filter(|(_, s)| *s == StepState::Done).count();
        let title = story.title_of(&now.step, &now.persona.name, "en");
        bar.set_message(format!("{done}/{} {title}", now.steps.len()));
    }
    bar.finish_and_clear();
}

/// Reads Enter on a thread of its own, which ends with the program: reading a terminal cannot be called off.
fn permit_on_enter(hall: Arc<Hall>) {
    say("Enter lets the next message pass.");
    std::thread::spawn(move || {
        let mut line = String::new();
        while std::io::stdin().read_line(&mut line).is_ok_and(|read| read > 0) {
            hall.room.clock.permit();
        }
        // Nobody is there to press Enter: the story goes on by itself.
        hall.room.clock.set_pace(Pace::Play);
    });
}
