//! The law of the mapper: what may be linked, moved, released and found (G2P Connect 1.0.0 mapper, status reason codes).

use standards::dci::{Action, DateTime, ReasonCode, Status};
use standards::g2p_connect::FinancialAddress;
use standards::ids::Msisdn;

/// The longest name that is kept, in characters.
const LONGEST_NAME: usize = 200;

/// What is done with an entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Verb {
    Link,
    Update,
    Unlink,
    Resolve,
}

impl Verb {
    /// The word in paths and field names.
    pub(super) fn word(self) -> &'static str {
        match self {
            Self::Link => "link",
            Self::Update => "update",
            Self::Unlink => "unlink",
            Self::Resolve => "resolve",
        }
    }

    /// The verb with this word; `on-link` names it too.
    pub(super) fn named(word: &str) -> Option<Self> {
        let word = word.strip_prefix("on-").unwrap_or(word);
        [Self::Link, Self::Update, Self::Unlink, Self::Resolve]
            .into_iter()
            .find(|verb| verb.word() == word)
    }

    /// The action that a request must name.
    pub(super) fn action(self) -> Action {
        Action::from(self.word())
    }
}

/// One entry of a batch, whichever face it came through.
#[derive(Debug, Clone)]
pub(super) struct Entry {
    pub(super) reference_id: String,
    pub(super) timestamp: DateTime,
    pub(super) id: Option<String>,
    pub(super) fa: Option<String>,
    pub(super) name: Option<String>,
    pub(super) phone: Option<String>,
    /// JSON, as it came.
    pub(super) additional: String,
    /// Only a resolve has one.
    pub(super) scope: Option<String>,
    /// Who registered the person, in the faces that keep apart who did.
    pub(super) institution: Option<String>,
}

impl Entry {
    /// An entry that says nothing yet.
    pub(super) fn named(reference_id: &str, timestamp: impl Into<DateTime>) -> Self {
        Self {
            reference_id: reference_id.into(),
            timestamp: timestamp.into(),
            id: None,
            fa: None,
            name: None,
            phone: None,
            additional: String::from("[]"),
            scope: None,
            institution: None,
        }
    }
}

/// What the archive knows about an entry.
#[derive(Debug, Clone, Default)]
pub(super) struct Facts {
    /// Whether the id was ever linked, and to which account it is now.
    pub(super) holder: Option<Holder>,
    /// Whether the account that the entry names is known, and then whether it is active.
    pub(super) account: Option<bool>,
    /// Whose the account that the entry names is.
    pub(super) owner: Option<String>,
}

/// Somebody who is paid, or was.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Holder {
    pub(super) id: String,
    /// The account and whether it is active.
    pub(super) account: Option<(String, bool)>,
}

/// What is to be written down.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Change {
    Nothing,
    /// The account of the entry becomes the account of its id.
    Pay,
    /// The id has no account any more.
    Release,
}

/// How an entry goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Outcome {
    pub(super) change: Change,
    pub(super) status: Status,
    pub(super) code: Option<ReasonCode>,
    pub(super) sentence: String,
    /// Whose account was found, and which.
    pub(super) found: Option<(String, String)>,
}

/// What is wrong with an entry.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(super) enum Fault {
    #[error("reference_id is empty: give each entry a name")]
    Reference,
    #[error("reference_id `{0}` stands twice in this batch")]
    Twice(String),
    #[error("{0}")]
    Timestamp(String),
    #[error("id: {0}")]
    Id(String),
    #[error("fa: {0}")]
    Fa(String),
    #[error("a name has 1 to {LONGEST_NAME} characters and a letter among them")]
    Name,
    #[error("phone_number: {0}")]
    Phone(String),
    #[error("scope `{0}` is not known: write yes_no or details")]
    Scope(String),
    #[error("{id} is linked to {fa} already: update it")]
    Linked { id: String, fa: String },
    #[error("the account {0} is closed: name another")]
    Closed(String),
    #[error("{0} is linked to no account: link it first")]
    Unlinked(String),
    #[error("{id} is not linked to {fa}")]
    Other { id: String, fa: String },
}

impl Fault {
    /// The code of the standard: a link has more words for it than an update or an unlink.
    fn code(&self, verb: Verb) -> ReasonCode {
        match self {
            Self::Twice(_) => return ReasonCode::ReferenceIdDuplicate,
            Self::Timestamp(_) => return ReasonCode::TimestampInvalid,
            Self::Scope(_) => return ReasonCode::ResolveTypeNotSupported,
            Self::Id(_) if verb == Verb::Resolve => return ReasonCode::IdInvalid,
            Self::Fa(_) if verb == Verb::Resolve => return ReasonCode::FaInvalid,
            Self::Name if verb != Verb::Link => return ReasonCode::BeneficiaryNameInvalid,
            _ => {}
        }
        if verb != Verb::Link {
            return ReasonCode::ReferenceIdInvalid;
        }
        match self {
            Self::Id(_) => ReasonCode::IdInvalid,
            Self::Fa(_) => ReasonCode::FaInvalid,
            Self::Name => ReasonCode::NameInvalid,
            Self::Phone(_) => ReasonCode::MobileNumberInvalid,
            Self::Linked { .. } => ReasonCode::ReferenceIdDuplicate,
            Self::Closed(_) => ReasonCode::OtherError,
            _ => ReasonCode::ReferenceIdInvalid,
        }
    }

