//! Reading an operator's folder, and refusing it when something in it would not work.

use std::fs;
use std::path::{Path, PathBuf};

use super::{Theme, ThemeError};
use crate::Locale;
use crate::asset::Assets;
use crate::message::check::{self, MessageProblem};
use crate::message::{Messages, built_in_text};

/// Ours has a tenth of that; a photograph in place of a logo does not fit.
const LARGEST_FILE: u64 = 256 * 1024;
const BRAND: &str = "brand.css";
const LOCALES: &str = "locales";
const KNOWN: &str =
    "grantor.css, brand.css, logo.svg, favicon.svg, locales/en.ftl, locales/de.ftl, locales/fr.ftl";

/// Loads a theme; see [`Theme::load`].
pub(super) fn folder(folder: &Path) -> Result<Theme, ThemeError> {
    let mut assets = Assets::built_in();
    let mut brand = None;
    let mut messages = Vec::new();
    for (name, path) in entries(folder)? {
        match name.as_str() {
            Assets::STYLESHEET => assets.replace(Assets::STYLESHEET, stylesheet(&path)?.into_bytes()),
            Assets::LOGO => assets.replace(Assets::LOGO, picture(&path)?.into_bytes()),
            Assets::FAVICON => assets.replace(Assets::FAVICON, picture(&path)?.into_bytes()),
            BRAND => brand = Some(stylesheet(&path)?),
            LOCALES => messages = locales(&path)?,
            _ => {
                return Err(ThemeError::UnknownFile {
                    path,
                    known: KNOWN.to_owned(),
                });
            }
        }
    }
    // The folder is read in no particular order, and the operator's rules have to come last to win.
    if let Some(brand) = brand {
        assets.append(Assets::STYLESHEET, brand.as_bytes());
    }
    Ok(Theme::new(assets, combine(messages)?))
}

struct MessageFile {
    locale: Locale,
    path: PathBuf,
    text: String,
}

fn locales(folder: &Path) -> Result<Vec<MessageFile>, ThemeError> {
    let mut files = Vec::new();
    for (name, path) in entries(folder)? {
        let locale = Locale::ALL
            .into_iter()
            .find(|locale| name == format!("{}.ftl", locale.tag()));
        let Some(locale) = locale else {
            return Err(ThemeError::UnknownFile {
                path,
                known: KNOWN.to_owned(),
            });
        };
        let text = text(&path)?;
        files.push(MessageFile { locale, path, text });
    }
    Ok(files)
}

fn combine(files: Vec<MessageFile>) -> Result<Messages, ThemeError> {
    let located = |path: &Path| {
        let path = path.to_owned();
        move |problem: MessageProblem| ThemeError::Message { path, problem }
    };
    let mut overrides = Vec::new();
    let mut expected = Vec::new();
    for file in &files {
        let resource = check::parse(&file.text).map_err(located(&file.path))?;
        let ours = check::parse(built_in_text(file.locale)).map_err(located(&file.path))?;
        let variables = check::variables(&ours);
        check::compare(&resource, &variables).map_err(located(&file.path))?;
        overrides.push((file.locale, resource));
        expected.push(variables);
    }
    let messages = Messages::new(overrides);
    for (file, variables) in files.iter().zip(&expected) {
        check::format_all(&messages, file.locale, variables).map_err(located(&file.path))?;
    }
    Ok(messages)
}

fn stylesheet(path: &Path) -> Result<String, ThemeError> {
    let css = text(path)?;
    let outside = ["@import", "http://", "https://", "url(//", "url('//", "url(\"//"];
    match outside
        .into_iter()
        .find(|needle| css.to_ascii_lowercase().contains(needle))
    {
        None => Ok(css),
        Some(needle) => Err(content(
            path,
            format!(
                "loads from elsewhere (`{needle}`), which the pages' Content-Security-Policy forbids; \
                 put the rules into the file, and small pictures as data: addresses"
            ),
        )),
    }
}

fn picture(path: &Path) -> Result<String, ThemeError> {
    let svg = text(path)?;
    let lower = svg.to_ascii_lowercase();
    if !lower.contains("<svg") {
        return Err(content(path, "is not an SVG picture".to_owned()));
    }
    // Shown by <img> a script in it is dead, but the file has an address of its own that can be opened.
    if lower.contains("<script") {
        return Err(content(path, "contains a script; remove it".to_owned()));
    }
    Ok(svg)
}

fn content(path: &Path, reason: String) -> ThemeError {
    ThemeError::Content {
        path: path.to_owned(),
        reason,
    }
}

fn text(path: &Path) -> Result<String, ThemeError> {
    let read = |source| ThemeError::Read {
        path: path.to_owned(),
        source,
    };
    if fs::metadata(path).map_err(read)?.len() > LARGEST_FILE {
        return Err(ThemeError::TooLarge {
            path: path.to_owned(),
            limit: LARGEST_FILE,
        });
    }
    let bytes = fs::read(path).map_err(read)?;
    String::from_utf8(bytes).map_err(|_| content(path, "is not UTF-8 text".to_owned()))
}

fn entries(folder: &Path) -> Result<Vec<(String, PathBuf)>, ThemeError> {
    let read = |source| ThemeError::Read {
        path: folder.to_owned(),
        source,
    };
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).map_err(read)? {
        let entry = entry.map_err(read)?;
        let name = entry.file_name().to_string_lossy().into_owned();
        if !name.starts_with('.') && !name.starts_with("README") {
            found.push((name, entry.path()));
        }
    }
    found.sort();
    Ok(found)
}
