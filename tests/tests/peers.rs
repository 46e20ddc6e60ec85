//! The tests that the page on the defects of peers names are there.

use std::fs;
use std::path::Path;

#[test]
fn every_test_that_is_named_is_there() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let page = fs::read_to_string(root.join("docs/src/peers.md")).unwrap();
    let mut named = 0;
    for row in page.lines().filter(|line| line.starts_with("| ")) {
        let words: Vec<&str> = row.rsplit('|').nth(1).unwrap().split('`').collect();
        let mut source = String::new();
        for word in words.iter().skip(1).step_by(2) {
            if Path::new(word).extension().is_some_and(|extension| extension == "rs") {
                source = fs::read_to_string(root.join(word)).unwrap();
            } else if !source.is_empty() {
                assert!(source.contains(&format!("fn {word}(")), "{word}, in: {row}");
                named += 1;
            }
        }
    }
    assert!(named >= 12, "{named} tests are named");
}
