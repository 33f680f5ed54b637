//! A page that says one thing, with a look of its own and nothing to load.

/// What a browser may do with such a page.
pub(crate) const CONTENT_SECURITY_POLICY: &str =
    "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'";

/// A page with one sentence, and a link beneath it where there is somewhere to go. Texts are escaped here.
pub(crate) fn page(text: &str, link: Option<(&str, &str)>) -> String {
    let text = escaped(text);
    let link = link.map_or_else(String::new, |(address, label)| {
        format!("<p><a href=\"{}\">{}</a></p>", escaped(address), escaped(label))
    });
    format!(
        "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width\"><title>{text}</title>\
         <style>:root{{color-scheme:light dark}}body{{font:1.1rem/1.5 system-ui,sans-serif;display:grid;\
         min-height:90vh;place-items:center;margin:1rem}}main{{max-width:26rem;padding:2rem;border-radius:.75rem;\
         border:1px solid color-mix(in srgb,currentColor 20%,transparent);text-align:center}}</style>\
         <main><p role=\"status\">{text}</p>{link}</main></html>"
    )
}

fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            other => escaped.push(other),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_in_it_is_markup() {
        let shown = page("<b>&", Some(("/x?a=1&b=\"><script>", "<i>")));
        assert!(shown.contains("<p role=\"status\">&lt;b&gt;&amp;</p>"));
        assert!(shown.contains("<a href=\"/x?a=1&amp;b=&quot;&gt;&lt;script&gt;\">&lt;i&gt;</a>"));
        assert!(!page("x", None).contains("<a "));
    }
}
