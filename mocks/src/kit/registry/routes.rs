//! The routes of a registry, and the asynchronous counter: accepted with an Ack, answered by callback
//! (DCI v1.0.0, paths `/registry/*`).

use actix_web::HttpResponse;
use standards::dci::search::SearchItem;
use standards::dci::subscribe::SubscribeItem;
use standards::dci::txn_status::TxnStatusRequest;
use standards::dci::unsubscribe::UnsubscribeRequest;
use standards::dci::{Ack, Action, ErrorCode, Header, ReasonCode, Status};

use super::archive::{self, Operation, Places, Txn};
use super::book::Registry;
use super::callbacks::{address, follow};
use super::country_doors;
use super::gate::{Admitted, Counter, Family};
use super::message::{BadItem, Batch, Request};
use super::operations::CALLBACKS;
use super::question::{self, NotAnswered, page, timely};
use super::refusal::Refusal;
use super::told::take;
use super::{sync, transactions, unsubscribe, wish};
use crate::kit::courier::delivers_to;
use crate::kit::openapi::Routes;
use crate::kit::room::Policy;
use crate::kit::server::Call;

/// Mounts `/registry/*` of a registry, path by path, so that a registry can add its own beside them.
pub fn registry_routes(routes: &mut Routes, registry: &'static Registry) {
    mount(routes, Counter { registry, family: Family::Registry });
    country_doors::routes(routes);
}

/// Mounts the same paths without `/registry`, as the official mocks have them; the prefix is the scope's.
pub fn official_routes(routes: &mut Routes, registry: &'static Registry) {
    super::official::mount(routes, Counter { registry, family: Family::Official });
}

fn mount(routes: &mut Routes, counter: Counter) {
    routes
        .post(
            "/registry/sync/search",
            move |call| sync::search(call, counter),
            counter.sync_search(),
        )
        .post(
            "/registry/sync/txn/status",
            move |call| transactions::status(call, counter),
            counter.sync_txn_status(),
        )
        .post(
            "/registry/search",
            move |call| accept::<Batch<SearchItem>>(call, counter),
            counter.search(),
        )
        .post(
            "/registry/subscribe",
            move |call| accept::<Batch<SubscribeItem>>(call, counter),
            counter.subscribe(),
        )
        .post(
            "/registry/unsubscribe",
            move |call| accept::<UnsubscribeRequest>(call, counter),
            counter.unsubscribe(),
        )
        .post(
            "/registry/txn/status",
            move |call| accept::<TxnStatusRequest>(call, counter),
            counter.txn_status(),
        );
    for (path, action, words) in CALLBACKS {
        let heard = move |call| take(call, Some(Action::from(action)));
        routes.post(&format!("/registry{path}"), heard, counter.told(words, action));
    }
}

/// A request that is answered by callback.
pub(super) trait Asynchronous: Request {
    const OPERATION: Operation;

    /// The names of its items, by which a status may be asked; of those that could not be read too.
    fn references(&self) -> Vec<&str> {
        Vec::new()
    }

    /// Why nothing of it can be worked on, where all of it is malformed: that needs no callback.
    fn wholly_malformed(&self) -> Option<NotAnswered> {
        None
    }
}

impl Asynchronous for Batch<SearchItem> {
    const OPERATION: Operation = Operation::Search;

    fn references(&self) -> Vec<&str> {
        references(&self.items, |item| &item.reference_id)
    }

    fn wholly_malformed(&self) -> Option<NotAnswered> {
        let wrong =
            |item: &SearchItem| timely(&item.timestamp).and_then(|()| page(item).map(drop)).err();
        all_wrong(&self.items, question::code_of, wrong)
    }
}

impl Asynchronous for Batch<SubscribeItem> {
    const OPERATION: Operation = Operation::Subscribe;

    fn references(&self) -> Vec<&str> {
        references(&self.items, |item| &item.reference_id)
    }

    fn wholly_malformed(&self) -> Option<NotAnswered> {
        all_wrong(&self.items, wish::code_of, |item| timely(&item.timestamp).err())
    }
}

impl Asynchronous for UnsubscribeRequest {
    const OPERATION: Operation = Operation::Unsubscribe;

