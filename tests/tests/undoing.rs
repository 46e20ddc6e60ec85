//! What `cleanup`, `leaks` and the end of a run claim about a cloud, where something is
//! wrong with the cloud, the ledger, or the way to it.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use rustix::process::Signal;
use squall::client::by_id::{Api as _, Request, SessionApi};
use squall::journal::Event;
use squall::ledger;

use crate::support::{Effect, Rule, Sandbox, ServedCloud, Started, effect};

/// Tests that create something in several services.
const TESTS: &str = "id(network.*) | id(volume.volumes.*) | id(identity.users.*)";

/// A run that was killed once its ledger had something to undo, and something undone.
struct Killed {
    sandbox: Sandbox,
    run_dir: PathBuf,
}

fn killed(cloud: &ServedCloud, name: &str) -> Killed {
    let sandbox = Sandbox::with_cloud(cloud, name);
    for round in 0..20 {
        // A little later each time: what is under way then depends on the machine.
        let run = started(&sandbox, name, 60 + 30 * round);
        run.kill();
        run.wait();
        let run_dir = sandbox.runs().pop().unwrap();
        let ledger = fs::read_to_string(run_dir.join("ledger.jsonl")).unwrap();
        if left(&run_dir).iter().any(is_known) && ledger.contains("{\"gone\":{\"of\":") {
            return Killed { sandbox, run_dir };
        }
        sandbox.run(["cleanup", "last"]).expect_code(0);
    }
    panic!("no run was killed between creating something and removing it");
}

/// Whether it is a resource of a project whose id is in the ledger.
fn is_known(thing: &ledger::Outstanding) -> bool {
    thing.id.is_some()
        && matches!(&*thing.intent.kind, "compute.server" | "network.network" | "volume.volume")
}

/// Starts a run, and returns once it has written this many lines.
fn started(sandbox: &Sandbox, name: &str, lines: usize) -> Started {
    let run = sandbox.start(["run", "--cloud", name, "--format", "json", "-j", "4", TESTS]);
    run.lines(lines);
    run
}

fn left(run_dir: &Path) -> Vec<ledger::Outstanding> {
    ledger::outstanding(&ledger::read(run_dir).unwrap().records)
}

#[test]
fn the_name_of_a_cloud_does_not_make_it_one_that_ended_with_its_run() {
    let cloud = ServedCloud::start();
    let Killed { sandbox, run_dir } = killed(&cloud, "embedded");
    let leaks = sandbox.run(["leaks", "--cloud", "embedded"]).expect_code(1);
    assert!(leaks.stdout.contains("left by runs of Squall"), "{leaks}");
    let before = cloud.requests().len();
    sandbox.run(["run", "--resume", "last", "--format", "json"]);
    assert!(cloud.requests().len() > before, "it is resumed on the same cloud");
    assert!(!run_dir.join("ledger.gone.jsonl").exists());
    sandbox.run(["cleanup", "last"]).expect_code(0);
    let leaks = sandbox.run(["leaks", "--cloud", "embedded"]).expect_code(0);
    assert!(leaks.stdout.contains("no leak"), "{leaks}");
}

#[test]
fn a_cloud_that_ended_with_its_run_left_nothing() {
    let sandbox = Sandbox::new();
    sandbox.run(["run", "network.networks.update", "--format", "json"]);
    let cleaned = sandbox.run(["cleanup", "last"]).expect_code(0);
    assert!(cleaned.stdout.contains("ended with it: nothing is left"), "{cleaned}");
}

