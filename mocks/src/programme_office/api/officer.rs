//! The officer's counter: look, decide, choose among records, assess again, resume. Our own routes.

use actix_web::http::header::ACCEPT;
use actix_web::web::{Path, Query};
use actix_web::{HttpRequest, HttpResponse};
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::{Value, json};

use super::portal::{APPLIED, FIRST, whole};
use crate::kit::openapi::{Routes, says};
use crate::kit::seed::cast_uin;
use crate::kit::server::Call;
use crate::kit::store::Transaction;
use crate::programme_office::api::refuse;
use crate::programme_office::model::application::{
    Application, MembershipChange, MembershipWish, OfficerWord, Refusal,
};
use crate::programme_office::model::enrolment::Membership;
use crate::programme_office::model::programmes::{BUILT_IN, Programmes};
use crate::programme_office::store::{self, Trouble};
use crate::programme_office::work::{leaving, outcome};

/// What an officer does.
pub(in crate::programme_office) fn routes(routes: &mut Routes) {
    let ours = |summary| says(summary).tag("officer");
    routes
        .get(
            "/applications",
            list,
            ours("All applications")
                .more("Of 500 at the most, the newest; `uin` gives one person's.")
                .query("state", "")
                .query("uin", "")
                .gives::<Value>(200, "A line each"),
        )
        .get(
            "/members/{uin}/payments",
            payments,
            ours("What a member was paid")
                .path("uin", cast_uin("tomas"))
                .gives::<Value>(200, "One by one"),
        )
        .post(
            "/members/{uin}/membership",
            member,
            ours("Pauses, continues or ends a membership of a person")
                .more("Also of who never applied: payments that wait on a doubted death go on.")
                .path("uin", cast_uin("tomas"))
                .takes::<MemberWish>(json!({"programme": "OAP", "change": "continue",
                    "reason": "the person was here"}))
                .gives::<Value>(200, "The membership")
                .after("the person is paused in the programme"),
        )
        .get(
            "/programmes",
            programmes,
            ours("The rules of the programmes")
                .more("As they were written; for who asks for JSON, the list that they make.")
                .gives_as::<String>(200, "application/yaml", "The file in force"),
        )
        .put(
            "/programmes",
            set_programmes,
            ours("Changes the rules of the programmes")
                .takes_as::<String>("application/yaml", BUILT_IN.into())
                .gives::<Value>(200, "The programmes"),
        );
    decision_routes(routes);
}

fn decision_routes(routes: &mut Routes) {
    let one = |summary| {
        says(summary)
            .tag("officer")
            .path("id", FIRST)
            .gives::<Value>(200, "The application")
            .after(APPLIED)
    };
    let decision = json!({"decision": "approve", "reason": "the papers are right"});
    let pause = json!({"change": "pause", "reason": "abroad"});
    routes
        .get("/applications/{id}", look, one("One application, with its decisions"))
        .post(
            "/applications/{id}/decide",
            decide,
            one("Decides what was left to a person").takes::<OfficerWord>(decision),
        )
        .post(
            "/applications/{id}/choose",
            choose,
            one("Picks one of several records").takes::<Choice>(json!({"uin": cast_uin("tomas")})),
        )
        .post("/applications/{id}/reassess", reassess, one("Asks and decides once more"))
        .post("/applications/{id}/resume", resume, one("Takes up what was held"))
        .post(
            "/applications/{id}/membership",
            membership,
            one("Pauses, continues or ends a membership").takes::<MembershipWish>(pause),
        );
}

/// Which applications are listed.
#[derive(Debug, Deserialize)]
struct Wanted {
    state: Option<String>,
    uin: Option<String>,
}

#[derive(Debug, Deserialize, JsonSchema)]
struct Choice {
    uin: String,
}

/// What shall become of somebody's membership of a programme, and why.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct MemberWish {
    programme: String,
    change: MembershipChange,
    reason: String,
}

/// `GET /applications`.
async fn list(call: Call, wanted: Query<Wanted>) -> HttpResponse {
    match store::applications(call.store(), wanted.state.as_deref(), wanted.uin.as_deref()) {
        Ok(applications) => {
            let rows: Vec<_> = applications.iter().map(row).collect();
            HttpResponse::Ok().json(json!({"count": rows.len(), "applications": rows}))
        }
        Err(trouble) => refuse(&call, &trouble),
    }
}

fn row(application: &Application) -> Value {
    json!({
        "application_id": application.id,
        "programme": application.programme,
        "state": application.state(),
        "reason": application.reason,
        "uin": application.uin,
        "name": application.person(),
        "applied_at": application.applied_at,
    })
}

/// `GET /applications/{id}`.
async fn look(call: Call, id: Path<String>) -> HttpResponse {
    answer(&call, store::application(call.store(), &id))
}

/// `POST /applications/{id}/decide`.
async fn decide(call: Call, id: Path<String>) -> HttpResponse {
    let decided = read::<OfficerWord>(&call).and_then(|word| {
        let now = outcome::officer_decides(&call.errand, &id, &word)?;
        call.later(outcome::after_officer(call.errand.clone(), now.id.clone(), word.decision));
        Ok(now)
    });
    answer(&call, decided)
}

/// `POST /applications/{id}/choose`.
async fn choose(call: Call, id: Path<String>) -> HttpResponse {
    let chosen = read::<Choice>(&call).and_then(|choice| {
        carry_on(&call, &id, "record chosen", |application, _| Ok(application.choose(&choice.uin)?))
    });
    answer(&call, chosen)
}

