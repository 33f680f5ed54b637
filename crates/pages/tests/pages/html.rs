//! Just enough of an HTML reader for these tests: the pages are well-formed, so every `<` starts a tag.

/// A start tag.
#[derive(Debug)]
pub(crate) struct Tag {
    pub(crate) name: String,
    pub(crate) attributes: Vec<(String, String)>,
    /// The text up to the next tag.
    pub(crate) text: String,
}

impl Tag {
    pub(crate) fn get(&self, attribute: &str) -> Option<&str> {
        self.attributes
            .iter()
            .find(|(name, _)| name == attribute)
            .map(|(_, value)| value.as_str())
    }
}

/// The start tags of a document, in order. Fails when the tags are not nested properly.
pub(crate) fn tags(document: &str) -> Vec<Tag> {
    let mut found: Vec<Tag> = Vec::new();
    let mut open: Vec<String> = Vec::new();
    for piece in document.split('<').skip(1) {
        let (inside, text) = piece.split_once('>').expect("every tag ends");
        if inside.starts_with('!') {
            continue;
        }
        if let Some(name) = inside.strip_prefix('/') {
            assert_eq!(open.pop().as_deref(), Some(name), "closed in the wrong order");
            continue;
        }
        let tag = tag(inside.trim_end_matches('/'), text);
        let void = ["meta", "link", "img", "input", "br"].contains(&tag.name.as_str());
        if !void && !inside.ends_with('/') {
            open.push(tag.name.clone());
        }
        found.push(tag);
    }
    assert!(open.is_empty(), "never closed: {open:?}");
    found
}

fn tag(inside: &str, text: &str) -> Tag {
    let (name, mut rest) = inside.split_once(char::is_whitespace).unwrap_or((inside, ""));
    let mut attributes = Vec::new();
    loop {
        rest = rest.trim_start();
        if rest.is_empty() {
            break;
        }
        let end = rest
            .find(|c: char| c == '=' || c.is_whitespace())
            .unwrap_or(rest.len());
        let attribute = rest[..end].to_owned();
        rest = &rest[end..];
        let mut value = "";
        if let Some(quoted) = rest.strip_prefix("=\"") {
            let end = quoted.find('"').expect("every quotation ends");
            value = &quoted[..end];
            rest = &quoted[end + 1..];
        }
        assert!(!rest.starts_with('='), "an attribute without quotation marks");
        attributes.push((attribute, value.to_owned()));
    }
    Tag {
        name: name.to_owned(),
        attributes,
        text: text.to_owned(),
    }
}
