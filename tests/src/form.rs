//! Reads forms as a browser without JavaScript does.

use std::collections::BTreeMap;

/// Names and values that the form which leads to `action` has from the start. Buttons are left out: only the pressed
/// one counts.
pub(crate) fn fields(html: &str, action: &str) -> Option<BTreeMap<String, String>> {
    let mut forms = html.split("<form").skip(1);
    forms.find_map(|text| {
        let (tag, rest) = text.split_once('>')?;
        let (inside, _) = rest.split_once("</form>")?;
        (attributes(tag).get("action")? == action).then(|| inputs(inside))
    })
}

/// Where the form with this id leads.
pub(crate) fn action(html: &str, id: &str) -> Option<String> {
    html.split("<form").skip(1).find_map(|text| {
        let mut of_form = attributes(text.split_once('>')?.0);
        (of_form.get("id")? == id).then(|| of_form.remove("action"))?
    })
}

fn inputs(html: &str) -> BTreeMap<String, String> {
    html.split("<input")
        .skip(1)
        .filter_map(|text| {
            let mut of_input = attributes(text.split_once('>')?.0);
            Some((
                of_input.remove("name")?,
                of_input.remove("value").unwrap_or_default(),
            ))
        })
        .collect()
}

/// The attributes of a tag that have a value in double quotes, which all of ours do.
fn attributes(tag: &str) -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    let mut rest = tag;
    while let Some((name, after)) = rest.split_once("=\"") {
        let Some((value, tail)) = after.split_once('"') else {
            break;
        };
        let name = name.rsplit(char::is_whitespace).next().unwrap_or_default();
        found.insert(name.to_owned(), unescape(value));
        rest = tail;
    }
    found
}

fn unescape(text: &str) -> String {
    [
        ("&quot;", "\""),
        ("&#34;", "\""),
        ("&#39;", "'"),
        ("&#38;", "&"),
        ("&lt;", "<"),
        ("&gt;", ">"),
        ("&amp;", "&"),
    ]
    .iter()
    .fold(text.to_owned(), |text, (entity, character)| {
        text.replace(entity, character)
    })
}

#[cfg(test)]
mod tests {
    use super::fields;

    #[test]
    fn a_form_is_found_by_where_it_leads() {
        let html = r#"<form id="a" action="/a"></form>
            <form class="card" id="b" method="post" action="/b?x=1&amp;y=2">
              <input type="hidden" name="csrf_token" value="t&#34;"><input name="username" required>
              <button name="decision" value="deny">No</button>
            </form>"#;
        let found = fields(html, "/b?x=1&y=2").unwrap();
        assert_eq!(found["csrf_token"], "t\"");
        assert_eq!(found["username"], "");
        assert_eq!(found.len(), 2);
        assert_eq!(fields(html, "/c"), None);
    }
}
