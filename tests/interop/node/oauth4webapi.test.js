// oauth4webapi as a relying party: one function for each request and one for each answer, which refuse whatever is not as the
// specification says. What it cannot do: manage a registration, encrypt request objects, lead to the logout (the address is
// put together here), and check a logout token.

import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { decodeProtectedHeader } from 'jose';
import * as oauth from 'oauth4webapi';
import {
  browser,
  decrypt,
  goodbye,
  issuer,
  keyPair,
  publisher,
  redirectUri,
  registration,
  scope,
} from './relying-party.js';

// A development server has no TLS; the library has a switch for that.
const plain = { [oauth.allowInsecureRequests]: true };
let server;

before(async () => {
  const identifier = new URL(issuer);
  const response = await oauth.discoveryRequest(identifier, { ...plain, algorithm: 'oidc' });
  server = await oauth.processDiscoveryResponse(identifier, response);
  const other = await oauth.discoveryRequest(identifier, { ...plain, algorithm: 'oauth2' });
  assert.equal((await oauth.processDiscoveryResponse(identifier, other)).issuer, server.issuer);
});

/** Registers a client with these keys. */
async function register(keys, metadata) {
  const wanted = registration(keys, metadata);
  const response = await oauth.dynamicClientRegistrationRequest(server, wanted, plain);
  const client = await oauth.processDynamicClientRegistrationResponse(response);
  for (const [member, value] of Object.entries(metadata)) assert.deepEqual(client[member], value, member);
  return client;
}

/** A client, how it authenticates, and what it adds to each request. */
async function byPrivateKey(alg, metadata = {}, keys = []) {
  const own = await keyPair(alg, 'sig');
  const client = await register([own, ...keys], { token_endpoint_auth_method: 'private_key_jwt', ...metadata });
  return { own, client, authentication: oauth.PrivateKeyJwt(own), options: plain };
}

// Each leads from the parameters of an authorization request to those that the browser is sent with.

const inQuery = (_, parameters) => parameters;

async function inObject({ client, own }, parameters) {
  const object = await oauth.issueRequestObject(server, client, parameters, own);
  return { client_id: client.client_id, request: object };
}

async function pushed({ client, authentication, options }, parameters) {
  const response = await oauth.pushedAuthorizationRequest(server, client, authentication, parameters, options);
  const { request_uri, expires_in } = await oauth.processPushedAuthorizationResponse(server, client, response);
  assert.equal(expires_in, 60);
  return { client_id: client.client_id, request_uri };
}

/** The code flow up to the tokens and userinfo; `person` is a browser. */
async function authorize(party, send = inQuery, person = browser()) {
  const { client, authentication, options } = party;
  const state = oauth.generateRandomState();
  const nonce = oauth.generateRandomNonce();
  const verifier = oauth.generateRandomCodeVerifier();
  const url = new URL(server.authorization_endpoint);
  const parameters = await send(party, {
    client_id: client.client_id,
    response_type: 'code',
    redirect_uri: redirectUri,
    scope,
    state,
    nonce,
    max_age: '600',
    code_challenge: await oauth.calculatePKCECodeChallenge(verifier),
    code_challenge_method: 'S256',
  });
  for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value);
  const answer = oauth.validateAuthResponse(server, client, await person.signIn(url), state);
  const response = await oauth.authorizationCodeGrantRequest(
    server,
    client,
    authentication,
    answer,
    redirectUri,
    verifier,
    options,
  );
  const tokens = await oauth.processAuthorizationCodeResponse(server, client, response, {
    expectedNonce: nonce,
    maxAge: 600,
    requireIdToken: true,
    ...options,
  });
  await oauth.validateApplicationLevelSignature(server, response, plain);
  return { tokens, claims: oauth.getValidatedIdTokenClaims(tokens) };
}

/** Asks for userinfo, in whatever form the client has registered, and checks it. */
async function userinfo({ client, options }, { tokens, claims }) {
  const response = await oauth.userInfoRequest(server, client, tokens.access_token, options);
  const found = await oauth.processUserInfoResponse(server, client, claims.sub, response, options);
  if (client.userinfo_signed_response_alg) await oauth.validateApplicationLevelSignature(server, response, plain);
  assert.equal(found.email, 'demo@example.com');
  return response.headers.get('content-type');
}

/** Decrypts with this key, when the library asks for it, and remembers what that was. */
function opener(recipient, enc) {
  const seen = [];
  const open = (jwe) => {
    seen.push(decodeProtectedHeader(jwe));
    return decrypt(jwe, recipient, enc);
  };
  return { seen, options: { ...plain, [oauth.jweDecrypt]: open } };
}

