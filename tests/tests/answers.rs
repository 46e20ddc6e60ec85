//! Answers that are hostile, broken or merely unusual, and what a run makes of them.

use bytes::Bytes;
use http::Response;
use serde_json::json;

use crate::support::{Effect, Rule, Sandbox, ServedCloud, effect};

const TEST: &str = "compute.flavors.show";

/// Acts on a terminal, breaks XML, and holds commands of CI systems.
const HOSTILE: &str = "\u{1b}]0;pwned\u{7}\u{1b}[2J\u{1b}[31mFAKE 226 passed\u{1b}[0m\n::error::\
                       injected\n##vso[task.complete]x \0 \u{8} \u{fffe} \u{ffff} ]]> \u{202e}end";

fn fault(message: &str) -> Effect {
    let body = json!({ "computeFault": { "code": 500, "message": message } });
    let mut response = Response::new(Bytes::from(body.to_string()));
    *response.status_mut() = http::StatusCode::INTERNAL_SERVER_ERROR;
    response.headers_mut().insert("content-type", "application/json".parse().unwrap());
    Effect::Answer(response)
}

fn failed(cloud: &ServedCloud) -> (Sandbox, String) {
    let sandbox = Sandbox::with_cloud(cloud, "odd");
    let output = sandbox.run(["run", "--cloud", "odd", "--show-output", TEST]).expect_code(1);
    (sandbox, output.stdout + &output.stderr)
}

#[test]
fn text_of_a_service_acts_on_no_terminal_report_or_ci_system() {
    let cloud = ServedCloud::start();
    cloud.on("POST /compute/v2.1/flavors", fault(HOSTILE));
    let (sandbox, written) = failed(&cloud);
    let mut texts = vec![("run", written)];
    for format in ["terminal", "summary", "junit", "html"] {
        let report = sandbox.run(["report", "last", "--format", format]).expect_code(0);
        texts.push((format, report.stdout));
    }
    for (what, text) in &texts {
        assert!(text.contains("FAKE 226 passed"), "{what} does not show the message: {text}");
        let bad = |c: char| {
            c.is_control() && c != '\n' && c != '\t' || "\u{fffe}\u{ffff}\u{202e}".contains(c)
        };
        assert!(!text.contains(bad), "{what}: {text:?}");
        let command =
            |line: &str| line.trim_start().starts_with("::error") || line.contains("##vso[");
        if ["run", "terminal"].contains(what) {
            assert!(!text.lines().any(command), "{what}: {text}");
        }
    }
    assert!(texts[0].1.contains("\\u{1b}[2J"), "the escape is shown: {}", texts[0].1);
}

#[test]
fn text_of_a_service_acts_on_nothing_that_other_commands_print() {
    let cloud = ServedCloud::start();
    let sandbox = Sandbox::with_cloud(&cloud, "odd");
    sandbox.run(["run", "--cloud", "odd", TEST]).expect_code(0);
    cloud.on("POST /compute/v2.1/flavors", fault(HOSTILE));
    sandbox.run(["run", "--cloud", "odd", TEST]).expect_code(1);
    cloud.calm();
    let named = effect::alter(|_, response| {
        let mut body: serde_json::Value = serde_json::from_slice(response.body()).unwrap();
        for list in ["flavors", "networks"] {
            for one in body[list].as_array_mut().into_iter().flatten() {
                one["name"] = HOSTILE.into();
            }
        }
        *response.body_mut() = body.to_string().into();
    });
    for path in ["/compute/v2.1/flavors/detail", "/networking/v2.0/networks"] {
        cloud.on(&format!("GET {path}"), named.clone());
    }
    let mut outputs = vec![
        sandbox.run(["report", "compare", "--last", "2"]),
        sandbox.run(["preflight", "--cloud", "odd"]),
    ];
    cloud.on("POST /identity/v3/auth/tokens", fault(HOSTILE));
    outputs.push(sandbox.run(["preflight", "--cloud", "odd"]).expect_code(3));
    for output in outputs {
        let text = format!("{}{}", output.stdout, output.stderr);
        assert!(text.contains("FAKE"), "the text is shown: {output}");
        let bad = |c: char| {
            c.is_control() && c != '\n' && c != '\t' || "\u{fffe}\u{ffff}\u{202e}".contains(c)
        };
        assert!(!text.contains(bad), "{output}");
        let command =
            |line: &str| line.trim_start().starts_with("::error") || line.contains("##vso[");
        assert!(!text.lines().any(command), "{output}");
    }
}

#[test]
fn an_integer_that_is_written_as_a_float_is_the_same_number() {
    let cloud = ServedCloud::start();
    let floats = effect::alter(|_, response| {
        let text =
            String::from_utf8_lossy(response.body()).replace("\"ram\":128", "\"ram\":1.28e+02");
        *response.body_mut() = text.into();
    });
    let rule = cloud.add(Rule::on("* /compute/v2.1/flavors", floats));
    let sandbox = Sandbox::with_cloud(&cloud, "odd");
    sandbox.run(["run", "--cloud", "odd", TEST]).expect_code(0);
    assert!(rule.hits() > 0);
    let shown = sandbox.run(["report", "last", "--format", "json"]).expect_code(0).stdout;
    assert!(shown.contains("128.0"), "nothing was a float");
}

#[test]
fn a_body_that_is_not_json_is_reported_with_its_cause() {
    for (body, cause) in [
        (&b"\xef\xbb\xbf{}"[..], "a byte order mark (BOM) before the JSON"),
        (b"\x1f\x8b\x08\x00\x00", "compressed with gzip, which was not requested"),
        (b"{\"flavor\": {\"name\": \"\xe9\"}}", "not UTF-8: byte 0xe9 at line 1, column 22"),
        (b"{\"flavor\": {\"na", "JSON that ends in the middle"),
        (b"<html><title>Login</title></html>", "an HTML page titled `Login`"),
    ] {
        let cloud = ServedCloud::start();
        let broken = effect::alter(move |_, response| {
            *response.body_mut() = Bytes::from_static(body);
        });
        cloud.on("GET /compute/v2.1/flavors/", broken);
        let (_, written) = failed(&cloud);
        let text = written.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(text.contains(cause), "{cause}: {written}");
    }
}
