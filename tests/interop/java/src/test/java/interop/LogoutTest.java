package interop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import com.nimbusds.jose.EncryptionMethod;
import com.nimbusds.jose.JWEAlgorithm;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.crypto.ECDHDecrypter;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.source.ImmutableJWKSet;
import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.jwt.EncryptedJWT;
import com.nimbusds.jwt.SignedJWT;
import com.nimbusds.oauth2.sdk.auth.ClientAuthenticationMethod;
import com.nimbusds.oauth2.sdk.id.State;
import com.nimbusds.oauth2.sdk.util.URLUtils;
import com.nimbusds.openid.connect.sdk.LogoutRequest;
import com.nimbusds.openid.connect.sdk.claims.LogoutTokenClaimsSet;
import com.nimbusds.openid.connect.sdk.rp.OIDCClientMetadata;
import com.nimbusds.openid.connect.sdk.validators.LogoutTokenValidator;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** Signing out, and hearing of it. */
final class LogoutTest {
    @Test
    void backWithTheStateAndHeardOfByTheBackChannel() throws Exception {
        try (LogoutListener listener = new LogoutListener()) {
            RelyingParty party = register(listener, List.of(), wishes -> wishes.setIDTokenJWSAlg(JWSAlgorithm.ES256));
            Person person = new Person();
            RelyingParty.Login login = party.login(person, request -> request, null);
            signOut(party, person, (SignedJWT) login.idToken());
            assertHeardOf(party, login, assertInstanceOf(SignedJWT.class, listener.next().getLogoutToken()));
        }
    }

    /**
     * The hint is what was inside, since only the relying party can open the rest. The logout token is encrypted as
     * well, and opened before the SDK checks it: that looks for the type outside, and "the typ Header Parameter
     * containing the explicit type value MUST be present in the inner JWT of the Nested JWT" (RFC 8725 3.11).
     */
    @Test
    void withTokensThatAreEncrypted() throws Exception {
        try (LogoutListener listener = new LogoutListener()) {
            JWK decrypting = Keys.decrypting(JWEAlgorithm.ECDH_ES);
            RelyingParty party = register(listener, List.of(decrypting), wishes -> {
                wishes.setIDTokenJWSAlg(JWSAlgorithm.PS256);
                wishes.setIDTokenJWEAlg(JWEAlgorithm.ECDH_ES);
                wishes.setIDTokenJWEEnc(EncryptionMethod.A128GCM);
            });
            Person person = new Person();
            RelyingParty.Login login = party.login(person, request -> request, null);
            signOut(party, person, ((EncryptedJWT) login.idToken()).getPayload().toSignedJWT());
            EncryptedJWT heard = assertInstanceOf(EncryptedJWT.class, listener.next().getLogoutToken());
            assertEquals(EncryptionMethod.A128GCM, heard.getHeader().getEncryptionMethod());
            heard.decrypt(new ECDHDecrypter(decrypting.toECKey()));
            assertHeardOf(party, login, heard.getPayload().toSignedJWT());
        }
    }

    private static RelyingParty register(LogoutListener listener, List<JWK> more, Consumer<OIDCClientMetadata> wishes)
            throws Exception {
        List<JWK> keys = new ArrayList<>(List.of(Keys.signing(JWSAlgorithm.ES256)));
        keys.addAll(more);
        return RelyingParty.register(keys, wanted -> {
            wanted.setTokenEndpointAuthMethod(ClientAuthenticationMethod.PRIVATE_KEY_JWT);
            wanted.setTokenEndpointAuthJWSAlg(JWSAlgorithm.ES256);
            wanted.setBackChannelLogoutURI(listener.uri());
            wanted.requiresBackChannelLogoutSession(true);
            wishes.accept(wanted);
        });
    }

    private static void signOut(RelyingParty party, Person person, SignedJWT hint) throws Exception {
        State state = new State("a state & more");
        URI endpoint = party.server.getEndSessionEndpointURI();
        URI back = person.signOut(new LogoutRequest(endpoint, hint, RelyingParty.GOODBYE, state).toURI());
        assertEquals(RelyingParty.GOODBYE.getPath(), back.getPath());
        assertEquals(
                Map.of("state", List.of(state.getValue())), URLUtils.parseParameters(back.getRawQuery()));
    }

    private static void assertHeardOf(RelyingParty party, RelyingParty.Login login, SignedJWT logoutToken)
            throws Exception {
        LogoutTokenClaimsSet claims = LogoutTokenValidator.create(
                        party.server, party.client, new ImmutableJWKSet<SecurityContext>(party.keys))
                .validate(logoutToken);
        assertEquals(login.claims().getSubject(), claims.getSubject());
        assertEquals(login.claims().getSessionID(), claims.getSessionID());
    }
}