#[test]
fn a_cleanup_of_another_cloud_touches_nothing() {
    let (right, wrong) = (ServedCloud::start(), ServedCloud::start());
    let Killed { sandbox, run_dir } = killed(&right, "right");
    let both = format!("{}{}", right.clouds_yaml("right"), entry(&wrong.clouds_yaml("wrong")));
    sandbox.write("clouds.yaml", &both);
    let before = left(&run_dir);
    let refused = sandbox.run(["cleanup", "last", "--cloud", "wrong"]).expect_code(2);
    assert!(refused.stderr.contains("nothing was touched"), "{refused}");
    assert_eq!(wrong.count("DELETE /"), 0);
    assert_eq!(left(&run_dir), before);
    sandbox.run(["cleanup", "last"]).expect_code(0);
    sandbox.run(["leaks", "--cloud", "right"]).expect_code(0);
}

/// Returns the cloud of a `clouds.yaml` without the line above it.
fn entry(yaml: &str) -> String {
    let at = yaml.find("clouds:").unwrap();
    yaml[at..].lines().skip(1).flat_map(|line| [line, "\n"]).collect()
}

#[test]
fn a_404_of_a_load_balancer_is_not_taken_for_absence() {
    let cloud = ServedCloud::start();
    let Killed { sandbox, run_dir } = killed(&cloud, "behind");
    let names = |service: &str| -> Vec<u64> {
        let left = left(&run_dir).into_iter();
        left.filter(|thing| thing.intent.kind.starts_with(service)).map(|t| t.seq).collect()
    };
    let before = [names("compute."), names("network."), names("volume.")];
    for service in ["/compute/", "/networking/", "/volume/"] {
        cloud.on(&format!("* {service}"), effect::answer(404, "<html>no such page</html>"));
    }
    let cleaned = sandbox.run(["cleanup", "last"]).expect_code(1);
    assert!(cleaned.stdout.contains("not known to be gone"), "{cleaned}");
    let after = [names("compute."), names("network."), names("volume.")];
    assert_eq!(after, before, "{cleaned}");
    cloud.calm();
    sandbox.run(["cleanup", "last"]).expect_code(0);
    sandbox.run(["leaks", "--cloud", "behind"]).expect_code(0);
}

#[test]
fn a_damaged_line_is_reported_and_what_it_hides_is_found_by_its_name() {
    let cloud = ServedCloud::start();
    let Killed { sandbox, run_dir } = killed(&cloud, "m");
    let hidden = left(&run_dir).into_iter().find(is_known);
    let hidden = hidden.unwrap().intent.name;
    let ledger = run_dir.join("ledger.jsonl");
    let mut bytes = fs::read(&ledger).unwrap();
    let text = String::from_utf8(bytes.clone()).unwrap();
    let is_intent = |line: &&str| line.contains("intent") && line.contains(&hidden);
    let line = text.lines().position(|line| is_intent(&line)).unwrap();
    let at = text.lines().take(line).map(|line| line.len() + 1).sum::<usize>();
    bytes[at + 10] ^= 0x80;
    fs::write(&ledger, bytes).unwrap();
    let cleaned = sandbox.run(["cleanup", "last"]).expect_code(1);
    assert!(cleaned.stdout.contains(&format!("line {} is damaged", line + 1)), "{cleaned}");
    assert!(cleaned.stdout.contains(&format!("{hidden} [")), "{cleaned}");
    sandbox.run(["cleanup", "last"]).expect_code(1);
}

#[test]
fn an_incomplete_last_line_is_no_alarm() {
    let cloud = ServedCloud::start();
    let Killed { sandbox, run_dir } = killed(&cloud, "m");
    let ledger = run_dir.join("ledger.jsonl");
    let mut text = fs::read_to_string(&ledger).unwrap();
    text.push_str("{\"seq\":9999,\"at\":\"2026-");
    fs::write(&ledger, text).unwrap();
    let cleaned = sandbox.run(["cleanup", "last"]).expect_code(0);
    assert!(!cleaned.stdout.contains("damaged"), "{cleaned}");
    sandbox.run(["leaks", "--cloud", "m"]).expect_code(0);
}

