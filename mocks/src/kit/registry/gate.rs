//! What every request passes: reading, door, and the header's own checks (DCI v1.0.0, `MsgHeader`, `MsgHeaderStatusReasonCode`).

use bytes::Bytes;
use jiff::{SignedDuration, Timestamp};
use rusqlite::{Connection, params};
use standards::dci::query::Mode;
use standards::dci::{Action, Envelope, ErrorCode, Header, Malformed, ReasonCode, TransactionId};

use super::archive::Style;
use super::book::Registry;
use super::door;
use super::message::{MOST_ITEMS, Request};
use super::older;
use super::refusal::Refusal;
use crate::kit::clock::wall;
use crate::kit::journal::stamp;
use crate::kit::room::Policy;
use crate::kit::server::Call;
use crate::kit::trust::jwe::{self, Read, Unread};
use crate::kit::trust::jwks::sender_id_of;
use crate::kit::trust::peers::{self, Records};

/// A strict room takes messages whose time is so near to the sandbox clock or the real one.
const SKEW: SignedDuration = SignedDuration::from_mins(10);

/// Which family of paths a request came in by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Family {
    /// `/registry/*`, as the specification has it.
    Registry,
    /// `/crvs/*`, `/sr/*`, as the official mocks have it.
    Official,
}

/// A registry's counter: what it is, and how it was addressed.
#[derive(Debug, Clone, Copy)]
pub struct Counter {
    pub registry: &'static Registry,
    pub family: Family,
}

/// A request that has been let in.
#[derive(Debug)]
pub struct Admitted<M> {
    pub header: Header,
    pub message: M,
    /// How much is forgiven.
    pub mode: Mode,
    /// The request with its message in clear.
    pub(super) body: Bytes,
    /// How the sender wants to be answered.
    pub(super) style: Style,
}

/// A request that has not, with what could be read of it.
#[derive(Debug)]
pub(super) struct Turned<M> {
    pub(super) refusal: Refusal,
    pub(super) asked: Option<(Header, M)>,
}

impl Counter {
    /// Whether a client of the official mocks only looks whether somebody is there.
    pub fn is_probed(self, call: &Call) -> bool {
        self.family == Family::Official && super::official::is_probe(&call.body)
    }

    /// How much of a message's form is forgiven here: at the paths of the official mocks as much in a strict room. Where and
    /// when it was sent, and that it comes once, are asked everywhere.
    pub(super) fn mode(self, call: &Call) -> Mode {
        match (self.family, call.room().policy()) {
            (Family::Registry, Policy::Strict) => Mode::Strict,
            _ => Mode::Lenient,
        }
    }

    /// Reads the request that `call` carries and checks everything but its items.
    pub(super) async fn admit<M: Request>(self, call: &Call) -> Result<Admitted<M>, Turned<M>> {
        let early = |refusal: Refusal| {
            call.remark(&refusal.to_string());
            Turned { refusal, asked: None }
        };
        door::bearer(call, self.family, M::SCOPE).await.map_err(early)?;
        door::json(call, self.family).map_err(early)?;
        let (envelope, opened) = self.read::<M>(call).map_err(early)?;
        let (header, message) = (envelope.header, envelope.message);
        call.correlation(&message.transaction_id().to_string());
        let style = style(call, &header, opened.is_some());
        match self.examine(call, &header, &message, style).await {
            Ok(()) => {
                let body = opened.unwrap_or_else(|| call.body.clone());
                Ok(Admitted { header, message, mode: self.mode(call), body, style })
            }
            Err(refusal) => {
                call.remark(&refusal.to_string());
                Err(Turned { refusal, asked: Some((header, message)) })
            }
        }
    }

    /// Reads the envelope, and what it was encrypted from where it was.
    fn read<M: Request>(self, call: &Call) -> Result<(Envelope<M>, Option<Bytes>), Refusal> {
        let strict = self.mode(call) == Mode::Strict;
        let office = &call.errand.office;
        let read = jwe::read_either(&office.keys, &call.body, strict, M::read);
        let Read { envelope, opened } = read.map_err(|unread| match unread {
            Unread::Malformed(malformed_) => malformed(&malformed_),
            Unread::Unopened(why) => Refusal::bad(ErrorCode::EncryptionInvalid, why.to_string()),
        })?;
        if opened.is_some() {
            let (sentence, facts) = jwe::told(&envelope.header);
            call.errand.event("message opened", &sentence, &facts);
        }
        Ok((envelope, opened))
    }

    async fn examine<M: Request>(
        self,
        call: &Call,
        header: &Header,
        message: &M,
        style: Style,
    ) -> Result<(), Refusal> {
        door::signature(call).await?;
        self.check(call, header, message)?;
        if style.encrypted {
            door::can_encrypt_to(call, header).await?;
        }
        if is_strict(call) { check_replay(call, header) } else { Ok(()) }
    }

