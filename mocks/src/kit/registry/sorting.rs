//! The order of an answer (DCI v1.0.0, `SearchSort`), and how a later page finds where the one before it ended.

use rusqlite::Row;
use rusqlite::types::Value as Sql;

use super::sql::Condition;

/// One thing that is sorted by; records that are equal in all of them follow in the order of their numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Key {
    pub(super) column: &'static str,
    pub(super) descending: bool,
}

/// What a record has where it is sorted by: numbers, texts, or nothing.
pub(super) type Held = serde_json::Value;

/// `r.birth_date desc nulls last, ` or nothing. Databases differ in where nothing stands unless they are told.
pub(super) fn order(keys: &[Key]) -> String {
    let word = |key: &Key| if key.descending { "desc nulls last" } else { "asc nulls first" };
    keys.iter().map(|key| format!("r.{} {}, ", key.column, word(key))).collect()
}

/// The columns that a record is sorted by, behind others that are selected.
pub(super) fn columns(keys: &[Key]) -> String {
    keys.iter().map(|key| format!(", r.{}", key.column)).collect()
}

/// What a line of an answer has in [`columns`], which begin at `first`.
pub(super) fn held(keys: &[Key], row: &Row<'_>, first: usize) -> rusqlite::Result<Vec<Held>> {
    let place = |(place, _)| {
        Ok(match row.get(first + place)? {
            Sql::Integer(number) => number.into(),
            Sql::Real(number) => number.into(),
            Sql::Text(text) => text.into(),
            Sql::Null | Sql::Blob(_) => Held::Null,
        })
    };
    keys.iter().enumerate().map(place).collect()
}

/// Adds to `condition` that a record comes behind the one with this number, which has `held` where it is sorted by. Records
/// without a value come first, and last where the order is turned round.
pub(super) fn behind(
    condition: Condition,
    keys: &[Key],
    (number, held): (i64, &[Held]),
) -> Condition {
    let Condition { text, mut values } = condition;
    let mut bind = |value: Sql| {
        values.push(value);
        format!("${}", values.len())
    };
    // SQLite numbers its parameters in the order in which they stand in the text.
    let bound: Vec<_> = held.iter().map(|held| value(held).map(&mut bind)).collect();
    let mut later = format!("r.number > {}", bind(Sql::Integer(number)));
    for (key, bound) in keys.iter().zip(bound).rev() {
        let column = format!("r.{}", key.column);
        later = match (bound, key.descending) {
            // Said so that an index of the column can begin at the value.
            (Some(value), false) => {
                format!("({column} >= {value} and ({column} > {value} or {later}))")
            }
            (Some(value), true) => format!(
                "({column} < {value} or {column} is null or ({column} = {value} and {later}))"
            ),
            (None, false) => format!("({column} is not null or {later})"),
            (None, true) => format!("({column} is null and {later})"),
        };
    }
    Condition { text: format!("({text}) and {later}"), values }
}

fn value(held: &Held) -> Option<Sql> {
    match held {
        Held::String(text) => Some(Sql::Text(text.clone())),
        Held::Number(number) => {
            number.as_i64().map(Sql::Integer).or_else(|| number.as_f64().map(Sql::Real))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rusqlite::{Connection, params_from_iter};

    /// Numbers of records, one a page, in the order of `keys`.
    #[expect(clippy::disallowed_methods, reason = "a database of this test alone")]
    fn paged(keys: &[Key]) -> Vec<i64> {
        let db = Connection::open_in_memory().unwrap();
        db.execute_batch(
            "create table person (number integer primary key, name text, score real) strict;
             insert into person values (1, 'b', 2.5), (2, null, 1), (3, 'a', null), (4, 'b', 1), (5, null, null), (6, 'a', 7);",
        )
        .unwrap();
        let mut seen: Vec<(i64, Vec<Held>)> = Vec::new();
        loop {
            let all = Condition { text: "1 = 1".into(), values: Vec::new() };
            let wanted = match seen.last() {
                Some((number, held)) => behind(all, keys, (*number, held)),
                None => all,
            };
            let sql = format!(
                "select r.number{} from person as r where {} order by {}r.number limit 1",
                columns(keys),
                wanted.text,
                order(keys)
            );
            let next = db.query_row(&sql, params_from_iter(wanted.values), |row| {
                Ok((row.get(0)?, held(keys, row, 1)?))
            });
            match next {
                Ok(next) => seen.push(next),
                Err(_) => return seen.into_iter().map(|(number, _)| number).collect(),
            }
            assert!(seen.len() < 10, "{keys:?}: {seen:?}");
        }
    }

    #[test]
    fn pages_follow_each_other_in_every_order_with_and_without_values() {
        let key = |column, descending| Key { column, descending };
        assert_eq!(paged(&[]), [1, 2, 3, 4, 5, 6]);
        assert_eq!(paged(&[key("name", false)]), [2, 5, 3, 6, 1, 4]);
        assert_eq!(paged(&[key("name", true)]), [1, 4, 3, 6, 2, 5]);
        assert_eq!(paged(&[key("name", true), key("score", false)]), [4, 1, 3, 6, 5, 2]);
        assert_eq!(paged(&[key("score", true), key("name", false)]), [6, 1, 2, 4, 5, 3]);
    }

    #[test]
    #[expect(clippy::disallowed_methods, reason = "a database of this test alone")]
    fn an_index_gives_the_order_that_is_asked_for() {
        let db = Connection::open_in_memory().unwrap();
        db.execute_batch(
            "create table person (number integer primary key, name text) strict;
             create index by_name on person (name);",
        )
        .unwrap();
        for descending in [false, true] {
            let order = order(&[Key { column: "name", descending }]);
            let sql = format!(
                "explain query plan select r.number from person as r order by {order}r.number"
            );
            let mut query = db.prepare(&sql).unwrap();
            let steps = query.query_map([], |row| row.get::<_, String>(3)).unwrap();
            let steps: Vec<_> = steps.map(Result::unwrap).collect();
            assert!(steps[0].contains("INDEX by_name"), "{steps:?}");
            assert!(!steps.contains(&String::from("USE TEMP B-TREE FOR ORDER BY")), "{steps:?}");
        }
    }
}
