//! Reviews of a tiny service, as a person reads them.

use std::fmt::Write as _;

use squall_codegen::generate::{self, Source};
use squall_codegen::model::Service;

use super::compare::{self, Effect};
use super::render;
use super::users::Users;

/// A service with microversions; the tests put other words in the place of some of these.
const SPEC: &str = r"
openapi: '3.0.3'
info: {title: Widgets, version: '1'}
servers: [{url: /v2}]
x-openstack: {service: widget, service-type: widget, min-ver: '2.1', max-ver: '2.2', source: [widgets 1.0.0]}
paths:
  /widgets:
    post:
      operationId: widget.widgets.create
      requestBody:
        content:
          application/json:
            schema:
              type: object
              required: [name]
              properties:
                name: {type: string, maxLength: 255}
      responses:
        '202':
          description: Accepted
          content:
            application/json:
              schema:
                type: object
                required: [id]
                properties:
                  id: {type: string}
      x-openstack: {policies: unknown, provenance: {response: in-tree}}
  /widgets/{widget_id}:
    delete:
      operationId: widget.widgets.delete
      parameters: [{name: widget_id, in: path, required: true, schema: {type: string}}]
      responses: {'204': {description: No Content}, '404': {description: Not Found}}
      x-openstack: {body: none, unenforced: true}
";

const HISTORY: &str = "versions:\n";

fn service(spec: &str, versions: &[&str]) -> Service {
    let mut history = HISTORY.to_owned();
    for version in versions {
        writeln!(history, "- {{version: '{version}', kind: schema, summary: x}}").unwrap();
    }
    let source = |text| Source { file: "spec", text };
    let outcome = generate::service(source(spec), Some(source(&history)));
    let shown: Vec<String> = outcome.diagnostics.iter().map(ToString::to_string).collect();
    outcome.service.unwrap_or_else(|| panic!("{}", shown.join("\n")))
}

fn before() -> Service {
    service(SPEC, &["2.1", "2.2"])
}

/// Returns the service with other words, with or without a new version.
fn patched(words: &[(&str, &str)], versions: &[&str]) -> Service {
    let last = versions.last().unwrap();
    let mut spec = SPEC.replace("max-ver: '2.2', source", &format!("max-ver: '{last}', source"));
    for (old, new) in words {
        assert!(spec.contains(old), "{old}");
        spec = spec.replace(old, new);
    }
    service(&spec, versions)
}

fn review(words: &[(&str, &str)], versions: &[&str], users: &Users) -> String {
    render::text("widget", &compare::compare(&before(), &patched(words, versions)), users, &[])
}

#[test]
fn a_change_in_a_new_version_breaks_nobody() {
    let field = "id: {type: string}\n                  color: {type: string, x-openstack: {min-ver: '2.3'}}";
    let users = Users::of_test("widget.widgets.create", &["w.a", "w.b", "w.c", "w.d"]);
    let shown = review(&[("id: {type: string}", field)], &["2.1", "2.2", "2.3"], &users);
    assert_eq!(
        shown,
        "widget: widgets 1.0.0, 2.1 to 2.2 → widgets 1.0.0, 2.1 to 2.3\n\
         \x20 new microversions: 2.3\n\
         \nChanged\n\
         \x20 widget.widgets.create  POST /widgets\n\
         \x20   response /color is new (string) since 2.3\n\
         \x20   called by 4 tests: w.a, w.b, w.c and 1 more\n\
         \x20   clients with a method for it: a 1\n\
         \x20   not in the API reference of the release\n\
         \n2 changes of 1 operation; none breaks clients; 4 tests called what changed in run 0192\n"
    );
}

#[test]
fn a_change_of_released_versions_is_marked() {
    let field = "id: {type: string}\n                  color: {type: string}";
    let shown = review(&[("id: {type: string}", field)], &["2.1", "2.2"], &Users::default());
    assert!(
        shown.contains(
            "response /color is new (string) at every version  ← changes versions that are released"
        ),
        "{shown}"
    );
    assert!(shown.contains("1 changes released versions and needs a microversion"), "{shown}");
}

#[test]
fn what_breaks_clients_is_marked_where_it_stands() {
    let words = [
        ("required: [name]", "required: [name, size]"),
        ("maxLength: 255}", "maxLength: 64}\n                size: {type: integer}"),
        ("required: [id]", "required: []"),
        ("body: none, unenforced: true", "body: none, unenforced: true, max-ver: '2.1'"),
        ("'202'", "'200'"),
    ];
    let review = compare::compare(&before(), &patched(&words, &["2.1", "2.2"]));
    let found: Vec<String> = review
        .operations
        .iter()
        .flat_map(|op| op.changes.iter().map(move |change| (&op.id, change)))
        .map(|(id, change)| format!("{id}: {:?}: {}", change.effect, change.text))
        .collect();
    assert_eq!(
        found,
        [
            "widget.widgets.create: Unversioned: may answer 200 at every version",
            "widget.widgets.create: Breaks: no longer answers 202 at every version",
            "widget.widgets.create: Breaks: request /name has maxLength 64, was 255 at every version",
            "widget.widgets.create: Breaks: request /size is new (integer, required) at every version",
            "widget.widgets.create: Breaks: response /id may be missing at every version",
            "widget.widgets.delete: Breaks: is in up to 2.1, was in every version",
        ]
    );
}

#[test]
fn an_operation_that_is_gone_breaks_clients_and_one_that_is_renamed_here_does_not() {
    let gone = SPEC.split("  /widgets/{widget_id}:").next().unwrap();
    let after = service(gone, &["2.1", "2.2"]);
    let review = compare::compare(&before(), &after);
    assert_eq!(review.operations.len(), 1);
    assert_eq!(review.operations[0].changes[0].effect, Effect::Breaks);
    let renamed = patched(
        &[
            ("widgets.delete", "widgets.remove"),
            ("{widget_id}", "{id}"),
            ("name: widget_id", "name: id"),
        ],
        &["2.1", "2.2"],
    );
    assert!(compare::compare(&before(), &renamed).operations.is_empty());
}

#[test]
fn the_same_api_is_said_to_be_the_same() {
    let users = Users::default();
    let review = compare::compare(&before(), &before());
    let unfit = ["a path that is documented no longer matches".to_owned()];
    let shown = render::text("widget", &review, &users, &unfit);
    assert!(shown.ends_with("\nthe API is the same\n"), "{shown}");
    assert!(shown.contains("  a path that is documented no longer matches\n"), "{shown}");
}
