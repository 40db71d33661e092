//! One message opened, with its answer: what the inspector shows. `GET {prefix}/live/entry/{seq}`, JSON.

use actix_web::web::Data;
use actix_web::{Error, HttpRequest, HttpResponse};
use mocks::kit::journal::{Entry, Kind};
use orchestrator::report::feed::FeedEntry;
use orchestrator::report::words::pretty;
use orchestrator::theatre::Theatre;
use serde::Serialize;
use serde_json::json;

use super::telling;
use super::visit::Visit;

/// Where standards say what a route does. The end of the action decides; the first that fits wins.
const SECTIONS: [(&str, &str); 21] = [
    ("/registry/sync/search", "DCI registry core API 1.0.0, sync search"),
    ("/registry/search", "DCI registry core API 1.0.0, async search"),
    ("/registry/on-search", "DCI registry core API 1.0.0, on-search"),
    ("/registry/subscribe", "DCI registry core API 1.0.0, subscribe"),
    ("/registry/on-subscribe", "DCI registry core API 1.0.0, on-subscribe"),
    ("/registry/unsubscribe", "DCI registry core API 1.0.0, unsubscribe"),
    ("/registry/notify", "DCI registry core API 1.0.0, notify"),
    ("/registry/sync/enrolled", "DCI integrated beneficiary registry API 1.0.0, enrolled"),
    (
        "/sync/enrollment/updates",
        "DCI integrated beneficiary registry API 1.0.0, enrollment updates",
    ),
    ("/mapper/sync/resolve", "G2P Connect mapper core API 1.0.0, sync resolve"),
    ("/mapper/sync/link", "G2P Connect mapper core API 1.0.0, sync link"),
    ("/on-disburse", "G2P Connect disburse core API 1.0.0, on-disburse"),
    ("/disburse", "G2P Connect disburse core API 1.0.0, disburse"),
    ("/parties", "FSPIOP API Definition 1.1, 6.3 Parties"),
    ("/quotes", "FSPIOP API Definition 1.1, 6.5 Quotes"),
    ("/transfers", "FSPIOP API Definition 1.1, 6.7 Transfers"),
    ("/oauth2/client/token", "RFC 6749, 4.4 Client credentials grant"),
    ("/token", "OpenID Connect Core 1.0, 3.1.3 Token endpoint"),
    ("/userinfo", "OpenID Connect Core 1.0, 5.3 UserInfo endpoint"),
    ("/authorize", "OpenID Connect Core 1.0, 3.1.2 Authorization endpoint"),
    ("/jwks.json", "RFC 7517, JSON Web Key Set"),
];

/// A message opened.
#[derive(Debug, Serialize)]
struct Opened {
    #[serde(flatten)]
    request: Detail,
    answer: Option<Detail>,
}

/// One row of the journal with what the stage does not show of it.
#[derive(Debug, Serialize)]
struct Detail {
    #[serde(flatten)]
    entry: FeedEntry,
    headers: Vec<(String, String)>,
    body: String,
    /// The section of the standard that the message follows.
    spec: String,
    /// Empty where the row is no request.
    curl: String,
}

/// Opens the message with this number.
pub(super) async fn entry(req: HttpRequest, theatre: Data<Theatre>) -> Result<HttpResponse, Error> {
    let visit = Visit::of(&req);
    let stage = visit.stage(&theatre)?;
    let seq = req.match_info().get("seq").and_then(|seq| seq.parse::<i64>().ok()).unwrap_or(0);
    let journal = &stage.hall().room.journal;
    let Ok(Some(row)) = journal.entry(seq) else {
        let error = format!("there is no message {seq} in room {}", visit.room);
        return Ok(HttpResponse::NotFound().json(json!({ "error": error })));
    };
    let played = std::sync::Arc::clone(&stage.show().borrow());
    let told = theatre.library.story(&played.story).ok();
    let base = theatre.country.fabric.shared_base().unwrap_or_default();
    let open = |row: &Entry| Detail {
        headers: headers(row),
        body: pretty(&row.body),
        spec: section(row),
        curl: if row.kind == Kind::Request { curl(row, &base) } else { String::new() },
        entry: telling::entry(row, told, &played.persona.name, visit.texts),
    };
    let answer = journal.answer_to(seq).unwrap_or_default().as_ref().map(open);
    Ok(HttpResponse::Ok()
        .insert_header(("cache-control", "no-store"))
        .insert_header(("x-content-type-options", "nosniff"))
        .json(Opened { request: open(&row), answer }))
}

/// Name and value of each header.
fn headers(row: &Entry) -> Vec<(String, String)> {
    let lines = row.headers.lines().filter_map(|line| line.split_once(": "));
    lines.map(|(name, value)| (name.to_owned(), value.to_owned())).collect()
}

