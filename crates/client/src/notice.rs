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
         <style>:root{{color-scheme:light dark}}body{{font:1.15rem/1.6 system-ui,sans-serif;display:grid;\
         min-height:90vh;place-items:center;margin:1rem;background:light-dark(#f6f7f9,#111318)}}\
         main{{max-width:26rem;padding:2.5rem;border-radius:1rem;background:light-dark(#fff,#1b1e25);\
         box-shadow:0 1px 3px rgb(0 0 0/.12),0 8px 24px rgb(0 0 0/.06);text-align:center}}p{{margin:0}}\
         p+p{{margin-top:1rem}}</style>\
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
