//! Forms: a browser uploads files to a container, with a signature instead of a token, as
//! swift's `formpost` middleware takes them.

use std::collections::BTreeMap;

use bytes::Bytes;
use squall_model::Method;

use super::{Object, access, place, quota, stored, temp_url};
use crate::fault::{Fault, title};
use crate::outcome::{Outcome, Reply};
use crate::request::RequestContext;
use crate::world::World;
use crate::world::object_storage::place::Place;

/// The most bytes of a field that is no file; the rest is left out.
const MAX_VALUE: usize = 4096;

/// Returns the boundary between a form's parts; `None` for a request that is no form.
pub(crate) fn boundary(context: &RequestContext) -> Option<String> {
    let media_type = context.header("content-type")?;
    let form = context.operation.method == Method::Post
        && media_type.trim_start().to_ascii_lowercase().starts_with("multipart/form-data");
    form.then(|| parameter(media_type, "boundary")).flatten()
}

/// Stores the files of a form, one after the other, and stops at the first that is refused.
pub(crate) fn upload(world: &mut World, context: &RequestContext, boundary: &str) -> Outcome {
    let mut fields = BTreeMap::new();
    let (mut status, mut message) = (0, "");
    let mut files = 0;
    let parts = parts(&context.body, boundary)
        .ok_or_else(|| Fault::bad_request("FormPost: invalid starting boundary"))?;
    for part in parts {
        let Some(file) = part.file_name() else {
            let value = String::from_utf8_lossy(&part.content[..part.content.len().min(MAX_VALUE)]);
            if let Some(name) = parameter(&part.disposition, "name") {
                fields.insert(name.to_ascii_lowercase(), value.into_owned());
            }
            continue;
        };
        files += 1;
        if files > number(&fields, "max_file_count")? {
            (status, message) = (400, "max file count exceeded");
            break;
        }
        status = match store(world, context, &fields, &file, &part) {
            Ok(()) => 201,
            Err(fault) if matches!(fault.status, 400 | 401) => return Err(fault),
            Err(fault) => fault.status,
        };
        if status != 201 {
            break;
        }
    }
    if status == 0 {
        (status, message) = (400, "no files to process");
    }
    Ok(answer(status, message, fields.get("redirect")))
}

fn answer(status: u16, message: &str, redirect: Option<&String>) -> Reply {
    if let Some(redirect) = redirect.filter(|to| !to.is_empty()) {
        let sign = if redirect.contains('?') { '&' } else { '?' };
        let message = super::report::quoted(message);
        let to = format!("{redirect}{sign}status={status}&message={message}");
        let page =
            format!("<html><body><p><a href=\"{to}\">Click to continue...</a></p></body></html>");
        return Reply::bytes(303, page, "text/html; charset=UTF-8").header("location", to);
    }
    let line = format!("{status} {}", title(status));
    let body = if message.is_empty() { line } else { format!("{line}\r\nFormPost: {message}") };
    Reply::bytes(status, body, "text/plain")
}

/// Stores one file, if the fields before it are signed and allow it.
fn store(
    world: &mut World,
    context: &RequestContext,
    fields: &BTreeMap<String, String>,
    file: &str,
    part: &Part<'_>,
) -> Result<(), Fault> {
    let unauthorized = |why: &str| access::unauthorized(context, &format!("FormPost: {why}"));
    let now = world.clock.now();
    let most = number(fields, "max_file_size")?;
    let expires = i64::try_from(number(fields, "expires")?).unwrap_or(i64::MAX);
    if expires < now.as_second() {
        return Err(unauthorized("Form Expired"));
    }
    let path = crate::route::decode(&context.path);
    let given = |name: &str, default: &'static str| {
        fields.get(name).map_or(default, String::as_str).to_owned()
    };
    let message = [
        path.clone(),
        given("redirect", ""),
        given("max_file_size", "0"),
        given("max_file_count", "0"),
        given("expires", "0"),
    ]
    .join("\n");
    let signature = given("signature", "");
    let state = &mut world.object_storage;
    let signed = temp_url::keys(state, context)
        .any(|key| temp_url::matches(&signature, key.as_bytes(), message.as_bytes()));
    if !signed {
        return Err(unauthorized("Invalid Signature"));
    }
    if part.content.len() > most {
        return Err(Fault::new(413, "The body of your request was too large for this server."));
    }
    let place = Place {
        account: place::account(context).to_owned(),
        container: context.parameter(0).to_owned(),
        object: format!("{}{file}", context.parameter(1)),
    };
    quota::check_upload(state, &place, part.content.len(), context)?;
    let mut object = Object::new(Bytes::copy_from_slice(part.content), now);
    if let Some(media_type) = fields.get("content-type").cloned().or(part.media_type.clone()) {
        object.content_type = media_type;
    }
    let at = number(fields, "x_delete_at")?;
    let after = number(fields, "x_delete_after")?;
    if at > 0 {
        object.delete_at = i64::try_from(at).ok();
    } else if after > 0 {
        object.delete_at = i64::try_from(after).ok().map(|after| now.as_second() + after);
    }
    stored::store(state, &place, object, now).map(|_| ())
}

