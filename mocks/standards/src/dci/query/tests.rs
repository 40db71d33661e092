//! What a query means, what is refused, and that nothing a stranger writes can make the reader fall over.

use super::*;
use proptest::prelude::*;
use serde_json::json;

fn strict(kind: &str, query: &Value) -> Result<Filter, QueryError> {
    parse(kind, query, Mode::Strict)
}

fn lenient(kind: &str, query: &Value) -> Result<Filter, QueryError> {
    parse(kind, query, Mode::Lenient)
}

fn refusal(kind: &str, query: &Value) -> String {
    strict(kind, query).unwrap_err().to_string()
}

#[test]
fn an_identifier_is_read_and_a_number_only_leniently() {
    let query = json!({"type": "BRN", "value": "B-2026-0007"});
    assert_eq!(strict("idtype-value", &query), Ok(Filter::identifier("BRN", "B-2026-0007")));
    let number = json!({"type": "UIN", "value": 1_234_567_890});
    assert_eq!(lenient("idtype-value", &number), Ok(Filter::identifier("UIN", "1234567890")));
    assert_eq!(
        refusal("idtype-value", &number),
        "query.value: 1234567890 cannot be used here; write the identifier as a string"
    );
}

#[test]
fn a_wildcard_means_everything_but_never_in_part() {
    assert_eq!(
        lenient("idtype-value", &json!({"type": "*", "value": "*"})),
        Ok(Filter::everything())
    );
    assert!(strict("idtype-value", &json!({"type": "*", "value": "*"})).is_err());
    assert!(lenient("idtype-value", &json!({"type": "UIN", "value": "*"})).is_err());
}

#[test]
fn predicates_pair_and_chain_in_the_order_of_seq_num() {
    let compare = |name: &str, op: &str, value: Value| json!({"attribute_name": name, "operator": op, "attribute_value": value});
    let query = json!([
        {"seq_num": 2, "expression1": compare("c", "in", json!([1, 2]))},
        {"seq_num": 1, "expression1": compare("a", "ge", json!(1)), "condition": "or", "expression2": compare("b", "eq", json!("x"))},
    ]);
    let either =
        Filter::Any(vec![Filter::compare("a", Op::Ge, 1), Filter::compare("b", Op::Eq, "x")]);
    assert_eq!(
        strict("predicate", &query),
        Ok(Filter::All(vec![either, Filter::compare("c", Op::In, json!([1, 2]))]))
    );
}

#[test]
fn the_values_of_in_may_stand_in_one_text() {
    let of = |value: Value| json!([{"expression1": {"attribute_name": "crop", "operator": "in", "attribute_value": value}}]);
    let expected = Filter::compare("crop", Op::In, json!(["maize", "sweet corn"]));
    assert_eq!(strict("predicate", &of(json!("maize, sweet corn,"))), Ok(expected));
    for nothing in [json!(" , "), json!(7)] {
        assert!(refusal("predicate", &of(nothing)).contains("write [a, b] or \"a, b\""));
    }
    let wide = vec!["1"; MAX_NODES + 1].join(",");
    assert!(refusal("predicate", &of(json!(wide))).contains("too large"));
    let half = of(json!(vec!["1"; MAX_NODES / 2].join(",")))[0].clone();
    assert!(strict("predicate", &json!([half, half])).is_ok());
    assert!(refusal("predicate", &json!([half, half, half])).contains("too large"));
}

#[test]
fn a_condition_without_a_second_expression_joins_the_next_entry() {
    let entry = |name: &str, condition: Option<&str>| json!({"expression1": {"attribute_name": name, "operator": "eq", "attribute_value": 1}, "condition": condition});
    let (a, b) = (Filter::compare("a", Op::Eq, 1), Filter::compare("b", Op::Eq, 1));
    let chained = json!([entry("a", Some("or")), entry("b", None)]);
    assert_eq!(strict("predicate", &chained), Ok(Filter::Any(vec![a.clone(), b])));
    assert_eq!(
        strict("predicate", &json!([entry("a", Some("not"))])),
        Ok(Filter::Not(Box::new(a)))
    );
    let dangling = json!([entry("a", None), entry("b", Some("or"))]);
    assert!(refusal("predicate", &dangling).starts_with("query[1].expression2: missing"));
}

