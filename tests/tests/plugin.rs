//! A plugin outside the workspace builds, depends on `squall` alone, and runs against its own
//! service in the embedded cloud; its responses are validated against its types.

use std::fs;
use std::io::{Read as _, Write as _};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, mpsc};
use std::thread;
use std::time::Duration;

use squall::journal::{Event, Verdict};

use crate::support::{Output, Sandbox, Started, clean};

/// The contract suite's, a test for each cell of each operation, and those that are written by hand.
const TESTS: [&str; 17] = [
    "contract.key_ring.ring_keys.create@1.0",
    "contract.key_ring.ring_keys.create@1.1",
    "contract.key_ring.ring_keys.delete@1.0",
    "contract.key_ring.ring_keys.list@1.0",
    "contract.key_ring.ring_keys.list@1.1",
    "contract.key_ring.ring_keys.show@1.0",
    "contract.key_ring.ring_keys.show@1.1",
    "contract.key_ring.rings.create@1.0",
    "contract.key_ring.rings.delete@1.0",
    "contract.key_ring.rings.list@1.0",
    "contract.key_ring.rings.show@1.0",
    "contract.key_ring.rings.update@1.0",
    "key_ring.keys.algorithm",
    "key_ring.keys.life",
    "key_ring.keys.refused",
    "key_ring.keys.ring",
    "key_ring.keys.unknown",
];

#[test]
fn a_plugin_runs_against_its_own_service_in_the_embedded_cloud() {
    let sandbox = Sandbox::new();
    let output = plugin(&sandbox, &["run"]).expect_code(0);
    let events = sandbox.events();
    let verdicts = events.iter().filter_map(|event| match event {
        Event::TestFinished(result) => Some((result.test.as_str(), &result.verdict)),
        _ => None,
    });
    let mut verdicts: Vec<_> = verdicts.collect();
    verdicts.sort_by_key(|(test, _)| *test);
    assert_eq!(verdicts, TESTS.map(|test| (test, &Verdict::Passed)), "{output}");
    // Every answer but the refusals' and the deletions' was described by a type.
    for operation in
        ["rings.create", "rings.update", "rings.list", "ring_keys.create", "ring_keys.show"]
    {
        let is_validated = |event: &Event| {
            matches!(event, Event::Exchange { exchange, .. }
                if exchange.operation.strip_prefix("key_ring.") == Some(operation)
                    && exchange.validated)
        };
        assert!(events.iter().any(is_validated), "{operation} was validated: {output}");
    }
    let drift = plugin(&sandbox, &["drift", "key_ring"]).expect_code(0);
    let row = drift.stdout.lines().find(|line| line.trim_start().starts_with("key_ring"));
    assert!(row.is_some_and(|row| row.contains("12 of 12 (100 %)")), "{drift}");
    assert!(!drift.stdout.contains("error"), "{drift}");
}

#[test]
fn the_tests_of_a_plugin_are_a_target_of_cargo_test() {
    let sandbox = Sandbox::new();
    let output = cargo(&sandbox, "test", &["--test", "suites"]).wait().expect_code(0);
    assert!(output.stdout.contains("17 passed"), "{output}");
}

#[test]
fn a_plugins_program_lists_the_operations_of_its_service() {
    let output = plugin(&Sandbox::new(), &["spec", "list"]).expect_code(0);
    for line in ["key_ring.ring_keys.create", "compute.servers.create"] {
        assert!(output.stdout.lines().any(|shown| shown.starts_with(line)), "{line}: {output}");
    }
}

/// The run is killed while it waits for the answer to its first creating request, which the
/// service has done.
#[test]
fn what_a_killed_run_of_a_plugin_created_is_cleaned_up() {
    let sandbox = Sandbox::new();
    let served = cargo(&sandbox, "run", &["--", "cloud", "serve"]);
    let auth_url = served.line("auth_url");
    let address: SocketAddr =
        auth_url.split(['/', '"']).find_map(|part| part.parse().ok()).unwrap();
    let gate = Gate::before(address);
    let mut clouds = String::new();
    while !clouds.contains("identity_api_version") {
        clouds += &(served.lines(clouds.lines().count() + 1).unwrap() + "\n");
    }
    sandbox.write("clouds.yaml", &clouds.replace(&address.to_string(), &gate.address.to_string()));
    let run = cargo(&sandbox, "run", &["--", "run", "--cloud", "served", "key_ring.keys.ring"]);
    gate.kept.recv_timeout(Duration::from_secs(120)).unwrap();
    run.kill();
    run.wait();
    let leaks = || plugin(&sandbox, &["leaks", "--cloud", "served"]);
    let left = leaks().expect_code(1);
    assert!(left.stdout.contains("key_ring.ring"), "{left}");
    plugin(&sandbox, &["cleanup", "last"]).expect_code(0);
    leaks().expect_code(0);
}