/// Reads a field that is a number; a missing one is 0.
fn number(fields: &BTreeMap<String, String>, name: &str) -> Result<usize, Fault> {
    let Some(text) = fields.get(name).filter(|text| !text.is_empty()) else { return Ok(0) };
    let wrong = |_| Fault::bad_request(format!("FormPost: {name} not an integer"));
    text.trim().parse().map_err(wrong)
}

/// One part of a form.
struct Part<'a> {
    disposition: String,
    media_type: Option<String>,
    content: &'a [u8],
}

impl Part<'_> {
    /// Returns the name of its file, if it is one.
    fn file_name(&self) -> Option<String> {
        parameter(&self.disposition, "filename").filter(|name| !name.is_empty())
    }
}

/// Takes a form apart; `None` if it does not begin with the boundary.
fn parts<'a>(body: &'a [u8], boundary: &str) -> Option<Vec<Part<'a>>> {
    let first = format!("--{boundary}").into_bytes();
    let between = format!("\r\n--{boundary}").into_bytes();
    let mut rest = body.strip_prefix(first.as_slice())?;
    let mut parts = Vec::new();
    // After the last boundary comes `--` instead of the end of a line.
    while let Some(part) = rest.strip_prefix(b"\r\n") {
        let end = find(part, &between).unwrap_or(part.len());
        let (part, after) = part.split_at(end);
        rest = after.strip_prefix(between.as_slice()).unwrap_or_default();
        let head = find(part, b"\r\n\r\n").unwrap_or(part.len());
        let lines = String::from_utf8_lossy(&part[..head]).into_owned();
        let header = |wanted: &str| {
            lines.lines().find_map(|line| {
                let (name, value) = line.split_once(':')?;
                name.eq_ignore_ascii_case(wanted).then(|| value.trim().to_owned())
            })
        };
        parts.push(Part {
            disposition: header("content-disposition").unwrap_or_default(),
            media_type: header("content-type"),
            content: part.get(head + 4..).unwrap_or_default(),
        });
    }
    Some(parts)
}

fn find(text: &[u8], sought: &[u8]) -> Option<usize> {
    text.windows(sought.len()).position(|window| window == sought)
}

/// Returns a parameter of a header, without the quotes around it.
fn parameter(header: &str, name: &str) -> Option<String> {
    header.split(';').skip(1).find_map(|part| {
        let (found, value) = part.split_once('=')?;
        let found = found.trim().eq_ignore_ascii_case(name);
        found.then(|| value.trim().trim_matches('"').to_owned())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_is_taken_apart_and_a_file_keeps_its_line_ends() {
        let body = b"--x\r\nContent-Disposition: form-data; name=\"expires\"\r\n\r\n9\r\n\
            --x\r\nContent-Disposition: form-data; name=\"f\"; filename=\"a.txt\"\r\n\
            Content-Type: text/plain\r\n\r\none\r\ntwo\r\n--x--\r\n";
        let parts = parts(body, "x").unwrap();
        assert_eq!(parts.len(), 2);
        assert_eq!((parts[0].content, parts[0].file_name()), (&b"9"[..], None));
        assert_eq!(parts[1].content, b"one\r\ntwo");
        assert_eq!(parts[1].file_name().as_deref(), Some("a.txt"));
        assert_eq!(parts[1].media_type.as_deref(), Some("text/plain"));
        assert!(super::parts(b"nothing", "x").is_none());
    }
}
