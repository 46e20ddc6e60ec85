//! What is wrong in a description, and how it is reported.

mod toys;

use squall_description::read;
use squall_model::VersionRange;
use toys::{Toys, described};

/// Returns what is reported, as `line: message (help)`.
fn reported(text: &str) -> Vec<String> {
    let problems = described(text).map_or_else(|problems| problems, |_| Vec::new());
    let line = |line: Option<usize>| line.map_or("?".to_owned(), |line| line.to_string());
    problems.iter().map(|p| format!("{}: {} ({})", line(p.line), p.message, p.help)).collect()
}

/// A resource with a key or two added, in line 3 and those after it.
fn toy(more: &str) -> String {
    let create = "create: {body: {name: \"${name}\"}}";
    let update = "update: {body: {size: 2}}";
    format!("resources:\n- name: toy\n  summary: A toy.\n  {create}\n  {update}\n{more}")
}

/// Checks that each text has the problem reported.
fn check(cases: &[(String, &str)]) {
    let mut wrong = Vec::new();
    for (text, expected) in cases {
        let found = reported(text);
        if !found.iter().any(|line| line == expected) {
            wrong.push((expected, found));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn what_is_wrong_with_a_resource_is_reported_with_line_and_help() {
    check(&[
        (
            "resources:\n- {name: hue, summary: A hue., operations: none, existing: {list: colours.list}}"
                .to_owned(),
            "3: `toys.colours.list` finds one, and is described elsewhere (write the request into \
             `list`, with its `operation`)",
        ),
        (toy("  colection: x"), "7: unknown key `colection` of a resource (did you mean `collection`?)"),
        (
            toy("  operations: toyz"),
            "7: toys has no group of operations `toyz` (did you mean `toys`?)",
        ),
        (
            "resources:\n- {name: doll, summary: A doll., create: {body: {}}}".to_owned(),
            "3: no group of operations of toys is the plural of `doll` (name the group in `operations`)",
        ),
        (
            toy("  change: {operation: toys.break}"),
            "3: a resource has one of `create`, `change` and `existing`, and this has create and \
             change (write `create` if a request makes one, `change` if a request changes something \
             that has no id, `existing` if nothing makes one)",
        ),
        (
            "resources:\n- {name: toy, summary: A toy.}".to_owned(),
            "3: a resource has one of `create`, `change` and `existing`, and this has none (write \
             `create` if a request makes one, `change` if a request changes something that has no \
             id, `existing` if nothing makes one)",
        ),
        (
            toy("- name: toy\n  summary: Again.\n  existing: {}"),
            "7: a resource is already called `toy` (give every resource a name of its own)",
        ),
        (toy("  summary: Again."), "7: the key `summary` is in the mapping twice (remove one of them)"),
        (
            toy("  found: {query: {name: \"${nam}\"}}"),
            "7: `${nam}` is not known when the resource is found or undone (did you mean `name`?)",
        ),
        (
            toy("  undo: [{operation: boxes.delete}]"),
            "7: the path of `toys.boxes.delete` needs `box_id`, which is not known (name it in \
             `params`, with the place in the request's body that has it)",
        ),
        (
            "resources:\n- {name: toy, summary: A toy., create: {body: {size: 1}}, update: {body: {}}}".to_owned(),
            "3: the request has no `${name}`, by which the resource could be found again (write it \
             where the service keeps it: in a name, a description, or the path. Write `change` for \
             what has no name and no id, `within` for a part of another resource)",
        ),
        (
            "resources:\n- {name: toy, summary: A toy., create: {body: {label: \"${name}\"}}, update: {body: {}}}".to_owned(),
            "3: the name is in `label` of the request, and is looked for in `name` (write `found: \
             {by: label}`, or put the name into `name`)",
        ),
        (
            "resources:\n- {name: toy, summary: A toy., create: {body: {name: \"a ${name}\"}}, update: {body: {}}}".to_owned(),
            "3: the name is inside a longer text, and is looked for as the whole of one (add \
             `inside: true` to `found`, and in `by` the field that has the text)",
        ),
        (
            "resources:\n- {name: toy, summary: A toy., create: {body: {name: \"${name}\"}}}".to_owned(),
            "3: `toys.toys.update` is not described (add `update` with a body that changes \
             something harmless, or describe the operation under `calls`)",
        ),
        (
            "resources:\n- {name: toy, summary: A toy., existing: {}, update: {}, gone: watched}".to_owned(),
            "3: `gone` has no effect: nothing undoes this resource (remove `gone`, `within` or `existing`)",
        ),
        (
            "resources:\n- {name: Toy, summary: A toy., operations: toys, existing: {}, update: {}}".to_owned(),
            "3: `Toy` is not a name of a resource (write it in lower case, with `_` between words, \
             as in `volume_type`)",
        ),
    ]);
}

#[test]
fn what_is_wrong_with_a_request_is_reported_with_line_and_help() {
    check(&[
        (
            toy("calls:\n- operation: toys.brake\n  body: {break: null}"),
            "8: toys has no operation `toys.brake` (did you mean `toys.break` or `toys.create`?)",
        ),
        (
            toy("calls:\n- operation: marbles.roll\n"),
            "8: toys has no operation `marbles.roll` (did you mean `marbles.add` or `marbles.remove`?)",
        ),
        (
            toy("calls:\n- operation: marbles.polish_thoroughly\n"),
            "8: toys has no operation `marbles.polish_thoroughly` (known: add, remove)",
        ),
        (
            toy("calls:\n- {operation: toys.break, body: {break: \"${nam}\"}}"),
            "8: `${nam}` is not a placeholder (did you mean `name`?)",
        ),
        (
            toy("calls:\n- {operation: toys.break, body: {}, versions: [{body: {hard: true}}]}"),
            "8: a variant without versions (add `since`, `until` or both)",
        ),
        (
            toy(
                "calls:\n- {operation: toys.break, versions: [{since: \"1.2\", until: \"1.1\", body: {}}]}",
            ),
            "8: no version of `toys.toys.break` is in this range (it has every version)",
        ),
        (
            toy(
                "calls:\n- {operation: toy_parts.list, versions: [{until: \"1.4\", query: {a: b}}]}",
            ),
            "8: no version of `toys.toy_parts.list` is in this range (it has 1.5 and later)",
        ),
        (
            toy("calls:\n- {operation: toys.break, versions: [{since: \"1.2\"}]}"),
            "8: a variant that changes nothing (add `body`, `path`, `query` or `answers`)",
        ),
        (
            toy("calls:\n- {operation: toys.break, path: {toy: x}}"),
            "8: the path of `toys.toys.break` has no parameter `toy` (known: toy_id)",
        ),
        (
            toy("calls:\n- {operation: boxes.show}"),
            "8: the path parameter `box_id` of `toys.boxes.show` has no value (add `path: {box_id: …}`)",
        ),
        (
            "calls:\n- {operation: toys.break, body: {}, text: x, path: {toy_id: x}}".to_owned(),
            "3: a request has `body` or `text`, not both (remove one of them)",
        ),
        (
            "calls:\n- [toys.break]".to_owned(),
            "3: a call has to be a mapping, and this is a list (its keys are operation, as, path, \
             query, headers, body, text, media, versions, needs, on, own, before, after, leaves, \
             answers, why, undone_by)",
        ),
    ]);
}

#[test]
fn what_is_wrong_with_a_call_is_reported_with_line_and_help() {
    check(&[
        (
            toy("calls:\n- {operation: toys.break, body: {break: \"${toys.toi/id}\"}}"),
            "8: no resource of toys is called `toi` (did you mean `toy`?)",
        ),
        (
            toy("calls:\n- {operation: toys.break}\n- {operation: toys.toys.break}"),
            "9: `toys.toys.break` is described twice: it is in line 8 already (describe each \
             operation once: by a resource, under `calls`, or under `unreachable`)",
        ),
        (
            toy("calls:\n- {operation: toys.create, leaves: nothing}"),
            "8: `toys.toys.create` is described twice: it is in line 5 already (describe each \
             operation once: by a resource, under `calls`, or under `unreachable`)",
        ),
        (
            toy("calls:\n- {operation: colours.list, query: {of: \"${target/id}\"}}"),
            "8: `${target/…}` without a resource (name the resource in `on`)",
        ),
        (
            toy("calls:\n- {operation: toys.break, on: tog}"),
            "8: no resource is called `tog` (did you mean `toy`?)",
        ),
        (
            toy("calls:\n- {operation: toys.break, after: BROKEN}"),
            "8: `toys.toy` has no states to wait for (add `state` to the resource, or write `after: none`)",
        ),
        (
            toy("calls:\n- {operation: toys.break, answers: 410}"),
            "8: `answers` without `why` (add `why`: the package and symbol of the release that says so)",
        ),
        (
            toy("calls:\n- {operation: toys.break, before: [toy_parts.list]}"),
            "8: `toys.toy_parts.list` is not described (describe it under `calls`, or remove it here)",
        ),
        (
            toy("calls:\n- {operation: toys.break, as: root}"),
            "8: `root` is not one of the known words (known: member, admin, other, reader)",
        ),
        (
            toy("calls:\n- {operation: toys.break, leaves: a mess}"),
            "8: `leaves` has no effect for `toys.toys.break` (remove it: it says why an operation \
             called `create…` leaves nothing behind)",
        ),
        (
            toy("unreachable:\n- {operation: toys.break, reason: it breaks}"),
            "8: `upstream` is missing (name the symbol of the released package that says so)",
        ),
    ]);
}

#[test]
fn what_undoes_a_call_is_checked_like_the_call() {
    let undone =
        |more: &str| toy(&format!("calls:\n- {{operation: toys.break, undone_by: {more}}}"));
    check(&[
        (
            undone("{operation: toys.break, body: {of: \"${toys.toi/id}\"}}"),
            "8: no resource of toys is called `toi` (did you mean `toy`?)",
        ),
        (
            undone("{operation: boxes.delete}"),
            "8: the path parameter `box_id` of `toys.boxes.delete` has no value (add `path: \
             {box_id: …}`; known are toy_id)",
        ),
        (
            toy("calls:\n- {operation: colours.list, undone_by: {operation: toys.break, path: \
                 {toy_id: \"${target/id}\"}}}"),
            "8: `${target/…}` without a resource (name the resource in `on`)",
        ),
    ]);
}

#[test]
fn a_sweep_compares_one_field_with_a_known_parameter() {
    let sweep =
        |of: &str| toy(&format!("  sweep: [{{list: boxes.list, delete: boxes.delete, of: {of}}}]"));
    check(&[
        (
            sweep("{toy: toi_id}"),
            "7: `toi_id` is not known when the resource is undone (did you mean `toy_id`?)",
        ),
        (sweep("{toy: toy_id, name: toy_id}"), "7: `of` compares one field (remove the others)"),
    ]);
    assert_eq!(reported(&sweep("{toy: toy_id}")), [""; 0]);
}

#[test]
fn a_key_without_effect_is_reported() {
    let marble = |more: &str| {
        format!(
            "resources:\n- name: box\n  summary: A box.\n  create: {{body: {{name: \"${{name}}\"}}}}\n\
             - name: marble\n  summary: A marble.\n  param: marble\n  create: {{operation: \
             marbles.add, path: {{box_id: \"${{toys.box/id}}\", marble: \"${{name}}\"}}}}\n  undo: \
             [{{operation: marbles.remove}}]\n{more}"
        )
    };
    assert_eq!(reported(&marble("")), [""; 0]);
    let untracked = |more: &str| {
        format!(
            "resources:\n- {{name: toy, summary: A toy., existing: {{}}, update: {{}}, {more}}}"
        )
    };
    check(&[
        (
            marble("  found: {by: name}"),
            "11: `found` has no effect: one is addressed by its name (remove `found`, or add \
             `census: true` to count all of them in the list)",
        ),
        (
            toy("  found: {census: true}"),
            "7: `census` has no effect: one is not addressed by its name (remove it: what is found \
             in a list is counted in it)",
        ),
        (
            untracked("several: [toy/count]"),
            "3: `several` has no effect: nothing undoes this resource (remove `several`, `within` or \
             `existing`)",
        ),
        (
            untracked("unnamed: true"),
            "3: `unnamed` has no effect: nothing undoes this resource (remove `unnamed`, `within` or \
             `existing`)",
        ),
        (
            untracked("shown_by: {operation: toys.list, at: toys}"),
            "3: `shown_by` has no effect: nothing undoes this resource (remove `shown_by`, `within` \
             or `existing`)",
        ),
        (
            toy(
                "calls:\n- {operation: toys.break, versions: [{since: \"1.2\", body: {hard: true}}]}",
            ),
            "8: the body of a variant has no effect: it changes that of the request (add `body` to \
             the request, `body: {}` if it is empty)",
        ),
        (
            toy("  show: {operation: colours.list}"),
            "7: `toys.colours.list` has no effect as `show` (name an operation that is called \
             `show`, or describe it under `calls`)",
        ),
    ]);
}

#[test]
fn a_text_that_is_no_yaml_is_one_problem() {
    let found = reported("resources: [");
    assert!(found.len() == 1 && found[0].contains("invalid YAML"), "{found:?}");
}

#[test]
fn everything_that_is_wrong_is_reported_in_order() {
    let text = toy(
        "  colour: red\ncalls:\n- {operation: toys.brake}\n- {operation: toys.break, as: root}",
    );
    let lines: Vec<String> = reported(&text).iter().map(|line| line[..3].to_owned()).collect();
    assert_eq!(lines, ["7: ", "9: ", "10:"]);
}

#[test]
fn a_problem_shows_its_place() {
    let problems = described(&toy("  colour: red")).unwrap_err();
    assert_eq!(
        problems[0].to_string().lines().take(2).collect::<Vec<_>>(),
        ["error: unknown key `colour` of a resource", "  --> toys.yaml:7#/resources/0/colour"]
    );
}

#[test]
fn the_service_is_the_one_of_the_operations() {
    let problems = read("toys.yaml", "service: games", &toys::toys()).unwrap_err();
    assert_eq!(problems[0].message, "the file describes `games`, and lies beside `toys`");
    let problems = read("toys.yaml", "resources: []", &toys::toys()).unwrap_err();
    assert_eq!(problems[0].message, "`service` is missing");
}

#[test]
fn nothing_varies_in_a_service_without_microversions() {
    let text = "service: toys\ncalls:\n- {operation: colours.list, versions: [{since: \"1.2\", query: {a: b}}]}";
    let problems = read("toys.yaml", text, &Toys { versions: VersionRange::ALL }).unwrap_err();
    assert_eq!(problems[0].message, "toys has no microversions, so that nothing varies");
}

#[test]
fn what_is_wrong_with_a_condition_is_reported_with_line_and_help() {
    let everywhere = "rule: \"toys:list:everywhere\"";
    check(&[
        (
            toy("conditions:\n- {rule: \"toys:list:everywhre\", operations: [toys.list]}"),
            "8: `toys:list:everywhre` is no conditional rule of `toys.toys.list` (did you mean \
             `toys:list:everywhere`?)",
        ),
        (
            toy("conditions:\n- {rule: \"toys:list\", operations: [toys.list]}"),
            "8: `toys.toys.list` asks `toys:list` for every request (remove the operation here)",
        ),
        (
            toy(&format!("conditions:\n- {{{everywhere}}}")),
            "8: `operations` is missing (list the operations that ask the rule, as in `operations: \
             [servers.show]`)",
        ),
        (
            toy(&format!("conditions:\n- {{{everywhere}, operations: [toys.lst]}}")),
            "8: toys has no operation `toys.lst` (did you mean `toys.list`?)",
        ),
        (
            toy(&format!("conditions:\n- {{{everywhere}, operations: [toys.list], on: doll}}")),
            "8: no resource of toys is called `doll` (known: toy)",
        ),
    ]);
}