/// A way to a server that keeps the first answer to a request for a ring to itself.
struct Gate {
    address: SocketAddr,
    /// Gets a message when an answer was kept.
    kept: mpsc::Receiver<()>,
}

impl Gate {
    fn before(server: SocketAddr) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
        let address = listener.local_addr().unwrap();
        let (keep, kept) = mpsc::channel();
        let keep = Arc::new(Mutex::new(Some(keep)));
        thread::spawn(move || {
            for client in listener.incoming() {
                let (client, server) = (client.unwrap(), TcpStream::connect(server).unwrap());
                let is_meant = Arc::new(AtomicBool::new(false));
                let sent = Arc::clone(&is_meant);
                pump(&client, &server, move |bytes| {
                    let request = b"POST /key-ring/v1/rings HTTP";
                    if bytes.windows(request.len()).any(|part| part == request) {
                        sent.store(true, Ordering::SeqCst);
                    }
                    true
                });
                let keep = Arc::clone(&keep);
                pump(&server, &client, move |_| {
                    let first =
                        is_meant.load(Ordering::SeqCst).then(|| keep.lock().unwrap().take());
                    match first.flatten() {
                        // Whoever waited for it may be gone.
                        Some(keep) => keep.send(()).is_err(),
                        None => true,
                    }
                });
            }
        });
        Self { address, kept }
    }
}

/// Copies what comes from one stream to another, as far as `passes` lets it.
fn pump(from: &TcpStream, to: &TcpStream, passes: impl Fn(&[u8]) -> bool + Send + 'static) {
    let (mut from, mut to) = (from.try_clone().unwrap(), to.try_clone().unwrap());
    thread::spawn(move || {
        let mut bytes = vec![0; 65_536];
        while let Ok(read @ 1..) = from.read(&mut bytes) {
            if passes(&bytes[..read]) && to.write_all(&bytes[..read]).is_err() {
                break;
            }
        }
        // The other side learns of the end from the connection that it has.
        let _ = to.shutdown(Shutdown::Both);
    });
}

#[test]
fn a_plugin_depends_on_squall_alone() {
    let manifest = fs::read_to_string(root().join("tests/plugin/Cargo.toml")).unwrap();
    let dependencies: Vec<&str> = manifest
        .lines()
        .skip_while(|line| *line != "[dependencies]")
        .skip(1)
        .take_while(|line| !line.starts_with('['))
        .filter(|line| !line.is_empty())
        .collect();
    assert!(
        matches!(dependencies[..], [line] if line.starts_with("squall = ")),
        "{dependencies:?}"
    );
}

/// Runs the plugin in a sandbox.
fn plugin(sandbox: &Sandbox, arguments: &[&str]) -> Output {
    cargo(sandbox, "run", &[&["--"], arguments].concat()).wait()
}

/// Starts cargo for the plugin, with what is compiled already: the workspace's lock file,
/// profile and target directory.
fn cargo(sandbox: &Sandbox, command: &str, arguments: &[&str]) -> Started {
    let root = root();
    let plugin = root.join("tests/plugin");
    fs::copy(root.join("Cargo.lock"), plugin.join("Cargo.lock")).unwrap();
    let target = Path::new(env!("CARGO_TARGET_TMPDIR")).parent().unwrap();
    let mut cargo = Command::new(env!("CARGO"));
    clean(&mut cargo);
    cargo
        .current_dir(sandbox.path())
        .args([command, "--quiet", "--offline", "--manifest-path"])
        .arg(plugin.join("Cargo.toml"))
        .arg("--config")
        .arg(root.join("Cargo.toml"))
        .args(arguments)
        .env("CARGO_TARGET_DIR", target);
    Started::spawn(&mut cargo)
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_owned()
}
