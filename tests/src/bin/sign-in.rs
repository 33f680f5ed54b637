//! `sign-in URL [approve|deny]`: the person in the tests of other languages. Opens an authorization request in a
//! browser without cookies, logs in as `demo`, decides, and prints the address that the application is called at.
//! `sign-in --device URL [approve|deny]` opens the address that a device shows, and prints the id of what the last page
//! says.

#![allow(
    clippy::expect_used,
    reason = "a test fails by panicking, and so does what only tests use"
)]

use grantor_tests::Person;
use url::Url;

#[tokio::main]
async fn main() {
    let mut arguments = std::env::args().skip(1).peekable();
    let device = arguments.next_if(|argument| argument == "--device").is_some();
    let url = arguments.next().expect("the address of an authorization request");
    let decision = arguments.next().unwrap_or_else(|| "approve".to_owned());
    let issuer = Url::parse(&url)
        .expect("an address")
        .origin()
        .ascii_serialization();
    let person = Person::new(&issuer, "demo");
    let answer = match device {
        true => person.answer_device(&url, &decision).await,
        false => person.authorize(&url, &decision).await,
    };
    let answer = answer.expect("the server answers");
    println!("{answer}");
}
