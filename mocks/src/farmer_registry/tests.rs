//! A visitor to the farmer registry: only HTTP.

use http::Method;
use serde_json::{Value, json};

use super::describe::REGISTRY;
use crate::kit::courier::Letter;
use crate::kit::registry::visitor::{Listener, Visitor, followed, scans, search};
use crate::kit::trial::Trial;

const SYSTEMS: &[crate::kit::system::System] =
    &[super::SYSTEM, crate::civil_registry::SYSTEM, crate::gateway::SYSTEM];
const SYSTEM: &str = "farmer_registry";

fn land(uin: &str) -> Value {
    json!({"uin": uin, "land_size": "3.46", "measurment": "AC", "land_tenure": "Leased (Rented from someone else)",
        "crops": ["maize", "rice"], "community": "QN030203"})
}

async fn enter(trial: &Trial, land: &Value) -> (u16, Value) {
    trial.ask(Letter::post(SYSTEM, "/plots").json(land)).await
}

async fn change(trial: &Trial, plot: &str, land: &Value) -> (u16, Value) {
    trial.ask(Letter::to(SYSTEM, Method::PUT, format!("/plots/{plot}")).json(land)).await
}

#[actix_web::test]
async fn ama_farms_less_than_two_hectares_of_maize_and_beans() {
    let trial = Trial::start(SYSTEMS, 100);
    let visitor = Visitor::new(&trial).await;
    let item = visitor.find(SYSTEM, "UIN", &visitor.uin("ama")).await;
    let record = &item["data"]["reg_records"][0];
    assert_eq!(
        (&item["pagination"]["total_count"], &record["@type"]),
        (&json!(1), &json!("Farmer_Person"))
    );
    assert_eq!(record["farmer_personal_details"]["demographic_info"]["name"]["surname"], "Belloc");
    let farm = &record["farm_details"][0];
    assert_eq!((&farm["land_size"], &farm["measurment"]), (&json!(1.4), &json!("0")));
    assert_eq!(farm["land_tenure"], "5");
    let crops = &farm["farming_activities"]["crop_production"];
    assert_eq!((&crops[0]["variety"], &crops[1]["variety"]), (&json!("maize"), &json!("beans")));
    let family = &record["family_details"];
    assert_eq!(
        family["member_list"].as_array().unwrap().len() as u64,
        family["group_size"].as_u64().unwrap()
    );
    let own = &record["farmer_personal_details"]["member_identifier"][1];
    assert_eq!(own["identifier_type"], "FARMER_ID");
    let number = own["identifier_value"].as_str().unwrap();
    let same = visitor.find(SYSTEM, "FARMER_ID", number).await;
    assert_eq!(same["data"]["reg_records"][0], *record);
}

#[actix_web::test]
async fn a_farmer_is_found_by_the_names_of_the_older_texts() {
    let trial = Trial::start(SYSTEMS, 100);
    let visitor = Visitor::new(&trial).await;
    let ama = visitor.find(SYSTEM, "UIN", &visitor.uin("ama")).await;
    let record = &ama["data"]["reg_records"][0];
    let person = &record["farmer_personal_details"]["demographic_info"];
    let query = json!({
        "famer_personal_details.demographic_info.name.last_name": {"eq": person["name"]["surname"]},
        "famer_personal_details.demographic_info.name.first_name": {"eq": person["name"]["given_name"]},
        "famer_personal_details.demographic_info.date_of_birth": {"eq": person["birth_date"]},
        "farm_details.farm_type": {"eq": record["farm_type"]},
    });
    let item = visitor.search(SYSTEM, json!({"query_type": "expression", "query": query})).await;
    assert_eq!(item["status"], "succ", "{item:#}");
    assert_eq!(item["data"]["reg_records"], json!([record]));
}

