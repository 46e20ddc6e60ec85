//! A ledger is a file that anyone may have damaged or written.

use std::collections::BTreeMap;

use serde_json::Value;

use super::cloud::{JOINT, NAMED, SWEPT, Thing, Toy, WIDGET};
use super::replay::{RUN, replay};
use crate::cleanup::{CleanupOutcome, Evidence, Replay, UndoTimeouts};
use crate::kinds::{self, Kind, Listed};
use crate::ledger::{
    self, Intent, Ledger, LedgerEntry, Owner, RecordedChange, Restoration, SentName,
};

const OURS: &str = "squall-3c9e8b77-widget-0000000a";
const THEIRS: &str = "prod-db";

fn named(name: &str) -> Thing {
    Thing { name: name.to_owned(), ..Thing::default() }
}

/// Replays a ledger of one entry.
async fn replayed(
    cloud: &Toy,
    kind: &Kind,
    name: &str,
    id: Option<&str>,
    params: &[(&str, &str)],
) -> CleanupOutcome {
    let dir = tempfile::tempdir().unwrap();
    let book = Ledger::open(dir.path(), RUN).unwrap();
    add(&book, kind, name, id, params);
    drop(book);
    replay(dir.path(), cloud, Evidence::default(), &|_| ()).await
}

fn add(book: &Ledger, kind: &Kind, name: &str, id: Option<&str>, params: &[(&str, &str)]) {
    let mut intent = Intent::create(kind.name, name, Owner::new("user", None));
    intent.params = params.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect();
    let of = book.append(LedgerEntry::Intent(intent)).unwrap();
    if let Some(id) = id {
        book.append(LedgerEntry::Made { of, id: id.to_owned() }).unwrap();
    }
}

/// Replays a ledger of one entry that is sent under another name than the unique one.
async fn replayed_as(cloud: &Toy, sent: SentName) -> CleanupOutcome {
    let dir = tempfile::tempdir().unwrap();
    let book = Ledger::open(dir.path(), RUN).unwrap();
    let intent = Intent::create(WIDGET.name, OURS, Owner::new("user", Some("project")));
    let intent = Intent { sent: Some(Box::new(sent)), ..intent };
    book.append(LedgerEntry::Intent(intent)).unwrap();
    drop(book);
    replay(dir.path(), cloud, Evidence::default(), &|_| ()).await
}

#[tokio::test(start_paused = true)]
async fn a_name_that_was_made_longer_is_found_as_it_was_sent() {
    let cloud = Toy::default();
    let long = format!("{OURS}{}", "a".repeat(200));
    cloud.put("ours", named(&long));
    cloud.put("longer", named(&format!("{long}a")));
    let sent = SentName { name: Some(long), before: Vec::new() };
    let outcome = replayed_as(&cloud, sent).await;
    assert!(outcome.is_clean(), "{outcome}");
    assert_eq!(cloud.ids(), ["longer"]);
}

#[tokio::test(start_paused = true)]
async fn what_has_another_name_in_a_project_of_others_is_reported_and_stays() {
    let cloud = Toy::default();
    cloud.put("old", named("a"));
    cloud.put("new", named("a"));
    cloud.put("other", named("b"));
    let before = vec!["old".to_owned()];
    let sent = SentName { name: Some("a".to_owned()), before: before.clone() };
    let outcome = replayed_as(&cloud, sent).await;
    assert!(outcome.left[0].why.contains("which are new: new"), "{outcome}");
    assert_eq!(cloud.ids(), ["new", "old", "other"]);
    let sent = SentName { name: Some("c".to_owned()), before };
    assert!(replayed_as(&cloud, sent).await.is_clean(), "nothing of that name came");
}

#[tokio::test(start_paused = true)]
async fn a_ledger_restores_by_operations_that_are_described_and_no_others() {
    for (operation, is_refused) in
        [("network.agents.update", false), ("network.networks.delete", true), ("toys.x", true)]
    {
        let dir = tempfile::tempdir().unwrap();
        let book = Ledger::open(dir.path(), RUN).unwrap();
        let kind = kinds::find("cloud.setting").unwrap();
        let name = "squall-3c9e8b77-setting-0000000a";
        let change = Restoration { operation: operation.to_owned(), body: None, was: Value::Null };
        let intent = Intent {
            change: Some(RecordedChange::Restored(Box::new(change))),
            ..Intent::create(kind.name, name, Owner::new("user", None))
        };
        book.append(LedgerEntry::Intent(intent)).unwrap();
        drop(book);
        let cloud = Toy::default();
        let outcome = replay(dir.path(), &cloud, Evidence::default(), &|_| ()).await;
        let refused = outcome.left.iter().any(|left| left.why.contains("to restore anything"));
        assert_eq!(refused, is_refused, "{operation}: {outcome}");
    }
}

