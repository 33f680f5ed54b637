//! The look and the words of the pages, and what an operator may change of them.

mod read;

use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::asset::{Asset, Assets};
use crate::link::web_link;
use crate::message::Messages;
use crate::message::check::MessageProblem;

/// Everything a page needs that is not its own data: stylesheet, pictures, words, and where they are served.
///
/// Make one at start, keep it, and hand it to every [`Page::render`](crate::Page::render).
#[derive(Clone)]
pub struct Theme {
    assets: Assets,
    messages: Arc<Messages>,
    asset_path: String,
    footer_links: Vec<FooterLink>,
}

/// A link at the foot of every page, such as the imprint or the privacy notice a country's law asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FooterLink {
    /// What it says, in the operator's own language.
    pub label: String,
    /// Where it leads. Only `https` addresses (`http` on loopback) are shown.
    pub address: String,
}

/// Why a theme could not be loaded. The server should not start with it.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ThemeError {
    /// The folder or a file in it cannot be read.
    #[error("cannot read {}: {source}", path.display())]
    Read {
        /// What was to be read.
        path: PathBuf,
        /// What the system says.
        source: std::io::Error,
    },
    /// A file that no page would use, most often a misspelt name.
    #[error("{} is not a file of a theme; a theme may have: {known}", path.display())]
    UnknownFile {
        /// The file.
        path: PathBuf,
        /// The names a theme may have.
        known: String,
    },
    /// The file is too large to be sent with every first visit.
    #[error("{} is larger than {limit} bytes", path.display())]
    TooLarge {
        /// The file.
        path: PathBuf,
        /// The largest size, in bytes.
        limit: u64,
    },
    /// The file is not what its name says, or contains what the browser would refuse.
    #[error("{}: {reason}", path.display())]
    Content {
        /// The file.
        path: PathBuf,
        /// What is wrong and what to do about it.
        reason: String,
    },
    /// The message file has a mistake.
    #[error("{}: {problem}", path.display())]
    Message {
        /// The file.
        path: PathBuf,
        /// The mistake.
        problem: MessageProblem,
    },
}

impl Theme {
    /// The compiled-in theme with an operator's folder laid over it.
    ///
    /// The folder may have `grantor.css` (in the place of our stylesheet), `brand.css` (after it), `logo.svg`,
    /// `favicon.svg`, and `locales/en.ftl`, `locales/de.ftl`, `locales/fr.ftl` with those messages that shall read
    /// differently. Names that start with a dot, and a `README`, are passed over.
    ///
    /// # Errors
    /// When the folder cannot be read, has a file a theme does not have, or one of its files has a mistake. Nothing is
    /// left for the first visitor to find out.
    pub fn load(folder: impl AsRef<Path>) -> Result<Self, ThemeError> {
        read::folder(folder.as_ref())
    }

    /// The same theme with its assets served below another path, for an issuer that has one. It starts and ends with
    /// a slash; at first it is `/assets/`.
    #[must_use]
    pub fn with_asset_path(mut self, path: impl Into<String>) -> Self {
        self.asset_path = path.into();
        self
    }

    /// The same theme with links at the foot of every page. Those that are not safe to follow are left out.
    #[must_use]
    pub fn with_footer_links(mut self, links: Vec<FooterLink>) -> Self {
        self.footer_links = links
            .into_iter()
            .filter_map(|link| {
                Some(FooterLink {
                    address: web_link(&link.address)?,
                    label: link.label,
                })
            })
            .collect();
        self
    }

    /// The path below which [`Theme::asset`] is served.
    #[must_use]
    pub fn asset_path(&self) -> &str {
        &self.asset_path
    }

    /// A file of the theme by its name, the operator's before ours.
    #[must_use]
    pub fn asset(&self, name: &str) -> Option<Asset<'_>> {
        self.assets.get(name)
    }

    pub(crate) fn asset_url(&self, name: &str) -> String {
        self.assets.url(&self.asset_path, name)
    }

    pub(crate) fn messages(&self) -> &Messages {
        &self.messages
    }

    pub(crate) fn footer_links(&self) -> &[FooterLink] {
        &self.footer_links
    }

    fn new(assets: Assets, messages: Messages) -> Self {
        Self {
            assets,
            messages: Arc::new(messages),
            asset_path: "/assets/".to_owned(),
            footer_links: Vec::new(),
        }
    }
}

impl Default for Theme {
    fn default() -> Self {
        Self::new(Assets::built_in(), Messages::new(Vec::new()))
    }
}

impl fmt::Debug for Theme {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Theme")
            .field("stylesheet", &self.asset_url(Assets::STYLESHEET))
            .field("footer_links", &self.footer_links)
            .finish_non_exhaustive()
    }
}
