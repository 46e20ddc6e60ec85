//! The rules of undoing one thing, and of replaying a ledger.

use std::collections::BTreeMap;
use std::time::Duration;

use super::cloud::{BOX, JOINT, LATCH, SECRET, SHARED, Thing, Toy, WIDGET};
use super::replay::{RUN, replay};
use crate::cleanup::{CleanupOutcome, Evidence, Progress, Replay, Undo, UndoError, UndoTimeouts};
use crate::kinds::Kind;
use crate::ledger::{self, Intent, Ledger, LedgerEntry, Outstanding, Owner, RecordedChange};

fn thing(kind: &Kind, name: &str, id: Option<&str>) -> Outstanding {
    let intent = Intent::create(kind.name, name, Owner::new("user", Some("project")));
    Outstanding { seq: 1, intent, id: id.map(str::to_owned) }
}

/// The name that the run gives to a resource.
fn name(kind: &Kind, number: u32) -> String {
    let thing = kind.name.rsplit('.').next().unwrap();
    format!("squall-3c9e8b77-{thing}-{number:08x}")
}

fn named(name: &str) -> Thing {
    Thing { name: name.to_owned(), ..Thing::default() }
}

async fn undo(cloud: &Toy, kind: &Kind, thing: &Outstanding) -> Result<Vec<String>, UndoError> {
    let (evidence, timeouts) = (&Evidence::default(), &UndoTimeouts::default());
    Undo { api: cloud, as_owner: true, admin: None, owns_project: false, evidence, timeouts }
        .undo(kind, thing)
        .await
}

/// Undoes a resource whose id is not known.
pub(super) async fn undone_by_name(
    cloud: &Toy,
    kind: &Kind,
    name: &str,
) -> Result<Vec<String>, UndoError> {
    undo(cloud, kind, &thing(kind, name, None)).await
}

async fn undone(cloud: &Toy, thing: &Outstanding) -> Result<Vec<String>, UndoError> {
    undo(cloud, &WIDGET, thing).await
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
        undo(&cloud, &LATCH, &latch).await.unwrap();
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

/// Writes a ledger of resources `(kind, number, owner)`, whose ids are `kind-number`, and
/// puts them into the cloud.
fn ledger_of(dir: &std::path::Path, cloud: &Toy, things: &[(&Kind, u32, &str)]) {
    let ledger = Ledger::open(dir, RUN).unwrap();
    for (kind, number, owner) in things {
        let name = name(kind, *number);
        let id = id(kind, *number);
        let intent = Intent::create(kind.name, &name, Owner::new(owner, None));
        let of = ledger.append(LedgerEntry::Intent(intent)).unwrap();
        ledger.append(LedgerEntry::Made { of, id: id.clone() }).unwrap();
        cloud.put(&id, named(&name));
    }
}

fn id(kind: &Kind, number: u32) -> String {
    format!("{}-{number}", kind.name.rsplit('.').next().unwrap())
}

async fn replayed(dir: &std::path::Path, cloud: &Toy) -> CleanupOutcome {
    replay(dir, cloud, Evidence::default(), &|_| ()).await
}

#[tokio::test(start_paused = true)]
async fn a_replay_undoes_what_stands_on_something_first_and_writes_down_what_is_gone() {
    let (dir, cloud) = (tempfile::tempdir().unwrap(), Toy::default());
    let things = [(&WIDGET, 1, "user"), (&BOX, 1, "admin"), (&WIDGET, 2, "user")];
    ledger_of(dir.path(), &cloud, &things);
    cloud.change("box-1", |thing| thing.stands_under = Some("widget-2".into()));
    cloud.change("widget-1", |thing| thing.stands_under = Some("widget-2".into()));
    cloud.put("someone-elses", named("x"));
    let outcome = replayed(dir.path(), &cloud).await;
    assert!(outcome.is_clean(), "{outcome}");
    assert_eq!(outcome.removed.last().map(|r| r.name.clone()), Some(name(&BOX, 1)));
    assert_eq!(cloud.ids(), ["someone-elses"]);
    let log = cloud.log.lock().unwrap().clone();
    let first = log.iter().find(|line| line.contains("delete")).unwrap();
    assert_eq!(first, "toys.widgets.delete widget-2", "the latest first: {log:?}");
    assert_eq!(ledger::outstanding(&ledger::read(dir.path()).unwrap().records), []);
}

#[tokio::test(start_paused = true)]
async fn an_admin_steps_in_for_an_owner_who_may_not_or_is_lost() {
    let (dir, cloud) = (tempfile::tempdir().unwrap(), Toy::default());
    ledger_of(dir.path(), &cloud, &[(&WIDGET, 1, "user"), (&WIDGET, 2, "lost")]);
    cloud.change("widget-1", |thing| thing.forbidden = true);
    let outcome = replayed(dir.path(), &cloud).await;
    assert!(outcome.is_clean(), "{outcome}");
    assert_eq!(cloud.ids(), [""; 0]);
}

#[tokio::test(start_paused = true)]
async fn what_was_made_without_a_project_is_undone_by_the_admin_since_its_maker_may_not_see_it() {
    let (dir, cloud) = (tempfile::tempdir().unwrap(), Toy::default());
    ledger_of(dir.path(), &cloud, &[(&WIDGET, 1, "domain-admin")]);
    cloud.change("widget-1", |thing| thing.hidden = true);
    let outcome = replayed(dir.path(), &cloud).await;
    assert!(outcome.is_clean(), "{outcome}");
    assert_eq!(cloud.ids(), [""; 0]);
}

#[tokio::test(start_paused = true)]
async fn an_admin_who_does_not_see_every_project_proves_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let cloud = Toy { narrow_admin: true, ..Toy::default() };
    ledger_of(dir.path(), &cloud, &[(&WIDGET, 1, "lost")]);
    let outcome = replayed(dir.path(), &cloud).await;
    assert!(outcome.left[0].why.contains("is not there"), "{outcome}");
    assert_eq!(cloud.ids(), ["widget-1"]);
}

