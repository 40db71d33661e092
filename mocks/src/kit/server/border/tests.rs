//! What the border does with messages that are late, come twice, or only look like the developer's.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::sync::mpsc::sync_channel;

use http::Method;
use serde_json::{Value, json};

use crate::kit::clock::pause;
use crate::kit::courier::Letter;
use crate::kit::journal::{Entry, Kind, LONGEST_BODY, Wanted};
use crate::kit::trial::Trial;

const INBOX: &str = "/inbox/%2B99912340001";

fn sms() -> Value {
    json!({"to": "+99912340001", "text": "Good morning"})
}

/// How often a system was asked with this action.
fn count(journal: &[Entry], action: &str) -> usize {
    journal.iter().filter(|e| e.kind == Kind::Request && e.action == action).count()
}

#[actix_web::test]
async fn the_secret_of_the_country_is_in_no_journal() {
    let trial = Trial::start(crate::ALL, 50);
    let letter = Letter::post("messenger", "/sms").json(&sms());
    trial.ask(letter.header("arenoa-secret", "correct-horse")).await;
    let journal = trial.journal().await;
    let kept = |e: &&Entry| e.headers.contains("arenoa-secret:");
    assert_eq!(journal.iter().filter(kept).count(), 1);
    assert!(journal.iter().all(|entry| !entry.headers.contains("correct-horse")));
}

