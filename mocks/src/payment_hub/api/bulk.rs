//! FSPIOP 1.1, 6.6 and 6.8 on the payer's side: the switch's callbacks about bulks. Each is answered at once; what it leads
//! to comes after.

use actix_web::web::Path;
use actix_web::{HttpRequest, HttpResponse};
use serde_json::json;
use standards::fspiop::{
    BulkQuotesPutResponse, BulkTransfersPutResponse, ErrorCode, ErrorInformationObject,
};

use super::fspiop::{Id, open, reply};
use crate::kit::fspiop::operations::{self, answers, gives_up};
use crate::kit::fspiop::{Refusal, check_teller};
use crate::kit::openapi::{Operation, Routes};
use crate::kit::server::Call;
use crate::payment_hub::model::BundleState;
use crate::payment_hub::pipeline;
use crate::payment_hub::store::{self, Bundle};

const SENT: [BundleState; 2] = [BundleState::Transferring, BundleState::InDoubt];

pub(super) fn routes(routes: &mut Routes) {
    let (quotes_media, transfers_media) = (operations::BULK_QUOTES, operations::BULK_TRANSFERS);
    let quote =
        |is: Operation| is.path("id", operations::QUOTE).after("a bulk with this id was asked for");
    let transfer = |is: Operation| {
        is.path("id", operations::TRANSFER).after("a bulk with this id was asked for")
    };
    let terms = json!({"individualQuoteResults": [], "expiration": operations::TOO_LATE});
    let done = json!({"bulkTransferState": "COMPLETED", "individualTransferResults": []});
    routes
        .put(
            "/fspiop/bulkQuotes/{id}/error",
            no_quotes,
            quote(gives_up("Tells that there are no quotes", quotes_media, "switch")),
        )
        .put(
            "/fspiop/bulkQuotes/{id}",
            quotes,
            quote(answers("Tells what many payments cost", quotes_media, "switch"))
                .takes_as::<BulkQuotesPutResponse>(quotes_media, terms),
        )
        .put(
            "/fspiop/bulkTransfers/{id}/error",
            no_transfers,
            transfer(gives_up("Tells that all of a bulk was refused", transfers_media, "switch")),
        )
        .put(
            "/fspiop/bulkTransfers/{id}",
            transfers,
            transfer(answers("Tells how the transfers of a bulk ended", transfers_media, "switch"))
                .takes_as::<BulkTransfersPutResponse>(transfers_media, done),
        );
}

/// The bundle that a callback of `source` is about, where it waits for one in this state.
fn waiting(
    call: &Call,
    (column, id): (&'static str, &str),
    source: &str,
    states: &[BundleState],
) -> Result<Option<Bundle>, Refusal> {
    call.correlation(id);
    let found = call.store().read(|db| store::bundle_of(db, (column, id)))?;
    let Some(bundle) = found else {
        let code = match column {
            "bulk_quote_id" => ErrorCode::BULK_QUOTE_ID_NOT_FOUND,
            _ => ErrorCode::BULK_TRANSFER_ID_NOT_FOUND,
        };
        return Err(Refusal::new(code, format!("this hub asked for no bulk with the id {id}")));
    };
    check_teller(call.room(), source, Some(&bundle.payee_bank))?;
    if states.contains(&bundle.state) {
        return Ok(Some(bundle));
    }
    call.remark(&format!("the bulk is {} already", bundle.state.text()));
    Ok(None)
}

async fn quotes(call: Call, req: HttpRequest, path: Path<Id>) -> HttpResponse {
    let outcome = async {
        let (said, from): (BulkQuotesPutResponse, _) = open(&call, &req).await?;
        if let Some(bundle) =
            waiting(&call, ("bulk_quote_id", &path.id), &from, &[BundleState::Quoting])?
        {
            let errand = call.errand.clone();
            call.later(async move { pipeline::quoted(&errand, &bundle, said).await });
        }
        Ok(())
    };
    let outcome = outcome.await;
    reply(&call, outcome)
}

async fn no_quotes(call: Call, req: HttpRequest, path: Path<Id>) -> HttpResponse {
    let outcome = async {
        let (said, from): (ErrorInformationObject, _) = open(&call, &req).await?;
        call.remark(&said.error_information.error_description);
        if let Some(bundle) =
            waiting(&call, ("bulk_quote_id", &path.id), &from, &[BundleState::Quoting])?
        {
            let (errand, said) = (call.errand.clone(), said.error_information);
            call.later(async move { pipeline::quotes_failed(&errand, &bundle, &said).await });
        }
        Ok(())
    };
    let outcome = outcome.await;
    reply(&call, outcome)
}

async fn transfers(call: Call, req: HttpRequest, path: Path<Id>) -> HttpResponse {
    let outcome = async {
        let (said, from): (BulkTransfersPutResponse, _) = open(&call, &req).await?;
        if let Some(bundle) = waiting(&call, ("bulk_transfer_id", &path.id), &from, &SENT)? {
            let errand = call.errand.clone();
            call.later(async move { pipeline::transferred(&errand, &bundle, said).await });
        }
        Ok(())
    };
    let outcome = outcome.await;
    reply(&call, outcome)
}

async fn no_transfers(call: Call, req: HttpRequest, path: Path<Id>) -> HttpResponse {
    let outcome = async {
        let (said, from): (ErrorInformationObject, _) = open(&call, &req).await?;
        call.remark(&said.error_information.error_description);
        if let Some(bundle) = waiting(&call, ("bulk_transfer_id", &path.id), &from, &SENT)? {
            let (errand, said) = (call.errand.clone(), said.error_information);
            call.later(async move { pipeline::transfers_failed(&errand, &bundle, &said).await });
        }
        Ok(())
    };
    let outcome = outcome.await;
    reply(&call, outcome)
}
