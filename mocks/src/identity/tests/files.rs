//! The identity store as a file: only HTTP.

use http::Method;
use serde_json::Value;

use crate::kit::courier::Letter;
use crate::kit::trial::Trial;

async fn exported(trial: &Trial) -> String {
    let reply = trial.send(Letter::get("identity", "/_arenoa/export")).await;
    assert_eq!(reply.status, 200);
    String::from_utf8(reply.body.to_vec()).unwrap()
}

async fn imported(trial: &Trial, text: &str) -> (u16, Value) {
    let letter = Letter::to("identity", Method::POST, "/_arenoa/import");
    trial.ask(letter.bytes("text/csv", text.to_owned())).await
}

#[actix_web::test]
async fn identities_leave_as_a_file_and_come_back_the_same() {
    let trial = Trial::start(&[crate::identity::SYSTEM], 120);
    let before = exported(&trial).await;
    assert!(before.lines().count() > 100 && before.contains("Amaro"), "{before}");
    // For good, as the file is brought: nobody is there when a story begins either.
    let emptied = trial.office("identity").for_good(&trial.cause(), |store| {
        store.alter(|tx| {
            tx.execute("delete from person", [])?;
            Ok(())
        })
    });
    emptied.unwrap();
    let (status, outcome) = imported(&trial, &before).await;
    assert_eq!((status, &outcome["entered"]), (200, &(before.lines().count() - 1).into()));
    assert_eq!(exported(&trial).await, before);
}

#[actix_web::test]
async fn one_wrong_line_enters_nobody() {
    let trial = Trial::start(&[crate::identity::SYSTEM], 120);
    let before = exported(&trial).await;
    let header = "uin,given_name,family_name,birth_date,sex,deceased_on,locked,names";
    let right = "9000000001,Ama,Sol,1990-02-03,female,,PIN OTP,\"{\"\"fra\"\":[\"\"Aimée\"\",\"\"Sol\"\"]}\"";
    for (wrong, column) in [
        ("900000002,Bo,Sol,1990-02-03,male,,,", "uin"),
        ("9000000002,Bo,Sol,1990-02-03,man,,,", "sex"),
        ("9000000002,Bo,Sol,1990-02-03,male,1980-01-01,,", "deceased_on"),
        ("9000000002,Bo,Sol,1990-02-03,male,,EYE,", "locked"),
        ("9000000002,Bo,Sol,1990-02-03,male,,,\"{\"\"fra\"\":1}\"", "names"),
        ("9000000001,Bo,Sol,1990-02-03,male,,,", "uin"),
    ] {
        let (status, outcome) = imported(&trial, &format!("{header}\n{right}\n{wrong}\n")).await;
        assert_eq!((status, &outcome["problems"][0]["column"]), (422, &column.into()), "{outcome}");
        assert_eq!(exported(&trial).await, before, "{wrong}");
    }
    let (status, _) = imported(&trial, &format!("{header}\n{right}\n")).await;
    let after = exported(&trial).await;
    assert_eq!(status, 200);
    assert!(after.contains("9000000001,Ama,Sol") && after.contains("OTP PIN"), "{after}");
}
