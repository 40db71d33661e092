//! The accounts that are known at the start: everybody who has one is linked to it; a closed one is there as inactive.

use super::store::{add_account, add_holder};
use crate::kit::clock::D0;
use crate::kit::journal::stamp;
use crate::kit::seed::People;
use crate::kit::store::Transaction;

pub(super) fn seed(people: &People, tx: &Transaction<'_>) -> rusqlite::Result<()> {
    let at = stamp(D0);
    for person in people.living() {
        let Some(account) = person.account else { continue };
        let (id, fa) = (format!("uin:{}@arenoa", person.uin), account.to_string());
        let phone = person.phone.map(|phone| phone.to_string());
        add_account(tx, &fa, !account.closed)?;
        add_holder(tx, (&id, &fa), (&person.full_name(), phone.as_deref()), &at)?;
    }
    Ok(())
}
