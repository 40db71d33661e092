//! The event API in the shape of OpenCRVS: notify, declare, register, search, correct; with the right token only.

use http::Method;
use serde_json::{Value, json};

use super::{SYSTEMS, pass_days, uin};
use crate::kit::courier::Letter;
use crate::kit::room::Policy;
use crate::kit::trial::Trial;

const EVENTS: &str = "/api/events/events";

struct Client<'a> {
    trial: &'a Trial,
    token: String,
}

impl<'a> Client<'a> {
    async fn new(trial: &'a Trial, id: &str) -> Self {
        let body =
            json!({"client_id": id, "client_secret": id, "grant_type": "client_credentials"});
        let letter = Letter::post("civil_registry", "/auth/token").json(&body);
        let (status, granted) = trial.ask(letter).await;
        assert_eq!(status, 200, "{granted}");
        Self { trial, token: granted["access_token"].as_str().unwrap().to_owned() }
    }

    async fn post(&self, path: &str, body: &Value) -> (u16, Value) {
        let path = format!("{EVENTS}{path}");
        let letter = Letter::post("civil_registry", path).json(body).bearer(&self.token);
        self.trial.ask(letter).await
    }

    async fn get(&self, path: &str) -> (u16, Value) {
        self.trial.ask(Letter::get("civil_registry", path).bearer(&self.token)).await
    }

    async fn search(&self, clause: Value) -> Value {
        let question = json!({"query": {"type": "and", "clauses": [clause]}});
        let (status, found) = self.post("/search", &question).await;
        assert_eq!(status, 200, "{found}");
        found
    }
}

fn declaration(trial: &Trial) -> Value {
    json!({
        "child.name": {"firstname": "Ada", "surname": "Ortal"}, "child.dob": "2026-10-04",
        "child.gender": "female", "child.placeOfBirth": "QN010101",
        "mother.nid": uin(trial, "lena"), "father.detailsNotAvailable": true,
        "informant.relation": "MOTHER",
    })
}

#[actix_web::test]
async fn a_clinic_notifies_and_the_registrar_declares_and_registers() {
    let trial = Trial::start(SYSTEMS, 100);
    pass_days(&trial, 5);
    let (clinic, office) = (Client::new(&trial, "clinic").await, Client::new(&trial, "demo").await);
    let note = json!({"type": "birth", "transactionId": "clinic-1", "createdAtLocation": "QN010101",
        "declaration": {"child.dob": "2026-10-04"}});
    let (status, notified) = clinic.post("/notify", &note).await;
    assert_eq!(status, 200, "{notified:#}");
    assert_eq!(notified["actions"][1]["type"], "NOTIFY");
    let (_, again) = clinic.post("/notify", &note).await;
    assert_eq!(again, notified, "the same transaction is the same event");
    let id = notified["id"].as_str().unwrap();
    let (_, read) = clinic.get(&format!("{EVENTS}/{id}")).await;
    assert_eq!(read, notified);
    let declare = json!({"transactionId": "t-2", "declaration": {"child.dob": "2026-10-04"}});
    let (status, refused) = office.post(&format!("/{id}/declare"), &declare).await;
    assert_eq!((status, refused["code"].as_str()), (400, Some("BAD_REQUEST")));
    assert!(refused["message"].as_str().unwrap().contains("child."), "{refused}");
    let declare = json!({"transactionId": "t-3", "declaration": declaration(&trial)});
    let (status, declared) = office.post(&format!("/{id}/declare"), &declare).await;
    assert_eq!(status, 200, "{declared:#}");
    let (status, registered) =
        office.post(&format!("/{id}/register"), &json!({"transactionId": "t-4"})).await;
    assert_eq!(status, 200, "{registered:#}");
    let last = registered["actions"].as_array().unwrap().last().unwrap();
    assert_eq!(
        (last["type"].as_str(), last["status"].as_str()),
        (Some("REGISTER"), Some("Accepted"))
    );
    let number = last["registrationNumber"].as_str().unwrap();
    let (_, twice) =
        office.post(&format!("/{id}/register"), &json!({"transactionId": "t-4"})).await;
    assert_eq!(twice, registered, "the same transaction does nothing");
    let (status, late) =
        office.post(&format!("/{id}/register"), &json!({"transactionId": "t-5"})).await;
    assert_eq!((status, late["code"].as_str()), (409, Some("CONFLICT")), "{late}");
    let found = office
        .search(json!({"eventType": "birth", "status": {"type": "exact", "term": "REGISTERED"},
        "legalStatuses.REGISTERED.registrationNumber": {"type": "exact", "term": number}}))
        .await;
    assert_eq!((&found["total"], &found["results"][0]["id"]), (&json!(1), &json!(id)));
    assert_eq!(found["results"][0]["declaration"]["mother.name"]["firstname"], "Lena");
}

