//! `grantor passport`: the command lines of a server that Grantor can take the place of, in our words.

use clap::{Args, Parser as _};

use crate::Arguments;
use crate::output::{CommandError, say};

/// The other server's names, ours, and what the name stands for.
const NAMES: &[(&[&str], &[&str])] = &[
    (&["client"], &["client", "create"]),
    (&["client:list", "list-clients"], &["client", "list"]),
    (&["show-client"], &["client", "show"]),
    (&["update-client"], &["client", "update"]),
    (
        &["client:revoke", "revoke-client"],
        &["client", "update", "--disable"],
    ),
    (&["client:delete", "delete-client"], &["client", "delete"]),
    (
        &["client:secret", "regenerate-secret"],
        &["client", "rotate-secret"],
    ),
    (&["scope:create", "scope"], &["scope", "create"]),
    (&["scope:list", "list-scopes"], &["scope", "list"]),
    (&["scope:delete", "delete-scope"], &["scope", "delete"]),
    (&["personal-access-token"], &["token", "personal"]),
    (&["token:list", "list-tokens"], &["token", "list"]),
    (&["token:revoke", "revoke-token"], &["token", "revoke"]),
    (
        &["token:revoke-all", "revoke-all-user-tokens"],
        &["token", "revoke-all"],
    ),
];

/// Understand the command lines of another server: `install`, `client`, `client:list`, `personal-access-token` and so on.
#[derive(Debug, Args)]
#[command(after_help = "Each name is one of ours under another one; `grantor passport` alone lists them.")]
pub(crate) struct Passport {
    /// The command and its flags, as the other server has them.
    #[arg(trailing_var_arg = true, allow_hyphen_values = true, value_name = "COMMAND")]
    line: Vec<String>,
}

impl Passport {
    pub(crate) async fn run(self) -> Result<(), CommandError> {
        let Some((name, rest)) = self.line.split_first() else {
            list();
            return Ok(());
        };
        if name == "install" {
            say!("There is nothing to install: the server makes its database and keys when it starts.\n");
            say!("Next: grantor client create, grantor user create, grantor scope create");
            return Ok(());
        }
        let words = translate(name, rest)?;
        let line = std::iter::once("grantor".to_owned()).chain(words);
        match Arguments::try_parse_from(line) {
            // Boxed, since a command that runs a command would be of endless size.
            Ok(arguments) => Box::pin(arguments.command.run()).await,
            Err(error) => error.exit(),
        }
    }
}

fn list() {
    say!("{:<40} ours\n", "passport command");
    say!("{:<40} grantor dev, grantor serve", "install");
    for (names, ours) in NAMES {
        say!("{:<40} grantor {}", names.join(", "), ours.join(" "));
    }
}

/// The line in our words.
fn translate(name: &str, rest: &[String]) -> Result<Vec<String>, CommandError> {
    let known = NAMES.iter().find(|(names, _)| names.contains(&name));
    let Some((_, ours)) = known else {
        return Err(CommandError::usage(format!(
            "there is no passport command {name}; `grantor passport` lists those there are"
        )));
    };
    let mut words: Vec<String> = ours.iter().map(|word| (*word).to_owned()).collect();
    if name == "client" {
        // What every client of that server can do, and ours only when it is said.
        words.extend(
            [
                "--grant-type",
                "authorization_code",
                "--grant-type",
                "refresh_token",
            ]
            .map(str::to_owned),
        );
    }
    let mut rest = rest.iter().flat_map(|word| match word.split_once('=') {
        Some((flag, value)) if flag.starts_with("--") => vec![flag.to_owned(), value.to_owned()],
        Some(_) | None => vec![word.clone()],
    });
    while let Some(word) = rest.next() {
        match word.as_str() {
            "--user-id" => words.push("--user".to_owned()),
            "--redirect-uris" => {
                let uris = rest.next().unwrap_or_default();
                let each = uris.split(',').map(str::trim).filter(|uri| !uri.is_empty());
                words.extend(each.flat_map(|uri| ["--redirect-uri".to_owned(), uri.to_owned()]));
            }
            "--personal" => words.extend(["--personal-access-tokens", "true"].map(str::to_owned)),
            "--password" => {
                return Err(CommandError::usage(
                    "there is no password grant: OAuth 2.1 dropped it. Leave --password out and let people log in on \
                     the server's own page",
                ));
            }
            "--default" => {
                return Err(CommandError::usage(
                    "there are no default scopes: a request without scope asks for all that its client is registered \
                     with. Leave --default out",
                ));
            }
            // `scope --name read` names what `scope:create read` has in its place.
            "--name" if name == "scope" => {}
            _ => words.push(word),
        }
    }
    Ok(words)
}

#[cfg(test)]
mod tests {
    use super::translate;

    fn ours(line: &str) -> String {
        let words: Vec<String> = line.split(' ').map(str::to_owned).collect();
        let (name, rest) = words.split_first().unwrap();
        translate(name, rest).unwrap().join(" ")
    }

    #[test]
    fn lines_in_our_words() {
        for (theirs, expected) in [
            ("client:list", "client list"),
            ("list-clients --json", "client list --json"),
            (
                "client --name App --redirect-uris http://localhost/a,http://localhost/b --personal",
                "client create --grant-type authorization_code --grant-type refresh_token --name App --redirect-uri \
                 http://localhost/a --redirect-uri http://localhost/b --personal-access-tokens true",
            ),
            ("client:revoke app", "client update --disable app"),
            (
                "scope --name read --description x",
                "scope create read --description x",
            ),
            (
                "personal-access-token --user-id=1 --name CI --scopes read,write --expires-in 86400",
                "token personal --user 1 --name CI --scopes read,write --expires-in 86400",
            ),
            ("token:list --user-id demo", "token list --user demo"),
            ("token:revoke-all demo", "token revoke-all demo"),
        ] {
            assert_eq!(ours(theirs), expected);
        }
        for refused in ["client --password", "scope:create read --default", "hash"] {
            let words: Vec<String> = refused.split(' ').map(str::to_owned).collect();
            let (name, rest) = words.split_first().unwrap();
            assert!(translate(name, rest).is_err(), "{refused}");
        }
    }
}
