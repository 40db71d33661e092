//! Portal and desks over a running country: what people see, and what their forms cause.

mod house;
mod languages;
mod payroll;
mod people;
mod portal;
mod rules;

use actix_web::test::TestRequest;
use house::House;
use mocks::kit::journal::Kind;

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
async fn the_desks_of_disability_land_work_and_pensions_do_their_act() {
    type Form<'a> = &'a [(&'a str, &'a str)];
    let house = House::open();
    let [grace, leo, josef] = ["grace", "leo", "josef"].map(|id| house.card(id, "uin"));
    let acts: [(&str, Form<'_>, &str); 6] = [
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
        (
            "programme-office/do/member",
            &[("uin", &josef), ("programme", "OAP"), ("change", "pause"), ("reason", "moved away")],
            "paused",
        ),
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
async fn somebody_is_found_by_name_and_opened_and_the_next_form_knows_the_number() {
    let house = House::open();
    let uin = house.card("tomas", "uin");
    let names: &[&[(&str, &str)]] =
        &[&[("family_name", "Amaro"), ("given_name", "Tomas")], &[("family_name", "Amaro")]];
    for desk in ["civil-registry", "social-registry"] {
        for name in names {
            let (_, page) = house.post(&format!("/desk/{desk}/do/by-name"), name).await;
            let open = format!("name=\"uin\" value=\"{uin}\"");
            assert!(page.contains(&open), "{desk} does not offer to open {uin}: {page}");
        }
    }
    let (_, page) = house.post("/desk/civil-registry/do/person", &[("uin", &uin)]).await;
    assert!(page.contains("11 February 1959"), "the date is not readable: {page}");
    let death = page.split("id=\"do-death\"").nth(1).unwrap_or_default();
    assert!(death.contains(&format!("value=\"{uin}\"")), "the number is to be typed again");
}

#[actix_web::test]
async fn what_was_done_is_told_in_a_sentence_and_the_message_is_folded() {
    let house = House::open();
    let uin = house.card("tomas", "uin");
    let death = [("uin", uin.as_str()), ("date", "2026-09-30"), ("place", "")];
    let (_, page) = house.post("/desk/civil-registry/do/death", &death).await;
    let shown = page.split("id=\"answer\"").nth(1).unwrap_or_default();
    let (told, raw) =
        shown.split_once("What was sent and answered").expect("the message is folded");
    for words in
        ["The death of Tomas Amaro is entered", "30 September 2026", "Told about it: Arenoa ID"]
    {
        assert!(told.contains(words), "it does not say {words}: {told}");
    }
    assert!(!told.contains("registration_number") && raw.contains("registration_number"));
    let (_, page) = house.post("/desk/civil-registry/do/death", &death).await;
    assert!(page.contains("Nothing was changed. The death was entered already"), "{page}");
}

#[actix_web::test]
async fn the_statistics_draw_their_bars() {
    let house = House::open();
    let (_, page) = house.get("/desk/statistics?indicator=enrolled&by=sex").await;
    assert!(page.contains("<rect") && page.contains("People enrolled"), "{page}");
    assert!(page.contains("value=\"sex\" selected"), "{page}");
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
