//! The driver: several connections that are kept, each with one request in flight, as a tool for load has them.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use crate::Failure;
use crate::process::Server;

/// Connections, each with a thread of its own.
const CONNECTIONS: usize = 16;
/// Requests that warm the server up, and requests that count.
const WARM: usize = 4_000;
const COUNTED: usize = 40_000;

/// Method, path and body of a request.
pub(crate) type Request = (&'static str, String);

/// Microseconds of CPU that the server takes a request. `request` makes the request of a number.
pub(crate) fn cpu_per_request(
    server: &Server,
    request: impl Fn(usize) -> Request + Sync,
) -> Result<f64, Failure> {
    let port = server.port;
    drive(port, 0..WARM, &request)?;
    let before = server.cpu_us()?;
    drive(port, WARM..WARM + COUNTED, &request)?;
    // What the journal still has to write belongs to the requests.
    std::thread::sleep(Duration::from_millis(300));
    Ok((server.cpu_us()? - before) / f64::from(u32::try_from(COUNTED)?))
}

fn drive(
    port: u16,
    numbers: std::ops::Range<usize>,
    request: &(impl Fn(usize) -> Request + Sync),
) -> Result<(), Failure> {
    let next = AtomicUsize::new(numbers.start);
    let end = numbers.end;
    std::thread::scope(|scope| {
        let work = || -> Result<(), Failure> {
            let mut line = TcpStream::connect(("127.0.0.1", port))?;
            line.set_nodelay(true)?;
            let mut buffer = vec![0; 64 * 1024];
            loop {
                let number = next.fetch_add(1, Ordering::Relaxed);
                if number >= end {
                    return Ok(());
                }
                ask(&mut line, &request(number), &mut buffer)?;
            }
        };
        let threads: Vec<_> = (0..CONNECTIONS).map(|_| scope.spawn(work)).collect();
        threads.into_iter().try_for_each(|t| t.join().map_err(|_| "a driver's thread died")?)
    })
}

/// One request on a kept connection; the answer is read whole by its Content-Length.
fn ask(line: &mut TcpStream, (path, body): &Request, buffer: &mut [u8]) -> Result<(), Failure> {
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
            if head.contains(r#""reg_records":[]"#) {
                return Err(format!("nobody was found by {body}").into());
            }
            return Ok(());
        }
    }
}
