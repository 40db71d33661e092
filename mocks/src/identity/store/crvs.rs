//! What a civil registry left here: certificates, subscriptions to the hub, packets, deliveries; and deaths as they
//! were noted.

use rusqlite::{Connection, OptionalExtension as _, Row, params};

use crate::identity::model::packet::{Packet, Process};
use crate::kit::store::unwritable;

/// Somebody who is told of credentials.
#[derive(Debug, Clone)]
pub(in crate::identity) struct Subscription {
    pub(in crate::identity) client: String,
    pub(in crate::identity) callback: String,
    pub(in crate::identity) secret: String,
    pub(in crate::identity) verified: bool,
}

/// A credential on its way to a subscriber.
#[derive(Debug, Clone)]
pub(in crate::identity) struct Delivery {
    pub(in crate::identity) number: i64,
    pub(in crate::identity) registration_id: String,
    pub(in crate::identity) subject: String,
    pub(in crate::identity) attempt: u32,
    pub(in crate::identity) traceparent: String,
    pub(in crate::identity) tracestate: String,
    pub(in crate::identity) subscription: Subscription,
    pub(in crate::identity) certificate: Option<String>,
}

/// Keeps a partner's certificate in place of the one before.
pub(in crate::identity) fn keep_certificate(
    tx: &Connection,
    partner: &str,
    pem: &str,
) -> rusqlite::Result<()> {
    tx.prepare_cached(
        "insert into crvs_partner (id, certificate) values ($1, $2)
         on conflict (id) do update set certificate = excluded.certificate",
    )?
    .execute([partner, pem])?;
    Ok(())
}

/// Keeps a subscription in place of the same client's to the same address.
pub(in crate::identity) fn keep_subscription(
    tx: &Connection,
    s: &Subscription,
) -> rusqlite::Result<()> {
    tx.prepare_cached(
        "insert into hub_subscription (client, callback, secret, verified) values ($1, $2, $3, 0)
         on conflict (client, callback) do update set secret = excluded.secret, verified = 0",
    )?
    .execute([&s.client, &s.callback, &s.secret])?;
    Ok(())
}

/// Notes that the subscriber confirmed.
pub(in crate::identity) fn verify_subscription(
    tx: &Connection,
    client: &str,
    callback: &str,
) -> rusqlite::Result<()> {
    tx.prepare_cached(
        "update hub_subscription set verified = 1 where client = $1 and callback = $2",
    )?
    .execute([client, callback])?;
    Ok(())
}

/// Ends a subscription; one that does not stand is ended already.
pub(in crate::identity) fn end_subscription(
    tx: &Connection,
    client: &str,
    callback: &str,
) -> rusqlite::Result<()> {
    tx.prepare_cached("delete from hub_subscription where client = $1 and callback = $2")?
        .execute([client, callback])?;
    Ok(())
}

/// Keeps a packet. One that was begun stays as it is.
pub(in crate::identity) fn keep_packet(
    tx: &Connection,
    id: &str,
    packet: &Packet,
) -> rusqlite::Result<()> {
    let process = match packet {
        Packet::Birth(_) => Process::New,
        Packet::Death { .. } => Process::Death,
        Packet::Revoked { .. } => Process::DeathRevoked,
    };
    tx.prepare_cached(
        "insert into crvs_packet (id, process, content, state, traceparent, tracestate, problem)
         values ($1, $2, $3, 'kept', '', '', '')
         on conflict (id) do update set content = excluded.content, process = excluded.process
         where crvs_packet.state = 'kept'",
    )?
    .execute(params![id, process.word(), text_of(packet)?])?;
    Ok(())
}

/// Sets a packet in motion: whether that is new, or nothing where there is no packet of that process. One that was
/// begun before is not begun again.
pub(in crate::identity) fn begin_packet(
    tx: &Connection,
    id: &str,
    process: Process,
    (traceparent, tracestate): (&str, &str),
) -> rusqlite::Result<Option<bool>> {
    let begun = tx
        .prepare_cached(
            "update crvs_packet set state = 'begun', traceparent = $1, tracestate = $2
             where id = $3 and process = $4 and state = 'kept'",
        )?
        .execute([traceparent, tracestate, id, process.word()])?;
    let there = tx
        .prepare_cached("select 1 from crvs_packet where id = $1 and process = $2")?
        .exists([id, process.word()])?;
    Ok(there.then_some(begun > 0))
}

/// The packet, where it is under way.
pub(in crate::identity) fn begun_packet(
    db: &Connection,
    id: &str,
) -> rusqlite::Result<Option<Packet>> {
    let text: Option<String> = db
        .prepare_cached("select content from crvs_packet where id = $1 and state = 'begun'")?
        .query_row([id], |row| row.get(0))
        .optional()?;
    text.map(|text| read_text(&text)).transpose()
}

