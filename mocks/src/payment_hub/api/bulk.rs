//! FSPIOP 1.1, 6.6 and 6.8 on the payer's side: the switch's callbacks about bulks. Each is answered at once; what it leads
//! to comes after.

use actix_web::web::{self, Path, ServiceConfig};
use actix_web::{HttpRequest, HttpResponse};
use standards::fspiop::{
    BulkQuotesPutResponse, BulkTransfersPutResponse, ErrorCode, ErrorInformationObject,
};

use super::fspiop::{Id, open, reply};
use crate::kit::fspiop::Refusal;
use crate::kit::server::Call;
use crate::payment_hub::model::BundleState;
use crate::payment_hub::pipeline;
use crate::payment_hub::store::{self, Bundle};

const SENT: [BundleState; 2] = [BundleState::Transferring, BundleState::InDoubt];

pub(super) fn routes(config: &mut ServiceConfig) {
    let put = |path: &str| web::resource(path.to_owned());
    config
        .service(put("/fspiop/bulkQuotes/{id}/error").route(web::put().to(no_quotes)))
        .service(put("/fspiop/bulkQuotes/{id}").route(web::put().to(quotes)))
        .service(put("/fspiop/bulkTransfers/{id}/error").route(web::put().to(no_transfers)))
        .service(put("/fspiop/bulkTransfers/{id}").route(web::put().to(transfers)));
}

/// The bundle that a callback is about, where it waits for one in this state.
fn waiting(
    call: &Call,
    (column, id): (&'static str, &str),
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
    if states.contains(&bundle.state) {
        return Ok(Some(bundle));
    }
    call.remark(&format!("the bulk is {} already", bundle.state.text()));
    Ok(None)
}

async fn quotes(call: Call, req: HttpRequest, path: Path<Id>) -> HttpResponse {
    let outcome = async {
        let said: BulkQuotesPutResponse = open(&call, &req).await?;
        if let Some(bundle) = waiting(&call, ("bulk_quote_id", &path.id), &[BundleState::Quoting])?
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
        let said: ErrorInformationObject = open(&call, &req).await?;
        call.remark(&said.error_information.error_description);
        if let Some(bundle) = waiting(&call, ("bulk_quote_id", &path.id), &[BundleState::Quoting])?
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
        let said: BulkTransfersPutResponse = open(&call, &req).await?;
        if let Some(bundle) = waiting(&call, ("bulk_transfer_id", &path.id), &SENT)? {
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
        let said: ErrorInformationObject = open(&call, &req).await?;
        call.remark(&said.error_information.error_description);
        if let Some(bundle) = waiting(&call, ("bulk_transfer_id", &path.id), &SENT)? {
            let (errand, said) = (call.errand.clone(), said.error_information);
            call.later(async move { pipeline::transfers_failed(&errand, &bundle, &said).await });
        }
        Ok(())
    };
    let outcome = outcome.await;
    reply(&call, outcome)
}