/// `POST /applications/{id}/reassess`.
async fn reassess(call: Call, id: Path<String>) -> HttpResponse {
    let reopened =
        carry_on(&call, &id, "application reopened", |application, _| Ok(application.reopen()?));
    answer(&call, reopened)
}

/// `POST /applications/{id}/resume`. A payment that failed is made once more, under a reference of its own.
async fn resume(call: Call, id: Path<String>) -> HttpResponse {
    let at = call.errand.stamp();
    let resumed = carry_on(&call, &id, "application resumed", |application, tx| {
        application.resume()?;
        if application.membership == Membership::Enrolled {
            store::owe_again(tx, &application.id, &at)?;
        }
        Ok(())
    });
    answer(&call, resumed)
}

/// `POST /applications/{id}/membership`: pause, continue or exit.
async fn membership(call: Call, id: Path<String>) -> HttpResponse {
    let changed = read::<MembershipWish>(&call).and_then(|wish| {
        let now = leaving::change(&call.errand, &id, &wish)?;
        call.later(leaving::after_change(call.errand.clone(), now.clone()));
        Ok(now)
    });
    answer(&call, changed)
}

/// `POST /members/{uin}/membership`: the same for whoever is on the list of members, with an application or without one.
async fn member(call: Call, uin: Path<String>) -> HttpResponse {
    let changed = read::<MemberWish>(&call).and_then(|wish| {
        let MemberWish { programme, change, reason } = wish;
        let wish = MembershipWish { change, reason };
        let mut known = store::memberships(call.store(), &uin)?.into_iter();
        let found = known.find(|member| member.programme == programme);
        let member = found.ok_or_else(|| Refusal::NoMember { uin: uin.to_string(), programme })?;
        let state = if let Some(id) = &member.application {
            let now = leaving::change(&call.errand, id, &wish)?;
            call.later(leaving::after_change(call.errand.clone(), now.clone()));
            now.membership
        } else {
            let (now, number) = leaving::change_member(&call.errand, &member, &wish)?;
            if let Some(number) = number {
                call.later(leaving::after_departure(call.errand.clone(), member.clone(), number));
            }
            now
        };
        Ok(json!({"uin": member.uin, "programme": member.programme, "name": member.name,
            "application": member.application, "state": state, "reason": wish.reason}))
    });
    match changed {
        Ok(shown) => HttpResponse::Ok().json(shown),
        Err(trouble) => refuse(&call, &trouble),
    }
}

/// `GET /members/{uin}/payments`.
async fn payments(call: Call, uin: Path<String>) -> HttpResponse {
    let found = store::payments_of(call.store(), &uin)
        .and_then(|payments| Ok((payments, store::departures(call.store(), &uin)?)));
    match found {
        Ok((payments, left)) => {
            HttpResponse::Ok().json(json!({"uin": &*uin, "payments": payments, "left": left}))
        }
        Err(error) => refuse(&call, &error.into()),
    }
}

/// `GET /programmes`: the file in force, as it was written; for who asks for JSON, the list that it makes.
async fn programmes(call: Call, request: HttpRequest) -> HttpResponse {
    let accept = request.headers().get(ACCEPT).and_then(|accept| accept.to_str().ok());
    if accept.is_some_and(|accept| accept.contains("application/json")) {
        return match store::programmes(&call.errand.office) {
            Ok(programmes) => HttpResponse::Ok().json(json!({"programmes": programmes.list()})),
            Err(trouble) => refuse(&call, &trouble),
        };
    }
    match store::programmes_text(call.store()) {
        Ok(text) => HttpResponse::Ok().content_type("application/yaml; charset=utf-8").body(text),
        Err(error) => refuse(&call, &error.into()),
    }
}

/// `PUT /programmes`: another file, if it is right.
async fn set_programmes(call: Call) -> HttpResponse {
    let text = String::from_utf8_lossy(&call.body).into_owned();
    let set = store::programmes_text(call.store())
        .map_err(Trouble::from)
        .and_then(|before| {
            let programmes =
                Programmes::read(&text).and_then(|new| new.follows(&text, &before).map(|()| new));
            programmes.map_err(|wrong| Refusal::Programme(wrong.to_string()).into())
        })
        .and_then(|programmes| {
            call.for_good(|store| store::set_programmes(store, &text))?;
            Ok(programmes.list())
        });
    match set {
        Ok(list) => HttpResponse::Ok().json(json!({"programmes": list})),
        Err(trouble) => refuse(&call, &trouble),
    }
}

fn read<T: serde::de::DeserializeOwned>(call: &Call) -> Result<T, Trouble> {
    serde_json::from_slice(&call.body).map_err(|e| Refusal::Malformed(e.to_string()).into())
}

/// Changes an application, shows it, and carries it on in the background.
fn carry_on(
    call: &Call,
    id: &str,
    action: &str,
    change: impl FnOnce(&mut Application, &Transaction<'_>) -> Result<(), Trouble>,
) -> Result<Application, Trouble> {
    let (now, ()) = store::change(call.store(), id, change)?;
    let body = json!({"application": now.id, "state": now.state()});
    call.errand.event(action, &now.reason, &body);
    call.later(outcome::take_up(call.errand.clone(), now.id.clone()));
    Ok(now)
}

fn answer(call: &Call, application: Result<Application, Trouble>) -> HttpResponse {
    let whole = application.and_then(|application| {
        call.correlation(&application.id);
        whole(call, &application)
    });
    match whole {
        Ok(whole) => HttpResponse::Ok().json(whole),
        Err(trouble) => refuse(call, &trouble),
    }
}
