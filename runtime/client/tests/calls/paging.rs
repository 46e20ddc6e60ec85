//! Reading lists to their end, or saying why not.

use std::sync::Arc;

use serde_json::{Value, json};
use squall_client::model::{Method, Operation, Paging, VersionRange};
use squall_client::script::Script;
use squall_client::{Call, ErrorKind, Json, ServiceDescription, decode};

use crate::world::unknown;

fn marker(markers: &'static [&'static str]) -> Paging {
    let markers = markers.iter().map(|marker| (*marker).into()).collect::<Vec<_>>();
    Paging::Marker { collection: "/keypairs".into(), markers: markers.into() }
}

fn link() -> Paging {
    Paging::Link { collection: "/keypairs".into(), next: "/keypairs_links".into() }
}

/// A list that answers with these pages, each to the query before it.
fn list(paging: Paging, pages: &[(&str, Value)]) -> Call<Vec<Json>> {
    let mut script = Script::new().signed_in(&[("compute", "http://cloud.test/compute/v2.1")]);
    for (query, page) in pages {
        let path = format!("/compute/v2.1/os-keypairs{query}");
        script = script.answer("GET", &path, 200, page.clone());
    }
    let mut operation =
        Operation::new("compute.keypairs.list", Method::Get, "/os-keypairs", unknown());
    operation.paging = Some(paging);
    script
        .session()
        .service(ServiceDescription {
            name: "compute".into(),
            service_type: "compute".into(),
            version_path: "/v2.1".into(),
            versions: VersionRange::ALL,
        })
        .call(Arc::new(operation), decode::json::<Vec<Json>>)
        .envelope("keypairs")
}

fn keypairs(names: &[&str]) -> Value {
    let items: Vec<Value> =
        names.iter().map(|name| json!({ "keypair": { "name": name } })).collect();
    json!({ "keypairs": items })
}

#[tokio::test]
async fn a_list_is_read_to_its_empty_page() {
    let pages = [
        ("", keypairs(&["a", "b"])),
        ("?marker=b", keypairs(&["c"])),
        ("?marker=c", keypairs(&[])),
    ];
    let all = list(marker(&["/keypair/name"]), &pages).all().await.unwrap();
    assert_eq!(all.len(), 3);
    let (mut pages, mut sizes) = (list(marker(&["/keypair/name"]), &pages).pages(), Vec::new());
    while let Some(page) = pages.next().await.unwrap() {
        sizes.push(page.value.len());
    }
    assert_eq!(sizes, [2, 1], "the page that only ends the list is none of it");
}

#[tokio::test]
async fn items_without_the_first_marker_are_paged_by_the_next_one() {
    let folder = json!({ "keypairs": [{ "subdir": "logs/" }] });
    let pages =
        [("", folder), ("?marker=logs%2F", keypairs(&[])), ("?marker=logs/", keypairs(&[]))];
    let all = list(marker(&["/name", "/subdir"]), &pages).all().await.unwrap();
    assert_eq!(all.len(), 1);
}

#[tokio::test]
async fn a_missing_marker_is_an_error_that_names_list_marker_and_item() {
    let error = list(marker(&["/id"]), &[("", keypairs(&["a"]))]).all().await.unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::Paging(_)), "{error}");
    assert_eq!(
        error.to_string(),
        "cannot read the whole list of `compute.keypairs.list`: the last item of the page has no \
         marker at `/id`, so the next page cannot be requested (it has the keys `keypair`)"
    );
}

#[tokio::test]
async fn a_service_that_repeats_pages_for_ever_is_an_error() {
    let pages =
        [("", keypairs(&["a"])), ("?marker=a", keypairs(&["b"])), ("?marker=b", keypairs(&["a"]))];
    let error = list(marker(&["/keypair/name"]), &pages).all().await.unwrap_err().to_string();
    assert!(error.ends_with("a page leads back to `a`, which was read before"), "{error}");
}

#[tokio::test]
async fn a_link_leads_on_by_its_query_and_to_our_own_endpoint() {
    let mut first = keypairs(&["a"]);
    let href = "https://internal.test:8774/v2.1/os-keypairs?marker=a%20b&limit=1";
    first["keypairs_links"] = json!([{ "rel": "next", "href": href }]);
    let pages = [("", first), ("?marker=a%20b&limit=1", keypairs(&["b"]))];
    let all = list(link(), &pages).all().await.unwrap();
    assert_eq!(all.len(), 2);
}

#[tokio::test]
async fn a_link_to_something_else_is_an_error() {
    for (href, why) in [
        ("http://evil.test/steal?marker=a", "leads to `/steal`, not to this list"),
        ("/v2.1/os-keypairs", "`/v2.1/os-keypairs`, has no query"),
    ] {
        let mut first = keypairs(&["a"]);
        first["keypairs_links"] = json!([{ "rel": "next", "href": href }]);
        let error = list(link(), &[("", first)]).all().await.unwrap_err();
        assert!(matches!(error.kind(), ErrorKind::Paging(_)), "{href}: {error}");
        assert!(error.to_string().ends_with(why), "{href}: {error}");
    }
}

#[tokio::test]
async fn after_an_error_there_is_no_page() {
    let mut pages = list(marker(&["/id"]), &[("", keypairs(&["a"]))]).pages();
    assert!(pages.next().await.is_err());
    assert!(pages.next().await.unwrap().is_none());
}
