package interop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.AsymmetricJWK;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.source.ImmutableJWKSet;
import com.nimbusds.jose.jwk.source.JWKSource;
import com.nimbusds.jose.jwk.source.JWKSourceBuilder;
import com.nimbusds.jose.proc.JWEDecryptionKeySelector;
import com.nimbusds.jose.proc.JWSVerificationKeySelector;
import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.jwt.JWT;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.proc.DefaultJWTClaimsVerifier;
import com.nimbusds.jwt.proc.DefaultJWTProcessor;
import com.nimbusds.oauth2.sdk.AuthorizationCodeGrant;
import com.nimbusds.oauth2.sdk.AuthorizationGrant;
import com.nimbusds.oauth2.sdk.GrantType;
import com.nimbusds.oauth2.sdk.ResponseType;
import com.nimbusds.oauth2.sdk.Scope;
import com.nimbusds.oauth2.sdk.TokenRequest;
import com.nimbusds.oauth2.sdk.TokenResponse;
import com.nimbusds.oauth2.sdk.auth.ClientAuthentication;
import com.nimbusds.oauth2.sdk.auth.ClientAuthenticationMethod;
import com.nimbusds.oauth2.sdk.auth.ClientSecretJWT;
import com.nimbusds.oauth2.sdk.auth.PrivateKeyJWT;
import com.nimbusds.oauth2.sdk.dpop.DPoPProofFactory;
import com.nimbusds.oauth2.sdk.http.HTTPRequest;
import com.nimbusds.oauth2.sdk.id.Issuer;
import com.nimbusds.oauth2.sdk.id.State;
import com.nimbusds.oauth2.sdk.pkce.CodeChallengeMethod;
import com.nimbusds.oauth2.sdk.pkce.CodeVerifier;
import com.nimbusds.openid.connect.sdk.AuthenticationRequest;
import com.nimbusds.openid.connect.sdk.AuthenticationResponse;
import com.nimbusds.openid.connect.sdk.AuthenticationResponseParser;
import com.nimbusds.openid.connect.sdk.Nonce;
import com.nimbusds.openid.connect.sdk.OIDCTokenResponseParser;
import com.nimbusds.openid.connect.sdk.UserInfoRequest;
import com.nimbusds.openid.connect.sdk.UserInfoResponse;
import com.nimbusds.openid.connect.sdk.UserInfoSuccessResponse;
import com.nimbusds.openid.connect.sdk.claims.IDTokenClaimsSet;
import com.nimbusds.openid.connect.sdk.claims.UserInfo;
import com.nimbusds.openid.connect.sdk.op.OIDCProviderMetadata;
import com.nimbusds.openid.connect.sdk.rp.OIDCClientInformation;
import com.nimbusds.openid.connect.sdk.rp.OIDCClientInformationResponse;
import com.nimbusds.openid.connect.sdk.rp.OIDCClientMetadata;
import com.nimbusds.openid.connect.sdk.rp.OIDCClientRegistrationRequest;
import com.nimbusds.openid.connect.sdk.rp.OIDCClientRegistrationResponseParser;
import com.nimbusds.openid.connect.sdk.token.OIDCTokens;
import com.nimbusds.openid.connect.sdk.validators.IDTokenValidator;
import java.net.URI;
import java.security.PrivateKey;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/** A relying party that registered itself: what it knows of the server, its registration and its keys. */
final class RelyingParty {
    static final Issuer ISSUER = new Issuer(System.getenv("GRANTOR_ISSUER"));
    static final URI REDIRECT = URI.create("http://localhost:3000/oauth/callback");
    static final URI GOODBYE = URI.create("http://localhost:3000/goodbye");
    private static final Scope SCOPE = new Scope("openid", "profile", "email", "read");

    /** What leads from the parameters of an authorization request to what the browser is sent with. */
    interface Sending {
        AuthenticationRequest apply(AuthenticationRequest request) throws Exception;
    }

    /** A login: its tokens, the ID token after it was opened and checked, and what that says. */
    record Login(OIDCTokens tokens, JWT idToken, IDTokenClaimsSet claims) {}

