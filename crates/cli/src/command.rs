//! The commands, one file each.

mod admin;
mod apply;
mod catalogue;
pub(crate) mod check;
mod client;
mod completions;
mod dev;
mod grant;
mod issuer;
mod key;
mod listing;
mod login;
mod logout;
mod passport;
mod reference;
mod registration;
mod resource;
mod scope;
mod serve;
mod token;
mod user;
mod vault;

use clap::Subcommand;

use crate::output::CommandError;

/// What the binary can do.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Start a development server on this machine, with users and clients to try.
    Dev(dev::Dev),
    /// Start a production server.
    Serve(serve::Serve),
    /// Check a configuration file and report every problem at once.
    Check(check::Check),
    /// Bring scopes, resource servers, trusted issuers, clients and users to what a file declares.
    Apply(apply::Apply),
    /// Register and administer clients.
    #[command(subcommand)]
    Client(client::ClientCommand),
    /// Administer the people who can log in.
    #[command(subcommand)]
    User(user::UserCommand),
    /// Administer the scopes that the server knows.
    #[command(subcommand)]
    Scope(scope::ScopeCommand),
    /// Administer resource servers: the APIs that tokens are for.
    #[command(subcommand)]
    Resource(resource::ResourceCommand),
    /// Administer trusted issuers: others whose JWTs are taken for grants and exchanges.
    #[command(subcommand)]
    Issuer(issuer::IssuerCommand),
    /// See and end what clients may do for users.
    #[command(subcommand)]
    Grant(grant::GrantCommand),
    Login(login::Login),
    Token(token::Token),
    Logout(logout::Logout),
    /// See, end and seal anew what logins have brought.
    #[command(subcommand)]
    Vault(vault::VaultCommand),
    /// Administer how clients register themselves.
    #[command(subcommand)]
    Registration(registration::RegistrationCommand),
    /// Administer the keys that sign and seal.
    #[command(subcommand)]
    Key(key::KeyCommand),
    /// Get what it takes to use a server's administration API.
    #[command(subcommand)]
    Admin(admin::AdminCommand),
    Passport(passport::Passport),
    /// Print the completions of a shell.
    Completions(completions::Completions),
    /// Print a generated reference.
    #[command(hide = true)]
    Reference(reference::Reference),
}

impl Command {
    /// Runs the command.
    ///
    /// # Errors
    /// What to tell the person, and the exit code.
    pub(crate) async fn run(self) -> Result<(), CommandError> {
        match self {
            Self::Dev(command) => command.run().await,
            Self::Serve(command) => command.run().await,
            Self::Check(command) => command.run(),
            Self::Apply(command) => command.run().await,
            Self::Client(command) => command.run().await,
            Self::User(command) => command.run().await,
            Self::Scope(command) => command.run().await,
            Self::Resource(command) => command.run().await,
            Self::Issuer(command) => command.run().await,
            Self::Grant(command) => command.run().await,
            Self::Login(command) => command.run().await,
            Self::Token(command) => command.run().await,
            Self::Logout(command) => command.run().await,
            Self::Vault(command) => command.run().await,
            Self::Registration(command) => command.run().await,
            Self::Key(command) => command.run().await,
            Self::Admin(command) => command.run().await,
            Self::Passport(command) => command.run().await,
            Self::Completions(command) => command.run(),
            Self::Reference(command) => command.run(),
        }
    }
}
