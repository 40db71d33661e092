//! What a reset leaves of the story before it, and what it does not touch.

use std::sync::Arc;
use std::sync::mpsc::sync_channel;
use std::time::Duration;

use futures_util::FutureExt as _;
use http::Method;
use jiff::SignedDuration;
use serde_json::json;

use crate::kit::clock::rest;
use crate::kit::courier::{Errand, Letter};
use crate::kit::room::Office;
use crate::kit::store::{Store, StoreError, set_setting, setting};
use crate::kit::trial::Trial;

fn errand(trial: &Trial) -> Errand {
    Errand { office: trial.office("messenger"), cause: trial.cause() }
}

fn paint(store: &Store, colour: &str) -> Result<(), StoreError> {
    store.write(|tx| Ok(set_setting(tx, "colour", colour)?))
}

fn colour(office: &Office) -> Option<String> {
    office.store.read(|db| setting(db, "colour")).unwrap()
}

#[actix_web::test]
async fn work_of_the_old_story_that_had_not_begun_never_does() {
    let trial = Trial::start(crate::ALL, 50);
    let errand = errand(&trial);
    let office = Arc::clone(&errand.office);
    errand.spawn(async move { paint(&office.store, "old").unwrap() });
    trial.hall().reset().await.unwrap();
    trial.hall().room.clock.idle().await;
    assert_eq!(colour(&errand.office), None);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reset_waits_for_work_that_is_in_the_middle_and_for_what_that_begins() {
    let trial = Trial::start(crate::ALL, 50);
    let errand = errand(&trial);
    let (begun, has_begun) = sync_channel(1);
    let work = errand.clone();
    errand.spawn(async move {
        begun.send(()).unwrap();
        // A thread that computes: nothing can end it before it comes to a pause.
        rest(Duration::from_millis(200));
        paint(&work.office.store, "old").unwrap();
        let office = Arc::clone(&work.office);
        work.spawn(async move { paint(&office.store, "older").unwrap() });
    });
    has_begun.recv().unwrap();
    trial.hall().reset().await.unwrap();
    trial.hall().room.clock.idle().await;
    assert_eq!(colour(&errand.office), None);
}

#[actix_web::test]
async fn resets_at_the_same_time_come_one_after_the_other_and_the_next_story_goes_on() {
    let trial = Trial::start(crate::ALL, 50);
    let (hall, errand) = (trial.hall(), errand(&trial));
    paint(&errand.office.store, "old").unwrap();
    let (one, two, three) = tokio::join!(hall.begin(), hall.reset(), hall.begin());
    [one, two, three].into_iter().for_each(Result::unwrap);
    assert_eq!(colour(&errand.office), None);
    assert!(hall.room.ended().now_or_never().is_none());
    drop(hall.begin().now_or_never());
    assert!(hall.room.ended().now_or_never().is_none(), "a reset that was given up lets go");
}

#[actix_web::test]
async fn an_office_that_alone_is_put_back_gives_no_id_that_others_have_seen() {
    let trial = Trial::start(crate::ALL, 50);
    let office = trial.office("messenger");
    assert_eq!(office.next_id("MSG"), "MSG-000001");
    let letter = Letter::to("messenger", Method::POST, "/_arenoa/reset");
    assert_eq!(trial.ask(letter).await.0, 204);
    assert_eq!(office.next_id("MSG"), "MSG-000002");
    trial.hall().reset().await.unwrap();
    assert_eq!(office.next_id("MSG"), "MSG-000001");
}

#[actix_web::test]
async fn no_id_comes_again_after_a_stop_however_few_messages_had_them() {
    let dir = tempfile::tempdir().unwrap();
    let trial = Trial::start_in(dir.path().into(), crate::ALL, 50);
    let office = trial.office("messenger");
    let given: Vec<_> = (0..5000).map(|_| office.next_id("REF")).collect();
    drop(office);
    drop(trial);
    let again = Trial::start_in(dir.path().into(), crate::ALL, 50);
    let next = again.office("messenger").next_id("REF");
    assert!(next > given[4999], "{next} is behind {}", given[4999]);
}

#[actix_web::test]
async fn of_two_who_change_something_for_good_at_once_the_same_one_has_the_last_word() {
    let trial = Trial::start(crate::ALL, 50);
    let errand = errand(&trial);
    for _ in 0..20 {
        std::thread::scope(|scope| {
            for colour in ["red", "blue"] {
                let Errand { office, cause } = &errand;
                scope.spawn(move || office.for_good(cause, |store| paint(store, colour)).unwrap());
            }
        });
        let before = colour(&errand.office);
        trial.hall().begin().await.unwrap();
        assert_eq!(colour(&errand.office), before);
    }
}

#[actix_web::test]
async fn what_cannot_stay_is_not_done_at_all() {
    let trial = Trial::start(crate::ALL, 50);
    let Errand { office, cause } = errand(&trial);
    let refused = office.for_good(&cause, |store| {
        if std::ptr::eq(store, &raw const office.store) {
            return paint(store, "red");
        }
        Err(rusqlite::Error::InvalidQuery.into())
    });
    assert!(refused.is_err());
    assert_eq!(colour(&office), None);
}

#[actix_web::test]
async fn a_country_opens_whatever_else_lies_among_its_rooms() {
    let dir = tempfile::tempdir().unwrap();
    let trial = Trial::start_in(dir.path().into(), crate::ALL, 50);
    trial.country.open_room("team-1").unwrap();
    drop(trial);
    let rooms =
        std::fs::read_dir(dir.path().join("rooms")).unwrap().next().unwrap().unwrap().path();
    std::fs::create_dir(rooms.join("main copy")).unwrap();
    std::fs::write(rooms.join(".DS_Store"), "").unwrap();
    std::fs::write(rooms.join("notes"), "").unwrap();
    let again = Trial::start_in(dir.path().into(), crate::ALL, 50);
    let names: Vec<_> = again.country.halls().iter().map(|hall| hall.room.name.clone()).collect();
    assert_eq!(names, ["main", "team-1"]);
}

#[actix_web::test]
async fn what_is_set_of_peers_stays_when_a_story_begins_and_none_of_two_is_lost() {
    let trial = Trial::start(crate::ALL, 50);
    let set = |peer: &str| {
        let manners = json!({"peer": peer, "encrypt": true});
        trial.ask(Letter::to("messenger", Method::PUT, "/_arenoa/peers").json(&manners))
    };
    tokio::join!(set("one"), set("two"));
    trial.hall().begin().await.unwrap();
    let (_, told) = trial.ask(Letter::get("messenger", "/_arenoa/peers")).await;
    assert_eq!(told["peers"], json!({"one": {"encrypt": true}, "two": {"encrypt": true}}));
}

#[actix_web::test]
async fn an_earlier_guest_that_fails_to_answer_takes_no_part_from_a_later_one() {
    let trial = Trial::start(crate::ALL, 50);
    let room = Arc::clone(&trial.hall().room);
    room.invite("statistics", Some("http://silent.example".into()));
    room.invite("statistics", Some("http://answers.example/".into()));
    room.withdraw("statistics", "http://silent.example", None);
    assert_eq!(room.guests()["statistics"], "http://answers.example");
    room.withdraw("statistics", "http://answers.example/", Some("http://first.example".into()));
    assert_eq!(room.guests()["statistics"], "http://first.example");
}

#[actix_web::test]
async fn no_move_of_the_clock_is_lost() {
    let trial = Trial::start(crate::ALL, 50);
    let room = Arc::clone(&trial.hall().room);
    let before = room.clock.now();
    let by = SignedDuration::from_mins(1);
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                for _ in 0..25 {
                    assert!(room.move_clock(|now| now.checked_add(by).ok()).unwrap());
                }
            });
        }
    });
    assert_eq!(room.clock.now(), before + by * 100);
    assert!(!room.move_clock(|_| None).unwrap(), "there is no such time");
}

