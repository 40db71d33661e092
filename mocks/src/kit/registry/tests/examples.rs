//! The examples of `mocks/README.md`, run as they stand (with another port) against a fresh country.

use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};

use crate::kit::trial::Trial;

/// The shell of the page's last chapter, without the line that starts the country.
fn shell(base: &str, port: u16) -> String {
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md");
    let page = std::fs::read_to_string(page).unwrap();
    let chapter = page.split("## Try it with curl").nth(1).unwrap();
    let blocks = chapter.split("```sh\n").skip(1).map(|rest| rest.split("```").next().unwrap());
    let blocks = blocks.filter(|block| !block.starts_with("arenoa "));
    let shell: String = blocks.collect();
    shell.replace("http://localhost:8080", base).replace("9099", &port.to_string())
}

/// Whether the programs that the examples need are there.
fn are_there(programs: &[&str]) -> bool {
    programs.iter().all(|program| {
        let said = Command::new(program).arg("--version").stdout(Stdio::null()).status();
        said.is_ok_and(|status| status.success())
    })
}

fn free_port() -> u16 {
    let socket = std::net::TcpListener::bind(("127.0.0.1", 0)).unwrap();
    socket.local_addr().unwrap().port()
}

#[actix_web::test]
async fn the_examples_of_the_page_work_as_they_stand() {
    if !are_there(&["bash", "curl", "python3"]) {
        let line = "skipped: bash, curl or python3 is not on this machine\n";
        return drop(std::io::stderr().write_all(line.as_bytes()));
    }
    let trial = Trial::start(crate::ALL, 150);
    let shell = shell(&trial.running.base, free_port());
    let run = move || Command::new("bash").args(["-euc", &shell]).output();
    let output = tokio::task::spawn_blocking(run).await.unwrap().unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    let problems = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{problems}\n{said}");
    for words in [
        r#""@type":"CRVS_Person""#,
        r#""@type":"Group""#,
        r#""@type":"Beneficiary""#,
        r#""@type":"PWD_Person""#,
        r#""@type":"Farmer_Person""#,
        r#""unemployment_reason":"1""#,
        r#""page_size":2"#,
        r#""enrolled_status":"Active""#,
        r#""disabled_status":"yes""#,
        r#""ack_status":"ACK""#,
        "/registry/on-search ",
    ] {
        assert!(said.contains(words), "{words} is not in what the examples print:\n{said}");
    }
    assert!(!said.contains("rjct") && !said.contains("err."), "{said}");
    // The listener may be quicker than whoever prints the acknowledgement: both may stand on one line.
    let heard = said.split_once("/registry/on-search ").map_or("", |(_, heard)| heard);
    assert!(heard.contains(r#""transaction_id":"T-4""#) && heard.contains("Belloc"), "{said}");
}
