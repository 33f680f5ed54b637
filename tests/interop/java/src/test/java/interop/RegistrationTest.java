package interop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.oauth2.sdk.auth.ClientAuthenticationMethod;
import com.nimbusds.oauth2.sdk.client.ClientDeleteRequest;
import com.nimbusds.oauth2.sdk.client.ClientReadRequest;
import com.nimbusds.openid.connect.sdk.rp.OIDCClientInformation;
import com.nimbusds.openid.connect.sdk.rp.OIDCClientMetadata;
import com.nimbusds.openid.connect.sdk.rp.OIDCClientRegistrationRequest;
import com.nimbusds.openid.connect.sdk.rp.OIDCClientRegistrationResponseParser;
import com.nimbusds.openid.connect.sdk.rp.OIDCClientUpdateRequest;
import java.net.URI;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Dynamic registration and its management. */
final class RegistrationTest {
    @Test
    void readReplacedAndDeleted() throws Exception {
        RelyingParty party = RelyingParty.register(List.of(Keys.signing(JWSAlgorithm.ES256)), wishes -> {
            wishes.setTokenEndpointAuthMethod(ClientAuthenticationMethod.PRIVATE_KEY_JWT);
            wishes.setTokenEndpointAuthJWSAlg(JWSAlgorithm.ES256);
            wishes.setName("Java");
        });
        var uri = party.client.getRegistrationURI();
        var token = party.client.getRegistrationAccessToken();
        OIDCClientInformation read = RelyingParty.information(new ClientReadRequest(uri, token).toHTTPRequest());
        assertEquals(party.client.getID(), read.getID());
        assertEquals(party.client.getOIDCMetadata().toJSONObject(), read.getOIDCMetadata().toJSONObject());

        OIDCClientMetadata wanted = read.getOIDCMetadata();
        wanted.setName("Java, renamed");
        wanted.setIDTokenJWSAlg(JWSAlgorithm.ES256);
        var update = new OIDCClientUpdateRequest(uri, read.getID(), token, wanted, read.getSecret());
        OIDCClientInformation replaced = RelyingParty.information(update.toHTTPRequest());
        assertEquals("Java, renamed", replaced.getOIDCMetadata().getName());
        assertEquals(JWSAlgorithm.ES256, replaced.getOIDCMetadata().getIDTokenJWSAlg());

        assertEquals(204, new ClientDeleteRequest(uri, token).toHTTPRequest().send().getStatusCode());
        assertEquals(401, new ClientReadRequest(uri, token).toHTTPRequest().send().getStatusCode());
    }

    @Test
    void refused() throws Exception {
        var wanted = new OIDCClientMetadata();
        wanted.setRedirectionURI(URI.create("http://application.example/callback"));
        URI endpoint = URI.create(RelyingParty.ISSUER + "/oauth/register");
        var answer = OIDCClientRegistrationResponseParser.parse(
                new OIDCClientRegistrationRequest(endpoint, wanted, null).toHTTPRequest().send());
        assertFalse(answer.indicatesSuccess());
        var error = answer.toErrorResponse().getErrorObject();
        assertEquals("invalid_redirect_uri", error.getCode());
        assertTrue(error.getDescription().startsWith("redirect_uris: "), error::getDescription);
    }
}