    fn wholly_malformed(&self) -> Option<NotAnswered> {
        unsubscribe::within_limit(self).err()
    }
}

impl Asynchronous for TxnStatusRequest {
    const OPERATION: Operation = Operation::TxnStatus;
}

fn references<T>(items: &[Result<T, BadItem>], of: fn(&T) -> &String) -> Vec<&str> {
    let named = items.iter().map(|item| match item {
        Ok(item) => of(item).as_str(),
        Err(bad) => bad.reference_id.as_str(),
    });
    named.filter(|id| !id.is_empty()).collect()
}

/// Why the first item is malformed, where every one is.
fn all_wrong<T>(
    items: &[Result<T, BadItem>],
    code: fn(&BadItem) -> ReasonCode,
    wrong: impl Fn(&T) -> Option<NotAnswered>,
) -> Option<NotAnswered> {
    let each = items.iter().map(|item| match item {
        Ok(item) => wrong(item),
        Err(bad) => Some(NotAnswered::new(code(bad), bad.sentence.as_str())),
    });
    each.collect::<Option<Vec<_>>>()?.into_iter().next()
}

/// Files a request, acknowledges it, and has it worked on once the Ack has been written.
pub(super) async fn accept<M: Asynchronous>(call: Call, counter: Counter) -> HttpResponse {
    let (id, at) = (call.errand.office.next_id("COR"), call.errand.stamp());
    let admitted = counter.admit::<M>(&call).await.map_err(|turned| turned.refusal);
    let filed = admitted.and_then(|admitted| {
        let malformed = admitted.message.wholly_malformed();
        let readable = malformed.map_or(Ok(()), |m| Err(Refusal::header(m.code, m.sentence)));
        let filed = readable.and_then(|()| file(&call, &admitted, &id, &at));
        filed.inspect_err(|_| admitted.not_taken(&call))
    });
    if let Err(refusal) = filed {
        call.remark(&refusal.to_string());
        return refusal.acknowledged(&id, &at);
    }
    call.later(follow(call.errand.clone(), counter.registry, id.clone()));
    HttpResponse::Ok().json(Ack::accepted(id, at))
}

fn file<M: Asynchronous>(
    call: &Call,
    admitted: &Admitted<M>,
    id: &str,
    at: &str,
) -> Result<(), Refusal> {
    let Admitted { header, message, mode, body, style } = admitted;
    let office = &call.errand.office;
    let address = answered_at(call, header, M::OPERATION)?;
    let (traceparent, tracestate) = call.errand.cause.headers(office.system.name);
    let txn = Txn {
        correlation_id: id.to_owned(),
        operation: M::OPERATION,
        transaction_id: message.transaction_id().clone(),
        sender: header.sender_id.clone().unwrap_or_default(),
        address,
        request: String::from_utf8_lossy(body).into_owned(),
        mode: *mode,
        state: Status::Rcvd,
        answer: None,
        page: 1,
        places: Places::default(),
        style: *style,
        message_id: String::new(),
        attempt: 0,
        traceparent,
        tracestate,
    };
    let filed = call.store().alter(|tx| {
        archive::open(tx, &txn, &message.references(), at)?;
        Ok(())
    });
    filed.map_err(|e| Refusal::failed(&e))
}

/// Where the answer goes. An open room takes a message that does not say: its answer is kept for questions about it.
fn answered_at(call: &Call, header: &Header, operation: Operation) -> Result<String, Refusal> {
    let office = &call.errand.office;
    let bad = |sentence: String| Refusal::bad(ErrorCode::SenderUriInvalid, sentence);
    let uri = header.sender_uri.as_deref().filter(|uri| !uri.trim().is_empty());
    let Some(uri) = uri else {
        if call.room().policy() == Policy::Open {
            call.remark("header.sender_uri is missing: the answer is kept for txn/status, and nobody is told of it");
            return Ok(String::new());
        }
        return Err(bad(String::from(
            "header.sender_uri is missing: say where the answer shall go, such as http://localhost:9000/registry/on-search",
        )));
    };
    address(office, uri, operation.callback())
        .filter(|address| delivers_to(&office.room, address))
        .ok_or_else(|| bad(format!("sender_uri `{uri}` is no address that this room delivers to")))
}
