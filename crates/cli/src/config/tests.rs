use grantor_types::Profile;

use super::read;

const GOOD: &str = r#"
[server]
issuer = "https://id.example.com"
trusted_proxies = ["10.0.0.0/8"]
"#;

fn problems(text: &str) -> Vec<String> {
    let (config, report) = read(text, &|_| None);
    assert_eq!(config.is_some(), report.problems.is_empty());
    report
        .problems
        .into_iter()
        .map(|problem| format!("{} {}", problem.path, problem.message))
        .collect()
}

#[test]
fn a_small_file_is_enough() {
    assert_eq!(problems(GOOD), Vec::<String>::new());
}

#[test]
fn every_problem_is_reported_at_once_with_its_path() {
    let found = problems(
        r#"
[server]
issuer = "http://id.example.com"
listen = "nowhere"
[tokens]
access_token_lifetime = "30d"
code_lifetim = "1s"
[keys]
algorithms = ["ES256"]
[surprise]
x = 1
"#,
    );
    let expected = [
        "server.issuer uses plain http",
        "server.listen has to be an address",
        "server.tls_certificate is missing",
        "tokens.access_token_lifetime has to be from 1 to 86400",
        "tokens.code_lifetim is not a setting",
        "keys.algorithms has to hold RS256",
        "tokens.id_token_algorithm is RS256",
        "surprise is not a setting",
    ];
    for start in expected {
        assert!(
            found.iter().any(|line| line.starts_with(start)),
            "{start} not in {found:#?}"
        );
    }
}

#[test]
fn the_environment_goes_before_the_file() {
    let environment = |name: &str| match name {
        "GRANTOR_SERVER_ISSUER" => Some("https://other.example".to_owned()),
        "GRANTOR_LOGIN_ACCOUNT_ATTEMPTS" => Some("7".to_owned()),
        _ => None,
    };
    let (config, _) = read(GOOD, &environment);
    let config = config.unwrap();
    assert_eq!(config.settings.issuer.as_str(), "https://other.example");
    assert_eq!(config.settings.policy.login.account_attempts, 7);
}

#[test]
fn the_profile_of_openid_connect_is_listed_among_the_dangers() {
    let with = |profile: &str| {
        let text = format!(
            "[server]\nissuer = \"https://a.example\"\ndanger_plain_http = true\nprofile = \"{profile}\""
        );
        read(&text, &|_| None)
    };
    let (config, report) = with("oidc");
    assert_eq!(config.unwrap().settings.policy.profile, Profile::Oidc);
    assert!(
        report.dangers[1].starts_with("server.profile: "),
        "{:?}",
        report.dangers
    );
    let (config, report) = with("oauth21");
    assert_eq!(config.unwrap().settings.policy.profile, Profile::Oauth21);
    assert_eq!(report.dangers.len(), 1);
    let (_, report) = with("fapi");
    assert!(report.problems[0].message.contains("has to be oauth21 or oidc"));
}

#[test]
fn a_danger_is_listed() {
    let (config, report) = read(
        "[server]\nissuer = \"https://a.example\"\ndanger_plain_http = true\n[tokens]\ndanger_anonymous_introspection = true\n\
         danger_anonymous_revocation = true",
        &|_| None,
    );
    let policy = config.unwrap().settings.policy;
    assert!(policy.danger_anonymous_introspection && policy.danger_anonymous_revocation);
    assert_eq!(report.dangers.len(), 3);
    let policy = read(GOOD, &|_| None).0.unwrap().settings.policy;
    assert!(!policy.danger_anonymous_introspection && !policy.danger_anonymous_revocation);
}
