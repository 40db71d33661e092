//! Actions, statuses, error and reason codes of DCI v1.0.0 (`RequestStatus`, Error, *`StatusReasonCode`) and of G2P Connect.

use crate::code::open_code;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// How far a request, or one item of it, has come (`RequestStatus`). Closed: every registry uses these four.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "lowercase")]
pub enum Status {
    /// Received, nothing done yet.
    Rcvd,
    /// Pending: work goes on.
    Pdng,
    /// Succeeded.
    Succ,
    /// Rejected.
    Rjct,
}

impl Status {
    /// The status as it stands on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Rcvd => "rcvd",
            Self::Pdng => "pdng",
            Self::Succ => "succ",
            Self::Rjct => "rjct",
        }
    }

    /// Whether no later message will change it.
    pub fn is_final(self) -> bool {
        matches!(self, Self::Succ | Self::Rjct)
    }
}

impl std::fmt::Display for Status {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.as_str())
    }
}

open_code! {
    /// `header.action`: what the sender wants, or what the answer answers.
    Action {
        Search = "search",
        OnSearch = "on-search",
        Subscribe = "subscribe",
        OnSubscribe = "on-subscribe",
        Unsubscribe = "unsubscribe",
        OnUnsubscribe = "on-unsubscribe",
        Notify = "notify",
        TxnStatus = "txn-status",
        TxnOnStatus = "txn-on-status",
        Link = "link",
        OnLink = "on-link",
        Update = "update",
        OnUpdate = "on-update",
        Unlink = "unlink",
        OnUnlink = "on-unlink",
        Resolve = "resolve",
        OnResolve = "on-resolve",
        Disburse = "disburse",
        OnDisburse = "on-disburse",
    }
}

impl Action {
    /// The action of the answer: `search` gives `on-search`. A `notify` is answered by an Ack only, so it stays as it is.
    #[must_use]
    pub fn answered(&self) -> Self {
        match self {
            Self::TxnStatus => Self::TxnOnStatus,
            Self::Notify => Self::Notify,
            other if other.as_str().starts_with("on-") || *other == Self::TxnOnStatus => {
                other.clone()
            }
            other => Self::from(format!("on-{}", other.as_str())),
        }
    }
}

open_code! {
    /// `error.code` of an Ack or of an HTTP error body.
    ErrorCode {
        RequestBad = "err.request.bad",
        RequestUnauthorized = "err.request.unauthorized",
        RequestForbidden = "err.request.forbidden",
        RequestNotFound = "err.request.not_found",
        RequestTimeout = "err.request.timeout",
        RequestTooMany = "err.request.too_many_requests",
        VersionNotSupported = "err.version.not_supported",
        SenderIdInvalid = "err.sender_id.invalid",
        SenderUriInvalid = "err.sender_uri.invalid",
        ReceiverIdInvalid = "err.receiver_id.invalid",
        SignatureMissing = "err.signature.missing",
        SignatureInvalid = "err.signature.invalid",
        EncryptionInvalid = "err.encryption.invalid",
        ServiceUnavailable = "err.service.unavailable",
    }
}

open_code! {
    /// `status_reason_code`, in a header or in one item of an answer. One list for DCI and G2P Connect: which
    /// message may carry which code is for the sender to respect.
    ReasonCode {
        VersionInvalid = "rjct.version.invalid",
        MessageIdDuplicate = "rjct.message_id.duplicate",
        MessageTsInvalid = "rjct.message_ts.invalid",
        ActionInvalid = "rjct.action.invalid",
        ActionNotSupported = "rjct.action.not_supported",
        TotalCountInvalid = "rjct.total_count.invalid",
        TotalCountLimitExceeded = "rjct.total_count.limit_exceeded",
        ErrorsTooMany = "rjct.errors.too_many",
        ReferenceIdInvalid = "rjct.reference_id.invalid",
        ReferenceIdDuplicate = "rjct.reference_id.duplicate",
        TimestampInvalid = "rjct.timestamp.invalid",
        SearchCriteriaInvalid = "rjct.search_criteria.invalid",
        FilterInvalid = "rjct.filter.invalid",
        SortInvalid = "rjct.sort.invalid",
        PaginationInvalid = "rjct.pagination.invalid",
        TooManyRecordsFound = "rjct.search.too_many_records_found",
        NotifyTypesInvalid = "rjct.notify_types.invalid",
        NotifyDetailsInvalid = "rjct.notify_details.invalid",
        PersonIdInvalid = "rjct.person_id.invalid",
        AlreadySubscribed = "rjct.event.already_subscribed",
        SubscriptionCodeInvalid = "rjct.subscription_code.invalid",
        RequesterInvalid = "rjct.requester.invalid",
        AlreadyUnsubscribed = "rjct.event.already_unsubscribed",
        IdInvalid = "rjct.id.invalid",
        FaInvalid = "rjct.fa.invalid",
        NameInvalid = "rjct.name.invalid",
        MobileNumberInvalid = "rjct.mobile_number.invalid",
        BeneficiaryNameInvalid = "rjct.beneficiary_name.invalid",
        UnknownRetry = "rjct.unknown.retry",
        OtherError = "rjct.other.error",
        ResolveTypeNotSupported = "rjct.resolve_type.not_supported",
        FaActive = "succ.fa.active",
        FaInactive = "succ.fa.inactive",
        FaNotFound = "succ.fa.not_found",
        FaNotLinkedToId = "succ.fa.not_linked_to_id",
        IdActive = "succ.id.active",
        IdInactive = "succ.id.inactive",
        IdNotFound = "succ.id.not_found",
        PayerFaInvalid = "rjct.payer_fa.invalid",
        PayeeFaInvalid = "rjct.payee_fa.invalid",
        AmountInvalid = "rjct.amount.invalid",
        ScheduleTsInvalid = "rjct.schedule_ts.invalid",
        CurrencyCodeInvalid = "rjct.currency_code.invalid",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_request_has_its_on_answer_and_txn_status_keeps_its_own_spelling() {
        assert_eq!(Action::Search.answered(), Action::OnSearch);
        assert_eq!(Action::TxnStatus.answered(), Action::TxnOnStatus);
        assert_eq!(Action::Notify.answered(), Action::Notify);
        assert_eq!(Action::OnLink.answered(), Action::OnLink);
        assert_eq!(Action::from("verify").answered().as_str(), "on-verify");
    }

    #[test]
    fn a_status_that_is_none_of_the_four_is_refused() {
        assert_eq!(serde_json::from_str::<Status>("\"pdng\"").unwrap(), Status::Pdng);
        assert!(serde_json::from_str::<Status>("\"done\"").is_err());
        assert!(Status::Rjct.is_final() && !Status::Rcvd.is_final());
    }

    #[test]
    fn a_reason_code_of_a_country_is_kept() {
        let code: ReasonCode = serde_json::from_str("\"rjct.village.unknown\"").unwrap();
        assert_eq!(serde_json::to_string(&code).unwrap(), "\"rjct.village.unknown\"");
    }
}
