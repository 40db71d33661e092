//! Measures Arenoa against a bare server in the same run: `scripts/bench`. CPU is read from the kernel's books of each
//! server process, so the driver's own work does not count.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use actix_web::{App, HttpResponse, HttpServer, web};
use mocks::kit::clock::{Stopwatch, pause};
use mocks::kit::country::{Country, Settings};
use mocks::kit::seed::People;
use mocks::kit::server::{Listen, serve};
use orchestrator::player::{Player, Show};
use orchestrator::scenario::Library;
use tokio::sync::watch;

type Failure = Box<dyn std::error::Error + Send + Sync>;

/// Requests of one measurement.
const REQUESTS: usize = 20_000;
/// Plays of the story.
const PLAYS: usize = 50;

#[tokio::main]
async fn main() -> Result<(), Failure> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["bare", port] => bare(port.parse()?).await,
        ["run", arenoa, large] => run(Path::new(arenoa), large.parse()?).await,
        _ => Err("usage: bench run PATH_TO_ARENOA PEOPLE".into()),
    }
}

/// A server that answers a constant as large as a search's answer.
async fn bare(port: u16) -> Result<(), Failure> {
    let answer = web::Bytes::from(vec![b'x'; 1500]);
    let app = move || {
        let answer = answer.clone();
        App::new().default_service(web::to(move |_body: web::Bytes| {
            let answer = answer.clone();
            async move { HttpResponse::Ok().body(answer) }
        }))
    };
    Ok(HttpServer::new(app).workers(2).bind(("127.0.0.1", port))?.run().await?)
}

async fn run(arenoa: &Path, large: usize) -> Result<(), Failure> {
    say("| what | measured | against |");
    say("|---|---|---|");
    let bare_us = {
        let own = std::env::current_exe()?;
        let server = Server::start(&own, &["bare", "18091"], 18091).await?;
        server.cpu_per_request(|_| (String::from("/"), String::from("{}")))?
    };
    say(&format!("| bare server | {bare_us:.1} us CPU a request | |"));
    for people in [20_000, large] {
        let us = search(arenoa, people).await?;
        let ratio = us / bare_us;
        say(&format!(
            "| sync search, {people} people, journal on | {us:.1} us CPU | {ratio:.1} x bare |"
        ));
    }
    let (median_ms, slowest_ms) = story().await?;
    say(&format!(
        "| old age pension, median of {PLAYS} | {median_ms:.1} ms | slowest {slowest_ms:.1} ms |"
    ));
    Ok(())
}

async fn search(arenoa: &Path, people: usize) -> Result<f64, Failure> {
    let dir = std::env::temp_dir().join(format!("arenoa-bench-{people}"));
    let (count, data) = (people.to_string(), dir.display().to_string());
    let arguments = ["serve", "--port", "18092", "--people", &count, "--data", &data];
    let server = Server::start(arenoa, &arguments, 18092).await?;
    let everybody = People::generate(42, people);
    let persons = everybody.persons();
    let body = |number: usize| {
        // A stride without a common divisor visits people all over the country.
        let uin = &persons[number * 7919 % persons.len()].uin;
        let text = format!(
            r#"{{"signature":"","header":{{"version":"1.0.0","message_id":"B-{number}","message_ts":"2026-10-01T08:00:00Z","action":"search","sender_id":"bench","total_count":1}},"message":{{"transaction_id":"T-{number}","search_request":[{{"reference_id":"R-1","timestamp":"2026-10-01T08:00:00Z","search_criteria":{{"query_type":"idtype-value","query":{{"type":"UIN","value":"{uin}"}}}}}}]}}}}"#
        );
        (String::from("/crvs/sync/search"), text)
    };
    let us = server.cpu_per_request(body)?;
    drop(server);
    std::fs::remove_dir_all(dir)?;
    Ok(us)
}