/// The section of the standard that the message follows; the standard alone where the route is the system's own.
fn section(row: &Entry) -> String {
    let route = row.action.split(' ').nth(1).unwrap_or("");
    // `/parties/{type}/{id}` is filed under what comes before its names.
    let fixed = route.split("/{").next().unwrap_or(route);
    let found = SECTIONS.iter().find(|(end, _)| fixed.ends_with(end));
    found.map_or_else(|| row.standard.clone(), |(_, section)| (*section).to_owned())
}

/// The same request for a terminal. Secrets were masked when it was written down: a token is fetched anew, anything else has
/// to be filled in.
fn curl(row: &Entry, base: &str) -> String {
    let method = row.action.split(' ').next().unwrap_or("GET");
    // What goes to a guest is written down with the guest's whole address.
    let is_whole = ["http://", "https://"].iter().any(|scheme| row.path.starts_with(scheme));
    let address = if is_whole { row.path.clone() } else { format!("{base}{}", row.path) };
    let mut command = format!("curl -X {method} {}", quoted(&address));
    let own = ["host", "content-length", "connection", "accept-encoding", "user-agent"];
    let sent = row.headers.lines().filter_map(|line| Some((line, line.split_once(": ")?)));
    for (line, (name, value)) in sent.filter(|(_, (name, _))| !own.contains(name)) {
        command.push_str(" \\\n  -H ");
        if name == "authorization" && value.starts_with("Bearer ") {
            command.insert_str(0, &format!("{}\n", token_of(row, base)));
            command.push_str("\"authorization: Bearer $TOKEN\"");
        } else {
            command.push_str(&quoted(line));
        }
    }
    if !row.body.is_empty() {
        command.push_str(" \\\n  --data-raw ");
        command.push_str(&quoted(&row.body));
    }
    command
}

/// Where the token for a request comes from: a client's from the gateway, a person's from a login.
fn token_of(row: &Entry, base: &str) -> String {
    if row.to == "identity" {
        return String::from("TOKEN=...  # the access_token of a login");
    }
    // The systems of a room take the tokens of its own gateway.
    let room = row.path.strip_prefix("/r/").and_then(|rest| rest.split('/').next());
    let base = room.map_or_else(|| base.to_owned(), |room| format!("{base}/r/{room}"));
    format!(
        "TOKEN=$(curl -s {base}/oauth2/client/token -d grant_type=client_credentials -d client_id=demo -d client_secret=demo |\n  \
         sed 's/.*\"access_token\":\"\\([^\"]*\\)\".*/\\1/')"
    )
}

/// Quoted for a POSIX shell.
pub(super) fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', r"'\''"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(action: &str) -> Entry {
        Entry { action: action.into(), standard: "own".into(), ..Entry::default() }
    }

    #[test]
    fn a_message_names_the_section_it_follows() {
        assert!(section(&row("PUT /transfers/{id}")).contains("6.7 Transfers"));
        assert!(section(&row("POST /registry/sync/search")).contains("sync search"));
        assert!(section(&row("POST /oauth2/client/token")).starts_with("RFC 6749"));
        assert_eq!(section(&row("POST /sms")), "own");
    }

    #[test]
    fn a_token_that_was_masked_is_fetched_before_it_is_sent() {
        let mut entry = row("POST /registry/sync/search");
        entry.path = "/civil-registry/registry/sync/search".into();
        entry.headers = "authorization: Bearer \u{2022}\u{2022}\u{2022}\n".into();
        let command = curl(&entry, "http://127.0.0.1:1");
        assert!(command.starts_with("TOKEN=$(curl -s http://127.0.0.1:1/oauth2/client/token "));
        assert!(command.contains("\ncurl -X POST ") && !command.contains('\u{2022}'), "{command}");
        assert!(command.ends_with("-H \"authorization: Bearer $TOKEN\""), "{command}");
    }

    #[test]
    fn a_quote_in_a_body_cannot_leave_the_shell_word() {
        let mut entry = row("POST /sms");
        entry.path = "/messenger/sms".into();
        entry.headers = "host: x\ncontent-type: application/json\n".into();
        entry.body = r#"{"text":"it's $(rm)"}"#.into();
        let command = curl(&entry, "http://127.0.0.1:1");
        assert!(command.contains(r"it'\''s $(rm)"));
        assert!(!command.contains("host: x"));
        assert!(command.starts_with("curl -X POST 'http://127.0.0.1:1/messenger/sms'"));
    }

    #[test]
    fn what_went_to_a_guest_is_sent_to_the_guest_again() {
        let mut entry = row("POST /sms");
        entry.path = "https://sms.example:8443/v2/sms".into();
        let command = curl(&entry, "http://127.0.0.1:1");
        assert_eq!(command, "curl -X POST 'https://sms.example:8443/v2/sms'");
    }
}
