//! What did not arrive is mended: accounts that the district offices learnt are linked (G2P Connect 1.0.0,
//! `/mapper/sync/update` and `/mapper/sync/link`), and everybody who was not paid gets a new payment with a new reference.

use serde_json::json;
use standards::dci::{Action, Status, TransactionId};
use standards::g2p_connect::mapper::{
    LinkItem, LinkRequest, LinkResponse, UpdateItem, UpdateRequest, UpdateResponse,
};

use super::model::{CycleState, Refusal, Standing};
use super::pay::{MAPPER, person, round};
use super::store::{self, Payee, Trouble};
use crate::kit::courier::Errand;
use crate::kit::dci;

/// Whether a cycle may be mended: every payment of it has ended.
pub(super) fn may_mend(errand: &Errand, id: &str) -> Result<(), Trouble> {
    match store::known(&errand.office.store, id)?.state {
        CycleState::Distributed => Ok(()),
        state => {
            let right = CycleState::Distributed.text();
            Err(Refusal::NotNow { is: state.text(), right }.into())
        }
    }
}

/// Links what was learnt, and pays everybody again who was not paid.
pub(super) async fn run(errand: &Errand, id: &str) {
    let done = async {
        let cycle = store::known(&errand.office.store, id)?;
        let unpaid =
            errand.office.store.read(|db| store::standing_so(db, id, &Standing::UNPAID))?;
        if unpaid.is_empty() {
            return Ok(());
        }
        correct(errand, &unpaid).await?;
        round(errand, &cycle, &Standing::UNPAID).await
    };
    if let Err(trouble) = done.await {
        let sentence = Trouble::to_string(&trouble);
        errand.event("payment waits", &sentence, &json!({"cycle": id}));
    }
}

/// Somebody whom the mapper does not know is linked; the account of anybody else is replaced.
async fn correct(errand: &Errand, unpaid: &[Payee]) -> Result<(), Trouble> {
    let learnt = unpaid.iter().filter(|payee| payee.new_account.is_some());
    let is_unknown =
        |payee: &&&Payee| payee.standing == Standing::Held && payee.remark.ends_with("not_found");
    let (new, known): (Vec<&Payee>, Vec<&Payee>) = learnt.partition(|payee| is_unknown(&payee));
    let updated = if known.is_empty() { 0 } else { update(errand, &known).await? };
    let linked = if new.is_empty() { 0 } else { link(errand, &new).await? };
    let sentence = format!(
        "The district offices called: {updated} accounts are replaced, {linked} are linked for the first time."
    );
    errand.event("accounts corrected", &sentence, &json!({"updated": updated, "linked": linked}));
    Ok(())
}

fn silent(why: impl std::fmt::Display) -> Trouble {
    Trouble::Unanswered(format!("The account mapper: {why}"))
}

async fn update(errand: &Errand, payees: &[&Payee]) -> Result<usize, Trouble> {
    let item = |payee: &&Payee| UpdateItem {
        reference_id: format!("U-{}", payee.place),
        timestamp: errand.stamp().into(),
        id: person(payee),
        fa: payee.new_account.clone().unwrap_or_default(),
        name: Some(payee.name.clone()),
        phone_number: None,
        additional_info: Vec::new(),
        locale: Some("eng".into()),
    };
    let message = UpdateRequest {
        transaction_id: TransactionId::from(errand.office.next_id("TXN")),
        update_request: payees.iter().map(item).collect(),
    };
    let path = "/mapper/sync/update";
    let asked = dci::ask::<UpdateResponse>(errand, MAPPER, path, Action::Update, &message);
    let answer = asked.await.map_err(silent)?;
    Ok(answer.message.update_response.iter().filter(|r| r.status == Status::Succ).count())
}

async fn link(errand: &Errand, payees: &[&Payee]) -> Result<usize, Trouble> {
    let item = |payee: &&Payee| LinkItem {
        reference_id: format!("L-{}", payee.place),
        timestamp: errand.stamp().into(),
        id: person(payee),
        fa: payee.new_account.clone().unwrap_or_default(),
        name: Some(payee.name.clone()),
        phone_number: None,
        additional_info: Vec::new(),
        locale: Some("eng".into()),
    };
    let message = LinkRequest {
        transaction_id: TransactionId::from(errand.office.next_id("TXN")),
        link_request: payees.iter().map(item).collect(),
    };
    let path = "/mapper/sync/link";
    let asked = dci::ask::<LinkResponse>(errand, MAPPER, path, Action::Link, &message);
    let answer = asked.await.map_err(silent)?;
    Ok(answer.message.link_response.iter().filter(|r| r.status == Status::Succ).count())
}
