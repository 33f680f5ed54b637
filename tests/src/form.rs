//! Reads forms as a browser without JavaScript does.

use std::collections::BTreeMap;

/// A form that is about to be sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Form {
    /// Where it leads.
    pub action: String,
    /// Names and values that are sent.
    pub fields: BTreeMap<String, String>,
}

impl Form {
    /// The form that the button with this id sends, with what the button says.
    pub fn sent_by(html: &str, button: &str) -> Option<Self> {
        let mut forms = html
            .split("<form")
            .skip(1)
            .filter_map(|text| text.split_once('>'));
        forms.find_map(|(tag, rest)| {
            let inside = rest.split("</form>").next()?;
            let mut buttons = inside
                .split("<button")
                .skip(1)
                .filter_map(|text| Some(attributes(text.split_once('>')?.0)));
            let mut pressed =
                buttons.find(|button_tag| button_tag.get("id").is_some_and(|id| id == button))?;
            let mut fields = inputs(inside);
            if let Some(name) = pressed.remove("name") {
                fields.insert(name, pressed.remove("value").unwrap_or_default());
            }
            let action = attributes(tag).remove("action")?;
            Some(Self { action, fields })
        })
    }
}

/// The text of the element with this id, when it has no element of its own kind in it.
pub(crate) fn element(html: &str, id: &str) -> Option<String> {
    let (before, after) = html.split_once(&format!("id=\"{id}\""))?;
    let kind = before.rsplit('<').next()?.split_whitespace().next()?;
    let inside = after.split_once('>')?.1.split(&format!("</{kind}>")).next()?;
    let words = inside.split('<').enumerate().map(|(index, part)| match index {
        0 => part,
        _ => part.split_once('>').map_or("", |(_, text)| text),
    });
    Some(unescape(words.collect::<String>().trim()))
}

/// An attribute of the element with this id.
pub(crate) fn attribute(html: &str, id: &str, name: &str) -> Option<String> {
    let tags = html.split('<').filter_map(|text| text.split_once('>'));
    let mut of_tags = tags.map(|(tag, _)| attributes(tag));
    let mut found = of_tags.find(|tag| tag.get("id").is_some_and(|own| own == id))?;
    found.remove(name)
}

/// Names and values that the fields of a form have from the start. Buttons are left out: only the pressed one counts.
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
    use super::{Form, attribute, element};

    #[test]
    fn a_form_is_sent_by_a_button_and_what_it_says() {
        let html = r#"<form method="post" action="/a"><input name="x" value="1">
            <button id="no" type="submit" name="decision" value="deny">No</button>
            <button id="yes" type="submit" name="decision" value="approve">Yes</button></form>
            <form method="post" action="/b"><button id="go">Go</button></form>
            <form class="card" id="c" method="post" action="/c?x=1&amp;y=2">
              <input type="hidden" name="csrf_token" value="t&#34;"><input name="username" required>
              <button name="decision" value="deny">No</button><button id="in">In</button>
            </form>"#;
        let yes = Form::sent_by(html, "yes").unwrap();
        assert_eq!(
            (yes.action.as_str(), yes.fields["decision"].as_str()),
            ("/a", "approve")
        );
        assert_eq!(yes.fields["x"], "1");
        assert_eq!(Form::sent_by(html, "go").unwrap().fields.len(), 0);
        let found = Form::sent_by(html, "in").unwrap();
        assert_eq!(found.action, "/c?x=1&y=2");
        assert_eq!(found.fields["csrf_token"], "t\"");
        assert_eq!(found.fields["username"], "");
        assert_eq!(found.fields.len(), 2);
        assert_eq!(Form::sent_by(html, "none"), None);
    }

    #[test]
    fn an_element_has_its_text_and_attributes() {
        let html =
            r#"<p id="a">one <strong>two</strong> &amp; three</p><img id="b" src="/x?y&#38;z" alt="">"#;
        assert_eq!(element(html, "a").as_deref(), Some("one two & three"));
        assert_eq!(attribute(html, "b", "src").as_deref(), Some("/x?y&z"));
        assert_eq!(element(html, "c"), None);
    }
}