    /// The outcome that says so.
    pub(super) fn outcome(&self, verb: Verb) -> Outcome {
        Outcome {
            change: Change::Nothing,
            status: Status::Rjct,
            code: Some(self.code(verb)),
            sentence: self.to_string(),
            found: None,
        }
    }
}

/// Whether the entry itself is right; `twice` says that its reference stood in the batch before.
pub(super) fn check(verb: Verb, entry: &Entry, twice: bool) -> Result<(), Fault> {
    if entry.reference_id.trim().is_empty() {
        return Err(Fault::Reference);
    }
    if twice {
        return Err(Fault::Twice(entry.reference_id.clone()));
    }
    entry.timestamp.instant().map_err(|e| Fault::Timestamp(e.to_string()))?;
    let address = |text: &str| text.parse::<FinancialAddress>().map_err(|e| e.to_string());
    if let Some(id) = &entry.id {
        address(id).map_err(Fault::Id)?;
    }
    if let Some(fa) = &entry.fa {
        address(fa).map_err(Fault::Fa)?;
    }
    if verb == Verb::Resolve {
        return check_scope(entry);
    }
    if let Some(name) = &entry.name
        && (name.chars().count() > LONGEST_NAME || !name.chars().any(char::is_alphabetic))
    {
        return Err(Fault::Name);
    }
    if let Some(phone) = &entry.phone {
        phone.parse::<Msisdn>().map_err(|e| Fault::Phone(e.to_string()))?;
    }
    Ok(())
}

fn check_scope(entry: &Entry) -> Result<(), Fault> {
    if entry.id.is_none() && entry.fa.is_none() {
        return Err(Fault::Id("name an id or an fa".into()));
    }
    match entry.scope.as_deref() {
        None | Some("yes_no" | "details") => Ok(()),
        Some(other) => Err(Fault::Scope(other.into())),
    }
}

/// What becomes of an entry that [`check`] let pass.
pub(super) fn decide(verb: Verb, entry: &Entry, facts: &Facts) -> Outcome {
    let decided = match verb {
        Verb::Resolve => return resolve(entry, facts),
        Verb::Link => link(entry, facts),
        Verb::Update => update(entry, facts),
        Verb::Unlink => unlink(entry, facts),
    };
    match decided {
        Ok(change) => Outcome {
            change,
            status: Status::Succ,
            code: None,
            sentence: String::new(),
            found: entry.id.clone().zip(entry.fa.clone()),
        },
        Err(fault) => fault.outcome(verb),
    }
}

fn link(entry: &Entry, facts: &Facts) -> Result<Change, Fault> {
    if let Some(Holder { id, account: Some((fa, _)) }) = &facts.holder {
        return Err(Fault::Linked { id: id.clone(), fa: fa.clone() });
    }
    open_account(entry, facts)
}

fn update(entry: &Entry, facts: &Facts) -> Result<Change, Fault> {
    linked_account(entry, facts)?;
    open_account(entry, facts)
}

fn unlink(entry: &Entry, facts: &Facts) -> Result<Change, Fault> {
    let linked = linked_account(entry, facts)?;
    match &entry.fa {
        Some(fa) if fa != linked => {
            Err(Fault::Other { id: entry.id.clone().unwrap_or_default(), fa: fa.clone() })
        }
        _ => Ok(Change::Release),
    }
}

fn linked_account<'a>(entry: &Entry, facts: &'a Facts) -> Result<&'a str, Fault> {
    let account = facts.holder.as_ref().and_then(|h| h.account.as_ref());
    account
        .map(|(fa, _)| fa.as_str())
        .ok_or_else(|| Fault::Unlinked(entry.id.clone().unwrap_or_default()))
}

/// Money can be sent to an account that nobody has heard of yet, and not to one that is known to be closed.
fn open_account(entry: &Entry, facts: &Facts) -> Result<Change, Fault> {
    match (&entry.fa, facts.account) {
        (Some(fa), Some(false)) => Err(Fault::Closed(fa.clone())),
        _ => Ok(Change::Pay),
    }
}

