//! The files the pages need beside their HTML: one stylesheet, three small scripts, two pictures.

use std::borrow::Cow;

/// A file to serve below the theme's asset path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Asset<'a> {
    /// The content.
    pub bytes: &'a [u8],
    /// The value of `Content-Type`. Serve it with `X-Content-Type-Options: nosniff`.
    pub content_type: &'static str,
    /// The value of `ETag`, quotes included.
    pub etag: &'a str,
}

impl Asset<'_> {
    /// The value of `Cache-Control`, given the `v` parameter of the request.
    ///
    /// The pages ask for `grantor.css?v=<hash>`: that answer never changes and may be kept for a year. Without the
    /// present hash the answer may change with the next release, so the browser has to ask again.
    #[must_use]
    pub fn cache_control(&self, version: Option<&str>) -> &'static str {
        if version.is_some_and(|version| self.etag.trim_matches('"') == version) {
            "public, max-age=31536000, immutable"
        } else {
            "public, no-cache"
        }
    }
}

/// A compiled-in file by its name: what [`Theme::default`](crate::Theme::default) serves.
///
/// A server that lets its operator load a theme asks [`Theme::asset`](crate::Theme::asset) instead.
#[must_use]
pub fn asset(name: &str) -> Option<Asset<'static>> {
    static BUILT_IN: std::sync::LazyLock<Assets> = std::sync::LazyLock::new(Assets::built_in);
    BUILT_IN.get(name)
}

/// The files of one theme.
#[derive(Clone, Debug)]
pub(crate) struct Assets {
    files: Vec<File>,
}

#[derive(Clone, Debug)]
struct File {
    name: &'static str,
    content_type: &'static str,
    bytes: Cow<'static, [u8]>,
    etag: String,
}

impl Assets {
    pub(crate) const STYLESHEET: &'static str = "grantor.css";
    pub(crate) const FORM_POST: &'static str = "form-post.js";
    pub(crate) const COPY: &'static str = "copy.js";
    pub(crate) const LOGOUT: &'static str = "logout.js";
    pub(crate) const LOGO: &'static str = "logo.svg";
    pub(crate) const FAVICON: &'static str = "favicon.svg";

    pub(crate) fn built_in() -> Self {
        const CSS: &str = "text/css; charset=utf-8";
        const JAVASCRIPT: &str = "text/javascript; charset=utf-8";
        const SVG: &str = "image/svg+xml";
        let file = |name, content_type, bytes: &'static [u8]| File {
            name,
            content_type,
            bytes: Cow::Borrowed(bytes),
            etag: etag(bytes),
        };
        let stylesheet = [
            include_str!("../assets/css/ground.css"),
            include_str!("../assets/css/parts.css"),
        ]
        .join("\n");
        Self {
            files: vec![
                File {
                    name: Self::STYLESHEET,
                    content_type: CSS,
                    etag: etag(stylesheet.as_bytes()),
                    bytes: Cow::Owned(stylesheet.into_bytes()),
                },
                file(
                    Self::FORM_POST,
                    JAVASCRIPT,
                    include_bytes!("../assets/form-post.js"),
                ),
                file(Self::COPY, JAVASCRIPT, include_bytes!("../assets/copy.js")),
                file(Self::LOGOUT, JAVASCRIPT, include_bytes!("../assets/logout.js")),
                file(Self::LOGO, SVG, include_bytes!("../assets/logo.svg")),
                file(Self::FAVICON, SVG, include_bytes!("../assets/favicon.svg")),
            ],
        }
    }

    pub(crate) fn get(&self, name: &str) -> Option<Asset<'_>> {
        let file = self.files.iter().find(|file| file.name == name)?;
        Some(Asset {
            bytes: &file.bytes,
            content_type: file.content_type,
            etag: &file.etag,
        })
    }

    /// Puts the operator's content in the place of ours.
    pub(crate) fn replace(&mut self, name: &str, bytes: Vec<u8>) {
        if let Some(file) = self.files.iter_mut().find(|file| file.name == name) {
            file.etag = etag(&bytes);
            file.bytes = Cow::Owned(bytes);
        }
    }

    /// Puts the operator's content after ours.
    pub(crate) fn append(&mut self, name: &str, bytes: &[u8]) {
        if let Some(file) = self.files.iter().find(|file| file.name == name) {
            let whole = [&file.bytes, bytes].concat();
            self.replace(name, whole);
        }
    }

    /// `<base><name>?v=<hash>`: a changed file has a changed address, so that browsers may keep each for long.
    pub(crate) fn url(&self, base: &str, name: &str) -> String {
        let version = self.get(name).map_or("", |file| file.etag).trim_matches('"');
        format!("{base}{name}?v={version}")
    }
}

fn etag(bytes: &[u8]) -> String {
    format!("\"{:016x}\"", fingerprint(bytes))
}

/// FNV-1a: tells one release of a file from another. It protects nothing, so it need not be a cryptographic hash; and
/// it is the same on every node and in every release, which the standard library's hasher does not promise.
pub(crate) fn fingerprint(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(*byte)).wrapping_mul(0x0000_0100_0000_01b3)
    })
}

#[cfg(test)]
mod tests {
    use super::{Assets, asset};

    #[test]
    fn the_address_changes_with_the_content() {
        let mut assets = Assets::built_in();
        let before = assets.url("/assets/", Assets::STYLESHEET);
        assets.append(Assets::STYLESHEET, b":root{}");
        let after = assets.url("/assets/", Assets::STYLESHEET);
        assert!(before.starts_with("/assets/grantor.css?v="), "{before}");
        assert_ne!(before, after);
    }

    #[test]
    fn only_the_versioned_address_is_cached_for_long() {
        let css = asset("grantor.css").unwrap();
        let version = css.etag.trim_matches('"');
        assert!(css.cache_control(Some(version)).contains("immutable"));
        assert!(css.cache_control(Some("old")).contains("no-cache"));
        assert!(css.cache_control(None).contains("no-cache"));
    }

    #[test]
    fn unknown_names_are_not_found() {
        assert!(asset("../Cargo.toml").is_none());
        assert!(asset("").is_none());
    }
}
