//! The rules of undoing one thing, and of replaying a ledger.

use std::time::Duration;

use super::cloud::{BOX, LATCH, SECRET, Thing, Toy, WIDGET};
use crate::cleanup::{Outcome, UndoError, UndoTimeouts, replay, undo};
use crate::kinds::Kind;
use crate::ledger::{self, Entry, Intent, Ledger, Outstanding, Owner};

const RUN: &str = "0198f3a2-6d1e-7c40-9d2b-5a1f3c9e8b77";

fn thing(kind: &Kind, name: &str, id: Option<&str>) -> Outstanding {
    let intent = Intent::create(kind.name, name, Owner::new("user", Some("project")));
    Outstanding { seq: 1, intent, id: id.map(str::to_owned) }
}

fn named(name: &str) -> Thing {
    Thing { name: name.to_owned(), ..Thing::default() }
}

async fn undone(cloud: &Toy, thing: &Outstanding) -> Result<Vec<String>, UndoError> {
    undo(cloud, &WIDGET, thing, &UndoTimeouts::default()).await
}

#[tokio::test(start_paused = true)]
async fn a_busy_thing_is_tried_again_and_seen_to_its_end() {
    let cloud = Toy::default();
    cloud.put("1", Thing { busy: 3, lingers: 4, ..named("w-1") });
    undone(&cloud, &thing(&WIDGET, "w-1", Some("1"))).await.unwrap();
    assert_eq!(cloud.ids(), [""; 0]);
    let log = cloud.log.lock().unwrap();
    assert_eq!(log.iter().filter(|line| line.contains("delete")).count(), 4, "{log:?}");
}

#[tokio::test(start_paused = true)]
async fn a_service_that_deletes_before_it_answers_is_not_asked_again() {
    let cloud = Toy::default();
    cloud.put("1", named("l-1"));
    cloud.put("2", Thing { lingers: 3, says_so: true, ..named("l-2") });
    for id in ["1", "2"] {
        let latch = thing(&LATCH, &format!("l-{id}"), Some(id));
        undo(&cloud, &LATCH, &latch, &UndoTimeouts::default()).await.unwrap();
    }
    assert_eq!(cloud.ids(), [""; 0]);
    let log = cloud.log.lock().unwrap();
    let looks = |look: &str| log.iter().filter(|line| *line == look).count();
    let looks = ["toys.widgets.show 1", "toys.widgets.show 2"].map(looks);
    assert_eq!(looks, [0, 3], "{log:?}");
}

#[tokio::test(start_paused = true)]
async fn a_thing_without_an_id_is_found_by_its_name_and_nothing_else_is_touched() {
    let cloud = Toy::default();
    cloud.put("1", named("squall-a-widget-00000001"));
    cloud.put("2", named("squall-a-widget-00000002"));
    let ids = undone(&cloud, &thing(&WIDGET, "squall-a-widget-00000002", None)).await.unwrap();
    assert_eq!((ids, cloud.ids()), (vec!["2".to_owned()], vec!["1".to_owned()]));
}

#[tokio::test(start_paused = true)]
async fn a_request_under_way_is_waited_for() {
    let cloud = Toy::default();
    let later = cloud.clone();
    tokio::spawn(async move {
        tokio::time::sleep(Duration::from_secs(1)).await;
        later.put("1", named("w-1"));
    });
    let ids = undone(&cloud, &thing(&WIDGET, "w-1", None)).await.unwrap();
    assert_eq!((ids, cloud.ids().len()), (vec!["1".to_owned()], 0));
}

#[tokio::test(start_paused = true)]
async fn what_never_goes_is_left_with_the_reason() {
    let cloud = Toy::default();
    cloud.put("1", Thing { lingers: u32::MAX, ..named("w-1") });
    let stuck = undone(&cloud, &thing(&WIDGET, "w-1", Some("1"))).await.unwrap_err();
    assert!(matches!(stuck, UndoError::TimeUp(_)));
    assert!(stuck.to_string().contains("DELETING"), "{stuck}");
}

#[tokio::test(start_paused = true)]
async fn a_refusal_that_time_does_not_change_is_final() {
    let cloud = Toy::default();
    cloud.put("1", Thing { forbidden: true, ..named("w-1") });
    let start = tokio::time::Instant::now();
    let stuck = undone(&cloud, &thing(&WIDGET, "w-1", Some("1"))).await.unwrap_err();
    assert!(start.elapsed().is_zero());
    assert!(stuck.to_string().contains("answered 403 [req-403]"), "{stuck}");
}