#[actix_web::test]
async fn a_secret_that_lies_across_the_end_of_what_is_kept_is_masked() {
    let trial = Trial::start(crate::ALL, 50);
    let before = format!(r#"{{"x":"{}","password":"#, "x".repeat(LONGEST_BODY - 30));
    let body = format!(r#"{before}"correct-horse"}}"#);
    let letter = Letter::post("identity", "/nothing").bytes("application/json", body);
    trial.ask(letter).await;
    let journal = trial.journal().await;
    let kept = journal.iter().find(|e| e.action == "POST /nothing").unwrap();
    assert!(kept.body.contains(r#""password":"•••""#) && kept.body.contains("cut here"));
    assert!(!kept.body.contains("corr"), "{}", &kept.body[LONGEST_BODY - 30..]);
}

#[actix_web::test]
async fn a_path_that_only_looks_like_the_developers_is_a_message() {
    let trial = Trial::start(crate::ALL, 50);
    let put = |path| {
        let letter = Letter::to("payment_switch", Method::PUT, path);
        trial.ask(letter.header("arenoa-fault", "refusing:503"))
    };
    let paths = ["/parties/MSISDN/openapi.json", "/parties/MSISDN/_arenoa/x", "/x_arenoa/state"];
    for path in paths {
        assert_eq!(put(path).await.0, 503, "{path}");
    }
    let journal = trial.journal().await;
    let kept = journal.iter().filter(|entry| entry.kind == Kind::Request);
    let kept: Vec<_> =
        kept.filter_map(|entry| entry.path.strip_prefix("/payment-switch")).collect();
    assert_eq!(kept, paths);

    let base = &trial.running.base;
    for path in
        ["/civil-registry/_arenoa/state", "/civil-registry/openapi.json", "/crvs/openapi.json"]
    {
        let letter = Letter::to_address(Method::GET, &format!("{base}{path}"));
        assert_eq!(trial.ask(letter.header("arenoa-fault", "refusing:503")).await.0, 200, "{path}");
    }
    let journal = trial.journal().await;
    assert!(journal.iter().all(|entry| entry.to != "civil_registry"));
}

#[actix_web::test]
async fn a_message_comes_twice_at_the_root_and_in_every_room() {
    let trial = Trial::start(crate::ALL, 50);
    let rooms = [trial.hall(), trial.country.open_room("gateway-x").unwrap()];
    for (place, hall) in ["", "/r/gateway-x"].into_iter().zip(rooms) {
        for (path, action) in [
            ("/crvs/sync/search?x=1", "POST /crvs/sync/search"),
            ("/civil-registry/registry/search", "POST /registry/search"),
            ("/oauth2/client/token", "POST /oauth2/client/token"),
            ("/gateway/sms", "POST /sms"),
        ] {
            hall.reset().await.unwrap();
            let address = format!("{}{place}{path}", trial.running.base);
            let letter = Letter::to_address(Method::POST, &address).json(&sms());
            let letter = letter.header("arenoa-secret", "horse");
            trial.send(letter.header("arenoa-fault", "duplicating")).await;
            hall.room.clock.idle().await;
            hall.room.journal.settled().await;
            let mut came = hall.room.journal.requests(&Wanted::default(), 100).unwrap();
            came.retain(|entry| ["civil_registry", "gateway"].contains(&entry.to.as_str()));
            let asked: Vec<_> = came.iter().map(|e| (e.action.as_str(), e.path.as_str())).collect();
            let path = format!("{place}{path}");
            assert_eq!(asked, [(action, path.as_str()); 2]);
            let showed: Vec<_> = came.iter().map(|e| e.headers.contains("arenoa-secret")).collect();
            assert_eq!(showed, [true, false], "the secret is not passed on");
        }
    }
}

#[actix_web::test]
async fn what_a_guest_sends_is_told_as_its_own_by_the_words_of_its_standard() {
    let trial = Trial::start(crate::ALL, 50);
    let (room, port) = (&trial.hall().room, trial.running.port);
    room.invite("civil_registry", Some(String::from("http://127.0.0.1:9/crvs")));
    room.invite("greenbank", Some(String::from("http://127.0.0.1:9")));
    let says = |sender: Value| json!({"header": sender, "message": {}}).to_string();
    let notice = |body: String| ("POST /programme-office/registry/notify", "x-nothing: x", body);
    let messages = [
        notice(says(json!({"sender_id": "civil-registry.arenoa"}))),
        notice(says(json!({"sender_id": "http://127.0.0.1:9/crvs"}))),
        notice(says(json!({"sender_id": "x", "sender_uri": "http://127.0.0.1:9/crvs/back"}))),
        notice(says(json!({"sender_id": "x"}))),
        ("PUT /payment-switch/transfers/7", "fspiop-source: greenbank", String::from("{}")),
        ("PUT /payment-switch/transfers/8", "fspiop-source: pinkbank", String::from("{}")),
    ];
    for (action, header, body) in messages {
        let head = format!("{action} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n{header}\r\n");
        let request = format!("{head}content-length: {}\r\n\r\n{body}", body.len());
        let ask = move || {
            let mut line = TcpStream::connect(("127.0.0.1", port)).unwrap();
            line.write_all(request.as_bytes()).unwrap();
            line.read_to_end(&mut Vec::new()).unwrap()
        };
        assert!(tokio::task::spawn_blocking(ask).await.unwrap() > 0);
    }
    let journal = trial.journal().await;
    let requests = journal.iter().filter(|entry| entry.kind == Kind::Request);
    let from: Vec<_> = requests.map(|entry| entry.from.as_str()).collect();
    let registry = "civil_registry";
    assert_eq!(from, [registry, registry, registry, "outside", "greenbank", "outside"]);
}

#[actix_web::test]
async fn a_late_message_of_the_old_story_changes_nothing_in_the_new_one() {
    let trial = Trial::start(crate::ALL, 50);
    let letter = Letter::post("messenger", "/sms").json(&sms());
    let sent = trial.send(letter.header("arenoa-fault", "late:8000"));
    let reset = async {
        while count(&trial.journal().await, "POST /sms") == 0 {
            pause(std::time::Duration::from_millis(1)).await;
        }
        trial.hall().reset().await.unwrap();
    };
    let (reply, ()) = tokio::join!(sent, reset);
    assert_eq!(reply.status, 503);
    let inbox = trial.ask(Letter::get("messenger", INBOX)).await.1;
    assert!(!inbox.to_string().contains("Good morning"), "{inbox}");
}

#[actix_web::test]
async fn a_message_that_is_still_on_its_way_at_a_reset_changes_nothing() {
    let trial = Trial::start(crate::ALL, 50);
    let (port, body) = (trial.running.port, sms().to_string());
    let ((begun, begins), (go_on, goes_on)) = (sync_channel(1), sync_channel::<()>(1));
    let slow = tokio::task::spawn_blocking(move || {
        let mut line = TcpStream::connect(("127.0.0.1", port)).unwrap();
        let head =
            "POST /messenger/sms HTTP/1.1\r\nhost: x\r\nconnection: close\r\nexpect: 100-continue";
        write!(line, "{head}\r\ncontent-length: {}\r\n\r\n", body.len()).unwrap();
        // The server says so when it begins to read the body.
        let mut told = [0; 25];
        line.read_exact(&mut told).unwrap();
        begun.send(()).unwrap();
        goes_on.recv().unwrap();
        // The line may be cut already.
        drop(line.write_all(body.as_bytes()));
        drop(line.read_to_end(&mut Vec::new()));
    });
    tokio::task::spawn_blocking(move || begins.recv().unwrap()).await.unwrap();
    trial.hall().reset().await.unwrap();
    go_on.send(()).unwrap();
    slow.await.unwrap();
    let inbox = trial.ask(Letter::get("messenger", INBOX)).await.1;
    assert!(!inbox.to_string().contains("Good morning"), "{inbox}");
}
