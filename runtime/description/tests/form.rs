//! What a description says: the whole form, and what follows without being written.

#![expect(clippy::panic, clippy::unwrap_used, reason = "a failed check fails the test")]

mod toys;

use serde_json::{Value, json};
use squall_description::together;
use squall_model::description::{
    After, DescribedBody, DescribedCall, Resource, ResourceOrigin, Sender,
};
use squall_model::kind::{Find, Gone, Id, Naming, OwnedBy};
use squall_model::{Description, Microversion, VersionRange};
use toys::described;

fn read(text: &str) -> Description {
    match described(text) {
        Ok(description) => description,
        Err(problems) => {
            let problems: Vec<String> = problems.iter().map(ToString::to_string).collect();
            panic!("{}", problems.join("\n"));
        }
    }
}

fn only(text: &str) -> &'static Resource {
    &read(text).resources[0]
}

fn body(body: DescribedBody) -> Value {
    match body {
        DescribedBody::Json(text) => serde_json::from_str(text).unwrap(),
        other => panic!("{other:?}"),
    }
}

const TOY: &str = "
resources:
- name: toy
  summary: A toy.
  create: {body: {name: \"${name}\", size: 1}}
  update: {body: {size: 2}}
";

#[test]
fn a_resource_of_four_lines_has_everything_else_by_default() {
    let toy = only(TOY);
    let kind = toy.kind;
    assert_eq!((kind.name, kind.summary, kind.owner), ("toys.toy", "A toy.", OwnedBy::Project));
    assert_eq!(kind.made_by, ["toys.toys.create"]);
    assert_eq!((kind.naming, kind.name_at), (Naming::Dashed, &["/toy/name"][..]));
    assert_eq!((kind.id_param, kind.id), ("toy_id", Id::Answer(&["/toy/id"])));
    let Find::Listed(listed) = kind.find else { panic!("{:?}", kind.find) };
    assert_eq!((listed.operation, listed.collection), ("toys.toys.list", "/toys"));
    assert_eq!((listed.by, listed.id), ("/name", "/id"));
    assert_eq!(kind.undo[0].operation, "toys.toys.delete");
    // Its deletion is accepted, and done later.
    assert!(matches!(kind.gone, Gone::NotFound("toys.toys.show")));
    assert_eq!(
        (toy.group, toy.object, toy.collection, toy.id),
        ("toys.toys", "/toy", "/toys", "/id")
    );
    let ResourceOrigin::Created(create) = &toy.origin else { panic!("{:?}", toy.origin) };
    assert_eq!(body(create.body), json!({"toy": {"name": "${name}", "size": 1}}));
    assert_eq!(body(toy.standard("update").unwrap().body), json!({"toy": {"size": 2}}));
    let verbs: Vec<&str> = toy.standard.iter().map(|request| request.operation).collect();
    assert_eq!(verbs, ["toys.toys.list", "toys.toys.show", "toys.toys.update", "toys.toys.delete"]);
    assert!(toy.is_tracked());
}

#[test]
fn the_form_says_what_differs() {
    let toy = only("
resources:
- name: box
  summary: A box.
  operations: boxes
  envelope: chest
  collection: all/chests
  id: key
  param: box_id
  create:
    as: admin
    query: {tag: [a, b]}
    headers: {x-size: \"1\"}
    body: {label: \"${name}\", size: 1}
    versions:
    - {since: \"1.2\", until: \"1.4\", body: {size: null}, query: {tag: c}}
  made_by: [{operation: games.chests.create, id: chest/key, name: chest/label}]
  owner: domain
  state: {at: status, ready: [up], passing: [building], dead: [broken], tell: [why]}
  show: {as: reader}
  named: custom
  found: {query: {label: \"${name}\"}, everywhere: {all: \"1\"}, left_out: {old: \"1\"}, by: label, id: key, by_offset: true}
  gone: {at: status, is: gone}
  undo: [{operation: boxes.delete}]
  freed_by: [{operation: boxes.create, body: {\"${id}\": \"of ${name}\"}}]
  sweep: [{list: games.chips.list, query: {box: \"${id}\"}, of: {box: box_id}, delete: games.chips.delete}]
  several: [chest/count]
  private: true
  unnamed: true
  fresh: true
  before: [toys.other]
  needs: [toys.boxes]
- {name: other, operations: none, summary: Another., list: {operation: colours.list}, existing: {where: {hue: red}}}
");
    let kind = toy.kind;
    assert_eq!(kind.made_by, ["toys.boxes.create", "games.chests.create"]);
    assert_eq!(kind.id, Id::Answer(&["/chest/key"]));
    assert_eq!((kind.naming, kind.owner), (Naming::Custom, OwnedBy::Domain));
    assert_eq!(kind.name_at, ["/chest/label"]);
    let state = kind.state.unwrap();
    assert_eq!((state.at, state.ready, state.tell), ("/status", &["up"][..], &["/why"][..]));
    let Find::Listed(listed) = kind.find else { panic!("{:?}", kind.find) };
    assert_eq!(listed.query, [("label", "{name}")]);
    assert_eq!((listed.collection, listed.by, listed.id), ("/all/chests", "/label", "/key"));
    assert!(
        listed.by_offset
            && listed.everywhere == [("all", "1")]
            && listed.left_out == [("old", "1")]
    );
    assert!(matches!(kind.gone, Gone::NotFoundOr("toys.boxes.show", "/chest/status", "gone")));
    assert_eq!(kind.freed_by[0].body, Some(r#"{"{box_id}":"of {name}"}"#));
    let sweep = kind.sweep[0];
    assert_eq!((sweep.listed.collection, sweep.id_param), ("/chips", "chip_id"));
    assert_eq!(
        (sweep.listed.query, sweep.of),
        (&[("box", "{box_id}")][..], Some(("/box", "box_id")))
    );
    assert_eq!((kind.several, kind.private, kind.within_ours), (&["/chest/count"][..], true, true));
    assert!(toy.fresh);
    // What exists anyway needs no place in the order of undoing.
    assert_eq!(kind.stands_on, [""; 0]);
    let ResourceOrigin::Created(create) = &toy.origin else { panic!("{:?}", toy.origin) };
    assert_eq!((create.by, create.features), (Sender::Admin, &["toys.boxes"][..]));
    assert_eq!(create.query, [("tag", "a"), ("tag", "b")]);
    let variant = &create.variants[0];
    let version = |minor| Some(Microversion::new(1, minor));
    assert_eq!(variant.versions, VersionRange::new(version(2), version(4)));
    assert_eq!(
        (variant.patch, variant.query),
        (Some(r#"{"chest":{"size":null}}"#), &[("tag", "c")][..])
    );
    // What an administrator makes an administrator deletes, unless it says so itself.
    assert_eq!(toy.standard("delete").unwrap().by, Sender::Admin);
    assert_eq!(toy.standard("show").unwrap().by, Sender::Reader);
}

#[test]
fn a_name_in_the_path_is_the_address() {
    let marble = only(
        "
resources:
- name: marble
  summary: A marble.
  param: marble
  create: {operation: marbles.add, path: {box_id: \"${toys.box/id}\", marble: \"${name}\"}}
  undo: [{operation: marbles.remove}]
- {name: box, summary: A box., operations: boxes, create: {body: {name: \"${name}\"}}}
",
    );
    assert_eq!((marble.kind.id, marble.kind.name_at), (Id::Name, &[""; 0][..]));
    assert!(matches!(marble.kind.find, Find::Name));
    assert_eq!(marble.kind.stands_on, ["toys.box"]);
}

#[test]
fn a_name_that_is_the_id_is_the_address_unless_a_list_is_described() {
    let boxes = |found: &str| {
        only(&format!("
resources:
- {{name: box, summary: A box., operations: boxes, id: key, create: {{body: {{key: \"${{name}}\"}}}}{found}}}
"))
    };
    let named = boxes("");
    assert_eq!((named.kind.id, named.kind.name_at), (Id::Name, &["/box/key"][..]));
    let counted = boxes(", found: {census: true}").kind;
    let census = counted.census.unwrap();
    assert_eq!((counted.id, census.by, census.id), (Id::Name, "/key", "/key"));
    let listed = boxes(", found: {by: key}").kind;
    assert_eq!(listed.id, Id::Answer(&["/box/key"]));
    assert!(matches!(listed.find, Find::Listed(_)));
}

#[test]
fn a_change_is_addressed_by_its_request() {
    let text = "
resources:
- name: play
  summary: A box with a toy in it.
  envelope: \"\"
  change: {operation: marbles.add, path: {box_id: \"${toys.box#second/id}\", marble: \"${toys.toy/id}\"}, body: {toy: red}}
  params: {toy: toy}
  undo: [{operation: marbles.remove, body: {toy: \"${toy}\"}}]
- {name: box, summary: A box., operations: boxes, create: {body: {name: \"${name}\"}}}
- {name: toy, summary: A toy., create: {body: {name: \"${name}\"}}, update: {body: {}}, before: [box]}
";
    let description = read(text);
    let play = &description.resources[0];
    assert_eq!((play.kind.id, play.kind.id_param), (Id::Coordinates, ""));
    assert_eq!(play.kind.body_params, [("toy", "/toy")]);
    assert_eq!(play.kind.undo[0].body, Some(r#"{"toy":"{toy}"}"#));
    assert!(matches!(play.kind.gone, Gone::Accepted));
    assert_eq!(play.kind.stands_on, ["toys.box", "toys.toy"]);
    // A resource that is undone before another stands on it.
    assert_eq!(description.resource("toys.toy").unwrap().kind.stands_on, ["toys.box"]);
    assert_eq!(together::circle(&[&description]), None);
}

#[test]
fn what_is_within_another_goes_with_it() {
    let description = read(
        "
resources:
- {name: toy, summary: A toy., create: {body: {name: \"${name}\"}}, update: {body: {}}}
- name: part
  summary: A part.
  within: toy
  operations: toy_parts
  existing: {}
- name: marble
  summary: A marble.
  change: {operation: marbles.add, path: {box_id: \"${toys.part/id}\", marble: x}}
  undo: [{operation: marbles.remove}]
",
    );
    let part = description.resource("toys.part").unwrap();
    assert!(!part.is_tracked() && part.kind.undo.is_empty());
    assert_eq!(part.standard("list").unwrap().features, ["toys.extension.parts"]);
    // What names a part stands on the whole, which is undone.
    assert_eq!(description.resource("toys.marble").unwrap().kind.stands_on, ["toys.toy"]);
}

#[test]
fn many_are_made_by_a_list_of_what_makes_one() {
    let toy = only(&format!(
        "{TOY}  made_by: [toys.create_bulk]\ncalls:\n\
        - {{operation: toys.create_bulk, on: none, body: {{toys: [{{label: \"${{name}}\"}}]}}}}\n"
    ));
    assert_eq!(toy.kind.id, Id::Answer(&["/toy/id", "/toys/0/id"]));
    assert_eq!(toy.kind.name_at, ["/toy/name", "/toys/0/label"]);
}

#[test]
fn a_further_resource_of_a_group_is_shown_where_it_has_states() {
    let text = format!(
        "{TOY}- name: gift
  summary: A toy that was given.
  operations: toys
  envelope: toy
  owner: system
  create: {{operation: toys.create_bulk, body: {{name: \"${{name}}\"}}}}
  state: {{at: status, ready: [wrapped]}}
"
    );
    let gift = &read(&text).resources[1];
    let operations: Vec<&str> = gift.standard.iter().map(|request| request.operation).collect();
    assert_eq!(operations, ["toys.toys.show"]);
    assert_eq!(gift.standard[0].by, Sender::Admin);
}

#[test]
fn a_call_changes_a_resource_of_its_own_and_a_reading_one_shares() {
    let call = |more: &str| -> &'static DescribedCall {
        &read(&format!(
            "{TOY}  state: {{at: status, ready: [up]}}\ncalls:\n- {{operation: {more}}}\n"
        ))
        .calls[0]
    };
    let broken = call("toys.break, body: {break: \"${target/id}\"}");
    assert_eq!((broken.on, broken.own, broken.after), (Some("toys.toy"), true, After::Ready));
    let state = call("toys.break, own: false, after: BROKEN, before: [toys.show]");
    assert_eq!((state.own, state.after), (false, After::State("BROKEN")));
    assert_eq!(state.before, ["toys.toys.show"]);
    assert_eq!(call("toys.break, after: gone").after, After::Gone);
    let parts = call("toy_parts.list, on: toy, as: other");
    assert_eq!((parts.own, parts.after, parts.request.by), (false, After::Nothing, Sender::Other));
    let alone = call("colours.list, answers: 410, why: gone in 2018");
    assert_eq!((alone.on, alone.answers), (None, Some((410, "gone in 2018"))));
    let undone = call("toys.break, undone_by: {operation: toys.show}").undone_by.unwrap();
    assert_eq!(undone.operation, "toys.toys.show");
}

#[test]
fn an_operation_that_is_described_elsewhere_is_not_the_resources() {
    let description =
        read(&format!("{TOY}unreachable:\n- {{operation: toys.list, reason: r, upstream: u}}\n"));
    assert!(description.resources[0].standard("list").is_none());
    assert_eq!(description.unreachable[0].operation, "toys.toys.list");
    assert!(together::described(&description).contains("toys.toys.list"));
    assert!(!together::described(&description).contains("toys.toys.break"));
}

#[test]
fn references_and_circles_are_found_over_all_descriptions() {
    let first = read(&format!(
        "{TOY}calls:\n- {{operation: toys.break, headers: {{x: \"${{games.die/id}}\"}}}}\n"
    ));
    assert_eq!(
        together::unresolved(&[&first]),
        [("games.die".to_owned(), "toys.toys.break".to_owned())]
    );
    let circle = read("
resources:
- {name: toy, summary: A toy., create: {body: {name: \"${name}\", box: \"${toys.box/id}\"}}, update: {body: {}}}
- {name: box, summary: A box., operations: boxes, create: {body: {name: \"${name}\", best: \"${toys.toy/id}\"}}}
");
    assert_eq!(together::unresolved(&[&circle]), []);
    assert_eq!(together::circle(&[&first, &circle]), Some(vec!["toys.box", "toys.toy"]));
}

#[test]
fn a_condition_adds_to_the_request_of_its_operation() {
    let description = read(&format!(
        "{TOY}  list: {{query: {{limit: \"1\"}}, headers: {{a: \"1\", b: \"2\"}}}}\nconditions:\n\
         - {{rule: \"toys:list:everywhere\", operations: [toys.list], query: {{all: \"1\"}}, \
         headers: {{b: \"3\"}}, shows: [owner]}}\n"
    ));
    let [condition] = description.conditions else { panic!("{:?}", description.conditions) };
    assert_eq!((condition.rule, condition.shows), ("toys:list:everywhere", &["owner"][..]));
    let request = &condition.request;
    assert_eq!(request.operation, "toys.toys.list");
    assert_eq!(
        (request.query, request.headers),
        (&[("limit", "1")][..], &[("a", "1"), ("b", "3")][..])
    );
    let added: Vec<_> = request.variants_at(None).flat_map(|variant| variant.query).collect();
    assert_eq!(added, [&("all", "1")]);
}
