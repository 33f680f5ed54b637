package interop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.nimbusds.jose.EncryptionMethod;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWEAlgorithm;
import com.nimbusds.jose.JWEHeader;
import com.nimbusds.jose.JWEObject;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.Payload;
import com.nimbusds.jose.crypto.RSAEncrypter;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jwt.EncryptedJWT;
import com.nimbusds.jwt.JWT;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import com.nimbusds.oauth2.sdk.PushedAuthorizationRequest;
import com.nimbusds.oauth2.sdk.PushedAuthorizationResponse;
import com.nimbusds.oauth2.sdk.RefreshTokenGrant;
import com.nimbusds.oauth2.sdk.auth.ClientAuthenticationMethod;
import com.nimbusds.oauth2.sdk.dpop.DefaultDPoPProofFactory;
import com.nimbusds.oauth2.sdk.token.DPoPAccessToken;
import com.nimbusds.openid.connect.sdk.AuthenticationRequest;
import com.nimbusds.openid.connect.sdk.rp.OIDCClientMetadata;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.UUID;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** Authorization requests that are signed, encrypted and pushed, and tokens bound by DPoP. */
final class RequestsTest {
    private static RelyingParty register(Consumer<OIDCClientMetadata> more) throws Exception {
        return RelyingParty.register(List.of(Keys.signing(JWSAlgorithm.PS256)), wishes -> {
            wishes.setTokenEndpointAuthMethod(ClientAuthenticationMethod.PRIVATE_KEY_JWT);
            wishes.setTokenEndpointAuthJWSAlg(JWSAlgorithm.PS256);
            more.accept(wishes);
        });
    }

    @Test
    void signedByValue() throws Exception {
        RelyingParty party = register(wishes -> wishes.setRequestObjectJWSAlg(JWSAlgorithm.PS256));
        var login = party.login(new Person(), request -> with(party, request, signed(party, request)), null);
        assertTrue(party.userInfo(login, null).getEmailVerified());
    }

    @Test
    void signedAndEncrypted() throws Exception {
        RelyingParty party = register(wishes -> {
            wishes.setRequestObjectJWSAlg(JWSAlgorithm.PS256);
            wishes.setRequestObjectJWEAlg(JWEAlgorithm.RSA_OAEP_256);
            wishes.setRequestObjectJWEEnc(EncryptionMethod.A256GCM);
        });
        var login = party.login(
                new Person(), request -> with(party, request, encrypted(party, signed(party, request))), null);
        assertTrue(party.userInfo(login, null).getEmailVerified());
    }

    @Test
    void pushedAndBound() throws Exception {
        RelyingParty party = register(wishes -> wishes.setCustomField("dpop_bound_access_tokens", true));
        var proofs = new DefaultDPoPProofFactory(new ECKeyGenerator(Curve.P_256).generate(), JWSAlgorithm.ES256);
        var login = party.login(new Person(), request -> pushed(party, request), proofs);
        assertInstanceOf(DPoPAccessToken.class, login.tokens().getAccessToken());
        assertTrue(party.userInfo(login, proofs).getEmailVerified());
        var renewed = party.tokens(new RefreshTokenGrant(login.tokens().getRefreshToken()), proofs);
        assertInstanceOf(DPoPAccessToken.class, renewed.getAccessToken());

        var others = new DefaultDPoPProofFactory(new ECKeyGenerator(Curve.P_256).generate(), JWSAlgorithm.ES256);
        var refused = party.askForUserInfo(login.tokens(), others);
        assertFalse(refused.indicatesSuccess());
        assertEquals(401, refused.toErrorResponse().getErrorObject().getHTTPStatusCode());
    }

    private static SignedJWT signed(RelyingParty party, AuthenticationRequest request) throws Exception {
        JWK key = party.signingKey();
        Instant now = Instant.now();
        JWTClaimsSet claims = new JWTClaimsSet.Builder(request.toJWTClaimsSet())
                .issuer(party.client.getID().getValue())
                .audience(RelyingParty.ISSUER.getValue())
                .issueTime(Date.from(now))
                .notBeforeTime(Date.from(now))
                .expirationTime(Date.from(now.plusSeconds(60)))
                .jwtID(UUID.randomUUID().toString())
                .build();
        JWSHeader header = new JWSHeader.Builder(JWSAlgorithm.PS256)
                .type(new JOSEObjectType("oauth-authz-req+jwt"))
                .keyID(key.getKeyID())
                .build();
        SignedJWT object = new SignedJWT(header, claims);
        object.sign(new RSASSASigner(key.toRSAKey()));
        return object;
    }

    private static JWT encrypted(RelyingParty party, SignedJWT object) throws Exception {
        JWK key = JWKSet.load(party.server.getJWKSetURI().toURL()).getKeys().stream()
                .filter(known -> known.getKeyUse() == KeyUse.ENCRYPTION)
                .filter(known -> JWEAlgorithm.RSA_OAEP_256.equals(known.getAlgorithm()))
                .findFirst()
                .orElseThrow();
        JWEHeader header = new JWEHeader.Builder(JWEAlgorithm.RSA_OAEP_256, EncryptionMethod.A256GCM)
                .contentType("JWT")
                .keyID(key.getKeyID())
                .build();
        JWEObject sealed = new JWEObject(header, new Payload(object));
        sealed.encrypt(new RSAEncrypter(key.toRSAKey()));
        return EncryptedJWT.parse(sealed.serialize());
    }

    /** The same request with nothing in the open but the object and who sends it. */
    private static AuthenticationRequest with(RelyingParty party, AuthenticationRequest request, JWT object) {
        return new AuthenticationRequest.Builder(object, party.client.getID())
                .endpointURI(request.getEndpointURI())
                .build();
    }

    private static AuthenticationRequest pushed(RelyingParty party, AuthenticationRequest request) throws Exception {
        var answer = PushedAuthorizationResponse.parse(new PushedAuthorizationRequest(
                        party.server.getPushedAuthorizationRequestEndpointURI(), party.authentication(), request)
                .toHTTPRequest()
                .send());
        assertTrue(answer.indicatesSuccess(), () -> answer.toErrorResponse().getErrorObject().toString());
        assertEquals(60, answer.toSuccessResponse().getLifetime());
        return new AuthenticationRequest.Builder(answer.toSuccessResponse().getRequestURI(), party.client.getID())
                .endpointURI(request.getEndpointURI())
                .build();
    }
}
