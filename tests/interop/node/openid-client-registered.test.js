// openid-client as a relying party that registers itself and takes all that the server has to offer. What it cannot do: read,
// change and delete its registration, encrypt a request object, and check a logout token (`jose` does that here).

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createRemoteJWKSet, decodeProtectedHeader, jwtVerify } from 'jose';
import * as oidc from 'openid-client';
import { authorize } from './openid-client.js';
import {
  browser,
  decrypt,
  goodbye,
  issuer,
  keyPair,
  logoutListener,
  registration,
  scope,
} from './relying-party.js';

/** Registers a client with these keys. The answer is checked by the library alone, here and below. */
function register(keys, metadata, authentication) {
  return oidc.dynamicClientRegistration(new URL(issuer), registration(keys, metadata), authentication, {
    execute: [oidc.allowInsecureRequests, oidc.enableNonRepudiationChecks],
  });
}

/** A client that authenticates by a key of its own. */
async function byPrivateKey(alg, metadata = {}, keys = []) {
  const own = await keyPair(alg, 'sig');
  const config = await register(
    [own, ...keys],
    { token_endpoint_auth_method: 'private_key_jwt', token_endpoint_auth_signing_alg: alg, ...metadata },
    oidc.PrivateKeyJwt(own),
  );
  return { config, own };
}

const encryptedFor = (member, { alg }, enc) => ({
  [`${member}_encrypted_response_alg`]: alg,
  [`${member}_encrypted_response_enc`]: enc,
});

/** What userinfo, whatever its form, has to say. */
async function assertUserinfo(config, tokens, options) {
  const userinfo = await oidc.fetchUserInfo(config, tokens.access_token, tokens.claims().sub, options);
  assert.equal(userinfo.email, 'demo@example.com');
  assert.equal(userinfo.name, 'Demo Maria User');
}

test('private_key_jwt, an ID token encrypted by RSA-OAEP-256, signed userinfo', async () => {
  const enc = 'A128GCM';
  const recipient = await keyPair('RSA-OAEP-256', 'enc');
  const metadata = {
    id_token_signed_response_alg: 'ES256',
    userinfo_signed_response_alg: 'RS256',
    ...encryptedFor('id_token', recipient, enc),
  };
  const { config } = await byPrivateKey('PS256', metadata, [recipient]);
  oidc.enableDecryptingResponses(config, [enc], recipient);
  const { tokens } = await authorize(config);
  assert.equal(decodeProtectedHeader(tokens.id_token).alg, 'RSA-OAEP-256');
  assert.equal(decodeProtectedHeader(await decrypt(tokens.id_token, recipient, enc)).alg, 'ES256');
  await assertUserinfo(config, tokens);
  const renewed = await oidc.refreshTokenGrant(config, tokens.refresh_token);
  assert.equal(renewed.claims().sub, tokens.claims().sub);
  assert.equal(decodeProtectedHeader(renewed.id_token).enc, enc);
});

test('client_secret_jwt, an ID token encrypted by ECDH-ES, userinfo signed and encrypted', async () => {
  const enc = 'A256GCM';
  const recipient = await keyPair('ECDH-ES', 'enc');
  const metadata = {
    token_endpoint_auth_method: 'client_secret_jwt',
    token_endpoint_auth_signing_alg: 'HS256',
    id_token_signed_response_alg: 'EdDSA',
    userinfo_signed_response_alg: 'PS256',
    ...encryptedFor('id_token', recipient, enc),
    ...encryptedFor('userinfo', recipient, enc),
  };
  const config = await register([recipient], metadata, oidc.ClientSecretJwt());
  oidc.enableDecryptingResponses(config, [enc], recipient);
  const { tokens } = await authorize(config);
  assert.equal(decodeProtectedHeader(tokens.id_token).alg, 'ECDH-ES');
  await assertUserinfo(config, tokens);
  assert.equal((await oidc.tokenIntrospection(config, tokens.access_token)).active, true);
});

test('a request object by value, which the client must send', async () => {
  const metadata = { request_object_signing_alg: 'EdDSA', require_signed_request_object: true };
  const { config, own } = await byPrivateKey('EdDSA', metadata);
  const build = (to, parameters) => oidc.buildAuthorizationUrlWithJAR(to, parameters, own);
  const { tokens } = await authorize(config, { max_age: '600' }, { build });
  assert.deepEqual(new Set(tokens.scope.split(' ')), new Set(scope.split(' ')));
  assert.equal(typeof tokens.claims().auth_time, 'number');
});

