//! Finds the line of a JSON pointer in a YAML or JSON text.
//!
//! Only diagnostics need lines, so the text is parsed a second time, with positions, only
//! if there are any.

use squall_model::pointer::keys;
use squall_yaml::{Node, Options, read};

use crate::diagnostic::Diagnostic;

/// Fills in the line of each diagnostic that has a pointer and no line.
pub(super) fn fill(text: &str, diagnostics: &mut [Diagnostic]) {
    if diagnostics.iter().all(|d| d.line.is_some()) {
        return;
    }
    let Ok(root) = read(text, &Options::for_specs()) else { return };
    for diagnostic in diagnostics.iter_mut().filter(|d| d.line.is_none()) {
        diagnostic.line = locate(&root, &diagnostic.pointer);
    }
}

/// Returns the line of the last key of a pointer that is there; `None` if not even the
/// first one is.
fn locate(root: &Node, pointer: &str) -> Option<usize> {
    let first = keys(pointer).next()?;
    let is_there = root.get(&first).is_some() || root.list().is_some();
    is_there.then(|| usize::try_from(root.locate(pointer).key.line).ok())?
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pointer_leads_to_the_line_of_its_last_known_key() {
        let text = "a:\n  - b: 1\n  - c:\n      d/e: x\n";
        let root = read(text, &Options::default()).unwrap();
        let lines = ["/a", "/a/1/c", "/a/1/c/d~1e", "/a/1/c/missing", "/b", ""]
            .map(|pointer| locate(&root, pointer));
        assert_eq!(lines, [Some(1), Some(3), Some(4), Some(3), None, None]);
    }
}
