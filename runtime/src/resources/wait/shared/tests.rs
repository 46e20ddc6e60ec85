use std::sync::atomic::AtomicUsize;

use serde_json::json;

use super::*;
use crate::client::by_id::{Answer, Origin, Pending};
use crate::services;
use crate::wait::{Poll, Wait};

fn listing(kind: &str) -> Listing {
    Listing::of(services::resource(kind).unwrap()).unwrap()
}

/// A service whose resources are BUILD for ten seconds.
#[derive(Clone)]
struct Service {
    begun: Instant,
    lists: Arc<AtomicUsize>,
    status: u16,
    /// How many resources belong to others.
    others: usize,
}

impl Service {
    fn new(status: u16, others: usize) -> Self {
        Self { begun: Instant::now(), lists: Arc::default(), status, others }
    }

    fn state(&self) -> &'static str {
        if self.begun.elapsed() < Duration::from_secs(10) { "BUILD" } else { "ACTIVE" }
    }
}

impl Api for Service {
    fn send<'a>(&'a self, request: Request<'a>) -> Pending<'a> {
        let begins = |(_, value): &(&str, String)| value == "squall-3c9e8b77-";
        assert!(request.query.iter().any(begins), "{:?}", request.query);
        self.lists.fetch_add(1, Ordering::Relaxed);
        let theirs = (0..self.others).map(|n| format!("other-{n}"));
        let items: Vec<Value> = (0..50)
            .map(|n| n.to_string())
            .chain(theirs)
            .map(|id| json!({ "id": id, "status": self.state() }))
            .collect();
        let (status, body) = (self.status, json!({ "servers": items }));
        Box::pin(async move {
            // Long enough for other waits to arrive.
            tokio::time::sleep(Duration::from_millis(30)).await;
            let request_id = Some("req-list".to_owned());
            Ok(Answer { status, body, request_id, origin: Origin::RequestId })
        })
    }
}

/// Runs fifty waits; returns how many requests of their own they sent.
async fn fifty(service: &Service) -> usize {
    let shared = Shared::new(service.clone(), "0198f3a2-6d1e-7c40-9d2b-5a1f3c9e8b77");
    let polls = Arc::new(AtomicUsize::new(0));
    let mut waits = tokio::task::JoinSet::new();
    for n in 0..50 {
        let (service, polls) = (service.clone(), Arc::clone(&polls));
        let member = shared.join(listing("compute.server"), &n.to_string());
        waits.spawn(async move {
            let probe = || async {
                if let Some(seen) = member.poll().await
                    && seen.item["status"] != "ACTIVE"
                {
                    return Ok(Poll::not_yet("BUILD").with_request_id(seen.request_id));
                }
                polls.fetch_add(1, Ordering::Relaxed);
                Ok(match service.state() {
                    "ACTIVE" => Poll::ready(()),
                    other => Poll::not_yet(other),
                })
            };
            Wait::new("a server to be ACTIVE").until(probe).await.unwrap();
        });
    }
    while let Some(ended) = waits.join_next().await {
        ended.unwrap();
    }
    polls.load(Ordering::Relaxed)
}

#[tokio::test(start_paused = true)]
async fn fifty_waits_ask_for_one_list_and_look_themselves_once() {
    let service = Service::new(200, 0);
    assert_eq!(fifty(&service).await, 50, "one poll each, the one that ends its wait");
    let lists = service.lists.load(Ordering::Relaxed);
    // One poll per wait would have been some nine times fifty.
    assert!(lists < 150, "{lists} lists");
}

#[tokio::test(start_paused = true)]
async fn a_list_that_is_refused_or_too_long_is_asked_for_once() {
    for (status, others) in [(403, 0), (200, 1000)] {
        let service = Service::new(status, others);
        assert!(fifty(&service).await > 300, "they poll themselves");
        assert_eq!(service.lists.load(Ordering::Relaxed), 1);
    }
}

#[tokio::test(start_paused = true)]
async fn who_waits_nearly_alone_looks_alone() {
    let service = Service::new(200, 0);
    let shared = Shared::new(service.clone(), "0198f3a2-6d1e-7c40-9d2b-5a1f3c9e8b77");
    let members: Vec<Member> =
        (0..3).map(|n| shared.join(listing("compute.server"), &n.to_string())).collect();
    assert!(members[0].poll().await.is_none());
    let others: Vec<Member> =
        (3..6).map(|n| shared.join(listing("compute.server"), &n.to_string())).collect();
    let ports = shared.join(listing("network.port"), "0");
    assert!(ports.poll().await.is_none(), "another list's");
    assert_eq!(members[0].poll().await.unwrap().item["id"], "0");
    drop(others);
    assert!(members[0].poll().await.is_none(), "the others are done");
}
