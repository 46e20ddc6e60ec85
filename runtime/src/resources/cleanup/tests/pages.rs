//! Lists are read to their end, or not taken as complete.

use std::collections::BTreeMap;
use std::sync::Mutex;

use serde_json::{Value, json};

use super::cloud::{Thing, Toy, WIDGET};
use crate::cleanup::Evidence;
use crate::cleanup::listing::{List, ListError, every_item, every_listed};
use crate::cleanup::search::Search;
use crate::client::by_id::{Answer, Api, Origin, Pending, Request};
use crate::kinds::Listed;
use crate::services::spec_of;

/// Answers each request from its query.
struct Service<F>(F, Mutex<usize>);

impl<F: Fn(&BTreeMap<&str, String>) -> (u16, Value) + Send + Sync> Api for Service<F> {
    fn send<'a>(&'a self, request: Request<'a>) -> Pending<'a> {
        *self.1.lock().unwrap() += 1;
        let (status, body) = (self.0)(&request.query.into_iter().collect());
        let answer = Answer { status, body, request_id: None, origin: Origin::RequestId };
        Box::pin(std::future::ready(Ok(answer)))
    }
}

type Query<'a> = BTreeMap<&'a str, String>;

/// Reads a list of flavors (paged by markers) or of server groups (by offset).
async fn read(
    operation: &'static str,
    service: impl Fn(&Query<'_>) -> (u16, Value) + Send + Sync,
) -> Result<Vec<i64>, String> {
    let params = BTreeMap::new();
    let query = vec![("is_public", "none".to_owned())];
    let request = Request { spec: spec_of(FLAVORS), operation, params: &params, query, body: None };
    let list = List { request, collection: "/items", by_offset: operation == GROUPS };
    let read = every_item(&Service(service, Mutex::new(0)), list).await;
    let ids = |items: Vec<Value>| items.iter().map(|item| item["id"].as_i64().unwrap()).collect();
    read.map(ids).map_err(|error| error.describe(operation))
}

const FLAVORS: &str = "compute.flavors.list";
const GROUPS: &str = "compute.server_groups.list";

fn items(from: usize, to: usize) -> Value {
    (from..=to).map(|id| json!({ "id": id })).collect()
}

/// A page of at most three of seven.
fn page(query: &Query<'_>, key: &str) -> (u16, Value) {
    let from = query.get(key).map_or(0, |after| after.parse::<usize>().unwrap()) + 1;
    assert_eq!(query["is_public"], "none", "the filter stays");
    (200, json!({ "items": items(from, (from + 2).min(7)) }))
}

#[tokio::test]
async fn markers_and_offsets_are_followed_until_a_page_is_empty() {
    let all: Vec<i64> = (1..=7).collect();
    assert_eq!(read(FLAVORS, |query| page(query, "marker")).await, Ok(all.clone()));
    assert_eq!(read(GROUPS, |query| page(query, "offset")).await, Ok(all));
}

#[tokio::test]
async fn links_are_followed_in_every_form_and_only_their_paging_is_believed() {
    for form in ["items_links", "links", "next", "keystone"] {
        let all = read(FLAVORS, |query| {
            let (status, mut body) = page(query, "marker");
            let last = body["items"].as_array().unwrap().last().cloned();
            if let Some(last) = last.filter(|last| last["id"] != 7) {
                let href = format!("http://evil/?is_public=other&limit=3&marker={}", last["id"]);
                match form {
                    "next" => body["next"] = json!(href),
                    "keystone" => body["links"] = json!({"next": href, "self": "x"}),
                    _ => {
                        body[form] =
                            json!([{"rel": "self", "href": "x"}, {"rel": "next", "href": href}]);
                    }
                }
            }
            (status, body)
        });
        assert_eq!(all.await, Ok((1..=7).collect()), "{form}");
    }
}

#[tokio::test]
async fn a_list_that_cannot_be_read_to_its_end_is_no_list() {
    type Broken = fn(&Query<'_>) -> (u16, Value);
    let broken: [(Broken, &str); 6] = [
        (|_| (200, json!({})), "has no list"),
        (|_| (200, Value::Null), "has no list"),
        (|_| (200, json!({"items": [{"name": "x"}]})), "no marker"),
        (|_| (200, json!({"items": items(1, 2), "truncated": true})), "truncated"),
        (|_| (200, json!({"items": items(1, 2), "next": "/v2?page=2"})), "no marker and no offset"),
        (
            |query| match query.get("marker") {
                None => (200, json!({"items": items(1, 2)})),
                Some(_) => (503, Value::Null),
            },
            "answered 503",
        ),
    ];
    for (service, why) in broken {
        let error = read(FLAVORS, service).await.unwrap_err();
        assert!(error.contains("could not be read to its end") && error.contains(why), "{error}");
    }
    let refused = read(FLAVORS, |_| (403, Value::Null)).await.unwrap_err();
    assert!(refused.ends_with("answered 403"), "{refused}");
}

#[tokio::test]
async fn a_page_that_repeats_is_the_end_only_of_a_service_that_does_not_page() {
    let everything = |_: &Query<'_>| (200, json!({"items": items(1, 7)}));
    assert_eq!(read(FLAVORS, everything).await, Ok((1..=7).collect()));
    let stuck = |query: &Query<'_>| {
        let size = query.get("limit").map_or(3, |limit| limit.parse().unwrap());
        (200, json!({"items": items(1, size)}))
    };
    let error = read(FLAVORS, stuck).await.unwrap_err();
    assert!(error.contains("repeats"), "{error}");
    let circle = |query: &Query<'_>| match query.get("marker").map(String::as_str) {
        None | Some("4") => (200, json!({"items": items(1, 2)})),
        _ => (200, json!({"items": items(3, 4)})),
    };
    let error = read(FLAVORS, circle).await.unwrap_err();
    assert!(error.contains("do not end"), "{error}");
}

