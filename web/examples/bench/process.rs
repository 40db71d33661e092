//! A server process under measurement, and the CPU time that the kernel has booked for a process.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use mocks::kit::clock::{Stopwatch, pause};

use crate::Failure;

/// A server process; killed when dropped.
#[derive(Debug)]
pub(crate) struct Server {
    process: Child,
    pub(crate) port: u16,
    /// From the start of the process until it answered at `/ready`.
    pub(crate) ready_after: Duration,
}

impl Server {
    /// Starts `program` and waits until it is ready on `port`.
    pub(crate) async fn start(
        program: &Path,
        arguments: &[&str],
        port: u16,
    ) -> Result<Self, Failure> {
        let watch = Stopwatch::start();
        let process = Command::new(program).args(arguments).stdout(Stdio::null()).spawn()?;
        let mut server = Self { process, port, ready_after: Duration::ZERO };
        while !is_ready(port) {
            if watch.elapsed().as_secs() > 600 {
                return Err(format!("{} is not ready on port {port}", program.display()).into());
            }
            pause(Duration::from_millis(2)).await;
        }
        server.ready_after = watch.elapsed();
        Ok(server)
    }

    /// Microseconds of CPU so far.
    pub(crate) fn cpu_us(&self) -> Result<f64, Failure> {
        cpu_us(&self.process.id().to_string())
    }

    /// Memory that it holds, in MB.
    pub(crate) fn resident_mb(&self) -> Result<u64, Failure> {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.process.id()))?;
        let line = status.lines().find_map(|l| l.strip_prefix("VmRSS:")).ok_or("no VmRSS")?;
        let kb: u64 = line.trim().trim_end_matches("kB").trim().parse()?;
        Ok(kb / 1024)
    }
}

/// Whether `GET /ready` is answered with 200.
fn is_ready(port: u16) -> bool {
    let asked = || -> std::io::Result<bool> {
        let mut line = TcpStream::connect(("127.0.0.1", port))?;
        line.set_read_timeout(Some(Duration::from_secs(5)))?;
        line.write_all(b"GET /ready HTTP/1.1\r\nHost: bench\r\nConnection: close\r\n\r\n")?;
        let mut answer = String::new();
        line.read_to_string(&mut answer)?;
        Ok(answer.starts_with("HTTP/1.1 200"))
    };
    asked().unwrap_or(false)
}

impl Drop for Server {
    fn drop(&mut self) {
        // A process that is gone already is as good.
        drop(self.process.kill());
        drop(self.process.wait());
    }
}

/// Microseconds of CPU of a process (`self`, or its number): the sum of what its threads have run.
pub(crate) fn cpu_us(process: &str) -> Result<f64, Failure> {
    let mut total_ns = 0;
    for thread in std::fs::read_dir(format!("/proc/{process}/task"))? {
        // A thread that ends meanwhile is not counted; servers keep theirs.
        let Ok(books) = std::fs::read_to_string(thread?.path().join("schedstat")) else { continue };
        let run = books.split_whitespace().next().ok_or("no scheduler statistics")?;
        total_ns += run.parse::<u64>()?;
    }
    Ok(Duration::from_nanos(total_ns).as_secs_f64() * 1e6)
}