#[actix_web::test]
async fn small_farms_of_maize_and_millet_in_altena_are_found() {
    let trial = Trial::start(SYSTEMS, 3000);
    let visitor = Visitor::new(&trial).await;
    let query = json!({"type": "ns:org:QueryType:NoSql", "value": {"expression": {"collection": "Farmer", "query": {"$and": [
        {"farm_size": {"$lte": 2.0}}, {"crop_type": {"$in": ["maize", "millet"]}},
        {"land_details.address.region_code": {"$eq": "QN03"}}]}}}});
    let criteria = json!({"query_type": "expression", "query": query,
        "sort": [{"attribute_name": "farm_size", "sort_order": "asc"}]});
    let item = visitor.search(SYSTEM, criteria).await;
    let records = item["data"]["reg_records"].as_array().unwrap();
    assert_eq!(item["pagination"]["total_count"], records.len());
    assert!(records.len() > 3, "{}", records.len());
    let mut sizes = Vec::new();
    for record in records {
        let farm = &record["farm_details"][0];
        sizes.push(farm["land_size"].as_f64().unwrap());
        assert_eq!(farm["region_code"], "QN03");
        let grown = farm["farming_activities"]["crop_production"].to_string();
        assert!(grown.contains("maize") || grown.contains("millet"), "{grown}");
    }
    assert!(sizes.is_sorted() && sizes.last() <= Some(&2.0), "{sizes:?}");
    let ama = visitor.uin("ama");
    assert!(records.iter().any(|r| r.to_string().contains(&ama)));
    for (name, right) in [
        ("farmer_personal_details.demographic_info.sex", Value::Null),
        ("family_details.group_head_info.demographic_info.sex", json!("rjct.filter.invalid")),
        ("farm_details.sex", json!("rjct.filter.invalid")),
    ] {
        let asked = json!({"query_type": "expression", "query": {name: {"eq": "female"}}});
        assert_eq!(visitor.search(SYSTEM, asked).await["status_reason_code"], right, "{name}");
    }
    // A class of the standard is a word for its crops too.
    for word in ["1", "Cereals"] {
        let cereals = json!({"query_type": "expression", "query": {"crop_type": {"eq": word}}});
        assert!(
            visitor.search(SYSTEM, cereals).await["pagination"]["total_count"].as_u64() > Some(0)
        );
    }
    assert_eq!(scans(&trial, &REGISTRY, SYSTEM, &["sex"]), Vec::<String>::new());
}

#[actix_web::test]
async fn land_is_registered_in_acres_and_counted_in_hectares() {
    let trial = Trial::start(SYSTEMS, 100);
    let (visitor, listener) = (Visitor::new(&trial).await, Listener::start());
    let josef = visitor.uin("josef");
    followed(&visitor, &listener, SYSTEM, ("REGISTER", "")).await;
    let (status, entered) = enter(&trial, &land(&josef)).await;
    assert_eq!(
        (status, &entered["notices"], &entered["hectares"]),
        (201, &json!(1), &json!(1.4002)),
        "{entered:#}"
    );
    let notice = listener.hears(2).await.pop().unwrap().1;
    let record = &notice["message"]["notify_event"][0]["data"]["reg_records"];
    let farm = &record["farm_details"][0];
    assert_eq!(
        (&farm["land_size"], &farm["measurment"]),
        (&json!(3.46), &json!("1")),
        "as it was measured"
    );
    let plot = entered["plot"].as_str().unwrap();

    let (status, changed) = change(&trial, plot, &json!({"land_size": 2, "measurment": "H"})).await;
    assert_eq!((status, &changed["hectares"]), (200, &json!(2.0)), "{changed:#}");
    assert_eq!(listener.hears(3).await[2].0, "/registry/notify");
    let by_plot = visitor.find(SYSTEM, "PLOT_ID", plot).await;
    assert_eq!(
        by_plot["data"]["reg_records"][0]["farm_details"][0]["land_tenure"], "2",
        "it stays"
    );

    let (status, second) = enter(&trial, &land(&josef)).await;
    assert_eq!(
        (status, &second["hectares"]),
        (201, &json!(3.4002)),
        "the same farmer has two plots"
    );
    assert_eq!(second["farmer_id"], entered["farmer_id"]);
}

