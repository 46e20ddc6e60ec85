//! The history beside a document: every version of the service has one entry, and every
//! version mark of the document is one of them.

use squall_codegen::generate::{self, Source};

const SPEC: &str = "
openapi: '3.0.3'
info: {title: Widgets, version: '1'}
x-openstack: {service: widget, service-type: widget, min-ver: '2.1', max-ver: '2.4'}
paths:
  /a:
    get:
      operationId: widget.a.list
      x-openstack: {min-ver: 'MARK'}
      responses: {'200': {description: x}}
";

/// Returns the messages for a history with these versions, and the mark of the operation.
fn messages(mark: &str, versions: &[&str]) -> Vec<String> {
    let entries = versions
        .iter()
        .map(|version| format!("- {{version: '{version}', kind: schema, summary: A change.}}\n"));
    let history = format!("service: widget\nversions:\n{}", entries.collect::<String>());
    let spec = SPEC.replace("MARK", mark);
    let spec = Source { file: "openapi.yaml", text: &spec };
    let outcome = generate::service(spec, Some(Source { file: "history.yaml", text: &history }));
    assert_eq!(outcome.service.is_some(), outcome.diagnostics.is_empty());
    let shown = outcome.diagnostics.iter().map(|d| {
        let line = d.line.map_or_else(String::new, |line| format!(":{line}"));
        format!("{}{line}: {}", d.file, d.message)
    });
    shown.collect()
}

#[test]
fn a_complete_history_is_accepted() {
    assert!(messages("2.3", &["2.1", "2.2", "2.3", "2.4"]).is_empty());
}

#[test]
fn a_version_without_an_entry_is_an_error_in_both_files() {
    assert_eq!(
        messages("2.3", &["2.1", "2.2", "2.4"]),
        ["openapi.yaml:9: 2.3 has no entry in history.yaml", "history.yaml:2: no entry for 2.3",]
    );
}

#[test]
fn an_entry_outside_of_the_range_is_an_error() {
    assert_eq!(
        messages("2.3", &["2.0", "2.1", "2.2", "2.3", "2.4", "2.5"]),
        [
            "history.yaml:3: 2.0 is outside of the service's range, 2.1 to 2.4",
            "history.yaml:8: 2.5 is outside of the service's range, 2.1 to 2.4",
        ]
    );
}

/// A document in which one thing changes at each of the versions 2.2 to 2.9, and nothing at 2.10.
const CHANGES: &str = "
openapi: '3.0.3'
info: {title: Widgets, version: '1'}
x-openstack:
  service: widget
  service-type: widget
  min-ver: '2.1'
  max-ver: '2.10'
  response-headers: {x-version: {schema: {type: string}, x-openstack: {min-ver: '2.2'}}}
paths:
  /a:
    get:
      operationId: widget.a.list
      parameters:
      - {name: if-match, in: header, schema: {type: string}, x-openstack: {min-ver: '2.3'}}
      x-openstack:
        query: {properties: {limit: {type: integer, x-openstack: {min-ver: '2.4'}}}}
      responses:
        '200':
          description: x
          headers: {location: {schema: {type: string}, x-openstack: {max-ver: '2.4'}}}
          content: {application/json: {schema: {properties: {a: {x-openstack: {min-ver: '2.6'}}}}}}
        '404': {$ref: '#/components/responses/Error'}
        '409': {$ref: '#/components/responses/Error', x-openstack: {min-ver: '2.7'}}
  /b:
    get:
      operationId: widget.b.list
      x-openstack: {min-ver: '2.9'}
      responses: {'200': {description: x}}
components:
  responses:
    Error:
      description: x
      content: {application/json: {schema: {properties: {code: {x-openstack: {min-ver: '2.8'}}}}}}
";

