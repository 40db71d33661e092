//! What happens while the switch is stopped: the clock on the wall goes on, and a guest lives by it.

use jiff::SignedDuration;

use super::doors::take_in;
use super::*;
use crate::kit::clock::{pause, wall};
use crate::kit::registry::listener::Listener;

#[actix_web::test]
async fn what_expires_in_real_time_while_the_switch_is_stopped_has_expired_when_it_starts() {
    let dir = std::env::temp_dir().join(format!("arenoa-stops-{}", std::process::id()));
    let mut trial = Trial::start_in(dir.clone(), SYSTEMS, 50);
    onboard(&trial).await;
    let guest = Listener::start();
    take_in(&trial, &guest).await;
    let soon = json!(standards::fspiop::DateTime::from(wall() + SignedDuration::from_secs(2)));
    let mut alone = transfer(1, "1", 60);
    alone["payerFsp"] = json!("guest");
    alone["expiration"] = soon.clone();
    let listed = json!({"bulkTransferId": id(3), "bulkQuoteId": id(4), "payerFsp": "guest",
        "payeeFsp": "payee_bank", "expiration": soon, "individualTransfers": [{"transferId": id(2),
        "transferAmount": {"currency": "XTS", "amount": "2"}, "ilpPacket": "AYIC", "condition": proof(2).1}]});
    for (path, body) in [("/transfers", alone), ("/bulkTransfers", listed)] {
        let reply = send(&trial, ("POST", path, "guest"), "payee_bank", Some(&body)).await;
        assert_eq!(reply.status, 202);
    }
    assert_eq!(position(&trial, "guest").await, "3");
    assert_eq!(received(&trial, "payee_bank").await.len(), 2);
    trial.running.halt().await;
    drop(trial);

    pause(std::time::Duration::from_secs(2)).await;
    assert_eq!(guest.count(), 0);
    let trial = Trial::start_in(dir.clone(), SYSTEMS, 50);
    let mut told = guest.hears(2).await;
    told.sort_by(|one, other| one.0.cmp(&other.0));
    let paths = [format!("/bulkTransfers/{}/error", id(3)), format!("/transfers/{}/error", id(1))];
    for ((path, said), right) in told.iter().zip(&paths) {
        assert_eq!((path, &said["errorInformation"]["errorCode"]), (right, &json!("3303")));
    }
    assert_eq!(position(&trial, "guest").await, "0");
    assert_eq!(received(&trial, "payee_bank").await.len(), 2, "nothing was passed on again");
    books_balance(&trial);
    drop(trial);
    std::fs::remove_dir_all(&dir).unwrap();
}
