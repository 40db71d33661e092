//! The pages in the languages of the country.

use actix_web::cookie::Cookie;
use actix_web::test::TestRequest;

use super::house::House;

/// A word that the home page says in each language, and the direction of its script.
const SAYS: [(&str, &str, &str); 5] = [
    ("en", "Stories", "ltr"),
    ("fr", "Récits", "ltr"),
    ("es", "Historias", "ltr"),
    ("pt", "Histórias", "ltr"),
    ("ar", "القصص", "rtl"),
];

#[actix_web::test]
async fn a_page_is_in_the_language_of_the_browser() {
    let house = House::open();
    for (code, word, direction) in SAYS {
        let asked = TestRequest::get().uri("/").insert_header(("accept-language", code));
        let (_, page) = house.send(asked).await;
        let begin = format!(r#"<html lang="{code}" dir="{direction}">"#);
        assert!(page.contains(&begin) && page.contains(word), "{code}: {page}");
    }
}

#[actix_web::test]
async fn the_foot_of_a_page_changes_its_language_and_comes_back() {
    let house = House::open();
    let (_, page) = house.get("/portal?person=tomas").await;
    assert!(page.contains(r#"name="page" value="/portal?person=tomas""#), "{page}");
    let wish = [("language", "fr"), ("page", "/portal?person=tomas")];
    let (answer, _) = house.post("/language", &wish).await;
    assert_eq!(answer.status(), 303);
    assert_eq!(answer.headers().get("location").expect("a page"), "/portal?person=tomas");
    let kept = answer.headers().get_all("set-cookie").filter_map(|kept| kept.to_str().ok());
    let kept = kept.filter_map(|kept| Cookie::parse_encoded(kept).ok());
    let cookie = kept.into_iter().find(|c| c.name() == "arenoa_language").expect("a cookie");
    assert_eq!(cookie.value(), "fr");
    let asked = TestRequest::get().uri("/").cookie(Cookie::new("arenoa_language", "fr"));
    let (_, page) = house.send(asked.insert_header(("accept-language", "ar"))).await;
    assert!(page.contains(r#"<html lang="fr""#), "the cookie wins: {page}");
}

#[actix_web::test]
async fn a_form_of_another_site_changes_no_language() {
    let house = House::open();
    let (answer, _) = house.post("/language", &[("language", "fr"), ("page", "//x.example")]).await;
    assert_eq!(answer.headers().get("location").expect("a page"), "/");
    let bare = TestRequest::post().uri("/language").set_form([("csrf", "0"), ("language", "fr")]);
    let (answer, _) = house.send(bare).await;
    assert_eq!(answer.status(), 403);
}
