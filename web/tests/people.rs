//! People as files: the command line, and the form of a registry's desk.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use actix_web::App;
use actix_web::body::to_bytes;
use actix_web::cookie::Cookie;
use actix_web::test::{TestRequest, call_service, init_service};
use mocks::kit::country::{Country, Settings};
use mocks::kit::server::{Listen, serve};
use orchestrator::scenario::Library;
use orchestrator::theatre::Theatre;
use web::pages::pages;

const TOKEN: &str = "0123456789abcdef0123456789abcdef";

/// A folder that goes when it is dropped.
struct Folder(PathBuf);

impl Folder {
    fn new() -> Self {
        static MADE: AtomicU32 = AtomicU32::new(0);
        let number = MADE.fetch_add(1, Ordering::Relaxed);
        let dir =
            std::env::temp_dir().join(format!("arenoa-files-{}-{number}", std::process::id()));
        std::fs::create_dir_all(&dir).expect("a folder can be made");
        Self(dir)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        // A folder that cannot be removed is the temporary folder's own matter.
        drop(std::fs::remove_dir_all(&self.0));
    }
}

fn arenoa(folder: &Path, words: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_arenoa"));
    command.current_dir(folder).args(words);
    command.args(["--data", "data", "--people", "100"]).output().expect("the program starts")
}

fn said(output: &Output) -> String {
    let both = [output.stdout.as_slice(), output.stderr.as_slice()].concat();
    String::from_utf8_lossy(&both).into_owned()
}

#[test]
fn people_leave_and_come_by_the_command_line_and_nothing_is_half_imported() {
    let folder = Folder::new();
    let out = |file: &str| arenoa(&folder.0, &["export", "civil_registry", "--out", file]);
    let nobody = out("all.csv");
    assert_eq!(nobody.status.code(), Some(2), "a folder without a country is not made one");
    let mut seed = Command::new(env!("CARGO_BIN_EXE_arenoa"));
    seed.current_dir(&folder.0).args(["seed", "--people", "100", "--out", "data"]);
    assert!(seed.output().expect("the program starts").status.success());
    let left = out("all.csv");
    assert!(left.status.success(), "{}", said(&left));
    let text = std::fs::read_to_string(folder.0.join("all.csv")).expect("the file is there");
    let lines: Vec<_> = text.lines().collect();
    assert!(lines.len() > 90 && lines[0].starts_with("uin,brn,"), "{}", lines[0]);
    let uin = |line: &str| line.split(',').next().unwrap_or_default().to_owned();
    let brn = |line: &str| line.split(',').nth(1).unwrap_or_default().to_owned();
    let plain = lines[1..].iter().find(|line| !line.contains("DRN-")).expect("somebody lives");
    let twin = plain.replace(&uin(plain), "9000000001").replace(&brn(plain), "");
    let renamed = lines[0].replace("given_name", "vorname");
    let write = |file: &str, rows: &[&str]| {
        let text = format!("{}\n", rows.join("\n"));
        std::fs::write(folder.0.join(file), text).expect("the file can be written");
    };
    write("wrong.csv", &[&renamed, &twin, plain]);
    let import =
        |words: &[&str]| arenoa(&folder.0, &[&["import", "civil-registry"], words].concat());
    let refused = import(&["wrong.csv"]);
    assert_eq!(refused.status.code(), Some(1));
    assert!(said(&refused).contains("vorname=given_name"), "{}", said(&refused));
    let refused = import(&["wrong.csv", "--map", "vorname=given_name", "--report", "errors.csv"]);
    assert_eq!(refused.status.code(), Some(1), "{}", said(&refused));
    assert!(said(&refused).contains("not in the registry yet"), "{}", said(&refused));
    let report = std::fs::read_to_string(folder.0.join("errors.csv")).expect("the report is there");
    assert!(report.starts_with("line,column,value,right\n3,uin,"), "{report}");
    write("right.csv", &[&renamed, &twin]);
    for (more, entered) in [(&["--dry-run"][..], false), (&[][..], true)] {
        let words = [&["right.csv", "--map", "vorname=given_name"], more].concat();
        let done = import(&words);
        assert!(done.status.success(), "{}", said(&done));
        assert!(out("after.csv").status.success());
        let after = std::fs::read_to_string(folder.0.join("after.csv")).expect("the file is there");
        assert_eq!(after.lines().count(), lines.len() + usize::from(entered));
        assert_eq!(after.contains("9000000001"), entered);
    }
    let unknown = arenoa(&folder.0, &["import", "messenger", "right.csv"]);
    assert_eq!(unknown.status.code(), Some(2));
    assert!(
        said(&unknown).contains("use beneficiary_registry, civil_registry"),
        "{}",
        said(&unknown)
    );
}

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
    let folder = Folder::new();
    let keys = Some(std::env::temp_dir().join("arenoa-trial-keys"));
    let settings = Settings {
        dir: folder.0.clone(),
        keys,
        people: 100,
        candidates: 0,
        seed: 42,
        allowed_hosts: Vec::new(),
    };
    let country = Country::open(settings, mocks::ALL).expect("the country opens");
    let library = Library::built_in(&country.people).expect("the stories can be read");
    let theatre = Theatre::new(Arc::clone(&country), library);
    let _running = serve(&country, &Listen::default(), |_| {}).expect("a port is free");
    let send = async |request: TestRequest| {
        let app = init_service(App::new().configure(pages(&theatre))).await;
        let request = request.cookie(Cookie::new("arenoa_form", TOKEN)).to_request();
        let answer = call_service(&app, request).await;
        let status = answer.status().as_u16();
        let body = to_bytes(answer.into_body()).await.expect("the page arrives");
        (status, String::from_utf8_lossy(&body).into_owned())
    };
    let (_, page) = send(TestRequest::get().uri("/desk/civil-registry")).await;
    assert!(page.contains("type=\"file\"") && page.contains("/_arenoa/export"), "{page}");
    let (_, page) = send(TestRequest::get().uri("/desk/messenger")).await;
    assert!(!page.contains("type=\"file\""));
    let headers = "uin,given_name,surname,sex,birth_date,birth_place,marital_status,locality,district,region,registered";
    let row =
        "9000000001,Ama,<b>Doru</b>,female,1990-02-03,Sarnada,S,Sarnada,QN0301,QN03,2020-01-01";
    let post = |csrf: &str, row: &str| {
        let (kind, body) = form(csrf, "", &format!("{headers}\n{row}\n"));
        let request = TestRequest::post().uri("/desk/civil-registry/people");
        request.insert_header(("content-type", kind)).set_payload(body)
    };
    let (status, _) = send(post("0", row)).await;
    assert_eq!(status, 403, "a form of another page is refused");
    let wrong = row.replace("1990-02-03", "<i>soon</i>");
    let (status, page) = send(post(TOKEN, &wrong)).await;
    assert_eq!(status, 200);
    assert!(page.contains("a date such as 1958-03-02") && !page.contains("<i>soon"), "{page}");
    let (_, page) = send(post(TOKEN, row)).await;
    assert!(page.contains("One person was entered"), "{page}");
    let hall = country.main();
    let store = &hall.office("civil_registry").expect("the office").store;
    let count = "select count(*) from person where uin = '9000000001'";
    let count: i64 = store.read(|db| db.query_row(count, [], |row| row.get(0))).expect("a count");
    assert_eq!(count, 1);
}
