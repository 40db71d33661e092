//! G2P Connect 1.0.0, `/mapper/sync/resolve`: whether payees are known to the account mapper, and where they are paid.

use std::collections::BTreeMap;

use standards::dci::{Action, ReasonCode, Status, TransactionId};
use standards::g2p_connect::mapper::{ResolveItem, ResolveRequest, ResolveResponse, ResolveScope};

use crate::kit::courier::Errand;
use crate::kit::dci::{self, DciError};

/// The mapper is asked for so many payees at once.
const MOST_AT_ONCE: usize = 1000;

/// What is said of a payee whom the mapper does not know.
pub(super) const UNKNOWN: &str = "the account mapper does not know this payee";

/// Where a payee is paid, or why that cannot be.
pub(super) type Found = Result<String, String>;

/// Whether an address names a person whom the mapper may know, and no account.
fn is_person(address: &str) -> bool {
    super::interoperability::kind_and_id(address).is_none()
}

/// Looks up those of `addresses` that name persons.
pub(super) async fn find(
    errand: &Errand,
    addresses: &[String],
) -> Result<BTreeMap<String, Found>, DciError> {
    let persons: Vec<&String> = addresses.iter().filter(|address| is_person(address)).collect();
    let mut found = BTreeMap::new();
    for part in persons.chunks(MOST_AT_ONCE) {
        let item = |(number, id): (usize, &&String)| ResolveItem {
            reference_id: format!("{}", number + 1),
            timestamp: errand.stamp().into(),
            fa: None,
            id: Some((*id).clone()),
            name: None,
            scope: Some(ResolveScope::Details),
            additional_info: Vec::new(),
            locale: Some("eng".into()),
        };
        let message = ResolveRequest {
            transaction_id: TransactionId::from(errand.office.next_id("TXN")),
            resolve_request: part.iter().enumerate().map(item).collect(),
        };
        let path = "/mapper/sync/resolve";
        let asked =
            dci::ask::<ResolveResponse>(errand, "account_mapper", path, Action::Resolve, &message);
        let answer = asked.await?;
        for (id, result) in part.iter().zip(&answer.message.resolve_response) {
            let code = result.status_reason_code.as_ref();
            let active = matches!(code, Some(ReasonCode::FaActive | ReasonCode::IdActive));
            let fa = result.fa.clone().filter(|_| active && result.status == Status::Succ);
            found.insert((*id).clone(), fa.ok_or_else(|| sentence(code)));
        }
    }
    Ok(found)
}

fn sentence(code: Option<&ReasonCode>) -> String {
    match code {
        Some(ReasonCode::IdNotFound) => UNKNOWN.into(),
        Some(ReasonCode::IdInactive) => "no account is linked to this payee".into(),
        Some(ReasonCode::FaInactive) => "the payee's account is closed".into(),
        Some(other) => format!("the account mapper says {}", other.as_str()),
        None => "the account mapper names no account".into(),
    }
}
