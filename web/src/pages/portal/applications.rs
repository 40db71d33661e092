//! What became of somebody's applications: how each stands, and the money with the reason where it waits.

use mocks::kit::room::Hall;
use serde_json::Value;

use super::{OFFICE, Programme};
use crate::pages::counter::{address_of, in_address, look_json};
use crate::pages::visit::Visit;

/// An application of the person chosen.
#[derive(Debug)]
pub(super) struct Application {
    pub(super) id: String,
    pub(super) programme: String,
    pub(super) state: String,
    /// Whether a payment waits or has failed.
    pub(super) waits: bool,
    pub(super) reason: String,
    /// The money: how much, how it stands, and why where it stands still.
    pub(super) payments: Vec<Payment>,
    pub(super) page: String,
}

#[derive(Debug, PartialEq, Eq)]
pub(super) struct Payment {
    pub(super) words: String,
    pub(super) why: String,
    pub(super) waits: bool,
}

/// The applications under this number.
pub(super) async fn applications(
    hall: &Hall,
    visit: &Visit,
    uin: &str,
    programmes: &[Programme],
) -> Vec<Application> {
    if uin.is_empty() {
        return Vec::new();
    }
    let path = format!("/applications?uin={}", in_address(uin));
    let list = look_json(hall, OFFICE, &path).await.unwrap_or(Value::Null);
    let path = format!("/members/{}/payments", in_address(uin));
    let paid = look_json(hall, OFFICE, &path).await.unwrap_or(Value::Null);
    let base = address_of(hall, &visit.prefix, OFFICE);
    let row = |row: &Value| {
        let text = |name: &str| row[name].as_str().unwrap_or_default().to_owned();
        let (id, code) = (text("application_id"), text("programme"));
        let known = programmes.iter().find(|p| p.code == code);
        let payments = payments(&paid, &id);
        Application {
            page: format!("{base}/portal/applications/{}", in_address(&id)),
            id,
            programme: known.map_or(code, |p| p.name.clone()),
            state: text("state").replace('_', " "),
            waits: payments.iter().any(|payment| payment.waits),
            reason: text("reason"),
            payments,
        }
    };
    let rows = list["applications"].as_array().into_iter().flatten();
    rows.filter(|application| application["uin"] == uin).map(row).collect()
}

/// The payments of an application, as the office tells of them.
fn payments(paid: &Value, application: &str) -> Vec<Payment> {
    let payment = |row: &Value| {
        let text = |name: &str| row[name].as_str().unwrap_or_default();
        let (cents, state) = (row["amount_cents"].as_u64().unwrap_or_default(), text("state"));
        Payment {
            words: format!("{}.{:02} {}: {state}", cents / 100, cents % 100, text("currency")),
            why: text("remark").to_owned(),
            waits: matches!(state, "held" | "failed"),
        }
    };
    let rows = paid["payments"].as_array().into_iter().flatten();
    rows.filter(|row| row["application"] == application).map(payment).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_payment_that_is_held_is_told_with_its_reason() {
        let paid = json!({"payments": [{"application": "APP-1", "amount_cents": 10_000, "currency": "XTS",
            "state": "held", "remark": "The account is closed"}, {"application": "APP-2"}]});
        let payments = payments(&paid, "APP-1");
        assert_eq!(payments.len(), 1);
        assert!(payments[0].waits && payments[0].words == "100.00 XTS: held", "{payments:?}");
        assert_eq!(payments[0].why, "The account is closed");
    }
}