#[test]
fn no_version_is_behaviour_only_that_changes_what_is_sent_or_answered() {
    let versions = (1..=10).map(|minor| format!("2.{minor}"));
    let entries = versions.map(|v| format!("- {{version: '{v}', kind: behaviour, summary: x}}\n"));
    let history = format!("versions:\n{}", entries.collect::<String>());
    let spec = Source { file: "openapi.yaml", text: CHANGES };
    let outcome = generate::service(spec, Some(Source { file: "history.yaml", text: &history }));
    let shown: Vec<String> = outcome
        .diagnostics
        .iter()
        .map(|d| format!("{}:{} {}", d.file, d.line.unwrap_or_default(), d.message))
        .collect();
    let expected = [
        "3 2.2 counts as `behaviour`, but the header `x-version` changes at it",
        "4 2.3 counts as `behaviour`, but the request of widget.a.list changes at it",
        "5 2.4 counts as `behaviour`, but the request of widget.a.list changes at it",
        "6 2.5 counts as `behaviour`, but the response of widget.a.list changes at it",
        "7 2.6 counts as `behaviour`, but the response of widget.a.list changes at it",
        "8 2.7 counts as `behaviour`, but 409 of widget.a.list comes or goes at it",
        "9 2.8 counts as `behaviour`, but the form Error of errors changes at it",
        "10 2.9 counts as `behaviour`, but widget.b.list comes or goes at it",
    ];
    assert_eq!(shown, expected.map(|line| format!("history.yaml:{line}")));
    let right = history.replace("behaviour", "schema");
    let right = generate::service(spec, Some(Source { file: "history.yaml", text: &right }));
    assert!(right.service.is_some() && outcome.service.is_none());
}

#[test]
fn a_service_with_microversions_needs_a_history() {
    let spec = SPEC.replace("MARK", "2.3");
    let spec = Source { file: "openapi.yaml", text: &spec };
    let outcome = generate::service(spec, Some(Source { file: "history.yaml", text: "" }));
    let messages: Vec<&str> = outcome.diagnostics.iter().map(|d| d.message.as_str()).collect();
    assert!(messages.contains(&"no entry for 2.1, 2.2, 2.3, 2.4"), "{messages:?}");
    assert!(outcome.service.is_none());
}

#[test]
fn a_wrong_mark_in_an_override_is_an_error() {
    let spec = SPEC.replace("MARK", "2.3");
    let overrides = "overrides:\n- {op: add, value: {x-openstack: {min-ver: 2.3}}, pointer: /a}\n";
    let spec = Source { file: "openapi.yaml", text: &spec };
    let mut outcome = generate::service(spec, None);
    assert!(outcome.service.is_some());
    generate::check_overrides(Source { file: "overrides.yaml", text: overrides }, &mut outcome);
    let messages: Vec<String> = outcome.diagnostics.iter().map(ToString::to_string).collect();
    assert!(messages[0].contains("`min-ver` is the number 2.3\n  --> overrides.yaml:2"));
    assert!(outcome.service.is_none());
}

/// The versions that only change behaviour, as upstream's code and its recorded answers have
/// them. Another one is a fact that a person has to see.
const BEHAVIOUR: [(&str, &[&str]); 2] = [
    ("placement", &["1.26", "1.27", "1.37"]),
    ("volume", &["3.6", "3.42", "3.46", "3.50", "3.66", "3.67", "3.70", "3.71"]),
];

#[test]
fn placement_and_volume_have_few_versions_that_only_change_behaviour() {
    for (service, expected) in BEHAVIOUR {
        let path = format!("{}/../api-specs/{service}/history.yaml", env!("CARGO_MANIFEST_DIR"));
        let mut sink = squall_codegen::diagnostic::Diagnostics::new(&path);
        let text = std::fs::read_to_string(&path).expect(&path);
        let history = squall_codegen::lower::history(&text, &mut sink);
        let found: Vec<String> = history
            .iter()
            .filter(|note| note.kind == squall_model::VersionKind::Behaviour)
            .map(|note| note.version.to_string())
            .collect();
        assert_eq!(found, expected, "{service}");
    }
}