#[tokio::test(start_paused = true)]
async fn what_only_its_owner_sees_is_left_and_keeps_its_owner() {
    let (dir, cloud) = (tempfile::tempdir().unwrap(), Toy::default());
    ledger_of(dir.path(), &cloud, &[(&BOX, 1, "admin"), (&SECRET, 1, "box-1")]);
    cloud.put("box-1", Thing { is_lost: true, ..named(&name(&BOX, 1)) });
    let outcome = replayed(dir.path(), &cloud).await;
    let left: Vec<_> = outcome.left.iter().map(ToString::to_string).collect();
    let (secret, of_box) = (name(&SECRET, 1), name(&BOX, 1));
    assert_eq!(
        left,
        [
            format!("toys.secret {secret} [secret-1]: user box-1 is not there"),
            format!("toys.box {of_box} [box-1]: kept, because something that it made is left"),
        ]
    );
    assert_eq!(cloud.ids().len(), 2);
}

#[tokio::test(start_paused = true)]
async fn a_kind_that_is_not_known_is_left_and_named() {
    let dir = tempfile::tempdir().unwrap();
    let ledger = Ledger::open(dir.path(), RUN).unwrap();
    ledger
        .append(LedgerEntry::Intent(Intent::create("moon.base", "m-1", Owner::new("u", None))))
        .unwrap();
    drop(ledger);
    let outcome = replayed(dir.path(), &Toy::default()).await;
    assert!(outcome.left[0].why.contains("the plugin that declares it"), "{outcome}");
}

#[tokio::test(start_paused = true)]
async fn a_cloud_that_is_down_leaves_everything_for_the_next_cleanup_and_soon() {
    let (dir, mut cloud) = (tempfile::tempdir().unwrap(), Toy::default());
    let things: Vec<(&Kind, u32, &str)> = (1..=40).map(|n| (&WIDGET, n, "user")).collect();
    ledger_of(dir.path(), &cloud, &things);
    cloud.down = true;
    let start = tokio::time::Instant::now();
    let outcome = replayed(dir.path(), &cloud).await;
    assert_eq!(outcome.left.len(), 40);
    assert!(outcome.left[0].why.contains("connection refused"), "{outcome}");
    assert!(start.elapsed() < Duration::from_secs(60), "{:?}", start.elapsed());
    cloud.down = false;
    assert!(replayed(dir.path(), &cloud).await.is_clean());
}

#[tokio::test(start_paused = true)]
async fn a_refusal_that_stays_the_same_is_not_waited_for() {
    let cloud = Toy::default();
    cloud.put("1", Thing { busy: u32::MAX, ..named("w-1") });
    let start = tokio::time::Instant::now();
    let error = undone(&cloud, &thing(&WIDGET, "w-1", Some("1"))).await.unwrap_err();
    assert!(error.to_string().contains("for 40 s without a change"), "{error}");
    assert!(start.elapsed() < UndoTimeouts::default().undo, "{:?}", start.elapsed());
}

