//! The login itself: in a browser here, in one elsewhere, or without anybody.

use grantor_client::{
    Authorization, Client, DeviceAuthorization, Endpoint, Error, LoopbackReceiver, Tokens, terminal,
};
use grantor_types::{Prompt, Secret};
use grantor_vault::CredentialManager;

use super::Login;
use super::candidate::{Candidate, Doubt, id_token_algorithm, method, register};
use super::provider::Provider;
use crate::output::CommandError;
use crate::user_code;
use crate::vault::{Account, DpopKey, Way, client_error};

/// Where browsers come back to.
const CALLBACK: &str = "/callback";

/// A login that came about.
pub(super) struct SignedIn {
    pub(super) account: Account,
    pub(super) client: Client,
    pub(super) tokens: Tokens,
}

/// A login that the provider has begun with us, so that it knows the client.
enum Begun {
    Browser {
        client: Client,
        receiver: LoopbackReceiver,
        authorization: Box<Authorization>,
    },
    Device {
        client: Client,
        device: DeviceAuthorization,
    },
    Done {
        client: Client,
        tokens: Box<Tokens>,
    },
}

impl Login {
    /// Signs in, as the first client that the provider knows.
    pub(super) async fn sign_in(
        &self,
        vault: &CredentialManager,
        provider: Provider,
        before: Option<&Account>,
        secret: Option<Secret>,
    ) -> Result<SignedIn, CommandError> {
        let wanted = self.wanted(&provider, before, secret)?;
        let candidates = self.candidates(vault, &provider, before, wanted).await?;
        let mut refused = None;
        for candidate in candidates {
            let (account, doubt) = match candidate {
                Candidate::Known(account, doubt) => (account, doubt),
                Candidate::New(account) => (register(&provider, account).await?, Doubt::No),
            };
            match self.begin(&account, &provider).await {
                Ok(begun) => return self.finish(account, begun).await,
                Err(error) if doubt == Doubt::Yes && is_unknown_client(&error) => refused = Some(error),
                Err(error) => return Err(client_error("signing in", &error)),
            }
        }
        let refused = refused.map(|error| client_error("signing in", &error));
        Err(refused.unwrap_or_else(|| CommandError::new("there is no client to sign in with")))
    }

    /// The client as it would have to be.
    fn wanted(
        &self,
        provider: &Provider,
        before: Option<&Account>,
        secret: Option<Secret>,
    ) -> Result<Account, CommandError> {
        let of_before = || before.and_then(|before| before.client_secret.clone());
        let client_secret = match &self.client_id {
            Some(_) => secret.or_else(of_before),
            None => None,
        };
        let way = self.way(provider, before);
        let asked = self.asked(before);
        let dpop = match self.dpop || before.is_some_and(|before| before.dpop.is_some()) {
            true => Some(DpopKey::generate()?),
            false => None,
        };
        Ok(Account {
            issuer: provider.address.clone(),
            client_id: self.client_id.clone().unwrap_or_default(),
            method: method(provider, client_secret.as_ref()),
            client_secret,
            id_token_algorithm: id_token_algorithm(&provider.metadata),
            dpop,
            way,
            asked,
            registration: None,
        })
    }

    fn way(&self, provider: &Provider, before: Option<&Account>) -> Way {
        let arguments = &self.way;
        if arguments.client_credentials {
            return Way::ClientCredentials;
        }
        if arguments.device {
            return Way::Device;
        }
        if arguments.no_browser || arguments.redirect_uri.is_some() {
            return Way::Browser;
        }
        match before {
            Some(before) if self.client_id.is_none() && before.way == Way::ClientCredentials => before.way,
            Some(_) | None if terminal::has_browser() => Way::Browser,
            Some(_) | None if provider.metadata.has(Endpoint::DeviceAuthorization) => Way::Device,
            Some(_) | None => Way::Browser,
        }
    }

