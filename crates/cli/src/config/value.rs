//! The kinds of values that settings have.

use std::net::SocketAddr;
use std::path::PathBuf;

use super::TlsMinimum;
use grantor_server::Network;
use grantor_types::{
    GrantType, Issuer, Origin, Profile, RegistrationMode, Resource, Scope, Seconds, SigningAlgorithm,
    TokenFormat,
};
use toml::Value;

use super::reader::Setting;

fn text(value: &Value) -> Result<&str, String> {
    value
        .as_str()
        .ok_or_else(|| format!("has to be a text in quotes, not {}", value.type_str()))
}

impl Setting for String {
    const KIND: &'static str = "text";
    fn read(value: &Value) -> Result<Self, String> {
        text(value).map(str::to_owned)
    }
    fn show(&self) -> String {
        self.clone()
    }
}

impl Setting for bool {
    const KIND: &'static str = "true or false";
    fn read(value: &Value) -> Result<Self, String> {
        value
            .as_bool()
            .ok_or_else(|| "has to be true or false".to_owned())
    }
    fn show(&self) -> String {
        self.to_string()
    }
}

impl Setting for u32 {
    const KIND: &'static str = "number";
    fn read(value: &Value) -> Result<Self, String> {
        let number = value
            .as_integer()
            .ok_or_else(|| "has to be a whole number".to_owned())?;
        Self::try_from(number).map_err(|_| "has to be a whole number from 0 to 4294967295".to_owned())
    }
    fn show(&self) -> String {
        self.to_string()
    }
}

impl Setting for u64 {
    const KIND: &'static str = "number";
    fn read(value: &Value) -> Result<Self, String> {
        let number = value.as_integer().and_then(|number| Self::try_from(number).ok());
        number.ok_or_else(|| "has to be a whole number, 0 or more".to_owned())
    }
    fn show(&self) -> String {
        self.to_string()
    }
}

impl Setting for Seconds {
    const KIND: &'static str = "duration, such as 30s, 10m, 12h, 30d";
    fn read(value: &Value) -> Result<Self, String> {
        let wrong = || "has to be a duration such as \"30s\", \"10m\", \"12h\" or \"30d\"".to_owned();
        let text = value.as_str().ok_or_else(wrong)?;
        let (number, unit) = text
            .split_at_checked(text.len().saturating_sub(1))
            .ok_or_else(wrong)?;
        let number: u64 = number.parse().map_err(|_| wrong())?;
        let factor = match unit {
            "s" => 1,
            "m" => 60,
            "h" => 3_600,
            "d" => 86_400,
            _ => return Err(wrong()),
        };
        number.checked_mul(factor).map(Seconds).ok_or_else(wrong)
    }
    fn show(&self) -> String {
        match self.0 {
            0 => "0s".to_owned(),
            seconds if seconds % 86_400 == 0 => format!("{}d", seconds / 86_400),
            seconds if seconds % 3_600 == 0 => format!("{}h", seconds / 3_600),
            seconds if seconds % 60 == 0 => format!("{}m", seconds / 60),
            seconds => format!("{seconds}s"),
        }
    }
}

impl Setting for PathBuf {
    const KIND: &'static str = "path";
    fn read(value: &Value) -> Result<Self, String> {
        text(value).map(PathBuf::from)
    }
    fn show(&self) -> String {
        self.display().to_string()
    }
}

impl Setting for SocketAddr {
    const KIND: &'static str = "address:port";
    fn read(value: &Value) -> Result<Self, String> {
        text(value)?
            .parse()
            .map_err(|_| "has to be an address and a port, such as \"0.0.0.0:8443\"".to_owned())
    }
    fn show(&self) -> String {
        self.to_string()
    }
}

impl Setting for Issuer {
    const KIND: &'static str = "https URL";
    fn read(value: &Value) -> Result<Self, String> {
        Self::parse(text(value)?).map_err(|error| error.to_string())
    }
    fn show(&self) -> String {
        self.as_str().to_owned()
    }
}