#[tokio::test(start_paused = true)]
async fn what_was_refused_is_tried_again_once_something_else_is_gone() {
    let (dir, cloud) = (tempfile::tempdir().unwrap(), Toy::default());
    // The box stands on the widget, though its kind is beneath the widget's.
    ledger_of(dir.path(), &cloud, &[(&WIDGET, 1, "user"), (&BOX, 1, "user")]);
    cloud.change("widget-1", |thing| thing.stands_under = Some("box-1".into()));
    let outcome = replayed(dir.path(), &cloud).await;
    assert!(outcome.is_clean(), "{outcome}");
    assert_eq!(
        outcome.removed.iter().map(|r| r.kind.as_str()).collect::<Vec<_>>(),
        [BOX.name, WIDGET.name]
    );
}

#[tokio::test(start_paused = true)]
async fn a_404_that_anything_may_have_answered_proves_nothing() {
    let (dir, mut cloud) = (tempfile::tempdir().unwrap(), Toy::default());
    ledger_of(dir.path(), &cloud, &[(&WIDGET, 1, "user"), (&WIDGET, 2, "user")]);
    cloud.only_404 = true;
    let outcome = replayed(dir.path(), &cloud).await;
    assert_eq!((outcome.removed.len(), outcome.left.len()), (0, 2), "{outcome}");
    assert!(outcome.left[0].why.contains("not known"), "{outcome}");
    let left = ledger::outstanding(&ledger::read(dir.path()).unwrap().records);
    assert_eq!(left.len(), 2, "the ledger still lists both");
    cloud.only_404 = false;
    assert!(replayed(dir.path(), &cloud).await.is_clean());
    assert_eq!(cloud.ids(), [""; 0]);
}

#[tokio::test(start_paused = true)]
async fn a_404_that_proves_nothing_is_not_waited_for() {
    let cloud = Toy { only_404: true, ..Toy::default() };
    for id in [Some("1"), None] {
        let start = tokio::time::Instant::now();
        let error = undone(&cloud, &thing(&WIDGET, "w-1", id)).await.unwrap_err();
        assert!(matches!(error, UndoError::Unknown(_)), "{id:?}: {error}");
        assert!(start.elapsed() < Duration::from_secs(20), "{id:?}: {:?}", start.elapsed());
    }
}

