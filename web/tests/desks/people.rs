//! People come into a registry as a file, at its desk.

use actix_web::test::TestRequest;

use super::house::{House, TOKEN};

/// A form with a file, as a browser writes it.
fn form(csrf: &str, map: &str, file: &str) -> (String, String) {
    let field = |name: &str, value: &str| {
        format!("--xyz\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n")
    };
    let file = format!(
        "--xyz\r\nContent-Disposition: form-data; name=\"file\"; filename=\"people.csv\"\r\nContent-Type: text/csv\r\n\r\n{file}\r\n"
    );
    let body = [field("csrf", csrf), field("map", map), file, String::from("--xyz--\r\n")].concat();
    ("multipart/form-data; boundary=xyz".into(), body)
}

#[actix_web::test]
async fn the_desk_of_a_registry_takes_people_as_a_file_without_any_script() {
    let house = House::with_people(100);
    let (_, page) = house.get("/desk/civil-registry").await;
    assert!(page.contains("type=\"file\"") && page.contains("/_arenoa/export"), "{page}");
    let (_, page) = house.get("/desk/messenger").await;
    assert!(!page.contains("type=\"file\""));
    let headers = "uin,given_name,surname,sex,birth_date,birth_place,marital_status,locality,district,region,registered";
    let row =
        "9000000001,Ama,<b>Doru</b>,female,1990-02-03,Sarnada,S,Sarnada,QN0301,QN03,2020-01-01";
    let post = |csrf: &str, row: &str| {
        let (kind, body) = form(csrf, "", &format!("{headers}\n{row}\n"));
        let request = TestRequest::post().uri("/desk/civil-registry/people");
        request.insert_header(("content-type", kind)).set_payload(body)
    };
    let (answer, _) = house.send(post("0", row)).await;
    assert_eq!(answer.status(), 403, "a form of another page is refused");
    let wrong = row.replace("1990-02-03", "<i>soon</i>");
    let (answer, page) = house.send(post(TOKEN, &wrong)).await;
    assert_eq!(answer.status(), 200);
    assert!(page.contains("a date such as 1958-03-02") && !page.contains("<i>soon"), "{page}");
    let (_, page) = house.send(post(TOKEN, row)).await;
    assert!(page.contains("One person was entered"), "{page}");
    let hall = house.country.main();
    let store = &hall.office("civil_registry").expect("the office").store;
    let count = "select count(*) from person where uin = '9000000001'";
    let count: i64 = store.read(|db| db.query_row(count, [], |row| row.get(0))).expect("a count");
    assert_eq!(count, 1);
}
