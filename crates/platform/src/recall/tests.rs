//! What is remembered, and when it is not used.

use types::Timestamp;

use super::{Generations, LONGEST, Mark, Memory, Topic};

fn mark(generation: u64, millis: i64) -> Mark {
    Mark {
        generation,
        at: Timestamp::from_millis(millis),
    }
}

#[test]
fn a_value_lives_for_its_time_and_no_longer() {
    let memory = Memory::new();
    memory.put(1, "a", mark(0, 10_000));
    let get = |key, millis| memory.get(&key, mark(0, millis), LONGEST).map(|found| found.0);
    assert_eq!(get(1, 10_000), Some("a"));
    assert_eq!(get(1, 10_000 + LONGEST - 1), Some("a"));
    assert_eq!(get(1, 10_000 + LONGEST), None);
    assert_eq!(get(1, 9_999), None, "a clock set back");
    assert_eq!(get(2, 10_000), None);
}

#[test]
fn a_value_read_before_a_change_is_not_used_after_it() {
    let (generations, memory) = (Generations::default(), Memory::new());
    let before = mark(generations.now(Topic::ApiKeys), 0);
    generations.advance(Topic::ApiKeys);
    // The slow reader puts what it read before the change.
    memory.put(1, "old", before);
    let after = mark(generations.now(Topic::ApiKeys), 0);
    assert_eq!(memory.get(&1, after, LONGEST), None);
}

#[test]
fn topics_do_not_concern_each_other() {
    let generations = Generations::default();
    generations.advance(Topic::Sessions);
    assert_eq!(generations.now(Topic::ApiKeys), 0);
    assert_eq!(generations.now(Topic::Sessions), 1);
}