/// All packets under way, with what they were begun for.
pub(in crate::identity) fn begun_packets(
    db: &Connection,
) -> rusqlite::Result<Vec<(String, String, String)>> {
    let mut query = db.prepare_cached(
        "select id, traceparent, tracestate from crvs_packet where state = 'begun' order by id",
    )?;
    query.query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?.collect()
}

/// Nothing more is to be done for a packet.
pub(in crate::identity) fn finish_packet(
    tx: &Connection,
    id: &str,
    problem: &str,
) -> rusqlite::Result<()> {
    tx.prepare_cached("update crvs_packet set state = 'done', problem = $1 where id = $2")?
        .execute([problem, id])?;
    Ok(())
}

/// The number that was issued for a packet.
pub(in crate::identity) fn issued_for(
    db: &Connection,
    id: &str,
) -> rusqlite::Result<Option<String>> {
    db.prepare_cached("select uin from crvs_packet where id = $1")?
        .query_row([id], |row| row.get(0))
}

/// Notes the number that was issued for a packet.
pub(in crate::identity) fn note_issued(
    tx: &Connection,
    id: &str,
    uin: &str,
) -> rusqlite::Result<()> {
    tx.prepare_cached("update crvs_packet set uin = $1 where id = $2")?.execute([uin, id])?;
    Ok(())
}

/// Files a delivery for every subscriber whose address `wanted` takes, and gives their numbers.
pub(in crate::identity) fn file_deliveries(
    tx: &Connection,
    (registration_id, subject): (&str, &str),
    (traceparent, tracestate): (&str, &str),
    wanted: &dyn Fn(&str) -> bool,
) -> rusqlite::Result<Vec<i64>> {
    let mut clients = tx.prepare_cached(
        "select client, callback from hub_subscription order by client, callback",
    )?;
    let clients = clients.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
    let clients: Vec<(String, String)> = clients.collect::<rusqlite::Result<_>>()?;
    let mut filed = Vec::new();
    for (client, callback) in clients.into_iter().filter(|(_, callback)| wanted(callback)) {
        let number = crate::kit::store::next_number(tx, "delivery")?;
        tx.prepare_cached(
            "insert into hub_delivery (number, client, callback, registration_id, subject, attempt, open, problem,
               traceparent, tracestate) values ($1, $2, $3, $4, $5, 0, 1, '', $6, $7)",
        )?
        .execute(params![number, client, callback, registration_id, subject, traceparent, tracestate])?;
        filed.push(number);
    }
    Ok(filed)
}

const DELIVERIES: &str =
    "select d.number, d.registration_id, d.subject, d.attempt, d.traceparent, d.tracestate,
       s.client, s.callback, s.secret, s.verified, p.certificate
     from hub_delivery d join hub_subscription s on s.client = d.client and s.callback = d.callback
     left join crvs_partner p on p.id = s.client where d.open = 1";

/// A delivery that is still to be made to somebody who still subscribes.
pub(in crate::identity) fn delivery(
    db: &Connection,
    number: i64,
) -> rusqlite::Result<Option<Delivery>> {
    let sql = format!("{DELIVERIES} and d.number = $1");
    db.prepare_cached(&sql)?.query_row([number], read).optional()
}

/// All deliveries that are still to be made.
pub(in crate::identity) fn open_deliveries(db: &Connection) -> rusqlite::Result<Vec<Delivery>> {
    let sql = format!("{DELIVERIES} order by d.number");
    db.prepare_cached(&sql)?.query_map([], read)?.collect()
}

/// Notes what became of an attempt.
pub(in crate::identity) fn note_delivery(
    tx: &Connection,
    number: i64,
    open: bool,
    problem: &str,
) -> rusqlite::Result<()> {
    tx.prepare_cached(
        "update hub_delivery set attempt = attempt + 1, open = $1, problem = $2 where number = $3",
    )?
    .execute(params![open, problem, number])?;
    Ok(())
}

fn read(row: &Row<'_>) -> rusqlite::Result<Delivery> {
    Ok(Delivery {
        number: row.get(0)?,
        registration_id: row.get(1)?,
        subject: row.get(2)?,
        attempt: row.get(3)?,
        traceparent: row.get(4)?,
        tracestate: row.get(5)?,
        subscription: Subscription {
            client: row.get(6)?,
            callback: row.get(7)?,
            secret: row.get(8)?,
            verified: row.get(9)?,
        },
        certificate: row.get(10)?,
    })
}

fn text_of(packet: &Packet) -> rusqlite::Result<String> {
    serde_json::to_string(packet).map_err(unwritable)
}

fn read_text(text: &str) -> rusqlite::Result<Packet> {
    serde_json::from_str(text).map_err(|e| {
        let kind = rusqlite::types::Type::Text;
        rusqlite::Error::FromSqlConversionFailure(0, kind, e.into())
    })
}