    final OIDCProviderMetadata server;
    final OIDCClientInformation client;
    final JWKSet keys;
    private final JWKSource<SecurityContext> serverKeys;

    private RelyingParty(OIDCProviderMetadata server, OIDCClientInformation client, JWKSet keys) throws Exception {
        this.server = server;
        this.client = client;
        this.keys = keys;
        this.serverKeys = JWKSourceBuilder.<SecurityContext>create(server.getJWKSetURI().toURL()).build();
    }

    /** Registers with these keys and wishes; everything that was wished for has to be in the answer. */
    static RelyingParty register(List<JWK> keys, Consumer<OIDCClientMetadata> wishes) throws Exception {
        OIDCProviderMetadata server = OIDCProviderMetadata.resolve(ISSUER);
        OIDCClientMetadata wanted = new OIDCClientMetadata();
        wanted.setRedirectionURI(REDIRECT);
        wanted.setPostLogoutRedirectionURIs(Set.of(GOODBYE));
        wanted.setScope(SCOPE);
        wanted.setGrantTypes(new LinkedHashSet<>(List.of(GrantType.AUTHORIZATION_CODE, GrantType.REFRESH_TOKEN)));
        JWKSet set = new JWKSet(keys);
        if (!keys.isEmpty()) {
            wanted.setJWKSet(set.toPublicJWKSet());
        }
        wishes.accept(wanted);
        HTTPRequest request =
                new OIDCClientRegistrationRequest(server.getRegistrationEndpointURI(), wanted, null).toHTTPRequest();
        OIDCClientInformation client = information(request);
        // The order of scopes means nothing.
        assertEquals(wanted.getScope(), client.getOIDCMetadata().getScope());
        wanted.setScope(client.getOIDCMetadata().getScope());
        for (String member : wanted.toJSONObject().keySet()) {
            Object registered = client.getOIDCMetadata().toJSONObject().get(member);
            assertEquals(wanted.toJSONObject().get(member), registered, member);
        }
        return new RelyingParty(server, client, set);
    }

    /** What a request about a registration is answered with. */
    static OIDCClientInformation information(HTTPRequest request) throws Exception {
        var answer = OIDCClientRegistrationResponseParser.parse(request.send());
        assertTrue(answer.indicatesSuccess(), () -> answer.toErrorResponse().getErrorObject().toString());
        return ((OIDCClientInformationResponse) answer.toSuccessResponse()).getOIDCClientInformation();
    }

    /** How it authenticates: as it registered. The audience is the issuer. */
    ClientAuthentication authentication() throws Exception {
        OIDCClientMetadata metadata = client.getOIDCMetadata();
        URI audience = URI.create(ISSUER.getValue());
        JWSAlgorithm algorithm = metadata.getTokenEndpointAuthJWSAlg();
        if (metadata.getTokenEndpointAuthMethod().equals(ClientAuthenticationMethod.CLIENT_SECRET_JWT)) {
            return new ClientSecretJWT(client.getID(), audience, algorithm, client.getSecret());
        }
        JWK key = signingKey();
        PrivateKey secret = ((AsymmetricJWK) key).toPrivateKey();
        return new PrivateKeyJWT(client.getID(), audience, algorithm, secret, key.getKeyID(), null);
    }

    JWK signingKey() {
        return keys.getKeys().stream().filter(key -> key.getKeyUse() == KeyUse.SIGNATURE).findFirst().orElseThrow();
    }

