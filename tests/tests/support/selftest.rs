//! The rules do what they say: a test that relies on a broken answer must get one.

use std::io::{self, Read as _, Write as _};
use std::net::TcpStream;
use std::time::Duration;

use http::StatusCode;
use rustix::process::Signal;
use serde_json::json;

use super::program::is_alive;
use super::{Rule, Sandbox, ServedCloud, effect};

/// Sends a request and returns what came until the connection ended.
fn get(cloud: &ServedCloud, path: &str) -> io::Result<String> {
    let mut stream = TcpStream::connect(cloud.addr())?;
    let host = cloud.addr();
    write!(stream, "GET {path} HTTP/1.1\r\nhost: {host}\r\nconnection: close\r\n\r\n")?;
    let mut answer = Vec::new();
    let read = stream.read_to_end(&mut answer);
    let answer = String::from_utf8_lossy(&answer).into_owned();
    // What came before a reset counts.
    if answer.is_empty() { read.map(|_| answer) } else { Ok(answer) }
}

#[test]
fn answers_are_replaced_changed_and_counted() {
    let cloud = ServedCloud::start();
    let rule = cloud.add(
        Rule::on("GET /compute/", effect::answer(502, "<html>bad gateway</html>"))
            .after(1)
            .times(1),
    );
    assert!(get(&cloud, "/compute/").unwrap().starts_with("HTTP/1.1 200"));
    let replaced = get(&cloud, "/compute/").unwrap();
    assert!(replaced.starts_with("HTTP/1.1 502") && replaced.ends_with("gateway</html>"));
    assert!(get(&cloud, "/compute/").unwrap().starts_with("HTTP/1.1 200"));
    assert_eq!(rule.hits(), 1);

    cloud.on("* /identity", effect::alter_json(|_, body| body["extra"] = json!("planted")));
    cloud.on("* /identity", effect::replace("planted", "\u{1b}[2J"));
    cloud.on("* /identity", effect::set_header("server", b"caf\xe9"));
    cloud.on("* /identity", effect::drop_header("content-type"));
    let changed = get(&cloud, "/identity/v3").unwrap();
    assert!(changed.contains("\"\u{1b}[2J\""), "{changed}");
    assert!(changed.contains("server: caf\u{fffd}"), "{changed}");
    assert!(!changed.contains("content-type"), "{changed}");
    cloud.calm();
    assert!(!get(&cloud, "/identity/v3").unwrap().contains("[2J"));
    assert_eq!((cloud.count("GET /compute/"), cloud.count("* /identity")), (3, 2));
    assert_eq!(cloud.requests()[1].status, Some(StatusCode::BAD_GATEWAY));
}

#[test]
fn connections_break_and_bodies_stop_drip_or_never_end() {
    let cloud = ServedCloud::start();
    let body = get(&cloud, "/identity/v3").unwrap().split("\r\n\r\n").nth(1).unwrap().to_owned();

    cloud.on("* /identity/v3", effect::Effect::Reset);
    let error = get(&cloud, "/identity/v3").unwrap_err();
    assert_eq!(error.kind(), io::ErrorKind::ConnectionReset);
    cloud.calm();

    cloud.on("* /identity/v3", effect::Effect::Cut(10));
    let cut = get(&cloud, "/identity/v3").unwrap();
    assert!(cut.contains(&format!("content-length: {}", body.len())), "{cut}");
    assert_eq!(cut.split("\r\n\r\n").nth(1).unwrap().len(), 10, "{cut}");
    cloud.calm();

    cloud.on("* /identity/v3", effect::Effect::Drip(body.len() / 3, Duration::from_millis(1)));
    assert!(get(&cloud, "/identity/v3").unwrap().ends_with(&body));
    cloud.calm();

    cloud.on("* /identity/v3", effect::Effect::Endless);
    let mut stream = TcpStream::connect(cloud.addr()).unwrap();
    write!(stream, "GET /identity/v3 HTTP/1.1\r\nhost: localhost\r\n\r\n").unwrap();
    let mut much = vec![0; 1024 * 1024];
    stream.read_exact(&mut much).unwrap();

    cloud.stop();
    let error = get(&cloud, "/identity/v3").unwrap_err();
    assert_eq!(error.kind(), io::ErrorKind::ConnectionRefused);
}

#[test]
fn a_lost_answer_is_of_a_request_that_the_cloud_has_done() {
    let cloud = ServedCloud::start();
    let sandbox = Sandbox::with_cloud(&cloud, "lossy");
    let rule =
        cloud.add(Rule::on("POST /compute/v2.1/flavors", effect::Effect::LoseAnswer).times(1));
    let output = sandbox.run(["run", "--cloud", "lossy", "id(compute.flavors.show)"]);
    assert_eq!(rule.hits(), 1, "{output}");
    let lost = cloud.requests().into_iter().find(|seen| seen.status.is_none()).unwrap();
    assert_eq!((lost.method.as_str(), lost.target.as_str()), ("POST", "/compute/v2.1/flavors"));
}

#[test]
fn pages_are_as_short_as_a_rule_says() {
    let cloud = ServedCloud::start();
    let sandbox = Sandbox::with_cloud(&cloud, "pages");
    let lengths = std::sync::Arc::new(std::sync::Mutex::new(Vec::new()));
    let found = std::sync::Arc::clone(&lengths);
    cloud.on("GET /compute/v2.1/flavors", effect::page_by(2));
    cloud.on(
        "GET /compute/v2.1/flavors",
        effect::alter_json(move |_, body| {
            found.lock().unwrap().extend(body["flavors"].as_array().map(Vec::len));
        }),
    );
    sandbox.run(["preflight", "--cloud", "pages"]);
    let lengths = lengths.lock().unwrap();
    assert!(!lengths.is_empty() && lengths.iter().all(|length| *length <= 2), "{lengths:?}");
}

#[test]
fn a_started_program_ends_with_its_handle() {
    let sandbox = Sandbox::new();
    let program = sandbox.start(["cloud", "serve"]);
    program.line("auth_url");
    let pid = program.pid();
    assert!(is_alive(pid));
    drop(program);
    assert!(!is_alive(pid));

    let program = sandbox.start(["cloud", "serve"]);
    program.line("clouds:");
    program.signal(Signal::KILL);
    assert_eq!(program.wait().signal, Some(9));
}
