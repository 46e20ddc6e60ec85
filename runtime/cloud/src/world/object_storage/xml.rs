//! Listings as XML, as `swift.common.middleware.listing_formats` writes them.

use std::fmt::Write as _;

use serde_json::Value;

/// Whose listing it is, by its name; XML says it.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Of<'a> {
    Account(&'a str),
    Container(&'a str),
}

/// Writes a listing: an element for each row, with one for each of its fields.
pub(crate) fn listing(of: Of<'_>, rows: impl Iterator<Item = Value>) -> String {
    let (root, name, row_name, fields) = match of {
        Of::Account(name) => ("account", name, "container", ACCOUNT_FIELDS),
        Of::Container(name) => ("container", name, "object", CONTAINER_FIELDS),
    };
    let mut out =
        format!("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<{root} name=\"{}\">", escaped(name));
    let mut empty = true;
    for row in rows {
        empty = false;
        if let Some(folder) = row.get("subdir") {
            let folder = text(folder);
            // Writing to a string does not fail.
            let _ = write!(out, "<subdir name=\"{folder}\"><name>{folder}</name></subdir>");
            continue;
        }
        let _ = write!(out, "<{row_name}>");
        for field in fields.iter().filter(|field| row.get(**field).is_some()) {
            let _ = write!(out, "<{field}>{}</{field}>", text(&row[*field]));
        }
        let _ = write!(out, "</{row_name}>");
    }
    if empty && root == "container" {
        out.pop();
        return out + " />";
    }
    out + &format!("</{root}>")
}

const ACCOUNT_FIELDS: &[&str] = &["name", "count", "bytes", "last_modified", "storage_policy"];
const CONTAINER_FIELDS: &[&str] = &["name", "hash", "bytes", "content_type", "last_modified"];

fn text(value: &Value) -> String {
    escaped(&value.as_str().map_or_else(|| value.to_string(), str::to_owned))
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn each_row_is_an_element_and_what_would_end_one_is_escaped() {
        let rows = [json!({ "name": "a<b", "bytes": 3, "hash": "x" }), json!({ "subdir": "d/" })];
        let out = listing(Of::Container("c&d"), rows.into_iter());
        assert_eq!(
            out,
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<container name=\"c&amp;d\">\
             <object><name>a&lt;b</name><hash>x</hash><bytes>3</bytes></object>\
             <subdir name=\"d/\"><name>d/</name></subdir></container>"
        );
    }
}