#[actix_web::test]
async fn a_client_of_opencrvs_1_9_creates_an_event_and_notifies_it_by_the_older_path() {
    let trial = Trial::start(SYSTEMS, 100);
    pass_days(&trial, 5);
    let clinic = Client::new(&trial, "clinic").await;
    let (_, created) = clinic.post("", &json!({"type": "v2.birth", "transactionId": "a"})).await;
    let notice = json!({"eventId": created["id"], "transactionId": "b", "type": "NOTIFY",
        "declaration": {"child.dob": "2026-10-04"}, "annotation": {}, "createdAtLocation": "QN0101-CRO"});
    let (status, notified) = clinic.post("/notifications", &notice).await;
    assert_eq!(status, 200, "{notified}");
    let told = |at: usize, name: &str| notified["actions"][at][name].clone();
    let log = [0, 1, 2].map(|at| (told(at, "type"), told(at, "status")));
    let line = |kind: &str, status: &str| (json!(kind), json!(status));
    assert_eq!(
        log,
        [line("CREATE", "Accepted"), line("NOTIFY", "Requested"), line("NOTIFY", "Accepted")]
    );
    assert_eq!(
        (notified["id"] == created["id"], told(2, "originalActionId")),
        (true, told(1, "id"))
    );
    assert_eq!(clinic.post("/notifications", &notice).await.1, notified, "the same transaction");
    let with = |name: &str, value: Value| {
        let mut other = notice.clone();
        other[name] = value;
        other
    };
    assert_eq!(clinic.post("/notifications", &with("eventId", json!("x"))).await.0, 404);
    let mut nameless = notice.clone();
    nameless.as_object_mut().unwrap().remove("eventId");
    let (status, refused) = clinic.post("/notifications", &nameless).await;
    assert_eq!((status, &refused["issues"][0]["path"]), (400, &json!(["eventId"])), "{refused}");
}

