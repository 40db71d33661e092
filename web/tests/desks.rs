//! Portal and desks over a running country: what people see, and what their forms cause.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use actix_web::body::to_bytes;
use actix_web::cookie::Cookie;
use actix_web::dev::Service as _;
use actix_web::test::{TestRequest, call_service, init_service};
use actix_web::{App, HttpResponse};
use mocks::kit::country::{Country, Settings};
use mocks::kit::journal::Kind;
use mocks::kit::server::{Listen, Running, enter_room, serve};
use orchestrator::scenario::Library;
use orchestrator::theatre::Theatre;
use web::pages::pages;

static OPENED: AtomicU32 = AtomicU32::new(0);
const TOKEN: &str = "0123456789abcdef0123456789abcdef";

/// A country with its theatre, served on a free port.
struct House {
    theatre: Arc<Theatre>,
    country: Arc<Country>,
    running: Running,
    dir: PathBuf,
}

impl House {
    fn open() -> Self {
        let number = OPENED.fetch_add(1, Ordering::Relaxed);
        let name = format!("arenoa-desks-{}-{number}", std::process::id());
        let dir = std::env::temp_dir().join(name);
        let settings = Settings {
            candidates: 0,
            dir: dir.clone(),
            keys: Some(std::env::temp_dir().join("arenoa-trial-keys")),
            people: 300,
            seed: 42,
            allowed_hosts: Vec::new(),
        };
        let country = Country::open(settings, mocks::ALL).expect("the country opens");
        let library = Library::built_in(&country.people).expect("the stories can be read");
        let theatre = Theatre::new(Arc::clone(&country), library);
        let running = serve(&country, &Listen::default(), |_| {}).expect("a port is free");
        Self { theatre, country, running, dir }
    }

    async fn get(&self, path: &str) -> (u16, String) {
        let (answer, body) = self.send(TestRequest::get().uri(path)).await;
        (answer.status().as_u16(), body)
    }

    async fn post(&self, path: &str, fields: &[(&str, &str)]) -> (HttpResponse<()>, String) {
        let fields: Vec<_> = fields.iter().copied().chain([("csrf", TOKEN)]).collect();
        self.send(TestRequest::post().uri(path).set_form(fields)).await
    }

    async fn send(&self, request: TestRequest) -> (HttpResponse<()>, String) {
        let app = App::new().wrap_fn(|mut req, next| {
            enter_room(&mut req);
            next.call(req)
        });
        let app = init_service(app.configure(pages(&self.theatre))).await;
        let request = request.cookie(Cookie::new("arenoa_form", TOKEN)).to_request();
        let (answer, body) = call_service(&app, request).await.into_parts().1.into_parts();
        let body = to_bytes(body).await.expect("the page arrives");
        (answer, String::from_utf8_lossy(&body).into_owned())
    }

    fn card(&self, id: &str, field: &str) -> String {
        let cards = self.country.people.cast_cards();
        let card = cards.as_array().into_iter().flatten().find(|card| card["id"] == id);
        card.and_then(|card| card[field].as_str()).expect("the cast has this card").to_owned()
    }
}

impl Drop for House {
    fn drop(&mut self) {
        // A folder that cannot be removed is the temporary folder's own matter.
        drop(std::fs::remove_dir_all(&self.dir));
    }
}

#[actix_web::test]
async fn somebody_applies_and_is_led_to_the_login() {
    let house = House::open();
    let (status, page) = house.get("/portal?person=tomas").await;
    let (uin, phone) = (house.card("tomas", "uin"), house.card("tomas", "phone"));
    assert_eq!(status, 200);
    for words in [uin.as_str(), phone.as_str(), "Old Age Pension", "No messages yet"] {
        assert!(page.contains(words), "the portal does not say: {words}");
    }
    assert!(
        !page.contains("S01-F"),
        "a card shows the number of a branch, which tells nobody anything"
    );
    let fields = [("person", "tomas"), ("uin", &uin), ("phone", &phone), ("programme", "OAP")];
    let (answer, page) = house.post("/portal", &fields).await;
    assert_eq!(answer.status(), 303, "{page}");
    let login = answer.headers().get("location").and_then(|l| l.to_str().ok()).unwrap_or_default();
    assert!(login.contains("/identity/authorize?"), "{login}");
    let journal = house.country.main().room.journal.after(0, 10).expect("the journal is read");
    assert_eq!((journal[0].from.as_str(), journal[0].to.as_str()), ("tomas", "programme_office"));
    let (_, page) = house.get("/portal?person=tomas").await;
    assert!(page.contains("APP-2026-000001"), "the application is not shown to its applicant");
}