#[test]
fn a_run_that_loses_its_cloud_says_what_is_left_and_ends_soon() {
    let cloud = ServedCloud::start();
    let sandbox = Sandbox::with_cloud(&cloud, "k");
    let run = sandbox.start(["run", "--cloud", "k", "-j", "4"]);
    // The journal exists with the first event; tests have made something a little later.
    while sandbox.runs().pop().is_none_or(|dir| left(&dir).len() < 12) {
        std::thread::yield_now();
    }
    cloud.stop();
    let output = run.wait();
    assert_ne!(output.code, Some(0), "{output}");
    assert!(output.stdout.contains("cleanup"), "the command is named: {output}");
    let run_dir = sandbox.runs().pop().unwrap();
    let left = left(&run_dir);
    assert!(!left.is_empty());
    for thing in &left {
        assert!(output.stdout.contains(&thing.intent.name), "{} in {output}", thing.intent.name);
    }
}

#[test]
fn a_run_whose_terminal_is_closed_undoes_what_it_made() {
    let cloud = ServedCloud::start();
    for signal in [Signal::HUP, Signal::QUIT] {
        let sandbox = Sandbox::with_cloud(&cloud, "k");
        let run = started(&sandbox, "k", 60);
        run.signal(signal);
        let output = run.wait();
        assert_eq!(output.code, Some(130), "{signal:?}: {output}");
        assert!(left(&sandbox.runs().pop().unwrap()).is_empty(), "{signal:?}: {output}");
    }
    let sandbox = Sandbox::with_cloud(&cloud, "k");
    sandbox.run(["leaks", "--cloud", "k"]).expect_code(0);
}

#[test]
fn a_resource_on_a_later_page_is_found_when_its_answer_was_lost() {
    let cloud = ServedCloud::start();
    let sandbox = Sandbox::with_cloud(&cloud, "paged");
    let paged = |request: &http::Request<bytes::Bytes>| {
        request.method() == "GET" && request.uri().path().ends_with("/flavors")
    };
    // The flavors that are there before come first, each on a page of its own.
    cloud.add(Rule::when(paged, effect::page_by(1)));
    cloud.add(Rule::on("POST /compute/v2.1/flavors", Effect::LoseAnswer).times(1));
    sandbox.run(["run", "--cloud", "paged", "compute.flavors.show", "--format", "json"]);
    let finished = sandbox.events().into_iter().any(|event| {
        matches!(event, Event::Cleanup { outcome, .. }
            if outcome.removed.iter().any(|gone| gone.kind == "compute.flavor" && !gone.ids.is_empty()))
    });
    assert!(finished, "the flavor is found and removed");
    cloud.calm();
    sandbox.run(["leaks", "--cloud", "paged"]).expect_code(0);
}

#[test]
fn a_list_that_is_refused_is_no_proof_that_nothing_leaks() {
    let cloud = ServedCloud::start();
    let sandbox = Sandbox::with_cloud(&cloud, "m");
    let sound = sandbox.run(["leaks", "--cloud", "m"]).expect_code(0);
    assert!(sound.stdout.contains("no leak"), "a fresh cloud has none: {sound}");
    cloud.on("GET /networking/v2.0/ports", effect::answer(403, "no"));
    let unknown = sandbox.run(["leaks", "--cloud", "m"]).expect_code(1);
    assert!(unknown.stdout.contains("not listed: network.port:"), "{unknown}");
    assert!(unknown.stdout.contains("is not known"), "{unknown}");
}

#[test]
fn a_run_whose_disk_is_full_says_what_is_left() {
    // With the signal ignored, writing past the limit fails as on a full disk.
    const SCRIPT: &str = "trap '' XFSZ; ulimit -f 400; exec \"$@\"";
    let cloud = ServedCloud::start();
    let sandbox = Sandbox::with_cloud(&cloud, "k");
    let inner = sandbox.command(["run", "--cloud", "k", "-j", "4", TESTS]);
    let mut shell = Command::new("sh");
    shell.args(["-c", SCRIPT, "sh"]).arg(inner.get_program()).args(inner.get_args());
    shell.current_dir(sandbox.path());
    for (name, value) in inner.get_envs() {
        match value {
            Some(value) => shell.env(name, value),
            None => shell.env_remove(name),
        };
    }
    let output = Started::spawn(&mut shell).wait();
    assert_eq!(output.code, Some(1), "{output}");
    assert!(output.stderr.contains("may be left on the"), "{output}");
    assert!(output.stderr.contains("cleanup "), "{output}");
    sandbox.run(["cleanup", "last"]).expect_code(0);
    sandbox.run(["leaks", "--cloud", "k"]).expect_code(0);
}