/// Median and slowest of the story's machine time, in milliseconds.
async fn story() -> Result<(f64, f64), Failure> {
    let dir = std::env::temp_dir().join(format!("arenoa-bench-story-{}", std::process::id()));
    let settings = Settings {
        dir: dir.clone(),
        keys: None,
        people: 20_000,
        seed: 42,
        allowed_hosts: Vec::new(),
    };
    let country = Country::open(settings, mocks::ALL)?;
    let running = serve(&country, &Listen::default(), |_| {})?;
    let library = Library::built_in(&country.people)?;
    let plan = library.story("old-age-pension")?.plan("")?;
    let mut times = Vec::new();
    for _ in 0..PLAYS {
        let show = watch::Sender::new(Arc::new(Show::default()));
        let player = Player::new(
            country.main(),
            plan.clone(),
            &country.people,
            show,
            Arc::new(AtomicBool::new(false)),
        );
        let outcome = player.play().await;
        if let Some(failure) = outcome.failure {
            return Err(format!("the story broke at {}: {}", failure.step, failure.what).into());
        }
        times.push(outcome.show.elapsed_us);
    }
    running.stop().await;
    std::fs::remove_dir_all(dir)?;
    times.sort_unstable();
    let ms = |us: i64| f64::from(u32::try_from(us).unwrap_or(u32::MAX)) / 1000.0;
    Ok((ms(times[PLAYS / 2]), ms(times[PLAYS - 1])))
}

/// A server process under measurement; killed when dropped.
struct Server {
    process: Child,
    port: u16,
}

impl Server {
    async fn start(program: &Path, arguments: &[&str], port: u16) -> Result<Self, Failure> {
        let process = Command::new(program).args(arguments).stdout(Stdio::null()).spawn()?;
        let server = Self { process, port };
        let watch = Stopwatch::start();
        while TcpStream::connect(("127.0.0.1", port)).is_err() {
            if watch.elapsed().as_secs() > 120 {
                return Err(format!("{} did not listen on port {port}", program.display()).into());
            }
            pause(std::time::Duration::from_millis(20)).await;
        }
        Ok(server)
    }

    /// Microseconds of CPU that the server took a request.
    fn cpu_per_request(&self, request: impl Fn(usize) -> (String, String)) -> Result<f64, Failure> {
        let mut line = TcpStream::connect(("127.0.0.1", self.port))?;
        line.set_nodelay(true)?;
        let mut buffer = vec![0; 64 * 1024];
        for number in 0..REQUESTS / 10 {
            ask(&mut line, &request(number), &mut buffer)?;
        }
        let before = self.cpu_ticks()?;
        for number in 0..REQUESTS {
            ask(&mut line, &request(REQUESTS / 10 + number), &mut buffer)?;
        }
        // What the journal still has to write belongs to the requests.
        std::thread::sleep(std::time::Duration::from_millis(300));
        let ticks = u32::try_from(self.cpu_ticks()? - before)?;
        // The kernel counts in hundredths of a second.
        Ok(f64::from(ticks) * 10_000.0 / f64::from(u32::try_from(REQUESTS)?))
    }

    /// User and system time of the process so far, in hundredths of a second.
    fn cpu_ticks(&self) -> Result<u64, Failure> {
        let stat = std::fs::read_to_string(format!("/proc/{}/stat", self.process.id()))?;
        let after_name = stat.rsplit(')').next().unwrap_or_default();
        let fields: Vec<&str> = after_name.split_whitespace().collect();
        let field =
            |i: usize| fields.get(i).and_then(|f| f.parse::<u64>().ok()).ok_or("no CPU time");
        Ok(field(11)? + field(12)?)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // A process that is gone already is as good.
        drop(self.process.kill());
        drop(self.process.wait());
    }
}

/// One request on a kept connection; the answer is read whole by its Content-Length.
fn ask(
    line: &mut TcpStream,
    (path, body): &(String, String),
    buffer: &mut [u8],
) -> Result<(), Failure> {
    let length = body.len();
    let text = format!(
        "POST {path} HTTP/1.1\r\nHost: bench\r\nContent-Type: application/json\r\nContent-Length: {length}\r\n\r\n{body}"
    );
    line.write_all(text.as_bytes())?;
    let mut filled = 0;
    loop {
        let read = line.read(&mut buffer[filled..])?;
        if read == 0 {
            return Err("the server closed the line".into());
        }
        filled += read;
        let head = String::from_utf8_lossy(&buffer[..filled]);
        let Some(end) = head.find("\r\n\r\n") else { continue };
        if !head.starts_with("HTTP/1.1 200") {
            return Err(format!("not served: {}", &head[..end.min(200)]).into());
        }
        let length = head.lines().find_map(|l| {
            let (name, value) = l.split_once(':')?;
            name.eq_ignore_ascii_case("content-length")
                .then(|| value.trim().parse::<usize>().ok())?
        });
        if filled >= end + 4 + length.unwrap_or(0) {
            return Ok(());
        }
    }
}

#[expect(clippy::print_stdout, reason = "the table is this program's output")]
fn say(line: &str) {
    println!("{line}");
}