#[tokio::test]
async fn a_service_that_ignores_a_marker_without_a_limit_is_read_to_its_end() {
    // As network does. It keeps to a limit of one, so that a repeated page is no end.
    let network = |query: &Query<'_>| match (query.get("marker"), query.get("limit")) {
        (Some(after), Some(_)) => {
            (200, json!({"items": items(after.parse::<usize>().unwrap() + 1, 7)}))
        }
        (None, Some(limit)) => (200, json!({"items": items(1, limit.parse().unwrap())})),
        (_, None) => (200, json!({"items": items(1, 7)})),
    };
    assert_eq!(read(FLAVORS, network).await, Ok((1..=7).collect()));
}

#[tokio::test(start_paused = true)]
async fn a_leftover_on_a_later_page_is_found() {
    let cloud = Toy { page: Some(2), ..Toy::default() };
    for id in 1..=7 {
        let name = format!("squall-3c9e8b77-widget-{id:08x}");
        cloud.put(&id.to_string(), Thing { name, ..Thing::default() });
    }
    let found = super::rules::undone_by_name(&cloud, &WIDGET, "squall-3c9e8b77-widget-00000006");
    assert_eq!(found.await.unwrap(), ["6"]);
    assert_eq!(cloud.ids().len(), 6);
}

#[test]
fn an_error_of_a_list_is_described() {
    let error = ListError::Incomplete("why".to_owned());
    assert_eq!(error.describe("a.b.list"), "a.b.list could not be read to its end: why");
}

#[tokio::test]
async fn an_item_that_may_be_the_one_searched_for_is_not_passed_over() {
    // A service lists so what lies in a database that does not answer.
    let (params, evidence) = (BTreeMap::new(), Evidence::default());
    let listed = &Listed::new(FLAVORS, "/items");
    for (item, lacks) in [(json!({"id": 2}), "`/name`"), (json!({"name": "x"}), "`/id`")] {
        let item = &item;
        let service = Service(
            |query: &Query<'_>| match query.get("marker") {
                None => (200, json!({"items": [item, {"id": 3, "name": "y"}]})),
                Some(_) => (200, json!({"items": []})),
            },
            Mutex::new(0),
        );
        let api = &service;
        let search = Search { api, evidence: &evidence, as_owner: true, listed, params: &params };
        let error = search.ids("x", false).await.unwrap_err();
        assert_eq!(error, format!("{FLAVORS} lists something without {lacks}"));
    }
}

#[tokio::test]
async fn what_a_list_leaves_out_is_read_as_well() {
    let params = BTreeMap::new();
    let listed = Listed { left_out: &[("hidden", "true")], ..Listed::new(FLAVORS, "/items") };
    let service = Service(
        |query: &Query<'_>| match (query.get("marker"), query.get("hidden")) {
            (None, None) => (200, json!({"items": items(1, 2)})),
            (None, Some(_)) => (200, json!({"items": items(3, 3)})),
            _ => (200, json!({"items": []})),
        },
        Mutex::new(0),
    );
    let query = Vec::new();
    let request =
        Request { spec: spec_of(FLAVORS), operation: FLAVORS, params: &params, query, body: None };
    let all = every_listed(&service, &listed, request).await.unwrap();
    assert_eq!(Value::from(all), items(1, 3));
}