#[test]
fn a_ledger_whose_end_is_lost_makes_no_claim_about_what_it_listed() {
    let cloud = ServedCloud::start();
    let Killed { sandbox, run_dir } = killed(&cloud, "m");
    // A deletion that was under way when the run was killed may have been done since.
    let there = sandbox.run(["leaks", "--cloud", "m"]).stdout;
    let is_there =
        |thing: &ledger::Outstanding| is_known(thing) && there.contains(&thing.intent.name);
    let hidden = left(&run_dir).into_iter().find(is_there).unwrap().intent.name;
    let ledger = run_dir.join("ledger.jsonl");
    let text = fs::read_to_string(&ledger).unwrap();
    let before = text.lines().position(|line| line.contains(&hidden)).unwrap();
    let start: String = text.lines().take(before).flat_map(|line| [line, "\n"]).collect();
    fs::write(&ledger, start).unwrap();
    let cleaned = sandbox.run(["cleanup", "last"]).expect_code(1);
    assert!(cleaned.stdout.contains(&format!("{hidden} [")), "{cleaned}");
    fs::write(&ledger, "").unwrap();
    for _ in 0..2 {
        let cleaned = sandbox.run(["cleanup", "last"]).expect_code(1);
        assert!(cleaned.stdout.contains("the ledger is empty, although"), "{cleaned}");
        assert!(cleaned.stdout.contains(&format!("{hidden} [")), "{cleaned}");
    }
}

#[test]
fn a_flipped_digit_does_not_make_another_resource_count_as_gone() {
    let cloud = ServedCloud::start();
    let Killed { sandbox, run_dir } = killed(&cloud, "m");
    let hidden = left(&run_dir).into_iter().find(is_known).unwrap();
    let ledger = run_dir.join("ledger.jsonl");
    let text = fs::read_to_string(&ledger).unwrap();
    let gone = text.lines().find(|line| line.contains("{\"gone\":{\"of\":")).unwrap();
    let at = gone.find("\"of\":").unwrap();
    let end = at + gone[at..].find('}').unwrap();
    let other = format!("{}\"of\":{}{}", &gone[..at], hidden.seq, &gone[end..]);
    fs::write(&ledger, text.replace(gone, &other)).unwrap();
    let cleaned = sandbox.run(["cleanup", "last"]).expect_code(1);
    assert!(cleaned.stdout.contains("is damaged"), "{cleaned}");
    let removed = format!("removed {} {}", hidden.intent.kind, hidden.intent.name);
    assert!(cleaned.stdout.contains(&removed), "{cleaned}");
}

#[test]
fn a_run_whose_ledger_disappears_does_not_end_well() {
    let cloud = ServedCloud::start();
    let sandbox = Sandbox::with_cloud(&cloud, "k");
    let runs = sandbox.path().join(".squall/runs");
    let lose_it = effect::alter(move |_, _| {
        for run in fs::read_dir(&runs).unwrap() {
            fs::remove_file(run.unwrap().path().join("ledger.jsonl")).unwrap();
        }
    });
    cloud.add(Rule::on("POST /networking/v2.0/networks", lose_it).times(1));
    let output = sandbox.run(["run", "--cloud", "k", "network.networks.update"]);
    assert_eq!(output.code, Some(1), "{output}");
    assert!(output.stdout.contains("what is left on the cloud is not known:"), "{output}");
    assert!(output.stdout.contains("the ledger ends with record 0"), "{output}");
    assert!(output.stdout.contains("cleanup"), "the command is named: {output}");
    let summary = sandbox.run(["report", "last", "--format", "summary"]);
    assert!(summary.stdout.contains("not known: the ledger ends with record 0"), "{summary}");
}

