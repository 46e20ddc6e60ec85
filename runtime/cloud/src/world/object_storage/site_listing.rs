//! The page that lists a container, or what lies below a prefix of it.

use std::fmt::Write as _;

use super::listing;
use super::{Container, container, report};
use crate::outcome::Reply;

/// How the page looks.
pub(crate) struct Look<'a> {
    pub(crate) label: &'a str,
    /// The path of its style sheet.
    pub(crate) css: &'a str,
}

/// Writes the page; none where nothing has the prefix.
pub(crate) fn page(found: &Container, prefix: &str, look: &Look<'_>, path: &str) -> Option<Reply> {
    let entries = listing::folded(container::entries(found, ""), prefix, "/");
    if entries.is_empty() && !prefix.is_empty() {
        return None;
    }
    let label = match look.label {
        "" => path.to_owned(),
        label => format!("{label}/{prefix}"),
    };
    let label = escaped(&label);
    let mut page = format!(
        "<!DOCTYPE html>\n<html>\n <head>\n  <title>Listing of {label}</title>\n{}  </head>\n \
         <body>\n  <h1 id=\"title\">Listing of {label}</h1>\n  <table id=\"listing\">\n",
        style(prefix, look.css)
    );
    if !prefix.is_empty() {
        page.push_str(
            "   <tr id=\"parent\" class=\"item\"><td><a href=\"../\">../</a></td></tr>\n",
        );
    }
    for entry in entries {
        let name = &entry.name[prefix.len()..];
        let class = if entry.details.is_some() { "item" } else { "item subdir" };
        let link = report::quoted(name).replace('.', "%2E");
        let text = escaped(name);
        // Writing to a string does not fail.
        let _ = writeln!(
            page,
            "   <tr class=\"{class}\"><td class=\"colname\"><a href=\"./{link}\">{text}</a></td></tr>"
        );
    }
    page.push_str("  </table>\n </body>\n</html>\n");
    Some(Reply::bytes(200, page, "text/html; charset=UTF-8"))
}

fn style(prefix: &str, css: &str) -> String {
    if css.is_empty() {
        return "  <style type=\"text/css\">h1 {font-size: 1em;}</style>\n".to_owned();
    }
    let absolute = ["/", "http://", "https://"].iter().any(|start| css.starts_with(start));
    let up = if absolute { String::new() } else { "../".repeat(prefix.matches('/').count()) };
    format!("  <link rel=\"stylesheet\" type=\"text/css\" href=\"{up}{css}\" />\n")
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
