//! What a reset leaves of the story before it: nothing, whoever was still writing.

use std::sync::Arc;

use tempfile::{TempDir, tempdir};

use super::{Entry, Journal};

/// A new journal, for as long as its folder is held.
fn journal() -> (TempDir, Arc<Journal>) {
    let dir = tempdir().unwrap();
    let journal = Journal::open(&dir.path().join("journal.db")).unwrap();
    (dir, journal)
}

fn entry(action: &str) -> Entry {
    Entry { action: action.into(), ..Entry::default() }
}

#[tokio::test]
async fn what_belongs_to_the_old_story_is_not_in_the_new_one() {
    let (_dir, journal) = journal();
    let old = journal.writing_epoch();
    assert_eq!(journal.write_in(old, entry("request")), 1);
    journal.clear().await.unwrap();
    assert_eq!(journal.write_in(old, entry("its answer")), 0, "it comes too late");
    assert_eq!(journal.write(entry("new request")), 1);
    journal.settled().await;
    let kept = journal.after(0, 10).unwrap();
    assert_eq!(kept.iter().map(|e| (e.seq, &*e.action)).collect::<Vec<_>>(), [(1, "new request")]);
    assert_eq!(journal.epoch(), old + 1);
}

#[tokio::test]
async fn numbers_never_collide_however_often_it_is_cleared_while_others_write() {
    let (_dir, journal) = journal();
    let writers: Vec<_> = (0..4)
        .map(|_| {
            let journal = Arc::clone(&journal);
            std::thread::spawn(move || {
                for _ in 0..3000 {
                    journal.write(entry("message"));
                }
            })
        })
        .collect();
    for _ in 0..20 {
        journal.clear().await.unwrap();
    }
    for writer in writers {
        writer.join().unwrap();
    }
    journal.settled().await;
    let numbers: Vec<i64> =
        journal.after(0, u32::MAX).unwrap().into_iter().map(|e| e.seq).collect();
    assert!(numbers.iter().copied().eq(1..=journal.last()), "every number is there once");
}

#[tokio::test]
async fn who_waits_for_the_old_story_does_not_wait_for_ever() {
    let (_dir, journal) = journal();
    for _ in 0..100 {
        journal.write(entry("message"));
    }
    let (waited, cleared) = tokio::join!(journal.settled(), journal.clear());
    assert_eq!((waited, cleared.is_ok(), journal.last()), ((), true, 0));
}
