//! `[device]`: the device authorization grant, RFC 8628.

use grantor_protocol::Policy;
use grantor_types::Seconds;

use super::reader::Section;

pub(super) fn read(section: &mut Section<'_>, policy: &mut Policy) {
    policy.device_code_lifetime = section.setting(
        "code_lifetime",
        policy.device_code_lifetime,
        "Life of a device code and of the code that people type.",
    );
    policy.device_interval = section.setting(
        "interval",
        policy.device_interval,
        "How long a device has to wait before it asks again.",
    );
    let bounds = [
        (
            "code_lifetime",
            policy.device_code_lifetime,
            Seconds::minutes(1),
            Seconds::hours(1),
        ),
        (
            "interval",
            policy.device_interval,
            Seconds(1),
            Seconds::minutes(1),
        ),
    ];
    for (key, value, least, most) in bounds {
        if value < least || value > most {
            section.problem(key, format!("has to be from {} to {} seconds", least.0, most.0));
        }
    }
}
