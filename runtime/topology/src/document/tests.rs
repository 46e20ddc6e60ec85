//! Documents with mistakes (`bad/x.yaml`) and the errors they give (`bad/x.txt`), which
//! `SQUALL_BLESS=1 cargo test -p squall-topology` rewrites.

use std::fs;
use std::path::Path;

use miette::{GraphicalReportHandler, GraphicalTheme};

use super::{Document, Mistakes, schema};

const KNOWN: [&str; 3] = ["2026.2", "2026.1", "2026.10"];

fn render(mistakes: &Mistakes) -> String {
    let handler = GraphicalReportHandler::new_themed(GraphicalTheme::unicode_nocolor());
    let handler = handler.with_links(false).with_width(100);
    mistakes.iter().fold(String::new(), |mut text, mistake| {
        handler.render_report(&mut text, mistake).unwrap();
        text
    })
}

fn said_of(name: &str, text: &str) -> String {
    let read = Document::read(name, text);
    match read.and_then(|document| document.resolve_among(None, &KNOWN)) {
        Ok(_) => "nothing is wrong\n".to_owned(),
        Err(mistakes) => render(&mistakes),
    }
}

fn fresh(path: &Path, content: &str) {
    if std::env::var_os("SQUALL_BLESS").is_some() {
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, content).unwrap();
    }
    let kept = fs::read_to_string(path).unwrap_or_default();
    assert_eq!(
        kept,
        content,
        "{} is not up to date: look at the difference, then run \
         `SQUALL_BLESS=1 cargo test -p squall-topology`",
        path.display()
    );
}

#[test]
fn every_mistake_is_told_with_its_place() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/document/bad");
    let mut files: Vec<_> = fs::read_dir(folder).unwrap().map(|f| f.unwrap().path()).collect();
    files.retain(|file| file.extension().is_some_and(|e| e == "yaml"));
    files.sort();
    assert!(!files.is_empty());
    for file in files {
        let name = file.file_name().unwrap().to_str().unwrap();
        let said = said_of(name, &fs::read_to_string(&file).unwrap());
        assert_ne!(said, "nothing is wrong\n", "{name}");
        fresh(&file.with_extension("txt"), &said);
    }
}

#[test]
fn the_published_schema_is_the_one_documents_are_held_against() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/src/reference");
    let text = serde_json::to_string_pretty(&schema()).unwrap() + "\n";
    fresh(&root.join("topology.schema.json"), &text);
}

#[test]
fn the_shortest_document_is_enough() {
    let document = Document::read("x", "topology: mine\nservices: {keystone: {}}\n").unwrap();
    let plan = document.resolve_among(None, &KNOWN).unwrap();
    let ids: Vec<&str> = plan.processes.iter().map(|p| p.id.as_str()).collect();
    assert_eq!(ids, ["database", "port-mapper", "broker", "cache", "keystone-api"]);
    assert!(plan.processes.iter().all(|process| process.node == "control"));
}

#[test]
fn a_service_of_which_nothing_is_said_is_there() {
    let document = Document::read("x", "topology: mine\nservices:\n  keystone:\n").unwrap();
    assert!(document.services.keystone.is_some());
    assert!(document.services.nova.is_none());
}

#[test]
fn what_looks_like_a_number_is_kept_as_written() {
    let text = "topology: x\nrelease: 2026.10\nservices:\n  keystone:\n    config:\n      \
                keystone.conf: {token: {expiration: 0x10, allow: yes, ratio: 1.10}}\n";
    let plan = Document::read("x", text).unwrap().resolve_among(None, &KNOWN).unwrap();
    let keystone = &plan.services[0];
    assert_eq!(keystone.release, "2026.10");
    let token = &keystone.config["keystone.conf"]["token"];
    assert_eq!(token["expiration"], "0x10");
    assert_eq!((token["allow"].as_str(), token["ratio"].as_str()), ("yes", "1.10"));
}

#[test]
fn what_the_guide_shows_is_a_topology() {
    let guide = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/src/guides/topologies.md");
    let guide = fs::read_to_string(guide).unwrap();
    let blocks = guide.split("```yaml\n").skip(1).map(|rest| rest.split("```").next().unwrap());
    let said: Vec<String> = blocks.map(|block| said_of("guide", block)).collect();
    assert_eq!(said, ["nothing is wrong\n"; 2]);
}
