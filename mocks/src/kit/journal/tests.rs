//! What a reset leaves of the story before it: nothing, whoever was still writing. And what readers find.

use std::sync::Arc;

use tempfile::{TempDir, tempdir};

use super::{Entry, Journal, Kind, Wanted};

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

/// Two questions of the hub with their answers, and the keys that it fetched before it believed the second.
async fn conversation(journal: &Journal) {
    let message = |kind, from: &str, to: &str, action: &str, of| Entry {
        kind,
        from: from.into(),
        to: to.into(),
        of,
        ..entry(action)
    };
    for (asked, action) in [("mapper", "POST /resolve"), ("switch", "POST /quotes")] {
        let of = journal.write(message(Kind::Request, "hub", asked, action, 0));
        journal.write(message(Kind::Answer, asked, "hub", action, of));
    }
    let keys = "GET /.well-known/jwks.json";
    let of = journal.write(message(Kind::Request, "hub", "switch", keys, 0));
    journal.write(message(Kind::Answer, "switch", "hub", keys, of));
    journal.settled().await;
}

fn numbers(entries: &[Entry]) -> Vec<i64> {
    entries.iter().map(|entry| entry.seq).collect()
}

#[tokio::test]
async fn a_message_is_found_by_what_it_answers_and_the_last_of_a_system_by_its_name() {
    let (_dir, journal) = journal();
    conversation(&journal).await;
    assert_eq!(journal.answer_to(3).unwrap().map(|answer| answer.seq), Some(4));
    assert!(journal.answer_to(4).unwrap().is_none());
    let last = |system, seq| journal.last_answer(system, seq).unwrap().map(|answer| answer.seq);
    assert_eq!(last("switch", 7), Some(4), "keys are no answer");
    assert_eq!((last("switch", 4), last("mapper", 7)), (None, Some(2)));
    assert_eq!(numbers(&journal.latest(Kind::Answer, "hub", 2).unwrap()), [6, 4]);
    assert_eq!(numbers(&journal.latest(Kind::Request, "mapper", 9).unwrap()), [1]);
    assert_eq!(numbers(&journal.requests_to("switch", 9).unwrap()), [5, 3]);
}

#[tokio::test]
async fn requests_are_found_by_what_is_said_of_them() {
    let (_dir, journal) = journal();
    conversation(&journal).await;
    let found = |wanted| numbers(&journal.requests(&wanted, 2).unwrap());
    assert_eq!(found(Wanted::default()), [1, 3], "no more than were asked for");
    assert_eq!(found(Wanted { after: 1, from: Some("hub"), ..Wanted::default() }), [3, 5]);
    assert_eq!(found(Wanted { to: Some("switch"), ..Wanted::default() }), [3, 5]);
    let quotes = Wanted { to: Some("switch"), action: Some("POST /quotes"), ..Wanted::default() };
    assert_eq!(found(quotes), [3]);
    assert!(found(Wanted { from: Some("mapper"), ..Wanted::default() }).is_empty());
}