#[actix_web::test]
async fn what_cannot_be_so_is_not_registered() {
    let trial = Trial::start(SYSTEMS, 100);
    let visitor = Visitor::new(&trial).await;
    let (josef, pavel) = (visitor.uin("josef"), visitor.uin("pavel"));
    let child = trial.country.people.named("hana").unwrap().uin.to_string();
    let but = |name: &str, value: Value| {
        let mut land = land(&josef);
        land[name] = value;
        land
    };
    for (status, land, words) in [
        (400, but("land_size", json!(-1)), "above 0"),
        (400, but("land_size", json!("much")), "above 0"),
        (400, but("measurment", Value::Null), "units are"),
        (400, but("measurment", json!("FURLONG")), "0 (H)"),
        (400, but("land_tenure", json!("mine")), "5 (Inheritance)"),
        (400, but("crops", json!(["kiwi"])), "maize"),
        (400, but("crops", json!([])), "crops is missing"),
        (400, but("community", json!("XX999999")), "no community"),
        (400, but("shoe", json!(1)), "unknown field"),
        (404, but("uin", json!("0000000000")), "civil registry"),
        (409, but("uin", json!(pavel)), "died"),
        (409, but("uin", json!(child)), "at least 15 years old: on 2026-10-01"),
    ] {
        let (got, answer) = enter(&trial, &land).await;
        assert_eq!(got, status, "{land} {answer:#}");
        assert!(answer["errors"][0]["message"].as_str().unwrap().contains(words), "{answer:#}");
    }
    let item = visitor.find(SYSTEM, "UIN", &josef).await;
    assert_eq!(item["pagination"]["total_count"], 0, "and he is no farmer");
    let item = visitor.find(SYSTEM, "UIN", &child).await;
    assert_eq!(item["pagination"]["total_count"], 0, "nor is a child");
    assert_eq!(change(&trial, "PLOT-00001", &json!({})).await.0, 400);
    assert_eq!(change(&trial, "PLOT-00001", &json!({"uin": josef, "crop": "rice"})).await.0, 409);
    assert_eq!(change(&trial, "PLOT-99999", &json!({"crop": "rice"})).await.0, 404);
    let same = json!({"land_size": 1.4, "measurment": "0"});
    assert_eq!(change(&trial, "PLOT-00001", &same).await.0, 409, "it is so already");
}

#[actix_web::test]
async fn readers_of_the_official_mock_find_records_where_they_look() {
    let trial = Trial::start(SYSTEMS, 100);
    let visitor = Visitor::new(&trial).await;
    let url = format!("{}/fr/sync/search", trial.running.base);
    let post = || Letter::to_address(Method::POST, &url);
    let (status, example) = trial.ask(post()).await;
    let nested = "/message/message/search_response/0/data/reg_records/example";
    assert_eq!((status, example.pointer(nested)), (200, Some(&json!([]))), "{example:#}");
    let criteria = json!({"query_type": "idtype-value", "query": {"type": "UIN", "value": visitor.uin("ama")}});
    let (_, answer) = trial.ask(post().json(&search(&[criteria]))).await;
    assert_eq!(answer.pointer(nested).unwrap()[0]["@type"], "Farmer_Person", "{answer:#}");
    assert_eq!(
        answer["message"]["search_response"][0]["data"]["reg_records"][0]["@type"],
        "Farmer_Person"
    );
}

/// The civil registry enters somebody's death, of which this registry has not heard.
async fn die(trial: &Trial, uin: &str) {
    let report = json!({"uin": uin, "date": "2026-10-01"});
    assert_eq!(
        trial.ask(Letter::post("civil_registry", "/events/deaths").json(&report)).await.0,
        201
    );
}

#[actix_web::test]
async fn nobody_enters_land_for_a_farmer_who_has_died() {
    let trial = Trial::start(SYSTEMS, 100);
    let visitor = Visitor::new(&trial).await;
    let josef = visitor.uin("josef");
    assert_eq!(enter(&trial, &land(&josef)).await.0, 201);
    die(&trial, &josef).await;
    let (status, refused) = enter(&trial, &land(&josef)).await;
    assert_eq!(status, 409, "{refused:#}");
}
