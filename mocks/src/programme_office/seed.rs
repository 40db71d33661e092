//! Nobody has applied at the start; the programmes that are built in are in force, and the pensioners of the payroll are
//! enrolled.

use crate::kit::seed::People;
use crate::kit::store::{Transaction, set_setting};
use crate::programme_office::cycle::{Member, add_member};
use crate::programme_office::model::programmes::BUILT_IN;
use crate::programme_office::store::PROGRAMMES;

pub(super) fn seed(people: &People, tx: &Transaction<'_>) -> rusqlite::Result<()> {
    set_setting(tx, PROGRAMMES, BUILT_IN)?;
    for line in people.payroll() {
        let person = people.person(line.person);
        let (uin, name) = (person.uin.to_string(), person.full_name());
        let district = person.community.district().name();
        let new_account = line.new_account.map(|account| account.to_string());
        let member = Member {
            uin: &uin,
            programme: "OAP",
            name: &name,
            district,
            new_account: new_account.as_deref(),
        };
        add_member(tx, &member)?;
    }
    Ok(())
}