test('a pushed request object, and tokens bound by DPoP', async () => {
  const metadata = { require_pushed_authorization_requests: true, dpop_bound_access_tokens: true };
  const { config, own } = await byPrivateKey('ES256', metadata);
  const dpop = oidc.getDPoPHandle(config, await oidc.randomDPoPKeyPair());
  const build = async (to, parameters) => {
    const { searchParams } = await oidc.buildAuthorizationUrlWithJAR(to, parameters, own);
    const url = await oidc.buildAuthorizationUrlWithPAR(to, searchParams, { DPoP: dpop });
    assert.deepEqual([...url.searchParams.keys()].sort(), ['client_id', 'request_uri']);
    return url;
  };
  const { tokens } = await authorize(config, {}, { build, dpop });
  assert.equal(tokens.token_type, 'dpop');
  const options = { DPoP: dpop };
  await assertUserinfo(config, tokens, options);
  const renewed = await oidc.refreshTokenGrant(config, tokens.refresh_token, undefined, options);
  assert.equal(renewed.token_type, 'dpop');
  // Without the proof the token is worth nothing.
  await assert.rejects(assertUserinfo(config, tokens), (error) => {
    assert.equal(error.status, 401);
    return true;
  });
});

test('signing out leads back with the state, and the logout token arrives', async () => {
  const listener = await logoutListener();
  try {
    const { config } = await byPrivateKey('ES256', {
      id_token_signed_response_alg: 'PS256',
      backchannel_logout_uri: listener.uri,
      backchannel_logout_session_required: true,
    });
    const window = browser();
    const { tokens } = await authorize(config, {}, { person: window.signIn });
    const heard = listener.next();
    const back = await window.signOut(
      oidc.buildEndSessionUrl(config, {
        id_token_hint: tokens.id_token,
        post_logout_redirect_uri: goodbye,
        state: 'the state & more',
      }),
    );
    assert.equal(back.origin + back.pathname, goodbye);
    assert.equal(back.searchParams.get('state'), 'the state & more');

    const { method, type, form } = await heard;
    assert.deepEqual([method, type], ['POST', 'application/x-www-form-urlencoded']);
    assert.deepEqual([...form.keys()], ['logout_token']);
    const keys = createRemoteJWKSet(new URL(config.serverMetadata().jwks_uri));
    const { payload } = await jwtVerify(form.get('logout_token'), keys, {
      issuer,
      audience: config.clientMetadata().client_id,
      typ: 'logout+jwt',
      algorithms: ['PS256'],
      requiredClaims: ['iat', 'exp', 'jti', 'sub', 'sid', 'events'],
      maxTokenAge: 10,
    });
    const { sub, sid } = tokens.claims();
    assert.deepEqual([payload.sub, payload.sid], [sub, sid]);
    assert.deepEqual(payload.events, { 'http://schemas.openid.net/event/backchannel-logout': {} });
    assert.equal('nonce' in payload, false);
    // What was given in the session ends with it.
    await assert.rejects(oidc.refreshTokenGrant(config, tokens.refresh_token), { error: 'invalid_grant' });
  } finally {
    listener.close();
  }
});

test('a registration is read, replaced and deleted', async () => {
  const { config } = await byPrivateKey('ES256');
  const { registration_client_uri: uri, registration_access_token: token, ...known } = config.clientMetadata();
  // The library leaves this to its application.
  const manage = (method, body) =>
    fetch(uri, {
      method,
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: body && JSON.stringify(body),
    });
  const read = await (await manage('GET')).json();
  assert.equal(read.client_id, known.client_id);
  const { client_id_issued_at, registration_client_uri, registration_access_token, ...own } = read;
  const replaced = await (await manage('PUT', { ...own, client_name: 'Another name' })).json();
  assert.equal(replaced.client_name, 'Another name');
  assert.deepEqual(replaced.jwks, read.jwks);
  assert.equal((await manage('DELETE')).status, 204);
  assert.equal((await manage('GET')).status, 401);
  await assert.rejects(oidc.clientCredentialsGrant(config), { error: 'invalid_client' });
});
