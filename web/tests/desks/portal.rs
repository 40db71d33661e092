//! The portal: what an applicant sees, and what the forms cause.

use super::house::House;

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
    let main = house.country.main();
    main.room.journal.settled().await;
    let journal = main.room.journal.after(0, 10).expect("the journal is read");
    assert_eq!((journal[0].from.as_str(), journal[0].to.as_str()), ("tomas", "programme_office"));
    let (_, page) = house.get("/portal?person=tomas").await;
    assert!(page.contains("APP-2026-000001"), "the application is not shown to its applicant");
    let (_, page) = house.get("/portal?person=daniel").await;
    assert!(page.contains("value=\"DIS\" selected"), "Daniel is here for disability support");
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
async fn whoever_has_no_phone_is_told_how_to_log_in_without() {
    let house = House::open();
    let (_, page) = house.get("/portal?person=hana").await;
    assert!(page.contains("You have no phone") && page.contains("With my PIN"), "{page}");
    let (_, page) = house.get("/portal?person=tomas").await;
    assert!(!page.contains("You have no phone"));
}
