//! Before anybody is paid: DCI CRVS `/registry/search` (asynchronous) about everybody, answered at `/registry/on-search`;
//! then DCI IBR `/registry/sync/search` for pensions that exclude this one. Who is in no answer is not paid.

use serde_json::{Value, json};
use standards::dci::search::{
    QueryType, SearchCriteria, SearchItem, SearchRequest, SearchResponse,
};
use standards::dci::{Action, Header, Status, TransactionId};

use super::model::{CycleState, Standing};
use super::store::{self, Payee, Trouble};
use crate::kit::courier::Errand;
use crate::kit::dci;
use crate::programme_office::model::sources::{BENEFICIARIES, CIVIL};
use crate::programme_office::work::records::{death_date, uin_of};

/// The civil registry is asked about so many people in one message; a message holds a thousand at the most.
const MOST_AT_ONCE: usize = 506;
/// One question of the beneficiary registry names so many people: a query is bounded.
const MOST_NAMED: usize = 400;

/// The programme that excludes a programme's benefit.
fn excluded_by(programme: &str) -> Option<&'static str> {
    (programme == "OAP").then_some("CPF")
}

/// Lets the verification of a draft begin, or go on where an answer was lost: who was answered for is not asked about again.
pub(super) fn begin(errand: &Errand, id: &str) -> Result<(), Trouble> {
    if store::known(&errand.office.store, id)?.state == CycleState::Verifying {
        return Ok(());
    }
    let step = (CycleState::Draft, CycleState::Verifying);
    errand.office.store.write(|tx| store::enter(tx, id, step))
}

/// Asks the civil registry about the next people whom nobody has asked about; when there are none left, the beneficiary
/// registry. What gave no answer is asked again when the verification is begun again.
pub(in crate::programme_office) async fn run(errand: &Errand, id: &str) {
    match store::known(&errand.office.store, id) {
        Ok(cycle) if cycle.state == CycleState::Verifying => {}
        _ => return,
    }
    let read = errand.office.store.read(|db| store::standing_so(db, id, &[Standing::Copied]));
    let next = match read {
        Ok(next) => next,
        Err(error) => return lost(errand, id, &error.to_string()),
    };
    let asked = match next.chunks(MOST_AT_ONCE).next() {
        Some(part) => ask_alive(errand, id, part).await,
        None => exclude(errand, id).await,
    };
    if let Err(trouble) = asked {
        lost(errand, id, &trouble.to_string());
    }
}

/// Somebody gave no answer: the cycle is a draft again, and nobody was taken for alive.
fn lost(errand: &Errand, id: &str, why: &str) {
    errand.event("verification waits", why, &json!({"cycle": id}));
    let step = (CycleState::Verifying, CycleState::Draft);
    if let Err(error) = errand.office.store.write(|tx| store::enter(tx, id, step)) {
        tracing::error!(%error, cycle = id, "a verification could not be given up");
    }
}

async fn ask_alive(errand: &Errand, id: &str, part: &[Payee]) -> Result<(), Trouble> {
    let (Some(first), Some(last)) = (part.first(), part.last()) else { return Ok(()) };
    let transaction = errand.office.next_id("TXN");
    errand.office.store.write(|tx| {
        Ok::<_, Trouble>(store::ask(tx, &transaction, id, (first.place, last.place))?)
    })?;
    let item = |payee: &Payee| {
        let mut search_criteria = SearchCriteria::by_identifier("UIN", &payee.uin);
        search_criteria.reg_type = Some("ns:org:RegistryType:Civil".into());
        SearchItem {
            reference_id: format!("{id}-{}", payee.place),
            timestamp: errand.stamp().into(),
            search_criteria,
            pagination: None,
            locale: Some("eng".into()),
        }
    };
    let message = SearchRequest {
        transaction_id: TransactionId::from(transaction),
        search_request: part.iter().map(item).collect(),
    };
    let path = "/registry/search";
    let asked = dci::submit(errand, CIVIL, path, Action::Search, &message).await;
    asked.map(drop).map_err(|e| Trouble::Unanswered(format!("The civil registry: {e}")))
}

/// What an answer of the civil registry was to a cycle.
pub(in crate::programme_office) enum Heard {
    /// No cycle waits for it.
    Nothing,
    /// More is to come.
    Part,
    /// The cycle can be gone on with.
    Whole(String),
}

