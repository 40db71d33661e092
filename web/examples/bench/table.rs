//! The table that is printed, line by line.

/// The table; what a bare server takes a request is what other times are held against.
#[derive(Debug)]
pub(crate) struct Table {
    bare_us: f64,
}

impl Table {
    /// Begins the table.
    pub(crate) fn new(bare_us: f64) -> Self {
        say("| what | measured | against the bare server |");
        say("|---|---|---|");
        let table = Self { bare_us };
        table.cpu("bare server, a request", bare_us);
        table
    }

    /// A line of CPU time.
    pub(crate) fn cpu(&self, what: &str, us: f64) {
        say(&format!("| {what} | {us:.1} us CPU | {:.1} x |", us / self.bare_us));
    }

    /// A line of anything else.
    #[expect(clippy::unused_self, reason = "a line belongs to a table")]
    pub(crate) fn line(&self, what: &str, measured: &str, note: &str) {
        say(&format!("| {what} | {measured} | {note} |"));
    }
}

#[expect(clippy::print_stdout, reason = "the table is this program's output")]
fn say(line: &str) {
    println!("{line}");
}
