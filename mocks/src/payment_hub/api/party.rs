//! FSPIOP 1.1, `GET /parties/{Type}/{ID}`, asked aside from any payment: who holds an account, and where.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use http::Method;
use standards::fspiop::{ErrorInformation, ErrorInformationObject, Party, PartyIdType};
use tokio::sync::oneshot;

use crate::kit::clock::pause;
use crate::kit::courier::Errand;
use crate::kit::fspiop::{HUB, Message, OURS, part_of, path_segment};
use crate::payment_hub::model::PAYER_BANK;

/// The switch is given so long to call back.
const PATIENCE: Duration = Duration::from_secs(10);

/// What the switch told.
pub(super) type Told = Result<Party, ErrorInformation>;

/// Those who wait to hear about one account.
type Askers = Vec<oneshot::Sender<Told>>;

/// Who waits to hear about whom: by the kind of an identifier and the identifier.
#[derive(Debug, Default)]
struct Waiting(Mutex<BTreeMap<(String, String), Askers>>);

/// Why nobody was found.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(super) enum Unknown {
    /// The switch says that there is no such party, or that something was wrong with the question.
    #[error("{0}")]
    Refused(String),
    /// It is not known; asking later may help.
    #[error("{0}")]
    NoAnswer(String),
}

/// Asks the switch who holds an account, and waits for its callback.
pub(super) async fn ask(errand: &Errand, kind: &PartyIdType, id: &str) -> Result<Party, Unknown> {
    let no_answer = |why: &str| Unknown::NoAnswer(why.to_owned());
    let switch = part_of(&errand.office.room, HUB).ok_or(no_answer("there is no switch"))?;
    let uri = format!("/parties/{}/{}", kind.as_str(), path_segment(id));
    let message = Message {
        method: Method::GET,
        uri: &uri,
        route: "/parties/{type}/{id}",
        version: OURS,
        source: PAYER_BANK,
        destination: None,
        body: None,
    };
    let letter = message.letter(errand, &switch);
    let told = wait_for(errand, (kind.as_str(), id));
    let reply = errand.send(letter).await.map_err(|error| no_answer(&error.to_string()))?;
    if !reply.is_success() {
        return Err(match reply.json::<ErrorInformationObject>() {
            Ok(said) if reply.status < 500 => Unknown::Refused(sentence(&said.error_information)),
            _ => no_answer(&format!("the switch answered {}", reply.status)),
        });
    }
    tokio::select! {
        told = told => match told {
            Ok(Ok(party)) => Ok(party),
            Ok(Err(said)) => Err(Unknown::Refused(sentence(&said))),
            Err(_) => Err(no_answer("the question was forgotten")),
        },
        () = pause(PATIENCE) => Err(no_answer("the switch did not call back in time")),
    }
}

fn sentence(said: &ErrorInformation) -> String {
    format!("{}: {}", said.error_code, said.error_description)
}

fn wait_for(errand: &Errand, (kind, id): (&str, &str)) -> oneshot::Receiver<Told> {
    let (told, hears) = oneshot::channel();
    let waiting = errand.office.memory.of::<Waiting>();
    let mut asked = waiting.0.lock().unwrap_or_else(PoisonError::into_inner);
    // Those who stopped waiting are forgotten here, so that the list cannot grow.
    asked.retain(|_, all| {
        all.retain(|one| !one.is_closed());
        !all.is_empty()
    });
    asked.entry((kind.to_owned(), id.to_owned())).or_default().push(told);
    hears
}

/// Tells everybody who asked aside. Says whether anybody had.
pub(super) fn heard(errand: &Errand, (kind, id): (&str, &str), told: &Told) -> bool {
    let waiting = errand.office.memory.of::<Waiting>();
    let mut asked = waiting.0.lock().unwrap_or_else(PoisonError::into_inner);
    let all = asked.remove(&(kind.to_owned(), id.to_owned())).unwrap_or_default();
    let mut is_heard = false;
    for one in all {
        // An error means that somebody stopped waiting.
        is_heard |= one.send(told.clone()).is_ok();
    }
    is_heard
}
