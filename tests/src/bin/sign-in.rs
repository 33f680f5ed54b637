//! `sign-in URL [approve|deny]`: the person in the tests of other languages. Opens an authorization request in a
//! browser without cookies, logs in as `demo`, decides, and prints the address that the application is called at.

#![allow(
    clippy::expect_used,
    reason = "a test fails by panicking, and so does what only tests use"
)]

use grantor_tests::Person;
use url::Url;

#[tokio::main]
async fn main() {
    let mut arguments = std::env::args().skip(1);
    let url = arguments.next().expect("the address of an authorization request");
    let decision = arguments.next().unwrap_or_else(|| "approve".to_owned());
    let issuer = Url::parse(&url)
        .expect("an address")
        .origin()
        .ascii_serialization();
    let person = Person::new(&issuer, "demo");
    let answer = person
        .authorize(&url, &decision)
        .await
        .expect("the server answers");
    println!("{answer}");
}