#[actix_web::test]
async fn what_the_form_does_not_have_is_refused_as_opencrvs_refuses_it() {
    let trial = Trial::start(SYSTEMS, 100);
    let clinic = Client::new(&trial, "clinic").await;
    let note = |declaration: Value, place: &str| {
        json!({"type": "birth", "transactionId": format!("{declaration}{place}"),
            "declaration": declaration, "createdAtLocation": place})
    };
    for (declaration, message) in [
        (json!({"foo.bar": "x"}), r#"[{"message":"Unexpected field","id":"foo.bar","value":"x"}]"#),
        (
            json!({"child.name": {"surname": 12345}}),
            r#"[{"message":"Invalid input","id":"child.name","value":{"surname":12345}}]"#,
        ),
    ] {
        let (status, refused) = clinic.post("/notify", &note(declaration, "QN0101-CRO")).await;
        assert_eq!((status, refused["message"].as_str()), (400, Some(message)));
    }
    let half = || json!({"child.name": {"surname": "Ray"}});
    assert_eq!(clinic.post("/notify", &note(half(), "QN0101")).await.0, 200);
    let journal = trial.journal().await;
    assert!(journal.iter().any(|entry| entry.remark.contains("must be an office location")));
    trial.hall().room.set_policy(Policy::Strict).unwrap();
    let (status, refused) = clinic.post("/notify", &note(half(), "QN010101")).await;
    assert_eq!(
        (status, refused["message"].as_str()),
        (400, Some("createdAtLocation must be an office location"))
    );
    assert_eq!(clinic.post("/notify", &note(half(), "QN010101-HF")).await.0, 200);
}

#[actix_web::test]
async fn events_are_found_by_every_matcher() {
    let trial = Trial::start(SYSTEMS, 100);
    pass_days(&trial, 5);
    let office = Client::new(&trial, "demo").await;
    let note = json!({"type": "birth", "transactionId": "n", "declaration": declaration(&trial)});
    let (_, notified) = office.post("/notify", &note).await;
    let nothing = json!({"type": "death", "transactionId": "d", "declaration": {"deceased.name": {"firstname": "Otto", "surname": "Reyn"}}});
    office.post("/notify", &nothing).await;
    for clause in [
        json!({"trackingId": notified["trackingId"]}),
        json!({"flags": {"type": "anyOf", "terms": ["incomplete"]}, "eventType": "birth"}),
        json!({"dateOfEvent": {"type": "range", "gte": "2026-10-01", "lte": "2026-10-31"}}),
        json!({"data": {"child.name": {"type": "exact", "term": "ada ORTAL"}}}),
        json!({"data": {"child.name": {"type": "fuzzy", "term": "ort"}}}),
        json!({"data": {"child.placeOfBirth": {"type": "within", "location": "QN0101"}}}),
        json!({"data": {"mother.nid": {"type": "anyOf", "terms": ["1", uin(&trial, "lena")]}}}),
        json!({"data": {"child.dob": {"type": "range", "lte": "2026-10-04"}}}),
    ] {
        let found = office.search(clause.clone()).await;
        assert_eq!(found["total"], 1, "{clause}: {found:#}");
        assert_eq!(found["results"][0]["id"], notified["id"], "{clause}");
    }
    for clause in [
        json!({"data": {"child.name": {"type": "fuzzy", "term": "%"}}, "eventType": "death"}),
        json!({"data": {"child.name": {"type": "exact", "term": "' or 1=1"}}}),
        json!({"flags": "late-registration"}),
    ] {
        assert_eq!(office.search(clause.clone()).await["total"], 0, "{clause}");
    }
    let wrong = json!({"query": {"type": "and", "clauses": [{"colour": "red"}]}});
    let (status, refused) = office.post("/search", &wrong).await;
    assert_eq!((status, refused["code"].as_str()), (400, Some("BAD_REQUEST")));
    let (_, places) = office.get("/api/events/locations").await;
    assert_eq!(places.as_array().unwrap().len(), (4 + 16 + 128) + 16 + 128);
    let (_, offices) = office.get("/api/events/locations?locationType=CRVS_OFFICE").await;
    assert_eq!(offices.as_array().unwrap().len(), 16);
    assert_eq!(
        (&offices[0]["id"], &offices[0]["parentId"]),
        (&json!("QN0101-CRO"), &json!("QN0101"))
    );
    let fhir = Letter::get("civil_registry", "/location?type=HEALTH_FACILITY");
    let (status, bundle) = trial.ask(fhir).await;
    assert_eq!((status, &bundle["total"]), (200, &json!(128)));
    let first = &bundle["entry"][0]["resource"];
    assert_eq!(
        (&first["id"], &first["partOf"]["reference"]),
        (&json!("QN010101-HF"), &json!("Location/QN010101"))
    );
}

#[actix_web::test]
async fn a_correction_is_asked_for_by_one_and_decided_by_another() {
    let trial = Trial::start(SYSTEMS, 100);
    pass_days(&trial, 5);
    let office = Client::new(&trial, "demo").await;
    let note = json!({"type": "birth", "transactionId": "n", "declaration": declaration(&trial)});
    let (_, notified) = office.post("/notify", &note).await;
    let id = notified["id"].as_str().unwrap().to_owned();
    let act = async |path: &str, body: Value| office.post(&format!("/{id}/{path}"), &body).await;
    let change = json!({"transactionId": "c-1", "content": {"reason": "misheard"},
        "declaration": {"child.name": {"firstname": "Ida", "surname": "Ortal"}}});
    assert_eq!(act("correction/request", change.clone()).await.0, 409, "nothing is entered yet");
    assert_eq!(act("register", json!({"transactionId": "r"})).await.0, 200);
    let (status, asked) = act("correction/request", change).await;
    assert_eq!(status, 200, "{asked}");
    let find = json!({"flags": {"type": "exact", "term": "correction-requested"}});
    assert_eq!(office.search(find.clone()).await["total"], 1);
    let no_reason = json!({"transactionId": "c-2"});
    assert_eq!(act("correction/reject", no_reason).await.0, 400);
    assert_eq!(act("correction/approve", json!({"transactionId": "c-3"})).await.0, 200);
    assert_eq!(office.search(find).await["total"], 0);
    let by_name = json!({"data": {"child.name": {"type": "exact", "term": "Ida Ortal"}}});
    assert_eq!(office.search(by_name).await["total"], 1);
    assert_eq!(act("correction/approve", json!({"transactionId": "c-4"})).await.0, 409);
}

#[actix_web::test]
async fn nobody_comes_in_without_the_right_token() {
    let trial = Trial::start(SYSTEMS, 100);
    let clinic = Client::new(&trial, "clinic").await;
    let wrong =
        json!({"client_id": "clinic", "client_secret": "?", "grant_type": "client_credentials"});
    let letter = Letter::post("civil_registry", "/auth/token").json(&wrong);
    assert_eq!(trial.ask(letter).await.0, 401);
    let form = [
        ("client_id", "clinic"),
        ("client_secret", "clinic"),
        ("grant_type", "client_credentials"),
    ];
    assert_eq!(trial.ask(Letter::post("civil_registry", "/auth/token").form(&form)).await.0, 200);
    let query = "/auth/token?client_id=clinic&client_secret=clinic&grant_type=client_credentials";
    assert_eq!(trial.ask(Letter::post("civil_registry", query)).await.0, 200);
    let other = json!({"grant_type": "password"});
    assert_eq!(trial.ask(Letter::post("civil_registry", "/auth/token").json(&other)).await.0, 400);
    let question = json!({"query": {"type": "and", "clauses": [{"status": "NOTIFIED"}]}});
    let (status, refused) = clinic.post("/search", &question).await;
    assert_eq!((status, refused["code"].as_str()), (403, Some("FORBIDDEN")), "{refused}");
    assert!(refused["message"].as_str().unwrap().contains("record.search"));
    for act in ["register", "register/accept", "correction/approve", "archive"] {
        let (status, _) = clinic.post(&format!("/x/{act}"), &json!({"transactionId": "t"})).await;
        assert_eq!(status, 403, "{act}");
    }
    let bare = Letter::post("civil_registry", format!("{EVENTS}/notify")).json(&json!({}));
    assert_eq!(trial.ask(bare.clone()).await.0, 401);
    assert_eq!(trial.ask(bare.bearer("ey.ey.ey")).await.0, 401);
    for (body, words) in [
        (json!({"type": "birth"}), "transactionId"),
        (json!({"type": "adoption", "transactionId": "t"}), "birth, death, marriage or divorce"),
        (json!({"type": "birth", "transactionId": "t", "createdAtLocation": "XX"}), "locations"),
        (json!({"type": "birth", "transactionId": "t", "declaration": []}), "declaration"),
    ] {
        let (status, refused) = clinic.post("/notify", &body).await;
        assert_eq!(status, 400, "{body}");
        assert_eq!(refused["message"], "Input validation failed");
        let sentence = refused["issues"][0]["message"].as_str().unwrap();
        assert!(sentence.contains(words), "{refused}");
    }
    let key = trial.send(Letter::to("civil_registry", Method::GET, "/.well-known")).await;
    assert!(key.body.starts_with(b"-----BEGIN PUBLIC KEY-----"));
}
