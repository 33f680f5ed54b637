//! The device authorization grant ([RFC 8628](https://www.rfc-editor.org/rfc/rfc8628)) up to the token endpoint: what a
//! device is told, and what the person says who types its code. The polling is [`DeviceCode`](crate::grant::DeviceCode).

mod answer;
mod request;
mod user_code;

pub use self::answer::{Unanswerable, approve, deny, waiting};
pub use self::request::{DeviceCodes, NewDevice, request};
pub use self::user_code::UserCode;

#[cfg(test)]
mod tests;
