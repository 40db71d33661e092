//! What a reset leaves of the story before it: nothing, whoever was still writing.

use std::path::PathBuf;
use std::sync::Arc;

use super::{Entry, Journal};

fn file(name: &str) -> PathBuf {
    let dir = std::env::temp_dir().join(format!("arenoa-journal-{name}-{}", std::process::id()));
    std::fs::create_dir_all(&dir).unwrap();
    let file = dir.join("journal.db");
    for end in ["db", "db-wal", "db-shm"] {
        drop(std::fs::remove_file(file.with_extension(end)));
    }
    file
}

fn entry(action: &str) -> Entry {
    Entry { action: action.into(), ..Entry::default() }
}

#[tokio::test]
async fn what_belongs_to_the_old_story_is_not_in_the_new_one() {
    let journal = Journal::open(&file("late")).unwrap();
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
    let journal = Journal::open(&file("race")).unwrap();
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
    let journal = Journal::open(&file("settled")).unwrap();
    for _ in 0..100 {
        journal.write(entry("message"));
    }
    let (waited, cleared) = tokio::join!(journal.settled(), journal.clear());
    assert_eq!((waited, cleared.is_ok(), journal.last()), ((), true, 0));
}
