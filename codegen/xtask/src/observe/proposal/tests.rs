//! Each kind of proposal, from an answer and a spec made for it.

use std::collections::BTreeSet;

use serde_json::{Value, json};
use squall_codegen::generate::{self, Source};
use squall_records::observed::{KeptAnswer, KeptBody};

use super::super::compare::Comparer;
use super::super::spec::Spec;
use super::super::table::Cell;
use super::*;

const SPEC: &str = r"
openapi: '3.0.3'
info: {title: A, version: '1'}
x-openstack:
  service: a
  min-ver: '1.1'
  max-ver: '1.9'
  response-headers:
    x-request-id: {schema: {type: string, pattern: '^req-'}, required: true}
paths:
  /things/{id}:
    parameters:
    - {name: id, in: path, required: true, schema: {type: string}}
    get:
      operationId: a.things.show
      x-openstack: {provenance: {errors: in-tree}}
      responses:
        '200':
          description: OK
          content:
            application/json:
              schema:
                type: object
                required: [thing]
                additionalProperties: false
                properties:
                  thing: {$ref: '#/components/schemas/Thing'}
        '404': {$ref: '#/components/responses/Error'}
        '410': {$ref: '#/components/responses/Error', x-openstack: {min-ver: '1.8'}}
    delete:
      operationId: a.things.delete
      x-openstack: {provenance: {errors: in-tree}}
      responses:
        '204': {description: No KeptBody, x-openstack: {body: none}}
        '404': {$ref: '#/components/responses/Error'}
        '409': {$ref: '#/components/responses/Error'}
components:
  responses:
    Error:
      description: An error
      content: {application/json: {schema: {type: object}}}
  schemas:
    Thing:
      type: object
      required: [id, kind, tag]
      additionalProperties: false
      properties:
        kind: {type: string}
        tag: {type: string}
        id: {type: string, format: uuid}
        size: {type: integer, minimum: 0}
        state: {type: string, enum: [up, down]}
        color: {type: string, x-openstack: {min-ver: '1.5'}}
        note: {type: string, x-openstack: {always: true}}
        parts: {type: array, items: {anyOf: [{type: integer}, {type: object, properties: {n: {type: integer}}}]}}
";

const HISTORY: &str = r"
- {version: '1.1', kind: schema, summary: The first.}
- {version: '1.2', kind: behaviour, summary: A change.}
- {version: '1.3', kind: behaviour, summary: A change.}
- {version: '1.4', kind: behaviour, summary: A change.}
- {version: '1.5', kind: schema, summary: Things have a color.}
- {version: '1.6', kind: behaviour, summary: A change.}
- {version: '1.7', kind: behaviour, summary: A change.}
- {version: '1.8', kind: schema, summary: Things can be gone.}
- {version: '1.9', kind: behaviour, summary: A change.}
";

pub(crate) fn spec() -> Spec {
    let source = |file, text| Source { file, text };
    let outcome = generate::service(source("a.yaml", SPEC), Some(source("h.yaml", HISTORY)));
    let service = outcome.service.unwrap_or_else(|| panic!("{:#?}", outcome.diagnostics));
    let document = squall_yaml::read(SPEC, &squall_yaml::Options::for_specs()).unwrap();
    Spec::new("a", service, document.into_value())
}

const ID: &str = "00000000-0000-4000-8000-000000000000";

fn answer(minor: u16, status: u16, body: Option<Value>) -> KeptAnswer {
    KeptAnswer {
        operation: "a.things.show".to_owned(),
        version: Some(Microversion::new(1, minor)),
        status,
        embedded: false,
        package: Some("a 2.0.0".to_owned()),
        extensions: None,
        fields_selected: false,
        version_problem: None,
        headers: [("x-request-id".to_owned(), vec!["req-1".to_owned()])].into(),
        body: body.map(KeptBody::Json),
        altered: BTreeSet::new(),
    }
}

/// A thing as it should be, with these properties changed.
#[expect(
    clippy::needless_pass_by_value,
    clippy::unnecessary_wraps,
    reason = "it is called with a new value each time, and is the body of an answer"
)]
fn thing(change: Value) -> Option<Value> {
    let mut thing = json!({"id": ID, "note": "text", "kind": "text", "tag": "text"});
    for (key, value) in change.as_object().unwrap() {
        thing[key] = value.clone();
    }
    Some(json!({ "thing": thing }))
}

fn proposed(answers: &[KeptAnswer]) -> Vec<Proposal> {
    let spec = spec();
    let comparer = Comparer::new(&spec);
    let mut proposals = Proposals::new(&spec);
    for answer in answers {
        let compared = comparer.compare(answer).unwrap().unwrap();
        proposals.add(compared.differences, answer, "file");
    }
    proposals.finish()
}