#[tokio::test(start_paused = true)]
async fn only_an_equal_name_is_removed() {
    let cloud = Toy::default();
    let lookalikes = [
        format!("nightly-copy-of-{OURS}"),
        format!("{OURS}-backup"),
        "squall-3c9e8b77-widget-0000000b".to_owned(),
        THEIRS.to_owned(),
    ];
    for (id, name) in lookalikes.iter().enumerate() {
        cloud.put(&id.to_string(), named(name));
    }
    cloud.put("ours", named(OURS));
    let outcome = replayed(&cloud, &WIDGET, OURS, None, &[]).await;
    assert!(outcome.is_clean(), "{outcome}");
    assert_eq!(cloud.ids(), ["0", "1", "2", "3"]);
}

#[test]
fn a_name_is_equal_or_numbered_or_a_whole_word_of_a_text() {
    let listed = Listed::new("a.b.list", "/b");
    let inside = Listed { inside: true, ..listed };
    for (listed, text, several, expected) in [
        (listed, "x-1".to_owned(), false, false),
        (listed, OURS.to_owned(), false, true),
        (listed, format!("{OURS}-1"), false, false),
        (listed, format!("{OURS}-1"), true, true),
        (listed, format!("{OURS}-copy"), true, false),
        (listed, format!("{OURS}-"), true, false),
        (inside, format!("https://{OURS}.test/"), false, true),
        (inside, format!("{{\"name\":\"{OURS}\"}}"), false, true),
        (inside, format!("https://my-{OURS}.test/"), false, false),
        (inside, format!("https://{OURS}-copy.test/"), false, false),
    ] {
        assert_eq!(listed.has_name(&text, OURS, several), expected, "{text}");
        assert!(!listed.has_name(&text, "", several), "{text}");
    }
    assert!(!listed.has_name("", "", false), "an empty name is no name");
}

#[tokio::test(start_paused = true)]
async fn what_was_at_another_endpoint_is_not_touched() {
    let (dir, cloud) = (tempfile::tempdir().unwrap(), Toy::default());
    cloud.put("1", named(OURS));
    let ledger = Ledger::open(dir.path(), RUN).unwrap();
    add(&ledger, &WIDGET, OURS, Some("1"), &[]);
    let left = ledger::outstanding(&ledger::read(dir.path()).unwrap().records);
    let replay = Replay {
        ledger: &ledger,
        made: &[],
        owners: &cloud,
        timeouts: UndoTimeouts::default(),
        evidence: Evidence::default(),
        moved: BTreeMap::from([("toys".to_owned(), "http://before".to_owned())]),
        on_progress: &|_| (),
    };
    let outcome = replay.run(left).await;
    assert!(outcome.left[0].why.contains("the toys service at http://before"), "{outcome}");
    assert!(cloud.log.lock().unwrap().is_empty(), "nothing is even asked for");
}

#[tokio::test(start_paused = true)]
async fn a_name_that_the_run_did_not_give_is_refused() {
    let cloud = Toy::default();
    cloud.put("1", named(THEIRS));
    for name in ["", THEIRS, "squall-3c9e8b77-", "squall-deadbeef-widget-0000000a"] {
        let outcome = replayed(&cloud, &WIDGET, name, None, &[]).await;
        assert!(outcome.left[0].why.contains("is not a name that run"), "{name}: {outcome}");
    }
    assert_eq!(cloud.ids(), ["1"]);
    assert!(cloud.log.lock().unwrap().is_empty(), "nothing is even asked for");
}

#[tokio::test(start_paused = true)]
async fn an_id_that_leads_elsewhere_is_refused() {
    let cloud = Toy::default();
    for id in ["", ".", "..", "a/b", "../x", "a\\b", "a\nb"] {
        let outcome = replayed(&cloud, &WIDGET, OURS, Some(id), &[]).await;
        assert!(outcome.left[0].why.contains("is not the id of a resource"), "{id}: {outcome}");
    }
    let elsewhere = replayed(&cloud, &WIDGET, OURS, Some("1"), &[("box_id", "..")]).await;
    assert!(elsewhere.left[0].why.contains("is not the id of a resource"), "{elsewhere}");
    assert!(cloud.log.lock().unwrap().is_empty(), "nothing is even asked for");
}