    fn check<M: Request>(self, call: &Call, header: &Header, message: &M) -> Result<(), Refusal> {
        let strict = self.mode(call) == Mode::Strict;
        check_version(header)?;
        check_time(call, header)?;
        check_parties(call, header, IsNamed::Always)?;
        let transaction_id = message.transaction_id();
        if !transaction_id.is_within_limit() {
            return Err(long_transaction(transaction_id));
        }
        if message.size() > MOST_ITEMS {
            let sentence = format!("at most {MOST_ITEMS} items fit in one message; send several");
            return Err(Refusal::header(ReasonCode::TotalCountLimitExceeded, sentence));
        }
        if strict && let Some(field) = message.lacks() {
            let sentence = format!("message: missing field `{field}`");
            return Err(Refusal::bad(ErrorCode::RequestBad, sentence));
        }
        if self.family == Family::Registry {
            check_action(header, &M::ACTION, strict)?;
            let counted = check_count::<M>(header, message.count());
            if let (Err(wrong), false) = (&counted, strict) {
                // Some clients count something else; the answer has the true count.
                call.remark(&wrong.to_string());
                return Ok(());
            }
            return counted;
        }
        Ok(())
    }
}

impl<M> Admitted<M> {
    /// What was let in and not taken all the same may come again under the same name.
    pub(super) fn not_taken(&self, call: &Call) {
        if !is_strict(call) {
            return;
        }
        let sender = self.header.sender_id.as_deref().unwrap_or_default();
        let forgotten = call.store().alter(|tx| {
            tx.prepare_cached("delete from message_seen where sender = $1 and message_id = $2")?
                .execute([sender, &self.header.message_id])?;
            Ok(())
        });
        if let Err(error) = forgotten {
            tracing::error!(%error, "a message that was not taken could not be forgotten");
        }
    }
}

/// How the sender wants to be answered: as it asked, and otherwise as is set for it.
fn style(call: &Call, header: &Header, encrypted: bool) -> Style {
    let sender = header.sender_id.as_deref().unwrap_or_default();
    let manners = peers::of(&call.errand.office, sender);
    let older = older::is_wanted(call.accept.as_ref()) || manners.records == Some(Records::V1);
    Style { older, encrypted: encrypted || manners.encrypt }
}

/// The code that a field of the header has of its own, and the sentence with the field's name.
pub(super) fn malformed(error: &Malformed) -> Refusal {
    let code = match error.path.as_str() {
        "header.sender_id" => ErrorCode::SenderIdInvalid,
        "header.sender_uri" => ErrorCode::SenderUriInvalid,
        "header.receiver_id" => ErrorCode::ReceiverIdInvalid,
        "header.version" => ErrorCode::VersionNotSupported,
        _ => ErrorCode::RequestBad,
    };
    Refusal::bad(code, readable(error).to_string())
}

/// What serde says of a value that fits no form of `Names`, in words that say what would be right.
fn readable(error: &Malformed) -> Malformed {
    let unfit = error.sentence.contains("untagged enum Names");
    let right = || String::from("write a text or a list of texts");
    let sentence = if unfit { right() } else { error.sentence.clone() };
    Malformed { path: error.path.clone(), sentence }
}

fn check_version(header: &Header) -> Result<(), Refusal> {
    let mut parts = header.version.split('.');
    let first = parts.next() == Some("1");
    if first && parts.all(|part| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit())) {
        return Ok(());
    }
    let sentence = format!("version {} is not spoken here; write 1.0.0", header.version);
    Err(Refusal::header(ReasonCode::VersionInvalid, sentence))
}

fn is_strict(call: &Call) -> bool {
    call.room().policy() == Policy::Strict
}

fn check_time(call: &Call, header: &Header) -> Result<(), Refusal> {
    let refuse = |sentence: String| Refusal::header(ReasonCode::MessageTsInvalid, sentence);
    let sent = header.message_ts.instant().map_err(|e| refuse(e.to_string()))?;
    let sandbox = call.errand.now();
    let near = |clock: Timestamp| clock.duration_since(sent).abs() <= SKEW;
    if !is_strict(call) || near(sandbox) || near(wall()) {
        return Ok(());
    }
    Err(refuse(format!(
        "message_ts {sent} is more than 10 minutes from the clock of this room, {sandbox}, and from the real time"
    )))
}

/// Whether a sender must name itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum IsNamed {
    Always,
    /// The published header of the message may be without.
    Perhaps,
}

impl IsNamed {
    /// Whether the header of `action` says who sends.
    fn of(action: &Action) -> Self {
        let optional = matches!(action, Action::OnSearch | Action::TxnOnStatus);
        if optional { Self::Perhaps } else { Self::Always }
    }
}

