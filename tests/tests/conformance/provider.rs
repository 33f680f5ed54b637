//! The server as it is certified, with the people who log in to it and one application beside it.

use grantor_tests::{Application, Deployment, Person, Production, Remains};
use serde_json::{Value, json};
use tokio::sync::OnceCell;

use super::answer::{Answer, text};
use super::party::Party;

/// Everything that the plans need: clients may do without PKCE, and register themselves.
const PROFILE: &str = "profile = \"oidc\"";
const SECTIONS: &str = "[registration]\nmode = \"open\"\naddress_rate = 600\n";

/// Scopes, and a person who has every standard claim.
const DECLARATION: &str = r#"
[[scope]]
name = "openid"
[[scope]]
name = "profile"
[[scope]]
name = "email"
[[scope]]
name = "address"
[[scope]]
name = "phone"
[[scope]]
name = "offline_access"

[[user]]
username = "alice"
password = "alice goes to the lighthouse"
[user.claims]
name = "Alice Liddell"
given_name = "Alice"
family_name = "Liddell"
middle_name = "Pleasance"
nickname = "Al"
preferred_username = "alice"
profile = "https://alice.example/"
picture = "https://alice.example/me.png"
website = "https://alice.example/blog"
gender = "female"
birthdate = "1852-05-04"
zoneinfo = "Europe/London"
locale = "en-GB"
updated_at = 1700000000
email = "alice@example.com"
email_verified = false
phone_number = "+44 1865 276150"
phone_number_verified = true
[user.claims.address]
formatted = "Christ Church, Oxford"
street_address = "St Aldate's"
locality = "Oxford"
region = "Oxfordshire"
postal_code = "OX1 1DP"
country = "UK"

[[user]]
username = "bob"
password = "bob goes to the lighthouse"
"#;

/// What every server of this run begins with: people, scopes and keys.
static REMAINS: OnceCell<Remains> = OnceCell::const_new();

async fn begun() -> Remains {
    let deployment = Deployment {
        declaration: Some(DECLARATION),
        ..Deployment::default()
    };
    deployment.start().await.end().await
}

/// The server, an application, and a client of HTTP that trusts the server.
pub(crate) struct Provider {
    pub(crate) server: Production,
    pub(crate) application: Application,
    /// May be asked, and is not trusted.
    pub(crate) stranger: Application,
    pub(crate) http: reqwest::Client,
}

impl Provider {
    pub(crate) async fn start() -> Self {
        Self::with("").await
    }

    /// With more lines in the section on the server.
    pub(crate) async fn with(lines: &str) -> Self {
        let (application, stranger) = (Application::start().await, Application::start().await);
        let deployment = Deployment {
            server: &format!("{PROFILE}\n{lines}"),
            sections: SECTIONS,
            declaration: None,
            remains: Some(REMAINS.get_or_init(begun).await),
            applications: &[&application],
            strangers: &[&stranger],
        };
        let server = deployment.start().await;
        let http = server.http().build().unwrap();
        Self {
            server,
            application,
            stranger,
            http,
        }
    }

    pub(crate) fn issuer(&self) -> String {
        self.server.issuer()
    }

    /// A browser without cookies, in front of it somebody with an account.
    pub(crate) fn person(&self, username: &str) -> Person {
        let password = format!("{username} goes to the lighthouse");
        Person::with(self.server.http(), &self.issuer(), username, &password)
    }

    /// A public document.
    pub(crate) async fn document(&self, path: &str) -> Value {
        let answer = Answer::to(self.http.get(format!("{}{path}", self.issuer()))).await;
        assert_eq!(
            (answer.status, answer.content_type.as_str()),
            (200, "application/json")
        );
        serde_json::from_str(&answer.text).unwrap()
    }

    pub(crate) async fn metadata(&self) -> Value {
        self.document("/.well-known/openid-configuration").await
    }

    /// The published keys.
    pub(crate) async fn jwks(&self) -> Value {
        self.document("/oauth/jwks.json").await
    }

    pub(crate) async fn post(&self, path: &str, form: &[(&str, &str)]) -> Answer {
        Answer::to(self.http.post(format!("{}{path}", self.issuer())).form(form)).await
    }

    /// What is known of the person, with the access token in the header.
    pub(crate) async fn userinfo(&self, tokens: &Value) -> Answer {
        let request = self.http.get(format!("{}/oauth/userinfo", self.issuer()));
        Answer::to(request.bearer_auth(text(&tokens["access_token"]))).await
    }

    /// Sends a registration: what the application has, with some members replaced.
    pub(crate) async fn registration(&self, changes: &Value) -> Answer {
        let mut document = json!({
            "client_name": "The application",
            "redirect_uris": [self.application.url("/callback")],
            "grant_types": ["authorization_code", "refresh_token"],
            "post_logout_redirect_uris": [self.application.url("/goodbye")],
        });
        let members = document.as_object_mut().unwrap();
        members.extend(changes.as_object().unwrap().clone());
        let endpoint = text(&self.metadata().await["registration_endpoint"]).to_owned();
        Answer::to(self.http.post(endpoint).json(&document)).await
    }

    /// Registers an application.
    pub(crate) async fn register(&self, changes: &Value) -> Party<'_> {
        let answer = self.registration(changes).await;
        assert_eq!(answer.status, 201, "{answer:?}");
        Party::new(self, answer.json())
    }
}
