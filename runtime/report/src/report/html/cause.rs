//! A group of failures, with the requests of one of them.

use serde_json::Value;

use super::{class, cut};
use crate::client::Exchange;
use crate::report::outline::count;
use crate::report::summary::Group;

/// How many tests of a group are listed with it.
const NAMED: usize = 24;

/// How many requests of a group are shown.
const SHOWN: usize = 20;

/// How many characters of a body are shown.
const BODY: usize = 6 * 1024;

/// How many more characters of headers and bodies the page may contain.
pub(super) struct Budget(usize);

impl Default for Budget {
    fn default() -> Self {
        Self(3 * 1024 * 1024)
    }
}

impl Budget {
    fn takes(&mut self, size: usize) -> bool {
        let enough = size <= self.0;
        self.0 = self.0.saturating_sub(size);
        enough
    }
}

pub(super) struct CauseView<'a> {
    pub(super) group: &'a Group<'a>,
    pub(super) class: String,
    pub(super) names: &'a [&'a str],
    pub(super) unnamed: usize,
    /// The caption: whose requests are shown, and how many of how many.
    pub(super) heard: String,
    pub(super) exchanges: Vec<ExchangeView<'a>>,
}

pub(super) struct ExchangeView<'a> {
    pub(super) sent: &'a Exchange,
    pub(super) answer: String,
    pub(super) bad: bool,
    pub(super) open: bool,
    /// Whether headers and bodies are shown.
    pub(super) kept: bool,
    pub(super) request: String,
    pub(super) response: String,
}

impl<'a> CauseView<'a> {
    pub(super) fn of(group: &'a Group<'a>, budget: &mut Budget) -> Self {
        let sample = &group.sample;
        let skipped = sample.exchanges.len().saturating_sub(SHOWN);
        let shown = &sample.exchanges[skipped..];
        let which = if shown.len() < sample.sent {
            format!("The last {} of {} requests of", shown.len(), sample.sent)
        } else {
            format!("{} of", count(shown.len(), "request"))
        };
        let mut exchanges: Vec<ExchangeView<'a>> =
            shown.iter().map(|sent| ExchangeView::of(sent, budget)).collect();
        // The last failed request is most often the cause; if none failed, open the last.
        let shown_open = exchanges.iter().rposition(|exchange| exchange.bad);
        if let Some(open) = shown_open.or_else(|| exchanges.len().checked_sub(1)) {
            exchanges[open].open = true;
        }
        Self {
            group,
            class: class(group.verdict),
            names: &group.tests[..group.tests.len().min(NAMED)],
            unnamed: group.tests.len().saturating_sub(NAMED),
            heard: format!("{which} {}:", sample.test),
            exchanges,
        }
    }
}

impl<'a> ExchangeView<'a> {
    fn of(sent: &'a Exchange, budget: &mut Budget) -> Self {
        let body = |text: &Option<String>| text.as_deref().map(readable).unwrap_or_default();
        let (request, response) = (body(&sent.request_body), body(&sent.response_body));
        let headers = sent.request_headers.iter().chain(&sent.response_headers);
        let size: usize = headers.map(|(name, value)| name.len() + value.len() + 40).sum();
        let answer = match (&sent.status, &sent.failure) {
            (Some(status), _) => status.to_string(),
            (None, Some(failure)) => failure.clone(),
            (None, None) => "no answer".to_owned(),
        };
        Self {
            sent,
            answer,
            bad: sent.status.is_none_or(|status| status >= 400) || !sent.violations.is_empty(),
            open: false,
            kept: budget.takes(size + request.len() + response.len()),
            request,
            response,
        }
    }
}

/// Formats a body: JSON is indented, and long bodies are truncated.
fn readable(body: &str) -> String {
    let text = match serde_json::from_str::<Value>(body) {
        Ok(json) => serde_json::to_string_pretty(&json).unwrap_or_else(|_| body.to_owned()),
        Err(_) => body.to_owned(),
    };
    cut(&text, BODY)
}