fn check_parties(call: &Call, header: &Header, named: IsNamed) -> Result<(), Refusal> {
    if header.message_id.trim().is_empty() {
        return Err(Refusal::bad(ErrorCode::RequestBad, "header.message_id is empty"));
    }
    let optional = named == IsNamed::Perhaps;
    let unnamed = header.sender_id.as_deref().map_or(!optional, |id| id.trim().is_empty());
    if unnamed {
        let sentence =
            "header.sender_id is missing: say who you are, such as programme-office.arenoa";
        return Err(Refusal::bad(ErrorCode::SenderIdInvalid, sentence));
    }
    match header.receiver_id.as_deref() {
        Some(other) if is_strict(call) && !call.errand.is_meant_by(other) => {
            let sentence = format!("this message is for {other}, and this is {}", own_id(call));
            Err(Refusal::bad(ErrorCode::ReceiverIdInvalid, sentence))
        }
        _ => Ok(()),
    }
}

/// Checks the header of something that is told here by who delivers it, and its transaction.
pub(super) fn check_told(
    call: &Call,
    header: &Header,
    expected: Option<&Action>,
    transaction_id: &TransactionId,
) -> Result<(), Refusal> {
    let strict = is_strict(call);
    check_version(header)?;
    check_time(call, header)?;
    // What the path is for counts where it says so, and not what the sender writes.
    check_parties(call, header, IsNamed::of(expected.unwrap_or(&header.action)))?;
    if !transaction_id.is_within_limit() {
        return Err(long_transaction(transaction_id));
    }
    expected.map_or(Ok(()), |action| check_action(header, action, strict))?;
    if strict { check_replay(call, header) } else { Ok(()) }
}

/// What the office calls itself in headers: `civil-registry.arenoa`.
pub(super) fn own_id(call: &Call) -> String {
    sender_id_of(call.errand.office.system.name)
}

fn long_transaction(id: &TransactionId) -> Refusal {
    let length = id.to_string().chars().count();
    let most = TransactionId::MAX_CHARS;
    let sentence = format!("transaction_id has {length} characters; write 1 to {most}");
    Refusal::bad(ErrorCode::RequestBad, sentence)
}

/// An open room reads `txn_status` as `txn-status`.
fn check_action(header: &Header, expected: &Action, strict: bool) -> Result<(), Refusal> {
    let joined = || header.action.as_str().replace('_', "-") == expected.as_str();
    if header.action == *expected || (!strict && joined()) {
        return Ok(());
    }
    let code = if header.action.is_known() {
        ReasonCode::ActionInvalid
    } else {
        ReasonCode::ActionNotSupported
    };
    let sentence = format!("action `{}` does not fit this path; write {expected}", header.action);
    Err(Refusal::header(code, sentence))
}

fn check_count<M: Request>(header: &Header, items: usize) -> Result<(), Refusal> {
    let sentence = match header.total_count {
        Some(told) if u64::try_from(items) == Ok(told) => return Ok(()),
        Some(told) => format!("total_count is {told}, and the message has {items} items"),
        None if M::may_be_uncounted() => return Ok(()),
        None => format!("total_count is missing; the message has {items} items"),
    };
    Err(Refusal::header(ReasonCode::TotalCountInvalid, sentence))
}

/// Remembers the message's name, and refuses one that has come before.
fn check_replay(call: &Call, header: &Header) -> Result<(), Refusal> {
    let sender = header.sender_id.as_deref().unwrap_or_default();
    let sent = header.message_ts.instant().unwrap_or_else(|_| call.errand.now());
    let new = call.store().alter(|tx| {
        forget_old(tx, call.errand.now())?;
        let added = tx
            .prepare_cached(
                "insert into message_seen (sender, message_id, at) values ($1, $2, $3) on conflict do nothing",
            )?
            .execute(params![sender, header.message_id, stamp(sent)])?;
        Ok(added > 0)
    });
    match new {
        Ok(true) => Ok(()),
        Ok(false) => {
            let id = &header.message_id;
            let sentence =
                format!("message {id} of {sender} has come before; give each its own id");
            Err(Refusal::header(ReasonCode::MessageIdDuplicate, sentence))
        }
        Err(error) => Err(Refusal::failed(&error)),
    }
}

/// Forgets the messages that would be refused for their time by now: they are near neither clock.
fn forget_old(tx: &Connection, sandbox: Timestamp) -> rusqlite::Result<()> {
    let (first, second) = (sandbox.min(wall()), sandbox.max(wall()));
    let moved = |clock: Timestamp, by| stamp(clock.saturating_add(by).unwrap_or(clock));
    tx.prepare_cached("delete from message_seen where at < $1 or (at > $2 and at < $3)")?
        .execute([moved(first, -SKEW), moved(first, SKEW), moved(second, -SKEW)])?;
    Ok(())
}