/// Writes a ledger of things with their owners, whose ids are their names.
fn ledger_of(dir: &std::path::Path, things: &[(&Kind, &str, &str)]) {
    let ledger = Ledger::open(dir, RUN).unwrap();
    for (kind, id, owner) in things {
        let intent = Intent::create(kind.name, id, Owner::new(owner, None));
        let of = ledger.append(Entry::Intent(intent)).unwrap();
        ledger.append(Entry::Made { of, id: (*id).to_owned() }).unwrap();
    }
}

async fn replayed(dir: &std::path::Path, cloud: &Toy) -> Outcome {
    let ledger = Ledger::open(dir, RUN).unwrap();
    let left = ledger::outstanding(&ledger::read(dir).unwrap().records);
    replay(&ledger, left, cloud, UndoTimeouts::default()).await
}

#[tokio::test(start_paused = true)]
async fn a_replay_undoes_by_rank_and_writes_down_what_is_gone() {
    let dir = tempfile::tempdir().unwrap();
    ledger_of(
        dir.path(),
        &[(&WIDGET, "w-1", "user"), (&BOX, "box", "admin"), (&WIDGET, "w-2", "user")],
    );
    let cloud = Toy::default();
    cloud.put("box", Thing { stands_under: Some("w-2".into()), ..named("box") });
    cloud.put("w-1", Thing { stands_under: Some("w-2".into()), ..named("w-1") });
    cloud.put("w-2", named("w-2"));
    cloud.put("someone-elses", named("x"));
    let outcome = replayed(dir.path(), &cloud).await;
    assert!(outcome.is_clean(), "{outcome}");
    assert_eq!(outcome.removed.last().map(|r| r.name.as_str()), Some("box"));
    assert_eq!(cloud.ids(), ["someone-elses"]);
    assert_eq!(ledger::outstanding(&ledger::read(dir.path()).unwrap().records), []);
}

#[tokio::test(start_paused = true)]
async fn an_admin_steps_in_for_an_owner_who_may_not_or_is_lost() {
    let dir = tempfile::tempdir().unwrap();
    ledger_of(dir.path(), &[(&WIDGET, "w-1", "user"), (&WIDGET, "w-2", "lost")]);
    let cloud = Toy::default();
    cloud.put("w-1", Thing { forbidden: true, ..named("w-1") });
    cloud.put("w-2", named("w-2"));
    let outcome = replayed(dir.path(), &cloud).await;
    assert!(outcome.is_clean(), "{outcome}");
    assert_eq!(cloud.ids(), [""; 0]);
}

#[tokio::test(start_paused = true)]
async fn what_only_its_owner_sees_is_left_and_keeps_its_owner() {
    let dir = tempfile::tempdir().unwrap();
    ledger_of(dir.path(), &[(&BOX, "lost", "admin"), (&SECRET, "s-1", "lost")]);
    let cloud = Toy::default();
    cloud.put("lost", named("lost"));
    cloud.put("s-1", named("s-1"));
    let outcome = replayed(dir.path(), &cloud).await;
    let left: Vec<_> = outcome.left.iter().map(ToString::to_string).collect();
    assert_eq!(
        left,
        [
            "toys.secret s-1 [s-1]: user lost is not there",
            "toys.box lost [lost]: kept, because something that it made is left",
        ]
    );
    assert_eq!(cloud.ids().len(), 2);
}

#[tokio::test(start_paused = true)]
async fn a_kind_nobody_knows_is_left_and_named() {
    let dir = tempfile::tempdir().unwrap();
    let ledger = Ledger::open(dir.path(), RUN).unwrap();
    ledger
        .append(Entry::Intent(Intent::create("moon.base", "m-1", Owner::new("u", None))))
        .unwrap();
    drop(ledger);
    let outcome = replayed(dir.path(), &Toy::default()).await;
    assert!(outcome.left[0].why.contains("the plugin that declares it"), "{outcome}");
}

#[tokio::test(start_paused = true)]
async fn a_cloud_that_is_down_leaves_everything_for_the_next_cleanup() {
    let dir = tempfile::tempdir().unwrap();
    ledger_of(dir.path(), &[(&WIDGET, "w-1", "user")]);
    let mut cloud = Toy { down: true, ..Toy::default() };
    cloud.put("w-1", named("w-1"));
    let outcome = replayed(dir.path(), &cloud).await;
    assert!(outcome.left[0].why.contains("connection refused"), "{outcome}");
    cloud.down = false;
    assert!(replayed(dir.path(), &cloud).await.is_clean());
}
