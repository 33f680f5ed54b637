//! The claims that people write: each is a text, or a part of the address, in no language or in a named one.

use serde::{Deserialize, Serialize};

use super::{Address, StandardClaims};
use crate::LanguageTag;
use crate::vocabulary::words;

words! {
    /// A claim of OpenID Connect Core 5.1 that is a text.
    TextClaim {
        /// The whole name.
        Name = "name",
        /// First names.
        GivenName = "given_name",
        /// Names after the first.
        MiddleName = "middle_name",
        /// Last names.
        FamilyName = "family_name",
        /// A casual name.
        Nickname = "nickname",
        /// What the user likes to be called by.
        PreferredUsername = "preferred_username",
        /// A page about the user.
        Profile = "profile",
        /// A picture of the user.
        Picture = "picture",
        /// A page of the user.
        Website = "website",
        /// The gender.
        Gender = "gender",
        /// The birthday.
        Birthdate = "birthdate",
        /// The time zone.
        Zoneinfo = "zoneinfo",
        /// The language.
        Locale = "locale",
        /// The e-mail address.
        Email = "email",
        /// The telephone number.
        PhoneNumber = "phone_number",
    }
}

words! {
    /// A member of the `address` claim (OpenID Connect Core 5.1.1).
    AddressMember {
        /// The whole, as on an envelope.
        Formatted = "formatted",
        /// Street, house, post box.
        StreetAddress = "street_address",
        /// The city.
        Locality = "locality",
        /// State, province.
        Region = "region",
        /// The postal code.
        PostalCode = "postal_code",
        /// The country.
        Country = "country",
    }
}

/// Which text of the claims.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum TextField {
    /// A claim.
    Claim(TextClaim),
    /// A part of the address.
    Address(AddressMember),
}

/// Which text of the claims, and in which language. It is written `name`, `name#fr`, `address.locality` or
/// `address#de.locality`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ClaimField {
    /// Which.
    pub text: TextField,
    /// In which language; absent when nothing is said about that.
    pub language: Option<LanguageTag>,
}

impl TextClaim {
    /// Whether it can be in a language: "Human-readable Claim Values and Claim Values that reference human-readable values
    /// MAY be represented in multiple languages and scripts." (OpenID Connect Core 5.2)
    pub const fn is_human_readable(self) -> bool {
        match self {
            Self::Name
            | Self::GivenName
            | Self::MiddleName
            | Self::FamilyName
            | Self::Nickname
            | Self::Profile
            | Self::Picture
            | Self::Website => true,
            Self::PreferredUsername
            | Self::Gender
            | Self::Birthdate
            | Self::Zoneinfo
            | Self::Locale
            | Self::Email
            | Self::PhoneNumber => false,
        }
    }
}

impl ClaimField {
    /// A claim, in no language.
    pub const fn claim(claim: TextClaim) -> Self {
        Self {
            text: TextField::Claim(claim),
            language: None,
        }
    }

    /// A part of the address, in no language.
    pub const fn address(member: AddressMember) -> Self {
        Self {
            text: TextField::Address(member),
            language: None,
        }
    }

    /// Reads it as it is written. `None` when it is no claim that people write, or cannot be in a language.
    pub fn parse(text: &str) -> Option<Self> {
        let (name, member) = match text.split_once('.') {
            Some((name, member)) => (name, Some(AddressMember::from_name(member)?)),
            None => (text, None),
        };
        let (name, language) = match name.split_once('#') {
            Some((name, tag)) => (name, Some(LanguageTag::parse(tag).ok()?)),
            None => (name, None),
        };
        let text = match member {
            Some(member) => (name == "address").then_some(TextField::Address(member))?,
            None => {
                let claim = TextClaim::from_name(name)?;
                (language.is_none() || claim.is_human_readable()).then_some(TextField::Claim(claim))?
            }
        };
        Some(Self { text, language })
    }

    /// Whether it can be in a language.
    pub const fn is_human_readable(&self) -> bool {
        match self.text {
            TextField::Claim(claim) => claim.is_human_readable(),
            TextField::Address(_) => true,
        }
    }

    /// Every one without a language.
    pub fn without_language() -> impl Iterator<Item = Self> {
        let claims = TextClaim::ALL.iter().copied().map(Self::claim);
        claims.chain(AddressMember::ALL.iter().copied().map(Self::address))
    }
}

impl std::fmt::Display for ClaimField {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (name, member) = match self.text {
            TextField::Claim(claim) => (claim.as_str(), None),
            TextField::Address(member) => ("address", Some(member)),
        };
        f.write_str(name)?;
        if let Some(language) = &self.language {
            write!(f, "#{language}")?;
        }
        match member {
            Some(member) => write!(f, ".{member}"),
            None => Ok(()),
        }
    }
}

impl Address {
    fn member_mut(&mut self, member: AddressMember) -> &mut Option<String> {
        match member {
            AddressMember::Formatted => &mut self.formatted,
            AddressMember::StreetAddress => &mut self.street_address,
            AddressMember::Locality => &mut self.locality,
            AddressMember::Region => &mut self.region,
            AddressMember::PostalCode => &mut self.postal_code,
            AddressMember::Country => &mut self.country,
        }
    }

    /// One part of it.
    pub fn member(&self, member: AddressMember) -> Option<&str> {
        match member {
            AddressMember::Formatted => self.formatted.as_deref(),
            AddressMember::StreetAddress => self.street_address.as_deref(),
            AddressMember::Locality => self.locality.as_deref(),
            AddressMember::Region => self.region.as_deref(),
            AddressMember::PostalCode => self.postal_code.as_deref(),
            AddressMember::Country => self.country.as_deref(),
        }
    }
}