impl Setting for Origin {
    const KIND: &'static str = "web origin";
    fn read(value: &Value) -> Result<Self, String> {
        Self::parse(text(value)?).map_err(|error| error.to_string())
    }
    fn show(&self) -> String {
        self.as_str().to_owned()
    }
}

impl Setting for Resource {
    const KIND: &'static str = "URI or name";
    fn read(value: &Value) -> Result<Self, String> {
        Self::parse(text(value)?).map_err(|error| error.to_string())
    }
    fn show(&self) -> String {
        self.as_str().to_owned()
    }
}

impl Setting for Network {
    const KIND: &'static str = "network";
    fn read(value: &Value) -> Result<Self, String> {
        Self::parse(text(value)?)
            .ok_or_else(|| "has to be an address or a network, such as \"10.0.0.0/8\"".to_owned())
    }
    fn show(&self) -> String {
        self.to_string()
    }
}

impl Setting for SigningAlgorithm {
    const KIND: &'static str = "ES256, EdDSA, PS256 or RS256";
    fn read(value: &Value) -> Result<Self, String> {
        Self::from_name(text(value)?).ok_or_else(|| "has to be ES256, EdDSA, PS256 or RS256".to_owned())
    }
    fn show(&self) -> String {
        self.to_string()
    }
}

impl Setting for TlsMinimum {
    const KIND: &'static str = "1.2 or 1.3";
    fn read(value: &Value) -> Result<Self, String> {
        match text(value)? {
            "1.2" => Ok(Self::Tls12),
            "1.3" => Ok(Self::Tls13),
            _ => Err("has to be \"1.2\" or \"1.3\"".to_owned()),
        }
    }
    fn show(&self) -> String {
        match self {
            Self::Tls12 => "1.2",
            Self::Tls13 => "1.3",
        }
        .to_owned()
    }
}

impl Setting for TokenFormat {
    const KIND: &'static str = "jwt or opaque";
    fn read(value: &Value) -> Result<Self, String> {
        Self::from_name(text(value)?).ok_or_else(|| "has to be jwt or opaque".to_owned())
    }
    fn show(&self) -> String {
        self.to_string()
    }
}

impl Setting for RegistrationMode {
    const KIND: &'static str = "closed, initial_access_token or open";
    fn read(value: &Value) -> Result<Self, String> {
        let wrong = || "has to be closed, initial_access_token or open".to_owned();
        Self::from_name(text(value)?).ok_or_else(wrong)
    }
    fn show(&self) -> String {
        self.to_string()
    }
}

impl Setting for Profile {
    const KIND: &'static str = "oauth21 or oidc";
    fn read(value: &Value) -> Result<Self, String> {
        Self::from_name(text(value)?).ok_or_else(|| "has to be oauth21 or oidc".to_owned())
    }
    fn show(&self) -> String {
        self.to_string()
    }
}

impl Setting for GrantType {
    const KIND: &'static str = "grant type";
    fn read(value: &Value) -> Result<Self, String> {
        let known: Vec<&str> = Self::ALL.iter().map(|grant| grant.as_str()).collect();
        Self::from_name(text(value)?).ok_or_else(|| format!("has to be of {}", known.join(", ")))
    }
    fn show(&self) -> String {
        self.to_string()
    }
}

impl Setting for Scope {
    const KIND: &'static str = "scopes separated by spaces";
    fn read(value: &Value) -> Result<Self, String> {
        Self::parse(text(value)?).map_err(|error| error.to_string())
    }
    fn show(&self) -> String {
        self.to_string()
    }
}

impl<T: Setting> Setting for Vec<T> {
    const KIND: &'static str = "list";
    fn read(value: &Value) -> Result<Self, String> {
        let items = value
            .as_array()
            .ok_or_else(|| "has to be a list in [ ]".to_owned())?;
        items.iter().map(T::read).collect()
    }
    fn show(&self) -> String {
        let items: Vec<String> = self.iter().map(Setting::show).collect();
        format!("[{}]", items.join(", "))
    }
}
