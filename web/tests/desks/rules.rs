//! The rules of the programmes at the office's desk.

use super::house::House;

#[actix_web::test]
async fn the_rules_are_shown_as_they_are_and_wrong_ones_are_refused() {
    let house = House::open();
    let (_, page) = house.get("/desk/programme-office").await;
    assert!(page.contains("code: OAP"), "the rules are not in the form");
    let (_, page) =
        house.post("/desk/programme-office/do/rules", &[("rules", "currency: [")]).await;
    assert!(page.contains("data-state=\"broken\"") && page.contains("<code>400</code>"), "{page}");
    let (_, page) = house.post("/desk/programme-office/do/decide", &[("application", "A")]).await;
    assert!(page.contains("Decision is missing"), "{page}");
}

#[actix_web::test]
async fn the_rules_are_changed_as_they_stand_and_stay_so_when_a_story_begins() {
    let house = House::open();
    let rules = include_str!("../../../mocks/src/programme_office/programmes.yaml");
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
    let rules = include_str!("../../../mocks/src/programme_office/programmes.yaml");
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