#[test]
fn predicate_refusals_name_the_place_and_the_remedy() {
    let one = |expression: Value| json!([{"expression1": expression}]);
    assert_eq!(
        refusal(
            "predicate",
            &one(json!({"attribute_name": "a", "operator": "gte", "attribute_value": 1}))
        ),
        "query[0].expression1.operator: \"gte\" is not an operator; write gt, lt, eq, ge, le or in"
    );
    assert!(
        lenient(
            "predicate",
            &one(json!({"attribute_name": "a", "operator": "gte", "attribute_value": 1}))
        )
        .is_ok()
    );
    assert!(refusal("predicate", &json!([])).contains("at least one"));
    assert!(
        refusal("predicate", &one(json!({"operator": "eq", "attribute_value": 1})))
            .starts_with("query[0].expression1.attribute_name")
    );
}

#[test]
fn the_bare_form_needs_no_dollar_and_its_members_all_hold() {
    let query = json!({"person_identifier": {"eq": "847951632"}, "programme_identifier.program": {"eq": "P"}});
    let expected = Filter::All(vec![
        Filter::compare("person_identifier", Op::Eq, "847951632"),
        Filter::compare("programme_identifier.program", Op::Eq, "P"),
    ]);
    assert_eq!(strict("expression", &query), Ok(expected));
}

#[test]
fn the_range_object_of_opencrvs_is_two_comparisons() {
    let range = json!({"birth_date": {"type": "range", "gte": "2020-01-01", "lte": "2020-12-31"}});
    let expected = Filter::All(vec![
        Filter::compare("birth_date", Op::Ge, "2020-01-01"),
        Filter::compare("birth_date", Op::Le, "2020-12-31"),
    ]);
    for query in [
        range.clone(),
        json!({"type": "ns:org:QueryType:expression", "value": range}),
        json!({"type": "ns:org:QueryType:expression", "value": {"expression": {"query": range}}}),
    ] {
        assert_eq!(strict("expression", &query), Ok(expected.clone()), "{query}");
    }
}

#[test]
fn nested_objects_become_dotted_attributes() {
    let query = json!({"demographic_info": {"person": {"sex": {"$eq": "female"}}}});
    assert_eq!(
        strict("expression", &query),
        Ok(Filter::compare("demographic_info.person.sex", Op::Eq, "female"))
    );
}

#[test]
fn implicit_equality_bare_logic_and_not_equal_are_lenient_only() {
    let equality = json!({"sex": "female"});
    assert_eq!(lenient("expression", &equality), Ok(Filter::compare("sex", Op::Eq, "female")));
    assert_eq!(
        refusal("expression", &equality),
        "query.sex: \"female\" has no operator; write {\"eq\": \"female\"}"
    );
    let logic = json!({"or": [{"a": {"eq": 1}}, {"a": {"ne": 2}}]});
    let expected =
        Filter::Any(vec![Filter::compare("a", Op::Eq, 1), Filter::compare("a", Op::Ne, 2)]);
    assert_eq!(lenient("expression", &logic), Ok(expected));
    assert!(strict("expression", &logic).is_err());
}

#[test]
fn negation_stands_outside_or_inside_an_attribute() {
    let below = Filter::Not(Box::new(Filter::compare("age", Op::Lt, 5)));
    assert_eq!(strict("expression", &json!({"$not": {"age": {"$lt": 5}}})), Ok(below.clone()));
    assert_eq!(strict("expression", &json!({"age": {"$not": {"$lt": 5}}})), Ok(below));
}

