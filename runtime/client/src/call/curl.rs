//! A request as a `curl` line, so that a person can repeat it.

use std::fmt::Write as _;

use http::header::{ACCEPT, CONTENT_TYPE};

use super::UntypedCall;
use super::untyped::TokenUse;
use crate::endpoint;
use crate::error::{Error, ErrorKind};
use crate::redact;

/// The number of characters of a body that are shown.
const SHOWN: usize = 4000;

impl UntypedCall {
    /// Returns the request as a `curl` line, with `$OS_TOKEN` in place of the token.
    pub(crate) async fn curl(&self) -> Result<String, Error> {
        let target = self.target().map_err(|what| Error::new(ErrorKind::Request(what)))?;
        let negotiated = self.negotiate().await?;
        let session = self.client.session();
        let service = self.client.shared_service();
        let (place, _) = session.locate(service).await?;
        let root = match self.operation.path.as_ref() {
            path if service.profile().is_outside_endpoint(path) => {
                endpoint::outside(&place.endpoint)
            }
            _ => &place.root,
        };
        let schemas = session.validators().schemas(&self.operation)?;
        let request = self.prepare([root, &target].concat(), negotiated, &schemas);
        let mut line =
            format!("curl -i -X {} {}", request.method, quoted(&redact::url(&request.url)));
        if !matches!(self.token, TokenUse::None) {
            line.push_str(" -H \"X-Auth-Token: $OS_TOKEN\"");
        }
        for (name, value) in redact::headers(&request.headers) {
            // What curl sends by itself says nothing.
            if name != ACCEPT.as_str() || value != "application/json" {
                let _ = write!(line, " -H {}", quoted(&format!("{name}: {value}")));
            }
        }
        let body = match self.json() {
            Some(json) => redact::json(json).to_string(),
            None => redact::text(&String::from_utf8_lossy(&request.body)).into_owned(),
        };
        if !request.body.is_empty() {
            let shown: String = body.chars().take(SHOWN).collect();
            let _ = write!(line, " -d {}", quoted(&shown));
            if shown.len() < body.len() {
                let _ = write!(line, " # cut: the body has {} characters", body.chars().count());
            }
        } else if request.headers.contains_key(CONTENT_TYPE) {
            line.push_str(" -d ''");
        }
        Ok(line)
    }
}

/// Quotes a word for a shell.
fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', r"'\''"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_with_quotes_is_one_word_of_a_shell() {
        assert_eq!(quoted(r#"{"a": "it's"}"#), r#"'{"a": "it'\''s"}'"#);
    }
}
