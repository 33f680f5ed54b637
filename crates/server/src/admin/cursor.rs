//! Pages of lists: `limit` and `after`.

use grantor_store::Page;
use serde::Serialize;
use serde_json::{Value, json};

use super::administration::Output;
use super::refusal::Refusal;
use super::request::Request;

/// Most rows of a page.
pub const MAX_LIMIT: usize = 500;
/// Rows of a page when nothing is said.
pub(super) const DEFAULT_LIMIT: usize = 100;

/// How many rows are wanted.
pub(super) fn limit(request: &Request) -> Result<usize, Refusal> {
    let Some(text) = request.parameter("limit") else {
        return Ok(DEFAULT_LIMIT);
    };
    let read = text.parse().ok().filter(|limit| (1..=MAX_LIMIT).contains(limit));
    read.ok_or_else(|| Refusal::query("limit", format!("has to be a number from 1 to {MAX_LIMIT}")))
}

/// After which row the page begins: the id of the last one that was seen.
pub(super) fn after<T>(
    request: &Request,
    parse: impl FnOnce(&str) -> Option<T>,
) -> Result<Option<T>, Refusal> {
    let read = |text| parse(text).ok_or_else(|| Refusal::query("after", "is not the `next` of an answer"));
    request.parameter("after").map(read).transpose()
}

/// A page as it is answered, `key` being what the next one begins after.
pub(super) fn page<T, D: Serialize>(
    page: Page<T>,
    key: impl Fn(&T) -> String,
    document: impl Fn(T) -> D,
) -> Result<Output, Refusal> {
    let next = page.items.last().filter(|_| page.more).map(key);
    let items: Vec<D> = page.items.into_iter().map(document).collect();
    let mut body = json!({ "items": Output::value(&items)? });
    if let (Value::Object(members), Some(next)) = (&mut body, &next) {
        members.insert("next".to_owned(), Value::String(next.clone()));
    }
    Ok(Output::body(body))
}

/// A list that is one page: nothing begins after it.
pub(super) fn whole<T, D: Serialize>(items: Vec<T>, document: impl Fn(T) -> D) -> Result<Output, Refusal> {
    page(Page { items, more: false }, |_| String::new(), document)
}

/// A page of a list that is all there, in the order of its key.
pub(super) fn page_of<T>(
    mut all: Vec<T>,
    request: &Request,
    key: impl Fn(&T) -> String,
) -> Result<Page<T>, Refusal> {
    let limit = limit(request)?;
    if let Some(after) = request.parameter("after") {
        all.retain(|item| key(item).as_str() > after);
    }
    all.sort_by_key(&key);
    let more = all.len() > limit;
    all.truncate(limit);
    Ok(Page { items: all, more })
}
