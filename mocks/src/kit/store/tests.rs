//! What is written stays, and what is put back is whole.

use tempfile::{TempDir, tempdir};

use super::*;

/// A new database, for as long as its folder is held.
fn store() -> (TempDir, Store) {
    let dir = tempdir().unwrap();
    let store = Store::open(&dir.path().join("test.db"), COMMON_SCHEMA).unwrap();
    (dir, store)
}

#[test]
fn numbers_of_a_series_follow_each_other() {
    let (_dir, store) = store();
    let next = || store.alter(|tx| next_number(tx, "BRN")).unwrap();
    assert_eq!((next(), next(), next()), (1, 2, 3));
}

#[test]
fn a_copied_template_takes_the_place_of_what_was_written_each_time() {
    let ((_there, template), (_here, store)) = (store(), store());
    template.alter(|tx| set_setting(tx, "colour", "blue")).unwrap();
    template.fold().unwrap();
    let colour = || store.read(|db| setting(db, "colour")).unwrap();
    for _ in 0..2 {
        store.copy_from(&template.path).unwrap();
        assert_eq!(colour().as_deref(), Some("blue"));
        store.copy_from(Path::new("nowhere")).expect("nobody wrote, so nothing is copied");
        store.alter(|tx| set_setting(tx, "colour", "red")).unwrap();
        assert_eq!(colour().as_deref(), Some("red"));
    }
}

#[test]
fn a_database_that_several_put_back_at_once_is_whole() {
    let ((_there, template), (_here, store)) = (store(), store());
    template.fold().unwrap();
    let put_back = || {
        for _ in 0..50 {
            store.touch();
            store.copy_from(&template.path).unwrap();
            assert_eq!(store.read(|db| setting(db, "colour")).unwrap(), None);
        }
    };
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(put_back);
        }
    });
}

#[test]
fn a_refused_write_leaves_no_trace() {
    let (_dir, store) = store();
    let refused: Result<(), StoreError> = store.write(|tx| {
        set_setting(tx, "colour", "blue")?;
        Err(rusqlite::Error::InvalidQuery.into())
    });
    assert!(refused.is_err());
    assert_eq!(store.read(|db| setting(db, "colour")).unwrap(), None);
}