#[tokio::test(start_paused = true)]
async fn an_id_of_something_else_is_not_touched() {
    let cloud = Toy::default();
    cloud.put("1", named(THEIRS));
    let outcome = replayed(&cloud, &WIDGET, OURS, Some("1"), &[]).await;
    assert!(outcome.left[0].why.contains("not touched"), "{outcome}");
    assert!(outcome.left[0].why.contains(THEIRS), "{outcome}");
    assert_eq!(cloud.ids(), ["1"]);
    // What a test renamed still begins as the run's names do.
    cloud.put("2", named(&format!("{OURS}-renamed")));
    assert!(replayed(&cloud, &WIDGET, OURS, Some("2"), &[]).await.is_clean());
    assert_eq!(cloud.ids(), ["1"]);
}

#[tokio::test(start_paused = true)]
async fn a_change_of_something_else_is_not_undone() {
    let cloud = Toy::default();
    cloud.put("1", named(THEIRS));
    let joint = "squall-3c9e8b77-joint-0000000a";
    let outcome = replayed(&cloud, &JOINT, joint, Some(joint), &[("widget_id", "1")]).await;
    assert!(outcome.left[0].why.contains("belongs to no resource of this run"), "{outcome}");
    assert_eq!(cloud.ids(), ["1"]);

    let dir = tempfile::tempdir().unwrap();
    let book = Ledger::open(dir.path(), RUN).unwrap();
    cloud.put("2", named(OURS));
    add(&book, &WIDGET, OURS, Some("2"), &[]);
    add(&book, &JOINT, joint, Some(joint), &[("widget_id", "2")]);
    // An entry that claims someone else's widget does not make its joint ours.
    add(&book, &WIDGET, "squall-3c9e8b77-widget-0000000c", Some("1"), &[]);
    let other = "squall-3c9e8b77-joint-0000000b";
    add(&book, &JOINT, other, Some(other), &[("widget_id", "1")]);
    drop(book);
    let outcome = replay(dir.path(), &cloud, Evidence::default(), &|_| ()).await;
    let removed: Vec<&str> = outcome.removed.iter().map(|removed| removed.name.as_str()).collect();
    assert_eq!(removed, [joint, OURS], "{outcome}");
    assert_eq!(cloud.ids(), ["1"]);
}

#[tokio::test(start_paused = true)]
async fn what_is_addressed_by_its_name_has_no_other_id() {
    let cloud = Toy::default();
    cloud.put(THEIRS, named(THEIRS));
    let secret = "squall-3c9e8b77-latch-named-0000000a";
    let outcome = replayed(&cloud, &NAMED, secret, Some(THEIRS), &[]).await;
    assert!(!outcome.is_clean() && cloud.ids() == [THEIRS], "{outcome}");
}

#[tokio::test(start_paused = true)]
async fn a_cloud_that_may_be_another_proves_nothing() {
    let (dir, cloud) = (tempfile::tempdir().unwrap(), Toy::default());
    let book = Ledger::open(dir.path(), RUN).unwrap();
    add(&book, &WIDGET, OURS, Some("1"), &[]);
    add(&book, &WIDGET, "squall-3c9e8b77-widget-0000000b", None, &[]);
    drop(book);
    let outcome = replay(dir.path(), &cloud, Evidence::of_unknown_cloud(), &|_| ()).await;
    assert_eq!((outcome.removed.len(), outcome.left.len()), (0, 2), "{outcome}");
    assert!(outcome.left[0].why.contains("does not say whether"), "{outcome}");
    // What is there under the run's name is removed all the same.
    cloud.put("1", named(OURS));
    let outcome = replay(dir.path(), &cloud, Evidence::of_unknown_cloud(), &|_| ()).await;
    assert_eq!((outcome.removed.len(), cloud.ids().len()), (1, 0), "{outcome}");
}

#[tokio::test(start_paused = true)]
async fn a_sweep_keeps_to_what_belongs_to_the_resource() {
    let cloud = Toy::default();
    cloud.put("box-1", named("squall-3c9e8b77-swept-0000000a"));
    // The list of the cloud ignores its query, and shows what belongs to others too.
    cloud.put("theirs", Thing { of: Some("box-2".to_owned()), ..named(THEIRS) });
    cloud.put("inside", Thing { of: Some("box-1".to_owned()), ..named("default") });
    let name = "squall-3c9e8b77-swept-0000000a";
    let outcome = replayed(&cloud, &SWEPT, name, Some("box-1"), &[]).await;
    assert!(outcome.is_clean(), "{outcome}");
    assert_eq!(cloud.ids(), ["theirs"]);
}