    /** The code flow with PKCE, up to an ID token that the SDK has opened and checked. */
    Login login(Person person, Sending sending, DPoPProofFactory proofs) throws Exception {
        CodeVerifier verifier = new CodeVerifier();
        State state = new State();
        Nonce nonce = new Nonce();
        AuthenticationRequest request =
                new AuthenticationRequest.Builder(ResponseType.CODE, SCOPE, client.getID(), REDIRECT)
                        .endpointURI(server.getAuthorizationEndpointURI())
                        .state(state)
                        .nonce(nonce)
                        .codeChallenge(verifier, CodeChallengeMethod.S256)
                        .build();
        URI callback = person.signIn(sending.apply(request).toURI());
        AuthenticationResponse answer = AuthenticationResponseParser.parse(callback);
        assertTrue(answer.indicatesSuccess(), callback::toString);
        assertEquals(state, answer.getState());
        assertEquals(ISSUER, answer.getIssuer());
        var code = answer.toSuccessResponse().getAuthorizationCode();
        OIDCTokens tokens = tokens(new AuthorizationCodeGrant(code, REDIRECT, verifier), proofs);
        JWT idToken = tokens.getIDToken();
        var validator = IDTokenValidator.create(server, client, new ImmutableJWKSet<SecurityContext>(keys));
        return new Login(tokens, idToken, validator.validate(idToken, nonce));
    }

    Login login() throws Exception {
        return login(new Person(), request -> request, null);
    }

    /** Asks the token endpoint. */
    OIDCTokens tokens(AuthorizationGrant grant, DPoPProofFactory proofs) throws Exception {
        HTTPRequest request =
                new TokenRequest.Builder(server.getTokenEndpointURI(), authentication(), grant).build().toHTTPRequest();
        if (proofs != null) {
            request.setDPoP(proofs.createDPoPJWT("POST", request.getURI()));
        }
        TokenResponse answer = OIDCTokenResponseParser.parse(request.send());
        assertTrue(answer.indicatesSuccess(), () -> answer.toErrorResponse().getErrorObject().toString());
        return (OIDCTokens) answer.toSuccessResponse().getTokens();
    }

    /** Asks for userinfo. */
    UserInfoResponse askForUserInfo(OIDCTokens tokens, DPoPProofFactory proofs) throws Exception {
        HTTPRequest request =
                new UserInfoRequest(server.getUserInfoEndpointURI(), tokens.getAccessToken()).toHTTPRequest();
        if (proofs != null) {
            request.setDPoP(proofs.createDPoPJWT("GET", request.getURI(), tokens.getAccessToken()));
        }
        return UserInfoResponse.parse(request.send());
    }

    /** Userinfo in the form that was registered, opened and checked by it. */
    UserInfo userInfo(Login login, DPoPProofFactory proofs) throws Exception {
        UserInfoResponse answer = askForUserInfo(login.tokens(), proofs);
        assertTrue(answer.indicatesSuccess(), () -> answer.toErrorResponse().getErrorObject().toString());
        UserInfoSuccessResponse success = answer.toSuccessResponse();
        OIDCClientMetadata metadata = client.getOIDCMetadata();
        boolean isPlain = metadata.getUserInfoJWSAlg() == null;
        UserInfo found = isPlain ? success.getUserInfo() : opened(success.getUserInfoJWT());
        assertEquals(login.claims().getSubject(), found.getSubject());
        return found;
    }

    private UserInfo opened(JWT userInfo) throws Exception {
        OIDCClientMetadata metadata = client.getOIDCMetadata();
        DefaultJWTProcessor<SecurityContext> processor = new DefaultJWTProcessor<>();
        processor.setJWSKeySelector(new JWSVerificationKeySelector<>(metadata.getUserInfoJWSAlg(), serverKeys));
        if (metadata.getUserInfoJWEAlg() != null) {
            processor.setJWEKeySelector(new JWEDecryptionKeySelector<>(
                    metadata.getUserInfoJWEAlg(), metadata.getUserInfoJWEEnc(), new ImmutableJWKSet<>(keys)));
        }
        // "If signed, the UserInfo Response MUST contain the Claims iss (issuer) and aud (audience)" (Core 5.3.2).
        JWTClaimsSet expected = new JWTClaimsSet.Builder().issuer(ISSUER.getValue()).build();
        processor.setJWTClaimsSetVerifier(
                new DefaultJWTClaimsVerifier<>(client.getID().getValue(), expected, Set.of("sub")));
        return new UserInfo(processor.process(userInfo, null));
    }
}
