//! A request's query string, as the services read it.

use serde_json::Value;

use crate::fault::Fault;

/// The parameters in the order in which they came.
#[derive(Debug, Default, Clone)]
pub(crate) struct Query(Vec<(String, String)>);

impl Query {
    pub(crate) fn parse(text: &str) -> Self {
        Self(url::form_urlencoded::parse(text.as_bytes()).into_owned().collect())
    }

    /// Returns the first value of a parameter.
    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// Returns every value of a parameter.
    pub(crate) fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.0.iter().filter(move |(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    pub(crate) fn has(&self, name: &str) -> bool {
        self.get(name).is_some()
    }

    /// Whether a flag is set: there without a value, or with a true one.
    pub(crate) fn flag(&self, name: &str) -> bool {
        self.get(name).is_some_and(|value| value.is_empty() || truth(value) == Some(true))
    }

    /// Reads a boolean filter.
    pub(crate) fn boolean(&self, name: &str) -> Option<bool> {
        self.get(name).and_then(truth)
    }

    /// Reads a whole number that is not negative.
    pub(crate) fn number(&self, name: &str) -> Result<Option<usize>, Fault> {
        self.get(name)
            .map(|text| {
                text.parse().map_err(|_| {
                    Fault::bad_request(format!(
                        "Invalid input for query parameters {name}. Value: {text}. It must be a whole number that is not negative."
                    ))
                })
            })
            .transpose()
    }

    /// Walks all parameters.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(key, value)| (key.as_str(), value.as_str()))
    }

    /// Writes the parameters again, for the page after a marker; an offset counts once.
    pub(crate) fn after(&self, marker: &str) -> String {
        Self(self.0.iter().filter(|(key, _)| key != "offset").cloned().collect())
            .with("marker", marker)
    }

    /// Writes the parameters again, some replaced, as a `next` link needs them.
    pub(crate) fn with(&self, name: &str, value: &str) -> String {
        let kept = self.0.iter().filter(|(key, _)| key != name);
        url::form_urlencoded::Serializer::new(String::new())
            .extend_pairs(kept)
            .append_pair(name, value)
            .finish()
    }
}

/// Reads the spellings of true and false that `OpenStack` takes.
pub(crate) fn truth(text: &str) -> Option<bool> {
    match text.to_ascii_lowercase().as_str() {
        "true" | "1" | "t" | "yes" | "y" | "on" => Some(true),
        "false" | "0" | "f" | "no" | "n" | "off" => Some(false),
        _ => None,
    }
}

/// Reads a flag of a body, which may be a word for one.
pub(crate) fn truth_in(value: &Value) -> Option<bool> {
    value.as_bool().or_else(|| truth(value.as_str()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn repeated_parameters_keep_their_order_and_links_keep_the_rest() {
        let query = Query::parse("tag=a&limit=2&tag=b%20c");
        assert_eq!(query.all("tag").collect::<Vec<_>>(), ["a", "b c"]);
        assert_eq!(query.number("limit").unwrap(), Some(2));
        assert_eq!(query.with("limit", "9"), "tag=a&tag=b+c&limit=9");
    }

    #[test]
    fn what_is_no_number_is_refused() {
        assert_eq!(Query::parse("limit=-1").number("limit").unwrap_err().status, 400);
    }
}
