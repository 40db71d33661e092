//! What holds for any bytes that arrive as an envelope: reading them never panics, what was read is written and read back
//! the same, and every question inside becomes a filter or a sentence. Shared by the test beside it and by the fuzz target
//! in `fuzz/`.

use std::fmt::Debug;

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use standards::dci::enrollment::{EnrolledRequest, EnrollmentUpdatesRequest};
use standards::dci::notify::NotifyRequest;
use standards::dci::query::Mode;
use standards::dci::records::v1::modernise;
use standards::dci::search::{SearchRequest, SearchResponse};
use standards::dci::subscribe::{SubscribeRequest, SubscribeResponse};
use standards::dci::txn_status::{TxnStatusRequest, TxnStatusResponse};
use standards::dci::unsubscribe::{UnsubscribeRequest, UnsubscribeResponse};
use standards::dci::{Ack, EncryptedMessage, Envelope, read};

/// Holds `bytes` against the law.
///
/// # Panics
/// Where the law does not hold.
pub(crate) fn holds(bytes: &[u8]) {
    if let Some(envelope) = round::<SearchRequest>(bytes) {
        for item in &envelope.message.search_request {
            for mode in [Mode::Strict, Mode::Lenient] {
                told(item.search_criteria.filter(mode));
            }
            if let Some(page) = item.page() {
                told(page.checked());
            }
            told(item.timestamp.instant());
        }
    }
    if let Some(envelope) = round::<SubscribeRequest>(bytes) {
        for item in &envelope.message.subscribe_request {
            for mode in [Mode::Strict, Mode::Lenient] {
                if let Some(filter) = item.subscribe_criteria.filter(mode) {
                    told(filter);
                }
            }
        }
    }
    if let Some(envelope) = round::<EnrolledRequest>(bytes) {
        told(envelope.message.enrolled_criteria.filter(Mode::Lenient));
    }
    if let Some(envelope) = round::<TxnStatusRequest>(bytes) {
        assert!(envelope.message.txnstatus_request.attribute_value.texts().len() <= bytes.len());
    }
    round::<UnsubscribeRequest>(bytes);
    round::<EnrollmentUpdatesRequest>(bytes);
    round::<NotifyRequest>(bytes);
    round::<SearchResponse>(bytes);
    round::<SubscribeResponse>(bytes);
    round::<UnsubscribeResponse>(bytes);
    round::<TxnStatusResponse>(bytes);
    round::<EncryptedMessage>(bytes);
    if let Some(envelope) = round::<Value>(bytes) {
        // A time that is no time is refused in a sentence.
        told(envelope.header.message_ts.instant());
        let mut record = envelope.message;
        modernise(&mut record);
    }
    again::<Ack>(bytes);
}

/// Reads an envelope around `M`, and what is written of it.
fn round<M>(bytes: &[u8]) -> Option<Envelope<M>>
where
    M: DeserializeOwned + Serialize + PartialEq + Debug,
{
    again::<Envelope<M>>(bytes)
}

fn again<T: DeserializeOwned + Serialize + PartialEq + Debug>(bytes: &[u8]) -> Option<T> {
    let value = match read::<T>(bytes) {
        Ok(value) => value,
        Err(malformed) => {
            assert!(!malformed.to_string().is_empty(), "a refusal says why");
            return None;
        }
    };
    let written = serde_json::to_vec(&value).unwrap_or_else(|e| panic!("written: {e}: {value:?}"));
    match read::<T>(&written) {
        Ok(back) => assert_eq!(back, value, "it reads back the same"),
        Err(malformed) => panic!("what was written is not read: {malformed}: {value:?}"),
    }
    Some(value)
}

/// A refusal says why.
fn told<T, E: std::fmt::Display>(outcome: Result<T, E>) {
    if let Err(refused) = outcome {
        assert!(!refused.to_string().is_empty());
    }
}
