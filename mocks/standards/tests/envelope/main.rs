//! The law of envelopes, on the corpus of the fuzz target (`mocks/standards/fuzz/corpus/envelope`), on changed pieces of it,
//! and on bytes that are nothing at all. Bounded, and the same on every run.

mod law;

use std::path::Path;

use proptest::prelude::*;

/// The corpus: messages of every kind, and bodies that once broke something.
fn corpus() -> Vec<Vec<u8>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/corpus/envelope");
    let files = std::fs::read_dir(&folder).unwrap_or_else(|e| panic!("{}: {e}", folder.display()));
    let mut paths: Vec<_> = files.flatten().map(|file| file.path()).collect();
    paths.sort();
    let read = |path| std::fs::read(&path).unwrap_or_else(|e| panic!("{e}"));
    paths.into_iter().map(read).collect()
}

#[test]
fn every_message_of_the_corpus_keeps_the_law() {
    let corpus = corpus();
    assert!(corpus.len() >= 12, "{} messages", corpus.len());
    for bytes in corpus {
        law::holds(&bytes);
    }
}

/// A change to a message: where, and what stands there then.
#[derive(Debug, Clone)]
enum Change {
    Cut(prop::sample::Index),
    Put(prop::sample::Index, Vec<u8>),
    Over(prop::sample::Index, Vec<u8>),
    /// A piece of another message.
    Graft(prop::sample::Index, prop::sample::Index, prop::sample::Index, usize),
}

fn change() -> impl Strategy<Value = Change> {
    let index = any::<prop::sample::Index>;
    let words: Vec<Vec<u8>> = [
        "{}",
        "[]",
        "null",
        "true",
        "-1",
        "0",
        "1e999",
        "18446744073709551616",
        "\"\"",
        "\"\\u0000\"",
        "\"\\ud800\"",
        "{\"$and\":[",
        "{\"$not\":",
        "[[[[",
        "\"type\":",
        "\"value\":",
        "\"query\":",
        ",",
        "}",
        "]",
        "\"header\":{},",
        "\"transaction_id\":7,",
        "\"page_size\":-1,",
        "\u{feff}",
        "\\",
    ]
    .map(|word| word.as_bytes().to_vec())
    .into();
    let piece = prop_oneof![prop::sample::select(words), prop::collection::vec(any::<u8>(), 1..6),];
    prop_oneof![
        index().prop_map(Change::Cut),
        (index(), piece.clone()).prop_map(|(at, piece)| Change::Put(at, piece)),
        (index(), piece).prop_map(|(at, piece)| Change::Over(at, piece)),
        (index(), index(), index(), 1_usize..200)
            .prop_map(|(at, other, from, length)| Change::Graft(at, other, from, length)),
    ]
}

fn changed(mut bytes: Vec<u8>, corpus: &[Vec<u8>], changes: Vec<Change>) -> Vec<u8> {
    for change in changes {
        if bytes.is_empty() {
            break;
        }
        match change {
            Change::Cut(at) => bytes.truncate(at.index(bytes.len())),
            Change::Put(at, piece) => {
                let at = at.index(bytes.len());
                bytes.splice(at..at, piece);
            }
            Change::Over(at, piece) => {
                let at = at.index(bytes.len());
                let end = (at + piece.len()).min(bytes.len());
                bytes.splice(at..end, piece);
            }
            Change::Graft(at, other, from, length) => {
                let other = &corpus[other.index(corpus.len())];
                let from = from.index(other.len());
                let piece = other[from..(from + length).min(other.len())].to_vec();
                let at = at.index(bytes.len());
                bytes.splice(at..at, piece);
            }
        }
    }
    bytes
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(2000) })]

    #[test]
    fn changed_messages_keep_the_law(
        which in any::<prop::sample::Index>(),
        changes in prop::collection::vec(change(), 1..5),
    ) {
        let corpus = corpus();
        let bytes = corpus[which.index(corpus.len())].clone();
        law::holds(&changed(bytes, &corpus, changes));
    }

    #[test]
    fn any_bytes_keep_the_law(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        law::holds(&bytes);
    }
}