#[actix_web::test]
async fn a_wrong_number_is_told_on_the_portal() {
    let house = House::open();
    let fields = [("uin", "123"), ("phone", "+99912345678"), ("programme", "OAP")];
    let (answer, page) = house.post("/portal", &fields).await;
    assert_eq!(answer.status(), 400);
    assert!(page.contains("The application was not accepted"), "{page}");
    assert!(page.contains(r#"value="123""#), "what was typed is kept");
}

#[actix_web::test]
async fn a_death_at_the_desk_is_a_message_of_the_country() {
    let house = House::open();
    let uin = house.card("tomas", "uin");
    let death = [("uin", uin.as_str()), ("date", "2026-09-30"), ("place", "")];
    let (answer, page) = house.post("/desk/civil-registry/do/death", &death).await;
    assert_eq!(answer.status(), 200);
    assert!(page.contains("DRN-2026-"), "the answer is not shown: {page}");
    let main = house.country.main();
    main.room.journal.settled().await;
    let rows = main.room.journal.after(0, 10).expect("the journal is read");
    let reported = rows.iter().find(|row| row.kind == Kind::Request).expect("a request");
    assert_eq!(reported.action, "POST /events/deaths");
    assert_eq!(reported.from, "officer");
    assert!(!reported.body.contains("place"), "an empty field was sent: {}", reported.body);
    let (answer, page) = house.post("/desk/civil_registry/do/death", &death).await;
    assert_eq!(answer.status(), 200);
    assert!(page.contains("409") && page.contains("entered already"), "{page}");
}

#[actix_web::test]
async fn the_desks_of_disability_land_and_work_do_their_act() {
    type Form<'a> = &'a [(&'a str, &'a str)];
    let house = House::open();
    let (grace, leo) = (house.card("grace", "uin"), house.card("leo", "uin"));
    let acts: [(&str, Form<'_>, &str); 5] = [
        (
            "disability-registry/do/assessment",
            &[
                ("uin", &grace),
                ("certified", "Approved"),
                ("level", "2"),
                ("impairment", "Vision"),
                ("review", "2029-10-01"),
            ],
            "Severe",
        ),
        (
            "farmer-registry/do/land",
            &[
                ("uin", &grace),
                ("land_size", "2"),
                ("measurment", "AC"),
                ("land_tenure", "2"),
                ("crop", "rice"),
                ("community", "QN030203"),
            ],
            "0.8094",
        ),
        (
            "farmer-registry/do/plot",
            &[("plot", "PLOT-00001"), ("land_size", "1.5"), ("measurment", "H"), ("crop", "")],
            "1.5",
        ),
        ("employment-service/do/jobseeker", &[("uin", &leo), ("unemployed", "8")], "Active"),
        ("employment-service/do/profile", &[("uin", &leo), ("standing", "Suspended")], "Suspended"),
    ];
    for (path, form, expected) in acts {
        let (answer, page) = house.post(&format!("/desk/{path}"), form).await;
        assert_eq!(answer.status(), 200);
        let shown = page.split("class=\"answer\"").nth(1).unwrap_or_default();
        let shown = shown.split("</section>").next().unwrap_or_default();
        assert!(shown.contains(expected), "{path}: {shown}");
    }
}

#[actix_web::test]
async fn a_birth_at_the_desk_stands_in_the_list_and_one_that_waits_is_decided_there() {
    let house = House::open();
    let mother = house.card("lena", "uin");
    let birth = |name: &'static str| {
        [
            ("given_name", name),
            ("family_name", "Ortal"),
            ("sex", "female"),
            ("date", "2026-09-20"),
            ("place", "QN010101"),
            ("mother", mother.as_str()),
            ("father", "unknown"),
        ]
    };
    let (answer, page) = house.post("/desk/civil-registry/do/birth", &birth("Noa")).await;
    assert_eq!(answer.status(), 200);
    let list = page.split("id=\"events\"").nth(1).unwrap_or_default();
    assert!(list.contains("Noa Ortal") && list.contains("BRN-2026-"), "{list}");
    let (_, page) = house.post("/desk/civil-registry/do/birth", &birth("Nora")).await;
    let list = page.split("id=\"events\"").nth(1).unwrap_or_default();
    assert!(list.contains("potential-duplicate") && list.contains("event-not-duplicate"), "{list}");
    let event =
        list.split("name=\"event\" value=\"").nth(1).and_then(|rest| rest.split('"').next());
    let event = [("event", event.expect("an event waits"))];
    let path = "/desk/civil-registry/do/event-duplicate";
    let (_, page) = house.post(path, &event).await;
    assert!(page.contains("ARCHIVED"), "{page}");
}

#[actix_web::test]
async fn a_desk_asks_in_the_standard_of_its_system() {
    let house = House::open();
    let uin = house.card("tomas", "uin");
    for (desk, action, expected) in [
        ("civil-registry", "person", "reg_records"),
        ("social-registry", "household", "reg_records"),
        ("account-mapper", "resolve", "resolve_response"),
        ("beneficiary-registry", "enrolled", "enrolled_status"),
        ("disability-registry", "certificate", "reg_records"),
        ("disability-registry", "disabled", "disabled_status"),
        ("farmer-registry", "farmer", "reg_records"),
        ("employment-service", "career", "reg_records"),
        ("employment-service", "enrolment", "not registered"),
    ] {
        let path = format!("/desk/{desk}/do/{action}");
        let (answer, page) = house.post(&path, &[("uin", &uin), ("programme", "OAP")]).await;
        assert_eq!(answer.status(), 200);
        let shown = page.split("class=\"answer\"").nth(1).unwrap_or_default();
        let shown = shown.split("</section>").next().unwrap_or_default();
        assert!(shown.contains(expected), "{desk}: {shown}");
    }
}

#[actix_web::test]
async fn every_system_has_a_desk_in_every_room() {
    let house = House::open();
    house.country.open_room("blue").expect("the room opens");
    for prefix in ["", "/r/blue"] {
        let (status, list) = house.get(&format!("{prefix}/desk")).await;
        assert_eq!(status, 200);
        for system in mocks::ALL {
            let desk = format!("{prefix}/desk/{}", system.mount());
            assert!(list.contains(&format!("href=\"{desk}\"")), "{desk} is not in the list");
            let (status, page) = house.get(&desk).await;
            assert_eq!(status, 200, "{desk}");
            assert!(page.contains("jwks.json") && page.contains(system.standard), "{desk}");
            for inline in [" style=", "<style", " onclick=", "<script>"] {
                assert!(!page.contains(inline), "{desk} holds {inline}");
            }
        }
    }
    assert_eq!(house.get("/desk/harbour").await.0, 404);
    assert_eq!(house.get("/r/green/desk").await.0, 404);
}

#[actix_web::test]
async fn trouble_is_made_and_ended_at_a_desk() {
    let house = House::open();
    let faults = |name: &str| house.country.main().office(name).map(|o| o.faults.list().len());
    let fields = [("do", "set"), ("kind", "refusing"), ("status", "503"), ("on", "POST /sms")];
    let (answer, _) = house.post("/desk/messenger/faults", &fields).await;
    assert_eq!(answer.status(), 303);
    assert_eq!(faults("messenger"), Some(1));
    let (_, page) = house.get("/desk/messenger").await;
    assert!(page.contains("<code>POST /sms</code>"));
    let (answer, page) =
        house.post("/desk/messenger/faults", &[("do", "set"), ("kind", "melting")]).await;
    assert_eq!(answer.status(), 400);
    assert!(page.contains("unknown fault"), "{page}");
    house.post("/desk/messenger/faults", &[("do", "clear")]).await;
    assert_eq!(faults("messenger"), Some(0));
}

#[actix_web::test]
async fn a_form_without_its_token_does_nothing() {
    let house = House::open();
    for path in ["/portal", "/desk/messenger/do/sms", "/desk/messenger/faults"] {
        let fields =
            [("csrf", "0"), ("uin", "1"), ("phone", "+1"), ("programme", "OAP"), ("do", "set")];
        let (answer, _) = house.send(TestRequest::post().uri(path).set_form(fields)).await;
        assert_eq!(answer.status(), 403, "{path}");
    }
    assert_eq!(house.country.main().room.journal.last(), 0);
}

#[actix_web::test]
async fn what_is_typed_and_what_is_kept_is_never_html() {
    let house = House::open();
    let script = "<script>alert(1)</script>";
    let sms = [("to", "+99912345678"), ("text", script)];
    let (_, page) = house.post("/desk/messenger/do/sms", &sms).await;
    assert!(page.contains("&#60;script&#62;"), "the message is not in the table: {page}");
    assert!(!page.contains("<script>"));
    let (_, page) = house.get("/portal/phone?phone=%2B99912345678").await;
    assert!(page.contains("alert(1)") && !page.contains("<script>"));
    let (_, page) = house.get("/portal?uin=%22%3E%3Cscript%3E").await;
    assert!(!page.contains("<script>"));
}

#[actix_web::test]
async fn the_rules_are_shown_as_they_are_and_wrong_ones_are_refused() {
    let house = House::open();
    let (_, page) = house.get("/desk/programme-office").await;
    assert!(page.contains("code: OAP"), "the rules are not in the form");
    let (_, page) =
        house.post("/desk/programme-office/do/rules", &[("rules", "currency: [")]).await;
    assert!(page.contains("data-state=\"broken\">400"), "{page}");
    let (_, page) = house.post("/desk/programme-office/do/decide", &[("application", "A")]).await;
    assert!(page.contains("Decision is missing"), "{page}");
}

#[actix_web::test]
async fn the_rules_are_changed_as_they_stand_and_stay_so_when_a_story_begins() {
    let house = House::open();
    let rules = include_str!("../../mocks/src/programme_office/programmes.yaml");
    let stricter = rules.replacen("pension_age: 65", "pension_age: 70", 1).replacen(
        "version: 1",
        "version: 2",
        1,
    );
    let (answer, page) =
        house.post("/desk/programme-office/do/rules", &[("rules", &stricter)]).await;
    assert_eq!(answer.status(), 200, "{page}");
    house.theatre.stage("main").expect("the room is open").clear().await.expect("it begins anew");
    let (_, page) = house.get("/desk/programme-office").await;
    assert!(page.contains("pension_age: 70"), "the rules are the old ones again");
}

#[actix_web::test]
async fn rules_are_tried_on_the_people_of_the_country_before_they_are_in_force() {
    let house = House::open();
    let rules = include_str!("../../mocks/src/programme_office/programmes.yaml");
    let changed = rules.replacen("pension_age: 65", "pension_age: 60", 1);
    let (answer, page) = house.post("/desk/programme-office/try", &[("rules", &changed)]).await;
    assert_eq!(answer.status(), 200, "{page}");
    let gained = page.split("<dd>+").nth(1).and_then(|rest| rest.split('<').next()).unwrap();
    assert!(gained.parse::<u32>().unwrap() > 0, "{page}");
    assert!(page.contains("the pension begins at 65") && page.contains("write 2"), "{page}");
    assert!(page.contains("pension_age: 60"), "what was typed stands in the form");
    let (_, now) = house.get("/desk/programme-office").await;
    assert!(now.contains("pension_age: 65"), "nothing is in force yet");
    let wrong = rules.replacen("unit: child", "unit: dragon", 1);
    for path in ["try", "do/rules"] {
        let path = format!("/desk/programme-office/{path}");
        let (answer, page) = house.post(&path, &[("rules", &wrong)]).await;
        let beside = page.split("id=\"rules-wrong\">").nth(1).unwrap_or_default();
        assert!(answer.status() == 400 && beside.starts_with("line 105, "), "{page}");
    }
}

#[actix_web::test]
async fn a_guest_plays_a_part_until_it_is_given_back_and_no_page_is_blank() {
    let house = House::open();
    let (status, page) = house.get("/nowhere").await;
    assert!(status == 404 && page.contains("/nowhere"), "{page}");
    let ask = async |base: &str| {
        house.post("/dev", &[("system", "civil_registry"), ("base", base)]).await
    };
    let (answer, page) = ask("localhost:7000").await;
    assert_eq!(answer.status(), 400);
    assert!(page.contains("write one such as"), "{page}");
    assert!(page.contains(r#"value="localhost:7000""#), "what was typed is still there");
    let room = &house.country.main().room;
    assert_eq!(ask(&format!("{}/civil-registry", house.running.base)).await.0.status(), 303);
    assert!(room.is_guest("civil_registry"));
    assert!(house.get("/dev").await.1.contains("Give the part back"));
    assert_eq!(ask("").await.0.status(), 303);
    assert!(!room.is_guest("civil_registry"));
}

#[actix_web::test]
async fn the_calls_of_every_system_can_be_tried_and_nothing_on_that_page_is_from_elsewhere() {
    let house = House::open();
    let (status, list) = house.get("/api").await;
    assert_eq!(status, 200);
    for system in mocks::ALL {
        let mount = system.name.replace('_', "-");
        assert!(list.contains(&format!(r#"href="/api/{mount}""#)), "{mount}");
        let (status, page) = house.get(&format!("/api/{mount}")).await;
        assert_eq!(status, 200, "{mount}");
        assert!(page.contains(&format!(r#"data-description="/{mount}/openapi.json""#)), "{mount}");
        assert!(!page.contains("src=\"http") && !page.contains("style="), "{mount}");
    }
    assert!(house.get("/dev").await.1.contains(r#"href="/api/messenger""#));
    assert!(house.get("/desk/messenger").await.1.contains(r#"href="/api/messenger""#));
    for path in ["/api/nothing", "/r/nowhere/api", "/r/nowhere/api/messenger"] {
        assert_eq!(house.get(path).await.0, 404, "{path}");
    }
}
