//! Reads the forms of a page as a browser would, as far as our own pages go.

/// A form that is about to be sent.
#[derive(Clone, Debug)]
pub(crate) struct Form {
    pub(crate) action: String,
    pub(crate) fields: Vec<(String, String)>,
}

impl Form {
    /// The form that the button with this id sends.
    #[track_caller]
    pub(crate) fn sent_by(html: &str, button: &str) -> Self {
        let id = format!("id=\"{button}\"");
        let form = html
            .split("<form")
            .skip(1)
            .map(|rest| rest.split("</form>").next().unwrap())
            .find(|form| form.contains(&id))
            .unwrap_or_else(|| panic!("no button {button} in {html}"));
        let (head, inside) = form.split_once('>').unwrap();
        assert_eq!(attribute(head, "method").as_deref(), Some("post"));
        let mut fields: Vec<(String, String)> = tags(inside, "<input").filter_map(named).collect();
        fields.extend(inside.split("<textarea").skip(1).filter_map(lines));
        fields.extend(
            tags(inside, "<button")
                .find(|tag| tag.contains(&id))
                .and_then(named),
        );
        Self {
            action: attribute(head, "action").unwrap(),
            fields,
        }
    }

    pub(crate) fn value(&self, name: &str) -> Option<&str> {
        self.fields
            .iter()
            .find(|(own, _)| own == name)
            .map(|(_, value)| value.as_str())
    }

    pub(crate) fn encoded(&self) -> String {
        form_urlencoded::Serializer::new(String::new())
            .extend_pairs(&self.fields)
            .finish()
    }

    /// Fills in a field; one that the page does not have is added.
    pub(crate) fn fill(mut self, name: &str, value: &str) -> Self {
        self.fields.retain(|(own, _)| own != name);
        self.fields.push((name.to_owned(), value.to_owned()));
        self
    }
}

fn tags<'a>(html: &'a str, start: &'a str) -> impl Iterator<Item = &'a str> {
    html.split(start)
        .skip(1)
        .map(|rest| rest.split_once('>').map_or(rest, |(tag, _)| tag))
}

/// A field of several lines. The line feed after the tag is not part of what it holds.
fn lines(rest: &str) -> Option<(String, String)> {
    let (tag, rest) = rest.split_once('>')?;
    let (text, _) = rest.split_once("</textarea>")?;
    let text = text.strip_prefix('\n').unwrap_or(text);
    Some((attribute(tag, "name")?, unescape(text)))
}

/// A control as it is sent; a box that is not ticked is not.
fn named(tag: &str) -> Option<(String, String)> {
    if attribute(tag, "type").as_deref() == Some("checkbox") {
        return None;
    }
    Some((
        attribute(tag, "name")?,
        attribute(tag, "value").unwrap_or_default(),
    ))
}

fn attribute(tag: &str, name: &str) -> Option<String> {
    let value = tag.split_once(&format!(" {name}=\""))?.1.split_once('"')?.0;
    Some(unescape(value))
}

/// Undoes the escapes that templates write.
pub(crate) fn unescape(text: &str) -> String {
    let mut parts = text.split('&');
    let mut plain = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let (entity, rest) = part.split_once(';').expect("an entity");
        let character = match entity {
            "amp" => '&',
            "lt" => '<',
            "gt" => '>',
            "quot" => '"',
            number => {
                let number = number.strip_prefix('#').expect("a known entity").parse();
                char::from_u32(number.unwrap()).unwrap()
            }
        };
        plain.push(character);
        plain.push_str(rest);
    }
    plain
}