/// Returns the words of the only proposal for an answer, and its overrides as `op pointer value`.
fn one(answer: KeptAnswer) -> (String, Vec<String>) {
    let mut proposals = proposed(&[answer]);
    assert_eq!(proposals.len(), 1, "{proposals:#?}");
    let proposal = proposals.remove(0);
    let line = |o: &Override| {
        let value = o.value.as_ref().map_or(String::new(), |value| format!(" {value}"));
        format!("{} {}{value}", o.op, o.pointer)
    };
    (proposal.proposal, proposal.overrides.iter().map(line).collect())
}

const THING: &str = "/components/schemas/Thing";

#[test]
fn each_difference_of_a_body_is_a_typed_proposal() {
    for (change, words, entry) in [
        (
            json!({"size": null}),
            "make `size` nullable",
            format!("add {THING}/properties/size/nullable true"),
        ),
        (
            json!({"size": "12"}),
            "allow `size` to be a value of type string",
            format!(
                "replace {THING}/properties/size {}",
                r#"{"anyOf":[{"type":"integer"},{"type":"string"}],"x-openstack":{"type-list":true}}"#
            ),
        ),
        (
            json!({"state": "broken"}),
            "add \"broken\" to the values of `state`",
            format!("add {THING}/properties/state/enum/- \"broken\""),
        ),
        (
            json!({"owner": ID}),
            "describe the property `owner`",
            format!("add {THING}/properties/owner {}", r#"{"format":"uuid","type":"string"}"#),
        ),
        (
            json!({"size": -1}),
            "loosen `minimum` of `size`",
            format!("remove {THING}/properties/size/minimum"),
        ),
        (
            json!({"id": "text"}),
            "loosen `format` of `id`",
            format!("remove {THING}/properties/id/format"),
        ),
        // A property of a later version is one that this version does not have.
        (
            json!({"color": "text"}),
            "describe the property `color`",
            format!("add {THING}/properties/color {}", r#"{"type":"string"}"#),
        ),
        (
            json!({"parts": [{"n": null}]}),
            "make `n` nullable",
            format!("add {THING}/properties/parts/items/anyOf/1/properties/n/nullable true"),
        ),
    ] {
        let found = one(answer(1, 200, thing(change)));
        assert_eq!(found, (words.to_owned(), vec![entry]));
    }
}

#[test]
fn what_is_required_and_absent_is_proposed_where_the_spec_demands_it() {
    let (words, entries) = one(answer(1, 200, without(&["id"])));
    assert_eq!(words, "do not require `id`");
    assert_eq!(entries, [format!("replace {THING}/required [\"kind\",\"tag\"]")]);
    let (words, entries) = one(answer(1, 200, without(&["note"])));
    assert_eq!(words, "do not require `note`");
    assert_eq!(entries, [format!("remove {THING}/properties/note/x-openstack/always")]);
}

/// A thing that lacks properties.
fn without(names: &[&str]) -> Option<Value> {
    let mut body = thing(json!({}))?;
    let thing = body["thing"].as_object_mut()?;
    for name in names {
        thing.remove(*name);
    }
    Some(body)
}

#[test]
fn what_several_proposals_remove_from_a_list_is_one_entry() {
    let lists = |lacking: &[&[&str]]| -> Vec<Vec<Option<Value>>> {
        let answers: Vec<_> = lacking.iter().map(|names| answer(1, 200, without(names))).collect();
        let proposals = proposed(&answers);
        let values = |p: &Proposal| p.overrides.iter().map(|o| o.value.clone()).collect();
        let text = text(&proposals);
        let above = format!("by an entry above, for {THING}/required\n");
        assert_eq!(text.matches(&above).count(), proposals.len() - 1, "{text}");
        proposals.iter().map(values).collect()
    };
    assert_eq!(lists(&[&["id", "kind"]]), [vec![Some(json!(["tag"]))], vec![]]);
    assert_eq!(lists(&[&["tag"], &["id"]]), [vec![Some(json!(["kind"]))], vec![]]);
    // Nothing is left of the list.
    assert_eq!(lists(&[&["id", "kind", "tag"]]), [vec![None], vec![], vec![]]);
}

#[test]
fn an_undeclared_status_is_proposed_with_the_form_that_others_have() {
    let (words, entries) = one(answer(1, 409, Some(json!({}))));
    assert_eq!(words, "declare the status 409");
    let form = r##"{"$ref":"#/components/responses/Error"}"##;
    assert_eq!(entries, [format!("add /paths/~1things~1{{id}}/get/responses/409 {form}")]);
    let (words, entries) = one(answer(1, 202, None));
    assert_eq!(words, "declare the status 202");
    assert!(entries[0].starts_with("add /paths/~1things~1{id}/get/responses/202 "));
    assert!(proposed(&[answer(1, 503, None)]).is_empty(), "no operation promises a 5xx");
}

#[test]
fn headers_are_proposed_where_they_are_described() {
    let without = KeptAnswer { headers: [].into(), ..answer(1, 200, thing(json!({}))) };
    let (words, entries) = one(without);
    assert_eq!(words, "do not require the header `x-request-id`");
    assert_eq!(entries, ["remove /x-openstack/response-headers/x-request-id/required"]);
    let headers = [("x-request-id".to_owned(), vec!["text".to_owned()])].into();
    let (words, entries) = one(KeptAnswer { headers, ..answer(1, 200, thing(json!({}))) });
    assert_eq!(words, "describe the value of the header `x-request-id`");
    assert_eq!(
        entries,
        [r#"replace /x-openstack/response-headers/x-request-id/schema {"type":"string"}"#]
    );
}

#[test]
fn a_body_where_none_is_described_is_for_a_person() {
    let deleted =
        KeptAnswer { operation: "a.things.delete".to_owned(), ..answer(1, 204, Some(json!({}))) };
    assert_eq!(one(deleted), ("describe the body".to_owned(), Vec::new()));
}

#[test]
fn the_same_difference_is_one_proposal_with_all_its_intervals() {
    let wrong = |minor| answer(minor, 200, thing(json!({"size": null})));
    let proposals = proposed(&[wrong(1), wrong(2), wrong(5)]);
    assert_eq!(proposals.len(), 1);
    assert_eq!((proposals[0].answers, proposals[0].versions.as_str()), (3, "every version"));
    assert_eq!(proposed(&[wrong(2)])[0].versions, "up to 1.4");
    assert_eq!(proposals[0].overrides[0].reason, "a 2.0.0 answers null");
    let text = text(&proposals);
    assert!(text.starts_with("a.things.show 200, every version, /thing/size\n"), "{text}");
    assert!(text.contains("  the spec says  type: \"integer\"\n  answered       null\n"), "{text}");
}

#[test]
fn a_value_that_was_altered_is_left_out() {
    let mut altered = answer(1, 200, thing(json!({"id": "text"})));
    altered.altered = ["/thing/id".to_owned()].into();
    assert!(proposed(&[altered]).is_empty());
}

#[test]
fn the_embedded_cloud_gives_no_reason_to_change_a_spec() {
    let wrong = answer(1, 200, thing(json!({"size": null})));
    let embedded = KeptAnswer { embedded: true, ..wrong.clone() };
    let proposals = proposed(std::slice::from_ref(&embedded));
    assert!(proposals[0].embedded && text(&proposals).contains("correct its behaviour"));
    for answers in [[embedded.clone(), wrong.clone()], [wrong.clone(), embedded.clone()]] {
        assert_eq!(proposed(&answers), proposed(std::slice::from_ref(&wrong)));
    }
    let odd = KeptAnswer { package: None, version: None, ..embedded };
    assert_eq!(proposed(&[odd, wrong.clone()]), proposed(&[wrong]));
}

#[test]
fn an_answer_that_matches_confirms_its_interval_and_status() {
    let spec = spec();
    let comparer = Comparer::new(&spec);
    let unknown = KeptAnswer { operation: "a.things.move".to_owned(), ..answer(1, 200, None) };
    assert!(comparer.compare(&unknown).unwrap().is_none());
    let confirmed = |answer: &KeptAnswer| comparer.compare(answer).unwrap().unwrap().confirmed;
    let cell = |minor, status| Cell {
        operation: "a.things.show".to_owned(),
        since: Some(Microversion::new(1, minor)),
        status,
    };
    assert_eq!(confirmed(&answer(3, 200, thing(json!({})))), Some(cell(1, 200)));
    assert_eq!(confirmed(&answer(7, 200, thing(json!({})))), Some(cell(5, 200)));
    assert_eq!(confirmed(&answer(7, 404, Some(json!({})))), Some(cell(5, 404)));
    assert_eq!(confirmed(&answer(7, 200, thing(json!({"size": null})))), None);
    assert_eq!(confirmed(&answer(7, 503, None)), None);
    let whole = answer(7, 200, thing(json!({})));
    let altered = ["/thing/note".to_owned()].into();
    assert_eq!(confirmed(&KeptAnswer { altered, ..whole.clone() }), None, "part is not compared");
    assert_eq!(confirmed(&KeptAnswer { fields_selected: true, ..whole.clone() }), None);
    let problem = "expected microversion 1.7, the response has 1.1";
    let other = KeptAnswer { version_problem: Some(problem.to_owned()), ..whole };
    assert_eq!(confirmed(&other), None);
    assert_eq!(one(other), ("see why the response has another microversion".to_owned(), vec![]));
}
