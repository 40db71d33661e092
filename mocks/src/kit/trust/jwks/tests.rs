use std::net::TcpListener;

use super::*;
use crate::kit::trial::Trial;

const SYSTEMS: &[crate::kit::system::System] =
    &[crate::civil_registry::SYSTEM, crate::gateway::SYSTEM];

#[test]
fn a_sender_id_and_a_part_are_two_spellings_of_one_name() {
    assert_eq!(part_of("programme-office.arenoa"), "programme_office");
    assert_eq!(sender_id_of("programme_office"), "programme-office.arenoa");
}

fn errand(trial: &Trial) -> Errand {
    Errand { office: trial.office("civil_registry"), cause: trial.cause() }
}

#[actix_web::test]
async fn whoever_cannot_be_reached_is_not_asked_for_each_message() {
    let trial = Trial::start(SYSTEMS, 20);
    let (errand, ring) = (errand(&trial), KeyRing::default());
    let nobody = Owner::Address("http://127.0.0.1:9".into());
    let mut lines = Vec::new();
    for _ in 0..3 {
        let key = ring.key(&errand, &nobody, None, Algorithm::RS256).await;
        assert!(matches!(key, Err(NoKey::Unreachable(..))), "{key:?}");
        lines.push(trial.journal().await.len());
    }
    assert!(lines[0] > 0 && lines.iter().all(|count| *count == lines[0]), "{lines:?}");
}

#[actix_web::test]
async fn nobody_waits_for_the_keys_of_somebody_else() {
    let trial = Trial::start(SYSTEMS, 20);
    let (errand, ring) = (errand(&trial), KeyRing::default());
    // It takes calls and says nothing.
    let silent = TcpListener::bind("127.0.0.1:0").unwrap();
    let silent = Owner::Address(format!("http://{}", silent.local_addr().unwrap()));
    let nobody = Owner::Address("http://127.0.0.1:9".into());
    let slow = ring.key(&errand, &silent, None, Algorithm::RS256);
    tokio::select! {
        biased;
        _ = slow => panic!("the silent one has answered first"),
        key = ring.key(&errand, &nobody, None, Algorithm::RS256) => assert!(key.is_err()),
    }
}