for (const [alg, enc] of [
  ['RSA-OAEP-256', 'A256GCM'],
  ['ECDH-ES', 'A128GCM'],
]) {
  test(`private_key_jwt, ID token and userinfo encrypted by ${alg} and ${enc}`, async () => {
    const recipient = await keyPair(alg, 'enc');
    const party = await byPrivateKey(
      'ES256',
      {
        id_token_signed_response_alg: 'PS256',
        id_token_encrypted_response_alg: alg,
        id_token_encrypted_response_enc: enc,
        userinfo_signed_response_alg: 'ES256',
        userinfo_encrypted_response_alg: alg,
        userinfo_encrypted_response_enc: enc,
      },
      [recipient],
    );
    const { seen, options } = opener(recipient, enc);
    party.options = options;
    const outcome = await authorize(party);
    assert.match(await userinfo(party, outcome), /^application\/jwt/);
    assert.deepEqual(
      seen.map((header) => [header.alg, header.enc]),
      [
        [alg, enc],
        [alg, enc],
      ],
    );
  });
}

test('client_secret_jwt and signed userinfo, refreshed, introspected and revoked', async () => {
  const client = await register([], {
    token_endpoint_auth_method: 'client_secret_jwt',
    id_token_signed_response_alg: 'EdDSA',
    userinfo_signed_response_alg: 'EdDSA',
  });
  const authentication = oauth.ClientSecretJwt(client.client_secret);
  const party = { client, authentication, options: plain };
  const { tokens, claims } = await authorize(party);
  assert.match(await userinfo(party, { tokens, claims }), /^application\/jwt/);

  const answer = await oauth.refreshTokenGrantRequest(server, client, authentication, tokens.refresh_token, plain);
  const renewed = await oauth.processRefreshTokenResponse(server, client, answer);
  assert.equal(oauth.getValidatedIdTokenClaims(renewed).sub, claims.sub);

  const active = async () => {
    const response = await oauth.introspectionRequest(server, client, authentication, renewed.access_token, plain);
    return (await oauth.processIntrospectionResponse(server, client, response)).active;
  };
  assert.equal(await active(), true);
  const gone = await oauth.revocationRequest(server, client, authentication, renewed.refresh_token, plain);
  await oauth.processRevocationResponse(gone);
  assert.equal(await active(), false);
});

test('a request object by value', async () => {
  const metadata = {
    request_object_signing_alg: 'PS256',
    require_signed_request_object: true,
    id_token_signed_response_alg: 'ES256',
  };
  const party = await byPrivateKey('PS256', metadata);
  assert.match(await userinfo(party, await authorize(party, inObject)), /^application\/json/);
});

test('keys and a request object at addresses of the client', async () => {
  const published = await publisher();
  try {
    const own = await keyPair('ES256', 'sig');
    published.publish('/keys', 'application/jwk-set+json', JSON.stringify({ keys: [own.jwk] }));
    const client = await register([], {
      jwks_uri: `${published.address}/keys`,
      request_uris: [`${published.address}/request`],
      token_endpoint_auth_method: 'private_key_jwt',
    });
    const party = { own, client, authentication: oauth.PrivateKeyJwt(own), options: plain };
    const byReference = async (_, parameters) => {
      const { client_id, request } = await inObject(party, parameters);
      published.publish('/request', 'application/oauth-authz-req+jwt', request);
      return { client_id, request_uri: `${published.address}/request` };
    };
    assert.match(await userinfo(party, await authorize(party, byReference)), /^application\/json/);
  } finally {
    published.close();
  }
});

test('a pushed request, and tokens bound by DPoP', async () => {
  const metadata = { require_pushed_authorization_requests: true, dpop_bound_access_tokens: true };
  const party = await byPrivateKey('EdDSA', metadata);
  const { client } = party;
  const keys = await oauth.generateKeyPair('ES256');
  party.options = { ...plain, DPoP: oauth.DPoP(client, keys) };
  const { tokens, claims } = await authorize(party, pushed);
  assert.equal(tokens.token_type, 'dpop');
  await userinfo(party, { tokens, claims });
  const another = { ...plain, DPoP: oauth.DPoP(client, await oauth.generateKeyPair('ES256')) };
  await assert.rejects(
    async () => userinfo({ client, options: another }, { tokens, claims }),
    (error) => {
      assert.equal(error.code, oauth.WWW_AUTHENTICATE_CHALLENGE);
      assert.equal(error.status, 401);
      return true;
    },
  );
});

test('signing out leads back with the state', async () => {
  const party = await byPrivateKey('ES256');
  const person = browser();
  const { tokens } = await authorize(party, inQuery, person);
  const url = new URL(server.end_session_endpoint);
  url.searchParams.set('id_token_hint', tokens.id_token);
  url.searchParams.set('post_logout_redirect_uri', goodbye);
  url.searchParams.set('state', 'after');
  assert.equal((await person.signOut(url)).href, `${goodbye}?state=after`);
});
