//! The person in the tests of other languages, who logs in as `demo` in a browser without JavaScript.
//!
//! - `sign-in URL [approve|deny]` opens an authorization request, logs in, decides, and prints the address that the
//!   application is called at.
//! - `sign-in --device URL [approve|deny]` opens the address that a device shows, and prints the id of what the last page
//!   says.
//! - `sign-in --sign-out URL` opens the address at which an application asks to sign out, and prints the address that the
//!   browser is sent back to.
//!
//! Each time the browser is a new one. With `--cookies FILE` in front its cookies come from that file, which need not be
//! there yet, and go back to it.

#![allow(
    clippy::expect_used,
    clippy::panic,
    reason = "a test fails by panicking, and so does what only tests use"
)]

use std::fs;

use grantor_tests::Person;
use url::Url;

#[tokio::main]
async fn main() {
    let mut arguments = std::env::args().skip(1).peekable();
    let keeps = arguments.next_if(|argument| argument == "--cookies");
    let cookies = keeps.map(|_| arguments.next().expect("the file of the cookies"));
    let what = arguments.next_if(|argument| argument.starts_with("--"));
    let url = arguments.next().expect("the address to open");
    let decision = arguments.next().unwrap_or_else(|| "approve".to_owned());
    let issuer = Url::parse(&url)
        .expect("an address")
        .origin()
        .ascii_serialization();
    let person = Person::new(&issuer, "demo");
    if let Some(kept) = cookies.as_ref().and_then(|file| fs::read_to_string(file).ok()) {
        person.set_cookies(&kept);
    }
    let answer = match what.as_deref() {
        None => person.authorize(&url, &decision).await,
        Some("--device") => person.answer_device(&url, &decision).await,
        Some("--sign-out") => person.sign_out(&url).await,
        Some(unknown) => panic!("{unknown} is nothing that this person does"),
    };
    let answer = answer.expect("the server answers");
    if let Some(file) = cookies {
        fs::write(file, person.cookies()).expect("the file of the cookies can be written");
    }
    println!("{answer}");
}
