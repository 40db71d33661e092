//! G2P Connect 1.0.0: what a header must say before anything of its batch is done, and the header that refuses one.

use actix_web::HttpResponse;
use standards::dci::{Ack, ErrorCode, Header, ReasonCode, Status};

use crate::kit::room::Policy;
use crate::kit::server::Call;
use crate::kit::trust::jwks::sender_id_of;

/// Why a batch is refused as a whole: the code of the header, and a sentence.
pub type Whole = (ReasonCode, String);

/// Checks version, action, moment and count. `actions` are those that the path takes; of `there` entries at most `most`
/// are taken. An open room reads the drafts of the standard too (`0.1.0`), because published scripts of SPAR name them.
pub fn check_header(
    call: &Call,
    header: &Header,
    actions: &[&str],
    (there, most): (usize, usize),
) -> Result<(), Whole> {
    let refuse = |code, sentence: String| Err((code, sentence));
    let is_draft = header.version.starts_with("0.") && call.room().policy() != Policy::Strict;
    if is_draft {
        call.remark(&format!("version {} is read as 1.0.0", header.version));
    }
    if !is_draft && !header.version.starts_with("1.") {
        let sentence = format!("version {} is not spoken here: write 1.0.0", header.version);
        return refuse(ReasonCode::VersionInvalid, sentence);
    }
    if !actions.contains(&header.action.as_str()) {
        let right = actions.first().copied().unwrap_or_default();
        let sentence = format!("the action of this path is {right}, not {}", header.action);
        return refuse(ReasonCode::ActionInvalid, sentence);
    }
    if let Err(error) = header.message_ts.instant() {
        return refuse(ReasonCode::MessageTsInvalid, format!("message_ts: {error}"));
    }
    if there > most {
        let sentence = format!("{there} entries are too many: send at most {most}");
        return refuse(ReasonCode::TotalCountLimitExceeded, sentence);
    }
    match header.total_count {
        Some(said) if usize::try_from(said).ok() != Some(there) => {
            let sentence = format!("total_count: write {there}, as there are entries, not {said}");
            refuse(ReasonCode::TotalCountInvalid, sentence)
        }
        _ => Ok(()),
    }
}

/// Whether times without a zone are read as UTC, which an open room forgives; that of the header is given its zone.
pub fn forgives_times(call: &Call, header: &mut Header) -> bool {
    let forgives = call.room().policy() != Policy::Strict;
    if forgives {
        header.message_ts = header.message_ts.clone().or_utc();
    }
    forgives
}

/// The answer to an asynchronous message that is not taken: HTTP 400 with an Ack that says ERR, as at the registries. The
/// text gives no status for it.
pub fn not_acknowledged(
    call: &Call,
    correlation: &str,
    code: ErrorCode,
    sentence: &str,
) -> HttpResponse {
    call.remark(sentence);
    let ack = Ack::refused(correlation, call.errand.stamp(), code, sentence);
    HttpResponse::BadRequest().json(ack)
}

/// The header that refuses a batch as a whole: nothing of it was done.
pub fn rejected(call: &Call, asked: &Header, (code, sentence): Whole) -> Header {
    call.remark(&sentence);
    let office = &call.errand.office;
    let (own, id) = (sender_id_of(office.system.name), office.next_id("MSG"));
    let mut header = asked.answer(Status::Rjct, &own, id, call.errand.stamp());
    header.completed_count = Some(0);
    header.because(code, sentence)
}
