package interop;

import com.nimbusds.jose.Algorithm;
import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWEAlgorithm;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;

/** Key pairs of a relying party. */
final class Keys {
    private Keys() {}

    static JWK signing(JWSAlgorithm algorithm) throws JOSEException {
        return pair(algorithm, KeyUse.SIGNATURE, JWSAlgorithm.Family.RSA.contains(algorithm));
    }

    static JWK decrypting(JWEAlgorithm algorithm) throws JOSEException {
        return pair(algorithm, KeyUse.ENCRYPTION, JWEAlgorithm.Family.RSA.contains(algorithm));
    }

    private static JWK pair(Algorithm algorithm, KeyUse use, boolean rsa) throws JOSEException {
        String name = use.getValue() + "-" + algorithm.getName();
        return rsa
                ? new RSAKeyGenerator(2048).keyUse(use).algorithm(algorithm).keyID(name).generate()
                : new ECKeyGenerator(Curve.P_256).keyUse(use).algorithm(algorithm).keyID(name).generate();
    }
}
