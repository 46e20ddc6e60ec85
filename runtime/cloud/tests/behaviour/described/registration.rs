//! The service in the cloud: its place in the catalog, and what is found wrong with it.

use serde_json::Value;
use squall_cloud::engine::{DescribedService, EmbeddedService, Handler};
use squall_cloud::{Cloud, Options};
use squall_model::description::Description;

use super::operations::spec;
use super::rocketry::{HANDLERS, admin, service};
use crate::caller::Caller;

fn faults(services: &[DescribedService]) -> Vec<String> {
    let found = Cloud::faults_of(services);
    assert_eq!(found.is_empty(), Cloud::with_services(Options::default(), services).is_ok());
    found.iter().map(|fault| format!("{fault} ({})", fault.help)).collect()
}

#[test]
fn a_described_service_is_in_the_catalog_and_changes_no_id_of_the_others() {
    let ids = |caller: &Caller, service_type: &str| -> Vec<Value> {
        let all = caller.get("/identity/v3/services").expect(200).json["services"].clone();
        let services = all.as_array().unwrap().clone();
        services
            .into_iter()
            .filter(|s| s["type"] == service_type)
            .map(|s| s["id"].clone())
            .collect()
    };
    let (plain, with) = (Caller::admin(), admin());
    assert!(ids(&plain, "rocketry").is_empty());
    let [id] = &ids(&with, "rocketry")[..] else { panic!("not in the catalog") };
    assert_eq!(ids(&plain, "compute"), ids(&with, "compute"));
    let endpoints = with.get("/identity/v3/endpoints").expect(200).json["endpoints"].clone();
    let ours = endpoints.as_array().unwrap().iter().filter(|e| e["service_id"] == *id);
    assert!(ours.clone().count() == 3);
    for endpoint in ours {
        assert_eq!(endpoint["url"], "http://cloud.test/rocketry");
    }
    let first = |caller: &Caller| caller.get("/networking/v2.0/networks").expect(200).json;
    assert_eq!(first(&plain)["networks"][0]["id"], first(&with)["networks"][0]["id"]);
}

#[test]
fn a_service_has_a_seed_of_its_own_whatever_the_clouds_is() {
    let options = Options { seed: u64::MAX, speed: f64::INFINITY };
    let admin = Caller::admin_of(Cloud::with_services(options, &[service()]).unwrap());
    let pads = admin.get("/rocketry/v1/pads").expect(200).json;
    assert_eq!(pads["pads"].as_array().unwrap().len(), 1);
}

#[test]
fn a_sound_service_has_no_faults() {
    assert_eq!(faults(&[service()]), [""; 0]);
}

#[test]
fn a_service_without_a_description_is_refused() {
    let bare = DescribedService { description: &Description::EMPTY, ..service() };
    let [fault] = &faults(&[bare])[..] else { panic!("{:?}", faults(&[bare])) };
    assert!(fault.contains("cannot serve `rocketry`: it has no description"), "{fault}");
    assert!(fault.contains("`with_description`"), "{fault}");
}

#[test]
fn a_handler_for_an_unknown_operation_is_refused_with_a_suggestion() {
    const SLIP: &[(&str, Handler)] =
        &[("rocketry.rocket.launch", HANDLERS[1].1), HANDLERS[0], HANDLERS[0]];
    let embedded = EmbeddedService::new().with_handlers(SLIP);
    let [slip, twice] = &faults(&[DescribedService { embedded, ..service() }])[..] else {
        panic!()
    };
    assert!(slip.contains("no operation `rocketry.rocket.launch`"), "{slip}");
    assert!(slip.contains("did you mean `rocketry.rockets.launch`"), "{slip}");
    assert!(twice.contains("`rocketry.pads.create` has two handlers"), "{twice}");
}

#[test]
fn a_description_of_another_service_is_refused() {
    let spec = spec("missiles", "missiles");
    let other = DescribedService { spec, embedded: EmbeddedService::new(), ..service() };
    let [fault] = &faults(&[other])[..] else { panic!("{:?}", faults(&[other])) };
    assert!(fault.contains("of another service: it has `rocketry.rocket`"), "{fault}");
}

#[test]
fn a_description_that_misspells_an_operation_is_refused() {
    static SLIP: Description = Description {
        resources: &[],
        calls: &[super::rocketry::call("rocketry.rockets.lunch")],
        conditions: &[],
        unreachable: &[],
    };
    let [fault] = &faults(&[DescribedService {
        description: &SLIP,
        embedded: EmbeddedService::new(),
        ..service()
    }])[..] else {
        panic!()
    };
    assert!(fault.contains("did you mean `rocketry.rockets.launch`"), "{fault}");
}

#[test]
fn a_type_is_served_once() {
    let mine = DescribedService {
        spec: spec("rocketry", "compute"),
        embedded: EmbeddedService::new(),
        ..service()
    };
    let [fault] = &faults(&[mine])[..] else { panic!("{:?}", faults(&[mine])) };
    assert!(fault.contains("it serves the type `compute` itself"), "{fault}");
    let twice = faults(&[service(), service()]);
    assert!(twice[0].contains("another service has the type `rocketry`"), "{twice:?}");
}