#[test]
fn what_cannot_be_answered_names_the_query_type() {
    let error = strict("graphql", &json!({"type": "x", "value": {}})).unwrap_err();
    assert_eq!(
        error.to_string(),
        "query_type: \"graphql\" cannot be answered; write idtype-value, expression or predicate"
    );
    assert_eq!(error.reason_code().as_str(), "rjct.search_criteria.invalid");
    let error = strict("expression", &json!({"a": {"$regex": "x"}})).unwrap_err();
    assert_eq!(
        error.to_string(),
        "query.a.$regex: \"$regex\" is not an operator; write eq, lt, gt, le, ge or in"
    );
    assert_eq!(error.reason_code().as_str(), "rjct.filter.invalid");
}

#[test]
fn depth_and_size_are_bounded() {
    let mut deep = json!({"a": {"$eq": 1}});
    for _ in 0..MAX_DEPTH {
        deep = json!({"$not": deep});
    }
    assert!(refusal("expression", &deep).contains("nested too deeply"));
    let mut deepest = json!(1);
    for _ in 0..100_000 {
        deepest = Value::Array(vec![deepest]);
    }
    assert!(strict("expression", &deepest).is_err());
    // A value this deep would overflow the stack when it is dropped recursively, so it is taken apart by hand.
    while let Value::Array(mut inner) = deepest {
        deepest = inner.pop().unwrap();
    }
    let wide = json!({"a": {"$in": vec![1; MAX_NODES]}});
    assert!(refusal("expression", &wide).contains("too large"));
}

fn any_json() -> impl Strategy<Value = Value> {
    let key = prop_oneof![
        prop::sample::select(vec![
            "type",
            "value",
            "expression",
            "query",
            "$and",
            "$or",
            "$not",
            "and",
            "or",
            "not",
            "eq",
            "$in",
            "gte",
            "expression1",
            "expression2",
            "condition",
            "attribute_name",
            "operator",
            "attribute_value",
            "seq_num",
        ])
        .prop_map(str::to_owned),
        "[a-z$.:]{0,6}",
    ];
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        key.clone().prop_map(Value::from),
    ];
    leaf.prop_recursive(6, 64, 6, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
            prop::collection::btree_map(key.clone(), inner, 0..6)
                .prop_map(|members| Value::Object(members.into_iter().collect())),
        ]
    })
}

fn any_filter() -> impl Strategy<Value = Filter> {
    let attribute = "[a-z_]{3,8}(\\.[a-z_]{3,8}){0,2}"
        .prop_filter("words of the language itself", |name| {
            !["and", "not", "or"].contains(&name.as_str())
        });
    let op = prop::sample::select(vec![Op::Eq, Op::Ne, Op::Lt, Op::Gt, Op::Le, Op::Ge]);
    let leaf = prop_oneof![
        (attribute.clone(), op, any_json())
            .prop_map(|(name, op, value)| Filter::compare(name, op, value)),
        (attribute, prop::collection::vec(any::<i32>(), 0..4))
            .prop_map(|(name, list)| Filter::compare(name, Op::In, list)),
        ("[A-Z]{2,6}", ".{1,12}").prop_map(|(kind, value)| Filter::identifier(kind, value)),
    ];
    leaf.prop_recursive(4, 24, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Filter::All),
            prop::collection::vec(inner.clone(), 0..4).prop_map(Filter::Any),
            inner.prop_map(|part| Filter::Not(Box::new(part))),
        ]
    })
}

proptest! {
    #[test]
    fn reading_never_panics(kind in prop::sample::select(vec!["idtype-value", "predicate", "expression", ""]), query in any_json()) {
        for mode in [Mode::Strict, Mode::Lenient] {
            let outcome = parse(kind, &query, mode);
            prop_assert!(outcome.is_ok() || !outcome.unwrap_err().sentence.is_empty());
        }
    }

    #[test]
    fn a_filter_written_as_an_expression_reads_back_the_same(filter in any_filter()) {
        let written = json!({"type": "ns:org:QueryType:expression", "value": {"expression": {
            "collection": "Person", "query": filter.to_expression()}}});
        if bounds::check(&written).is_ok() {
            prop_assert_eq!(parse("expression", &written, Mode::Lenient), Ok(filter));
        }
    }
}