    /// The first step, after which it is clear whether the provider knows the client.
    async fn begin(&self, account: &Account, provider: &Provider) -> Result<Begun, Error> {
        let scope = match &account.asked.scope {
            Some(scope) => scope.clone(),
            None if account.way == Way::ClientCredentials => String::new(),
            None => provider.usual_scope(),
        };
        match account.way {
            Way::Browser => self.begin_in_browser(account, provider, &scope).await,
            Way::Device => {
                let client = account.client(provider.metadata.clone(), None)?;
                let mut request = client.device_authorization().scope(&scope);
                for (name, value) in account.asked.targets() {
                    request = request.parameter(name, value);
                }
                let device = request.send().await?;
                Ok(Begun::Device { client, device })
            }
            Way::ClientCredentials => {
                let client = account.client(provider.metadata.clone(), None)?;
                let mut request = client.client_credentials().scope(&scope);
                for (name, value) in account.asked.targets() {
                    request = request.parameter(name, value);
                }
                let tokens = Box::new(request.send().await?);
                Ok(Begun::Done { client, tokens })
            }
        }
    }

    async fn begin_in_browser(
        &self,
        account: &Account,
        provider: &Provider,
        scope: &str,
    ) -> Result<Begun, Error> {
        let receiver = match &self.way.redirect_uri {
            Some(uri) => LoopbackReceiver::bind_at(uri).await?,
            None => LoopbackReceiver::bind(CALLBACK).await?,
        };
        let client = account.client(provider.metadata.clone(), Some(receiver.redirect_uri()))?;
        let mut request = client.authorization().scope(scope);
        let said = self
            .parameters
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str()));
        for (name, value) in account.asked.targets().chain(said) {
            request = request.parameter(name, value);
        }
        let is_said = self.parameters.iter().any(|(name, _)| name == "prompt");
        let asks_for = |wanted: &str| scope.split(' ').any(|scope| scope == wanted);
        // OpenID Connect Core 11: "When offline access is requested, a prompt parameter value of consent MUST be used unless
        // other conditions for processing the request permitting offline access to the requested resources are in place."
        if asks_for("openid") && asks_for("offline_access") && !is_said {
            request = request.prompt(Prompt::Consent);
        }
        let authorization = Box::new(request.start().await?);
        Ok(Begun::Browser {
            client,
            receiver,
            authorization,
        })
    }

    /// Waits for the person, and for the tokens.
    async fn finish(&self, account: Account, begun: Begun) -> Result<SignedIn, CommandError> {
        let failed = |error: Error| client_error("signing in", &error);
        let (client, tokens) = match begun {
            Begun::Done { client, tokens } => (client, *tokens),
            Begun::Device { client, device } => {
                let complete = device.verification_uri_complete.as_deref();
                user_code::show(&device.verification_uri, complete, &device.user_code);
                eprintln!("Waiting for you to sign in there… (Ctrl-C ends it)");
                let tokens = client.wait_for_device(&device).await.map_err(failed)?;
                (client, tokens)
            }
            Begun::Browser {
                client,
                receiver,
                authorization,
            } => {
                let url = &authorization.url;
                if !self.way.no_browser && terminal::has_browser() && terminal::open_browser(url) {
                    eprintln!("Your browser should open now. If it does not, open this address yourself:");
                } else {
                    eprintln!("Open this address in a browser on this machine:");
                }
                eprintln!("\n    {url}\n");
                eprintln!("Waiting for the browser… (Ctrl-C ends it)");
                let callback = receiver.receive(authorization.pending, self.timeout()).await;
                let tokens = client.exchange(callback.map_err(failed)?).await.map_err(failed)?;
                (client, tokens)
            }
        };
        Ok(SignedIn {
            account,
            client,
            tokens,
        })
    }
}

fn is_unknown_client(error: &Error) -> bool {
    let refusal = error.refusal();
    refusal.is_some_and(|refusal| matches!(refusal.code.as_str(), "invalid_client" | "unauthorized_client"))
}