#[actix_web::test]
async fn a_closed_room_is_gone_with_its_files_and_a_new_one_of_its_name_knows_nothing_of_it() {
    let dir = tempfile::tempdir().unwrap();
    let trial = Trial::start_in(dir.path().into(), crate::ALL, 50);
    let hall = trial.country.open_room("team-1").unwrap();
    let office = Arc::clone(hall.office("messenger").unwrap());
    paint(&office.store, "red").unwrap();
    let errand = Errand { cause: hall.room.stranger(), office: Arc::clone(&office) };
    drop((hall, office));
    trial.country.close_room("team-1").await.unwrap();
    let late = Arc::clone(&errand.office);
    errand.spawn(async move { paint(&late.store, "late").unwrap() });
    errand.office.room.clock.idle().await;
    assert_eq!(colour(&errand.office).as_deref(), Some("red"), "nothing begins there any more");
    let rooms =
        std::fs::read_dir(dir.path().join("rooms")).unwrap().next().unwrap().unwrap().path();
    assert!(trial.country.hall("team-1").is_none() && !rooms.join("team-1").exists());
    let address = format!("{}/r/team-1/messenger/inbox/1", trial.running.base);
    assert_eq!(trial.ask(Letter::to_address(Method::GET, &address)).await.0, 404);
    let again = trial.country.open_room("team-1").unwrap();
    assert_eq!(colour(again.office("messenger").unwrap()), None);
    for (name, wanted) in [("main", "always open"), ("team-9", "there is no room `team-9`")] {
        let refused = trial.country.close_room(name).await.unwrap_err().to_string();
        assert!(refused.contains(wanted), "{refused}");
    }
}