#[test]
fn kinds_that_a_cloud_does_not_have_are_one_line() {
    let cloud = ServedCloud::start();
    let sandbox = Sandbox::with_cloud(&cloud, "m");
    let leaks = sandbox.run(["leaks", "--cloud", "m"]).expect_code(0);
    let lines = leaks.stdout.lines().filter(|line| line.contains("identity.identity_provider"));
    assert_eq!(lines.count(), 1, "{leaks}");
    assert!(
        leaks.stdout.contains("\nnot on this cloud: ")
            || leaks.stdout.starts_with("not on this cloud: "),
        "{leaks}"
    );
    assert!(!leaks.stdout.contains("answered 501"), "{leaks}");
}

#[test]
fn a_hidden_image_is_a_leak_like_any_other() {
    let cloud = ServedCloud::start();
    let sandbox = Sandbox::with_cloud(&cloud, "m");
    let name = "squall-3c9e8b77-image-0000000a";
    let admin = cloud.session();
    let (spec, _) = squall::services::operation("image.images.create").unwrap();
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let answer = runtime.block_on(async {
        let request = Request {
            spec,
            operation: "image.images.create",
            params: &BTreeMap::new(),
            query: Vec::new(),
            body: Some(serde_json::json!({ "name": name, "os_hidden": true })),
        };
        SessionApi::new(admin).send(request).await.unwrap()
    });
    assert_eq!(answer.status, 201, "{answer:?}");
    let leaks = sandbox.run(["leaks", "--cloud", "m"]).expect_code(1);
    assert!(leaks.stdout.contains(name), "{leaks}");
}

/// An object's name may lead out of its container in a URL.
#[test]
fn an_object_whose_name_leads_elsewhere_takes_nothing_of_others_along() {
    let cloud = ServedCloud::start();
    let sandbox = Sandbox::with_cloud(&cloud, "m");
    // The list of a container of the run shows it, as another client has put it there.
    let listed = effect::alter_json(|request, body| {
        let of_ours = request.uri().path().contains("/squall-");
        if let Some(items) = body.as_array_mut().filter(|_| of_ours && request.method() == "GET") {
            items.push(serde_json::json!({ "name": "../theirs/precious", "bytes": 1 }));
        }
    });
    cloud.on("GET /v1/", listed);
    let output = sandbox.run(["run", "--cloud", "m", "id(object-storage.containers.metadata)"]);
    assert_eq!(output.code, Some(1), "{output}");
    assert!(output.stdout.contains("would change the path"), "the container is left: {output}");
    let strayed: Vec<_> = cloud
        .requests()
        .into_iter()
        .filter(|seen| seen.method == "DELETE" && seen.target.contains("theirs"))
        .collect();
    assert!(strayed.is_empty(), "{strayed:?}");
}

#[test]
fn what_is_no_list_of_the_service_is_no_proof_that_nothing_leaks() {
    let cloud = ServedCloud::start();
    let sandbox = Sandbox::with_cloud(&cloud, "m");
    for (status, body) in [
        (200, "{}"),
        (200, r#"{"networks": null}"#),
        (200, r#"{"networks": [7]}"#),
        (200, ""),
        (204, ""),
        (404, "<html>gone</html>"),
        (404, ""),
        (501, ""),
    ] {
        cloud.calm();
        cloud.on("GET /networking/v2.0/networks", effect::answer(status, body));
        let leaks = sandbox.run(["leaks", "--cloud", "m"]).expect_code(1);
        assert!(leaks.stdout.contains("not listed: network.network:"), "{status} {body}: {leaks}");
    }
}
