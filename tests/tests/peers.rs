//! The tests that pages of the book name are there.

use std::fs;
use std::path::Path;

/// The pages, and how many tests each names at least.
const PAGES: [(&str, usize); 3] =
    [("docs/src/peers.md", 12), ("docs/src/promises.md", 60), ("docs/src/wrong-answers.md", 90)];

#[test]
fn every_test_that_is_named_is_there() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    for (page, least) in PAGES {
        let text = fs::read_to_string(root.join(page)).unwrap();
        let mut named = 0;
        for row in text.lines().filter(|line| line.starts_with("| ")) {
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
        assert!(named >= least, "{page} names {named} tests");
    }
}