#[tokio::test(start_paused = true)]
async fn a_deletion_that_anything_may_have_accepted_proves_nothing() {
    let cloud = Toy { fakes_changes: true, ..Toy::default() };
    cloud.put("1", named("l-1"));
    undo(&cloud, &LATCH, &thing(&LATCH, "l-1", Some("1"))).await.unwrap_err();
    assert_eq!(cloud.ids(), ["1"]);
    // Nothing shows a change: whether it is undone or restored, only the answer says so.
    let mut change = thing(&JOINT, "j-1", Some("j-1"));
    for value in [RecordedChange::Added, RecordedChange::Replaced(serde_json::json!({}))] {
        change.intent.change = Some(value);
        let error = undo(&cloud, &JOINT, &change).await.unwrap_err();
        assert!(matches!(error, UndoError::Unknown(_)), "{error}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_value_that_was_replaced_is_restored_by_what_replaced_it() {
    let cloud = Toy::default();
    let mut change = thing(&JOINT, "j-1", Some("j-1"));
    for (value, expected) in [
        (RecordedChange::Added, "toys.joints.delete "),
        (RecordedChange::Replaced(serde_json::json!({"angle": 90})), "toys.joints.create "),
    ] {
        change.intent.change = Some(value);
        undo(&cloud, &JOINT, &change).await.unwrap();
        assert_eq!(cloud.log.lock().unwrap().drain(..).collect::<Vec<_>>(), [expected]);
    }
}

#[tokio::test(start_paused = true)]
async fn a_service_that_fails_for_a_moment_is_asked_again() {
    for id in [Some("1"), None] {
        let cloud = Toy::default();
        cloud.put("1", named("w-1"));
        *cloud.silent_for.lock().unwrap() = 2;
        undone(&cloud, &thing(&WIDGET, "w-1", id)).await.unwrap();
        assert_eq!(cloud.ids(), [""; 0], "{id:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn only_the_owner_may_search_in_its_own_project_alone() {
    let cloud = Toy { refuses_everywhere: true, ..Toy::default() };
    cloud.put("1", named("s-1"));
    let (evidence, timeouts) = (Evidence::default(), UndoTimeouts::default());
    let (evidence, timeouts, shared) = (&evidence, &timeouts, thing(&SHARED, "s-1", None));
    let undo = |as_owner| Undo {
        api: &cloud,
        as_owner,
        admin: None,
        owns_project: false,
        evidence,
        timeouts,
    };
    let error = undo(false).undo(&SHARED, &shared).await.unwrap_err();
    assert!(matches!(error, UndoError::Unknown(_)), "{error}");
    undo(true).undo(&SHARED, &shared).await.unwrap();
    assert_eq!(cloud.ids(), [""; 0]);
}

#[tokio::test(start_paused = true)]
async fn progress_is_reported_and_what_cannot_change_is_not_tried_again() {
    let (dir, cloud) = (tempfile::tempdir().unwrap(), Toy::default());
    ledger_of(dir.path(), &cloud, &[(&WIDGET, 1, "user")]);
    let unknown = Intent::create("moon.base", "m-1", Owner::new("u", None));
    Ledger::open(dir.path(), RUN).unwrap().append(LedgerEntry::Intent(unknown)).unwrap();
    let seen = std::sync::Mutex::new(Vec::new());
    replay(dir.path(), &cloud, Evidence::default(), &|progress| {
        seen.lock().unwrap().push(match progress {
            Progress::Removed(removed) => removed.name.clone(),
            Progress::Waiting { thing, .. } => format!("waiting for {}", thing.intent.name),
            Progress::Left { count, again } => format!("{count} left, again: {again}"),
        });
    })
    .await;
    let seen = seen.into_inner().unwrap();
    assert_eq!(seen, [name(&WIDGET, 1), "1 left, again: false".to_owned()]);
}

#[tokio::test(start_paused = true)]
async fn a_refusal_is_waited_for_while_something_else_goes() {
    let (dir, cloud) = (tempfile::tempdir().unwrap(), Toy::default());
    ledger_of(dir.path(), &cloud, &[(&WIDGET, 1, "user"), (&WIDGET, 2, "user")]);
    // One is refused for about 50 s, and the other is gone after about 30.
    cloud.change("widget-1", |thing| thing.busy = 30);
    cloud.change("widget-2", |thing| thing.lingers = 20);
    let rounds = std::sync::Mutex::new(0);
    let outcome = replay(dir.path(), &cloud, Evidence::default(), &|progress| {
        *rounds.lock().unwrap() += usize::from(matches!(progress, Progress::Left { .. }));
    })
    .await;
    assert!(outcome.is_clean(), "{outcome}");
    assert_eq!(rounds.into_inner().unwrap(), 0, "it went in the first round");
}

#[tokio::test(start_paused = true)]
async fn absence_from_the_whole_list_proves_that_it_is_gone() {
    let cloud = Toy { bare: true, ..Toy::default() };
    cloud.put("2", named("w-2"));
    undone(&cloud, &thing(&WIDGET, "w-1", Some("1"))).await.unwrap();
    assert_eq!(cloud.ids(), ["2"]);
}

#[tokio::test(start_paused = true)]
async fn a_list_that_is_no_list_proves_nothing() {
    let cloud = Toy { empty_200: true, ..Toy::default() };
    let error = undone(&cloud, &thing(&WIDGET, "w-1", None)).await.unwrap_err();
    assert!(matches!(error, UndoError::Unknown(_)), "{error}");
    assert!(error.to_string().contains("has no list"), "{error}");
}

#[tokio::test(start_paused = true)]
async fn a_removal_that_goes_on_is_reported_again_and_again() {
    let cloud = Toy::default();
    let name = name(&WIDGET, 1);
    // Its deletion is accepted, and never done.
    cloud.put("1", Thing { lingers: u32::MAX, says_so: true, ..named(&name) });
    let dir = tempfile::tempdir().unwrap();
    let ledger = Ledger::open(dir.path(), RUN).unwrap();
    let reports = std::sync::Mutex::new(Vec::new());
    let on_progress = |progress: Progress<'_>| {
        if let Progress::Waiting { thing, since } = progress {
            reports.lock().unwrap().push((thing.intent.name.clone(), since.as_secs()));
        }
    };
    let replay = Replay {
        ledger: &ledger,
        made: &[],
        owners: &cloud,
        timeouts: UndoTimeouts::default(),
        evidence: Evidence::default(),
        moved: BTreeMap::new(),
        on_progress: &on_progress,
    };
    let outcome = replay.run(vec![thing(&WIDGET, &name, Some("1"))]).await;
    assert!(outcome.left[0].why.contains("DELETING"), "{outcome}");
    let reports = reports.into_inner().unwrap();
    let seconds: Vec<u64> = reports.iter().map(|(_, seconds)| *seconds).collect();
    assert!(seconds.starts_with(&[10, 20, 30, 40, 50]), "{seconds:?}");
    assert!(reports.iter().all(|(reported, _)| *reported == name), "{reports:?}");
}
