package interop;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.nimbusds.jose.EncryptionMethod;
import com.nimbusds.jose.JWEAlgorithm;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jwt.EncryptedJWT;
import com.nimbusds.jwt.SignedJWT;
import com.nimbusds.oauth2.sdk.auth.ClientAuthenticationMethod;
import com.nimbusds.oauth2.sdk.id.State;
import com.nimbusds.oauth2.sdk.util.URLUtils;
import com.nimbusds.openid.connect.sdk.LogoutRequest;
import com.nimbusds.openid.connect.sdk.claims.LogoutTokenClaimsSet;
import com.nimbusds.openid.connect.sdk.validators.LogoutTokenValidator;
import java.net.URI;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Signing out, and hearing of it. */
final class LogoutTest {
    @Test
    void backWithTheStateAndHeardOfByTheBackChannel() throws Exception {
        try (LogoutListener listener = new LogoutListener()) {
            RelyingParty party = RelyingParty.register(List.of(Keys.signing(JWSAlgorithm.ES256)), wishes -> {
                wishes.setTokenEndpointAuthMethod(ClientAuthenticationMethod.PRIVATE_KEY_JWT);
                wishes.setTokenEndpointAuthJWSAlg(JWSAlgorithm.ES256);
                wishes.setIDTokenJWSAlg(JWSAlgorithm.ES256);
                wishes.setBackChannelLogoutURI(listener.uri());
                wishes.requiresBackChannelLogoutSession(true);
            });
            Person person = new Person();
            RelyingParty.Login login = party.login(person, request -> request, null);
            State state = new State();
            assertEquals(back(state), person.signOut(request(party, (SignedJWT) login.idToken(), state)));

            LogoutTokenClaimsSet claims = LogoutTokenValidator.create(party.server, party.client, null)
                    .validate(listener.next().getLogoutToken());
            assertEquals(login.claims().getSubject(), claims.getSubject());
            assertEquals(login.claims().getSessionID(), claims.getSessionID());
        }
    }

    /** The hint is what was inside: only the relying party can open the rest. */
    @Test
    void hintedByAnIdTokenThatWasEncrypted() throws Exception {
        var keys = List.of(Keys.signing(JWSAlgorithm.ES256), Keys.decrypting(JWEAlgorithm.ECDH_ES));
        RelyingParty party = RelyingParty.register(keys, wishes -> {
            wishes.setTokenEndpointAuthMethod(ClientAuthenticationMethod.PRIVATE_KEY_JWT);
            wishes.setTokenEndpointAuthJWSAlg(JWSAlgorithm.ES256);
            wishes.setIDTokenJWSAlg(JWSAlgorithm.RS256);
            wishes.setIDTokenJWEAlg(JWEAlgorithm.ECDH_ES);
            wishes.setIDTokenJWEEnc(EncryptionMethod.A128GCM);
        });
        Person person = new Person();
        RelyingParty.Login login = party.login(person, request -> request, null);
        SignedJWT hint = ((EncryptedJWT) login.idToken()).getPayload().toSignedJWT();
        State state = new State("a state & more");
        assertEquals(
                List.of("a state & more"),
                URLUtils.parseParameters(
                                person.signOut(request(party, hint, state)).getRawQuery())
                        .get("state"));
    }

    private static URI request(RelyingParty party, SignedJWT hint, State state) {
        return new LogoutRequest(party.server.getEndSessionEndpointURI(), hint, RelyingParty.GOODBYE, state).toURI();
    }

    private static URI back(State state) {
        return URI.create(RelyingParty.GOODBYE + "?state=" + state);
    }
}
