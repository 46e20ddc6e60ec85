//! How an image is shown.

use serde_json::{Value, json};

use super::Image;

/// Shows an image with its links, which have no host.
pub(crate) fn view(image: &Image) -> Value {
    let mut out = image.properties.clone();
    let own = format!("/v2/images/{}", image.text("id"));
    out.insert("file".to_owned(), json!(format!("{own}/file")));
    out.insert("self".to_owned(), json!(own));
    out.insert("schema".to_owned(), json!("/v2/schemas/image"));
    Value::Object(out)
}