impl StandardClaims {
    fn claim_mut(&mut self, claim: TextClaim) -> &mut Option<String> {
        match claim {
            TextClaim::Name => &mut self.name,
            TextClaim::GivenName => &mut self.given_name,
            TextClaim::MiddleName => &mut self.middle_name,
            TextClaim::FamilyName => &mut self.family_name,
            TextClaim::Nickname => &mut self.nickname,
            TextClaim::PreferredUsername => &mut self.preferred_username,
            TextClaim::Profile => &mut self.profile,
            TextClaim::Picture => &mut self.picture,
            TextClaim::Website => &mut self.website,
            TextClaim::Gender => &mut self.gender,
            TextClaim::Birthdate => &mut self.birthdate,
            TextClaim::Zoneinfo => &mut self.zoneinfo,
            TextClaim::Locale => &mut self.locale,
            TextClaim::Email => &mut self.email,
            TextClaim::PhoneNumber => &mut self.phone_number,
        }
    }

    /// A claim that is a text.
    pub fn claim(&self, claim: TextClaim) -> Option<&str> {
        match claim {
            TextClaim::Name => self.name.as_deref(),
            TextClaim::GivenName => self.given_name.as_deref(),
            TextClaim::MiddleName => self.middle_name.as_deref(),
            TextClaim::FamilyName => self.family_name.as_deref(),
            TextClaim::Nickname => self.nickname.as_deref(),
            TextClaim::PreferredUsername => self.preferred_username.as_deref(),
            TextClaim::Profile => self.profile.as_deref(),
            TextClaim::Picture => self.picture.as_deref(),
            TextClaim::Website => self.website.as_deref(),
            TextClaim::Gender => self.gender.as_deref(),
            TextClaim::Birthdate => self.birthdate.as_deref(),
            TextClaim::Zoneinfo => self.zoneinfo.as_deref(),
            TextClaim::Locale => self.locale.as_deref(),
            TextClaim::Email => self.email.as_deref(),
            TextClaim::PhoneNumber => self.phone_number.as_deref(),
        }
    }

    /// The text of a field.
    pub fn text(&self, field: &ClaimField) -> Option<&str> {
        match (field.text, &field.language) {
            (TextField::Claim(claim), None) => self.claim(claim),
            (TextField::Claim(claim), Some(language)) => {
                let tagged = self.tagged.texts.get(&(claim, language.clone()));
                tagged.map(String::as_str)
            }
            (TextField::Address(member), None) => self.address.as_ref()?.member(member),
            (TextField::Address(member), Some(language)) => {
                self.tagged.addresses.get(language)?.member(member)
            }
        }
    }

    /// Writes the text of a field, or deletes it. An address without members goes with its last one.
    pub fn set_text(&mut self, field: &ClaimField, text: Option<String>) {
        match (field.text, &field.language) {
            (TextField::Claim(claim), None) => *self.claim_mut(claim) = text,
            (TextField::Claim(claim), Some(language)) => {
                let key = (claim, language.clone());
                match text {
                    Some(text) => _ = self.tagged.texts.insert(key, text),
                    None => _ = self.tagged.texts.remove(&key),
                }
            }
            (TextField::Address(member), None) => {
                let mut address = self.address.take().unwrap_or_default();
                *address.member_mut(member) = text;
                self.address = Some(address).filter(|address| *address != Address::default());
            }
            (TextField::Address(member), Some(language)) => {
                let mut address = self.tagged.addresses.remove(language).unwrap_or_default();
                *address.member_mut(member) = text;
                if address != Address::default() {
                    self.tagged.addresses.insert(language.clone(), address);
                }
            }
        }
    }

    /// The fields: all without a language, then those in a language that there is something in.
    pub fn fields(&self) -> impl Iterator<Item = ClaimField> + '_ {
        ClaimField::without_language().chain(self.tagged.fields())
    }

    /// Every text that there is, with its field.
    pub fn texts(&self) -> impl Iterator<Item = (ClaimField, &str)> {
        self.fields().filter_map(|field| {
            let text = self.text(&field)?;
            Some((field, text))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::{ClaimField, StandardClaims};

    #[test]
    fn fields_are_read_as_they_are_written() {
        for name in [
            "name",
            "phone_number",
            "family_name#ja-Kana-JP",
            "address.locality",
            "address#de-CH.street_address",
        ] {
            assert_eq!(ClaimField::parse(name).unwrap().to_string(), name);
        }
        assert_eq!(ClaimField::parse("name#FR-ca").unwrap().to_string(), "name#fr-CA");
        for name in [
            "",
            "sub",
            "address",
            "name#",
            "name#no tag",
            "email#de",
            "locale#de",
            "email_verified",
            "updated_at",
            "address.planet",
            "name.locality",
            "address.locality#de",
            "name#de#fr",
        ] {
            assert_eq!(ClaimField::parse(name), None, "{name}");
        }
    }

    #[test]
    fn texts_are_written_and_deleted() {
        let mut claims = StandardClaims::default();
        let fields = ["name", "name#fr", "address.locality", "address#de.locality"];
        let fields = fields.map(|name| ClaimField::parse(name).unwrap());
        for field in &fields {
            claims.set_text(field, Some(format!("of {field}")));
        }
        for field in &fields {
            assert_eq!(claims.text(field), Some(format!("of {field}").as_str()));
        }
        let found: Vec<String> = claims.texts().map(|(field, _)| field.to_string()).collect();
        assert_eq!(
            found,
            ["name", "address.locality", "name#fr", "address#de.locality"]
        );
        for field in &fields {
            claims.set_text(field, None);
        }
        assert_eq!(claims, StandardClaims::default());
    }
}