fn resolve(entry: &Entry, facts: &Facts) -> Outcome {
    use ReasonCode as Code;
    let (code, found) = match (&entry.id, &entry.fa) {
        (Some(id), None) => match facts.holder.as_ref().map(|h| &h.account) {
            None => (Code::IdNotFound, None),
            Some(None) => (Code::IdInactive, None),
            Some(Some((fa, false))) => (Code::FaInactive, Some((id.clone(), fa.clone()))),
            Some(Some((fa, true))) => {
                // Yes or no is about the person; who asks for details is told about the account.
                let details = entry.scope.as_deref() == Some("details");
                let code = if details { Code::FaActive } else { Code::IdActive };
                (code, Some((id.clone(), fa.clone())))
            }
        },
        (Some(id), Some(fa)) => {
            let own = facts.holder.as_ref().map(|h| h.account.as_ref().map(|(own, _)| own));
            match (own, facts.account) {
                (None, _) => (Code::IdNotFound, None),
                (Some(_), None) => (Code::FaNotFound, None),
                (Some(own), Some(_)) if own != Some(fa) => (Code::FaNotLinkedToId, None),
                (Some(_), Some(false)) => (Code::FaInactive, Some((id.clone(), fa.clone()))),
                (Some(_), Some(true)) => (Code::FaActive, Some((id.clone(), fa.clone()))),
            }
        }
        (None, fa) => {
            let fa = fa.clone().unwrap_or_default();
            match (facts.account, &facts.owner) {
                (None, _) => (Code::FaNotFound, None),
                (Some(_), None) => (Code::FaNotLinkedToId, None),
                (Some(false), Some(owner)) => (Code::FaInactive, Some((owner.clone(), fa))),
                (Some(true), Some(owner)) => (Code::FaActive, Some((owner.clone(), fa))),
            }
        }
    };
    let sentence = String::new();
    Outcome { change: Change::Nothing, status: Status::Succ, code: Some(code), sentence, found }
}

/// What people call a provider.
pub(super) fn provider_name(code: &str) -> String {
    let mut chars = code.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(id: Option<&str>, fa: Option<&str>) -> Entry {
        let text = |t: Option<&str>| t.map(str::to_owned);
        Entry { id: text(id), fa: text(fa), ..Entry::named("R", "2026-10-01T08:00:00Z") }
    }

    fn nobody(account: Option<bool>) -> Facts {
        Facts { holder: None, account, owner: None }
    }

    fn facts(own: Option<(&str, bool)>, account: Option<bool>) -> Facts {
        let own = own.map(|(fa, active)| (fa.to_owned(), active));
        let holder = Some(Holder { id: "uin:1@arenoa".into(), account: own });
        Facts { holder, account, owner: None }
    }

    const ID: Option<&str> = Some("uin:1@arenoa");
    const FA: Option<&str> = Some("account:1@pinkbank");
    const OWN: (&str, bool) = ("account:1@pinkbank", true);

    #[test]
    fn every_answer_to_who_is_paid_where_can_be_given() {
        let code = |id, fa, facts: &Facts| {
            resolve(&entry(id, fa), facts).code.map(|c| c.as_str().to_owned()).unwrap()
        };
        let owned = |account| Facts { owner: Some("uin:1@arenoa".into()), ..nobody(account) };
        assert_eq!(code(ID, None, &nobody(None)), "succ.id.not_found");
        assert_eq!(code(ID, None, &facts(None, None)), "succ.id.inactive");
        assert_eq!(code(ID, None, &facts(Some(OWN), None)), "succ.id.active");
        assert_eq!(code(ID, None, &facts(Some((OWN.0, false)), None)), "succ.fa.inactive");
        assert_eq!(code(ID, FA, &facts(Some(OWN), Some(true))), "succ.fa.active");
        assert_eq!(
            code(ID, Some("x@y"), &facts(Some(OWN), Some(true))),
            "succ.fa.not_linked_to_id"
        );
        assert_eq!(code(None, FA, &nobody(None)), "succ.fa.not_found");
        assert_eq!(code(None, FA, &nobody(Some(true))), "succ.fa.not_linked_to_id");
        assert_eq!(code(None, FA, &owned(Some(true))), "succ.fa.active");
        assert_eq!(code(None, FA, &owned(Some(false))), "succ.fa.inactive");
    }

    #[test]
    fn an_account_is_linked_once_moved_by_update_and_released_by_unlink() {
        let (nobody, linked) = (nobody(None), facts(Some(OWN), Some(true)));
        assert_eq!(decide(Verb::Link, &entry(ID, FA), &nobody).change, Change::Pay);
        let again = decide(Verb::Link, &entry(ID, FA), &linked);
        assert_eq!(again.code, Some(ReasonCode::ReferenceIdDuplicate));
        assert_eq!(decide(Verb::Update, &entry(ID, FA), &linked).change, Change::Pay);
        let unknown = decide(Verb::Update, &entry(ID, FA), &nobody);
        assert_eq!(unknown.code, Some(ReasonCode::ReferenceIdInvalid));
        assert_eq!(decide(Verb::Unlink, &entry(ID, None), &linked).change, Change::Release);
        let wrong = decide(Verb::Unlink, &entry(ID, Some("x@y")), &linked);
        assert_eq!(wrong.code, Some(ReasonCode::ReferenceIdInvalid));
    }

    #[test]
    fn nobody_is_linked_to_a_closed_account() {
        let closed = decide(Verb::Link, &entry(ID, FA), &nobody(Some(false)));
        assert_eq!(closed.code, Some(ReasonCode::OtherError));
    }
}
