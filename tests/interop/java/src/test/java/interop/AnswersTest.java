package interop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import com.nimbusds.jose.EncryptionMethod;
import com.nimbusds.jose.JWEAlgorithm;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jwt.EncryptedJWT;
import com.nimbusds.jwt.SignedJWT;
import com.nimbusds.oauth2.sdk.RefreshTokenGrant;
import com.nimbusds.oauth2.sdk.auth.ClientAuthenticationMethod;
import com.nimbusds.openid.connect.sdk.claims.AMR;
import com.nimbusds.openid.connect.sdk.claims.UserInfo;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** ID tokens and userinfo in every form that a client can register. EdDSA needs a further library in this SDK. */
final class AnswersTest {
    @ParameterizedTest
    @CsvSource({"RS256, ES256", "ES256, PS256", "PS256, RS256"})
    void signed(String idToken, String userInfo) throws Exception {
        JWSAlgorithm own = JWSAlgorithm.parse(idToken);
        RelyingParty party = RelyingParty.register(List.of(Keys.signing(own)), wishes -> {
            wishes.setTokenEndpointAuthMethod(ClientAuthenticationMethod.PRIVATE_KEY_JWT);
            wishes.setTokenEndpointAuthJWSAlg(own);
            wishes.setIDTokenJWSAlg(own);
            wishes.setUserInfoJWSAlg(JWSAlgorithm.parse(userInfo));
        });
        RelyingParty.Login login = party.login();
        assertEquals(own, assertInstanceOf(SignedJWT.class, login.idToken()).getHeader().getAlgorithm());
        assertEquals(List.of(new AMR("pwd")), login.claims().getAMR());
        assertDemo(party.userInfo(login, null));
    }

    @ParameterizedTest
    @CsvSource({"RSA-OAEP-256, A128GCM", "RSA-OAEP-256, A256GCM", "ECDH-ES, A128GCM", "ECDH-ES, A256GCM"})
    void encrypted(String alg, String enc) throws Exception {
        JWEAlgorithm algorithm = JWEAlgorithm.parse(alg);
        EncryptionMethod method = EncryptionMethod.parse(enc);
        List<JWK> keys = List.of(Keys.signing(JWSAlgorithm.ES256), Keys.decrypting(algorithm));
        RelyingParty party = RelyingParty.register(keys, wishes -> {
            wishes.setTokenEndpointAuthMethod(ClientAuthenticationMethod.PRIVATE_KEY_JWT);
            wishes.setTokenEndpointAuthJWSAlg(JWSAlgorithm.ES256);
            wishes.setIDTokenJWSAlg(JWSAlgorithm.PS256);
            wishes.setIDTokenJWEAlg(algorithm);
            wishes.setIDTokenJWEEnc(method);
            wishes.setUserInfoJWSAlg(JWSAlgorithm.ES256);
            wishes.setUserInfoJWEAlg(algorithm);
            wishes.setUserInfoJWEEnc(method);
        });
        RelyingParty.Login login = party.login();
        assertEquals(method, assertInstanceOf(EncryptedJWT.class, login.idToken()).getHeader().getEncryptionMethod());
        assertDemo(party.userInfo(login, null));
    }

    @Test
    void authenticatedBySecretInAssertionAndRefreshed() throws Exception {
        RelyingParty party = RelyingParty.register(List.of(), wishes -> {
            wishes.setTokenEndpointAuthMethod(ClientAuthenticationMethod.CLIENT_SECRET_JWT);
            wishes.setTokenEndpointAuthJWSAlg(JWSAlgorithm.HS256);
        });
        RelyingParty.Login login = party.login();
        assertDemo(party.userInfo(login, null));
        var refresh = login.tokens().getRefreshToken();
        var renewed = party.tokens(new RefreshTokenGrant(refresh), null);
        assertNotEquals(refresh, renewed.getRefreshToken());
        assertEquals(login.claims().getSubject().getValue(), renewed.getIDToken().getJWTClaimsSet().getSubject());
    }

    private static void assertDemo(UserInfo userInfo) {
        assertEquals("Demo Maria User", userInfo.getName());
        assertEquals("demo@example.com", userInfo.getEmailAddress());
        assertEquals(true, userInfo.getEmailVerified());
        assertNull(userInfo.getPhoneNumber());
    }
}
