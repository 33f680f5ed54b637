//! `grantor user create`.

use clap::Args;
use grantor_protocol::validity;
use grantor_server::admin::{Action, Problem, Request, UserDocument};

use super::claims::ClaimArguments;
use super::password::PasswordArguments;
use crate::administrator::{AdministratorArguments, document};
use crate::output::{CommandError, list, print_json, say};

/// Create a user. The password is asked for.
#[derive(Debug, Args)]
pub(crate) struct Create {
    /// The login name, compared without regard to case.
    #[arg(value_parser = username)]
    username: String,
    #[command(flatten)]
    password: PasswordArguments,
    /// Set no password: the user cannot log in until `set-password` gives them one.
    #[arg(long, conflicts_with = "password_stdin")]
    no_password: bool,
    #[command(flatten)]
    claims: ClaimArguments,
    #[command(flatten)]
    administrator: AdministratorArguments,
    /// Print JSON.
    #[arg(long)]
    json: bool,
}

impl Create {
    pub(crate) async fn run(self) -> Result<(), CommandError> {
        let administrator = self.administrator.open()?;
        let mut user = UserDocument::new(self.username);
        self.claims.write_to(&mut user.claims)?;
        let mut body =
            serde_json::to_value(&user).map_err(|error| CommandError::caused_by("JSON", &error))?;
        if let (false, Some(members)) = (self.no_password, body.as_object_mut()) {
            let password = self.password.read()?;
            members.insert("password".to_owned(), password.expose().into());
        }
        let create = Request::new(Action::CreateUser, &[]).body(body);
        let created = administrator.ask(create).await?;
        let created = created.map_err(|problem| already_there(&user, &problem))?;
        let user: UserDocument = document(created.body)?;
        if self.json {
            return print_json(&user);
        }
        say!("user {} created, sub {}", user.username, list(user.id));
        Ok(())
    }
}

fn already_there(user: &UserDocument, problem: &Problem) -> CommandError {
    let (name, sentence) = (&user.username, problem.sentence());
    match problem.status {
        409 => CommandError::usage(format!("{sentence}; `grantor user update {name}` changes them")),
        _ => CommandError::usage(sentence),
    }
}

/// A login name as it can be typed.
///
/// # Errors
/// When it cannot be one.
pub(super) fn username(text: &str) -> Result<String, String> {
    validity::username(text).map_err(|invalid| invalid.problem)?;
    Ok(text.to_owned())
}