/// Takes an answer of the civil registry, where a cycle waits for it. Whom it leaves out is unknown; where the question was
/// rejected as a whole, the cycle is a draft again.
pub(in crate::programme_office) fn answered(
    errand: &Errand,
    header: &Header,
    message: &SearchResponse,
) -> Result<Heard, String> {
    let is_rejected = header.status == Some(Status::Rjct);
    let is_part = header.status == Some(Status::Pdng);
    let transaction = message.transaction_id.to_string();
    let learnt = errand.office.store.write(|tx| {
        let Some((cycle, first, last)) = store::question(tx, &transaction)? else {
            return Ok::<_, Trouble>(None);
        };
        let mut counts = [0_usize; 3];
        let told = message
            .search_response
            .iter()
            .filter(|result| !is_rejected && !matches!(result.status, Status::Pdng | Status::Rcvd));
        for result in told {
            let place = result.reference_id.strip_prefix(&format!("{cycle}-"));
            let place = place.and_then(|place| place.parse::<i64>().ok());
            let Some(place) = place.filter(|place| (first..=last).contains(place)) else {
                continue;
            };
            let (standing, remark) =
                life(result.status, result.data.as_ref().map(|d| &d.reg_records));
            let kind = match standing {
                Standing::Deceased => 1,
                Standing::Unknown => 2,
                _ => 0,
            };
            counts[kind] += 1;
            store::learn(tx, (&cycle, place), (standing, &remark))?;
        }
        if !is_rejected && !is_part {
            let why = "The civil registry gives no answer about the person.";
            counts[2] += store::leave_unknown(tx, (&cycle, first, last), why)?;
        }
        if !is_part {
            store::close_question(tx, &transaction)?;
        }
        Ok(Some((cycle, counts)))
    });
    let Some((cycle, [alive, dead, unknown])) = learnt.map_err(|e| e.to_string())? else {
        return Ok(Heard::Nothing);
    };
    if is_rejected {
        let why = header.status_reason_message.as_deref().unwrap_or("the question was rejected");
        lost(errand, &cycle, &format!("The civil registry: {why}"));
        return Ok(Heard::Part);
    }
    let more = if unknown > 0 { format!(", {unknown} not found") } else { String::new() };
    let sentence = format!("{alive} alive, {dead} deceased{more}.");
    let facts = json!({"cycle": cycle, "alive": alive, "deceased": dead, "not_found": unknown});
    errand.event("alive check", &sentence, &facts);
    Ok(if is_part { Heard::Part } else { Heard::Whole(cycle) })
}

/// What the civil registry's records say of somebody. Nobody is taken for alive because nothing was said.
fn life(status: Status, records: Option<&Vec<Value>>) -> (Standing, String) {
    let record = records.filter(|_| status == Status::Succ).and_then(|records| records.first());
    match record {
        Some(record) => match death_date(record) {
            Some(date) => {
                (Standing::Deceased, format!("The civil registry records a death on {date}."))
            }
            None => (Standing::Entitled, String::new()),
        },
        None => (Standing::Unknown, String::from("The civil registry does not know the person.")),
    }
}

/// Asks the beneficiary registry who of the living draws the pension that excludes this one.
async fn exclude(errand: &Errand, id: &str) -> Result<(), Trouble> {
    let cycle = store::known(&errand.office.store, id)?;
    let living =
        errand.office.store.read(|db| store::standing_so(db, id, &[Standing::Entitled]))?;
    let conflicts = match excluded_by(&cycle.programme) {
        Some(other) if !living.is_empty() => ask_excluded(errand, other, &living).await?,
        _ => Vec::new(),
    };
    let left = errand.office.store.write(|tx| {
        store::enter(tx, id, (CycleState::Verifying, CycleState::ToApprove))?;
        let hit = living.iter().filter(|payee| conflicts.contains(&payee.uin));
        let mut left = living.len();
        for payee in hit {
            let remark = "Draws the Contributory Pension: an officer decides which one stays.";
            store::set_standing(tx, (id, payee.place), (Standing::Conflict, remark))?;
            left -= 1;
        }
        Ok::<_, Trouble>(left)
    })?;
    let gone = living.len() - left;
    let sentence = format!("{gone} draw another pension; {left} entitlements are drafted.");
    let facts = json!({"cycle": id, "conflicts": gone, "entitlements": left,
        "amount_cents": cycle.amount_cents});
    errand.event("cycle to approve", &sentence, &facts);
    Ok(())
}

async fn ask_excluded(
    errand: &Errand,
    programme: &str,
    living: &[Payee],
) -> Result<Vec<String>, Trouble> {
    let silent = |why: String| Trouble::Unanswered(format!("The beneficiary registry: {why}"));
    let item = |part: &[Payee]| {
        let uins: Vec<&str> = part.iter().map(|payee| payee.uin.as_str()).collect();
        let query = json!({"type": "ns:org:QueryType:expression", "value": {"expression": {
            "collection": "Beneficiary", "query": {"$and": [
                {"person_identifier": {"$in": uins}},
                {"programme_identifier": {"$eq": programme}},
                {"enrollment_status": {"$eq": "1"}}]}}}});
        let mut search_criteria = SearchCriteria::new(QueryType::Expression, query);
        search_criteria.reg_type = Some("ns:org:RegistryType:IBR".into());
        SearchItem {
            reference_id: errand.office.next_id("REF"),
            timestamp: errand.stamp().into(),
            search_criteria,
            pagination: None,
            locale: Some("eng".into()),
        }
    };
    let message = SearchRequest {
        transaction_id: TransactionId::from(errand.office.next_id("TXN")),
        search_request: living.chunks(MOST_NAMED).map(item).collect(),
    };
    let path = "/registry/sync/search";
    let asked = dci::ask::<SearchResponse>(errand, BENEFICIARIES, path, Action::Search, &message);
    let answer = asked.await.map_err(|e| silent(e.to_string()))?;
    let mut found = Vec::new();
    for result in answer.message.search_response {
        let data = result.data.filter(|_| result.status == Status::Succ).ok_or_else(|| {
            silent(result.status_reason_message.unwrap_or_else(|| "no data".into()))
        })?;
        found.extend(data.reg_records.iter().filter_map(beneficiary_uin));
    }
    Ok(found)
}

fn beneficiary_uin(record: &Value) -> Option<String> {
    let member = record.get("member")?;
    let direct = member.get("member_identifier")?;
    let one = std::slice::from_ref(direct);
    let list = direct.as_array().map_or(one, Vec::as_slice);
    let held = list.iter().find(|i| i["identifier_type"].as_str() == Some("UIN"));
    let value = held.and_then(|i| i["identifier_value"].as_str()).map(str::to_owned);
    value.or_else(|| uin_of(member.get("demographic_info")?))
}
