// openid-client as a relying party. It checks `iss`, `state`, `nonce` and the ID token's signature by itself.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as oidc from 'openid-client';
import { authorize, begin } from './openid-client.js';
import { issuer, scope, signIn } from './relying-party.js';

async function discover(clientId, authentication) {
  // A development server has no TLS; the library has a switch for that.
  const config = await oidc.discovery(new URL(issuer), clientId, undefined, authentication, {
    execute: [oidc.allowInsecureRequests, oidc.enableNonRepudiationChecks],
  });
  assert.equal(config.serverMetadata().issuer, issuer);
  assert.equal(config.serverMetadata().supportsPKCE(), true);
  return config;
}

const web = () => discover('web', oidc.ClientSecretBasic('web-secret'));

function assertTokens(tokens, granted = scope) {
  assert.equal(tokens.token_type, 'bearer');
  assert.equal(tokens.expires_in, 3600);
  assert.deepEqual(new Set(tokens.scope.split(' ')), new Set(granted.split(' ')));
  assert.equal(tokens.access_token.split('.').length, 3);
}

function assertRefused(code) {
  return (error) => {
    assert.equal(error.error, code, error);
    assert.ok(error.error_description);
    return true;
  };
}

test('code flow, ID token, userinfo and refresh', async () => {
  const config = await web();
  const { tokens, checks } = await authorize(config, { max_age: '600' });
  assertTokens(tokens);
  const claims = tokens.claims();
  assert.equal(claims.iss, issuer);
  assert.equal(claims.aud, 'web');
  assert.equal(claims.nonce, checks.expectedNonce);
  assert.deepEqual(claims.amr, ['pwd']);
  assert.equal(claims.exp - claims.iat, 3600);
  assert.ok(claims.auth_time <= claims.iat);

  const userinfo = await oidc.fetchUserInfo(config, tokens.access_token, claims.sub);
  assert.equal(userinfo.name, 'Demo Maria User');
  assert.equal(userinfo.email, 'demo@example.com');
  assert.equal(userinfo.email_verified, true);
  assert.equal(userinfo.address, undefined);

  const seen = new Set([tokens.refresh_token]);
  let current = tokens;
  for (let turn = 0; turn < 3; turn += 1) {
    current = await oidc.refreshTokenGrant(config, current.refresh_token);
    assertTokens(current);
    assert.equal(current.claims().sub, claims.sub);
    assert.equal(current.claims().nonce, undefined);
    assert.ok(!seen.has(current.refresh_token), 'a refresh token came twice');
    seen.add(current.refresh_token);
  }
});

test('introspection and revocation', async () => {
  const config = await web();
  const { tokens } = await authorize(config);
  const found = await oidc.tokenIntrospection(config, tokens.access_token);
  assert.equal(found.active, true);
  assert.equal(found.client_id, 'web');
  assert.equal(found.username, 'demo');
  assert.equal(found.sub, tokens.claims().sub);
  assert.equal((await oidc.tokenIntrospection(config, tokens.refresh_token)).active, true);

  await oidc.tokenRevocation(config, tokens.access_token);
  assert.deepEqual(await oidc.tokenIntrospection(config, tokens.access_token), { active: false });
  // The access token alone was revoked: its grant lives on.
  const renewed = await oidc.refreshTokenGrant(config, tokens.refresh_token);

  await oidc.tokenRevocation(config, renewed.refresh_token, { token_type_hint: 'refresh_token' });
  assert.deepEqual(await oidc.tokenIntrospection(config, renewed.access_token), { active: false });
  await assert.rejects(oidc.refreshTokenGrant(config, renewed.refresh_token), assertRefused('invalid_grant'));
  await assert.rejects(oidc.fetchUserInfo(config, renewed.access_token, oidc.skipSubjectCheck), (error) => {
    assert.equal(error.status, 401);
    assert.equal(error.cause[0].scheme, 'bearer');
    assert.equal(error.cause[0].parameters.error, 'invalid_token');
    return true;
  });
});

for (const method of ['ClientSecretBasic', 'ClientSecretPost']) {
  test(`client credentials with ${method}`, async () => {
    const config = await discover('service', oidc[method]('service-secret'));
    const tokens = await oidc.clientCredentialsGrant(config, { scope: 'read write' });
    assertTokens(tokens, 'read write');
    assert.equal(tokens.refresh_token, undefined);
    const api = new URL('/api/test', issuer);
    const answer = await oidc.fetchProtectedResource(config, tokens.access_token, api, 'GET');
    assert.equal((await answer.json()).client_id, 'service');
  });
}

test('a public client on a loopback port of its own', async () => {
  const config = await discover('native', oidc.None());
  const { tokens } = await authorize(config, {
    redirect_uri: 'http://127.0.0.1:49153/callback',
    scope: 'openid profile read',
  });
  assertTokens(tokens, 'openid profile read');
  const renewed = await oidc.refreshTokenGrant(config, tokens.refresh_token, { scope: 'read' });
  assertTokens(renewed, 'read');
  assert.equal(renewed.id_token, undefined);
});

test('refusals reach the application', async () => {
  const config = await web();
  const { url, checks } = await begin(config, { prompt: 'consent' });
  await assert.rejects(
    oidc.authorizationCodeGrant(config, await signIn(url, 'deny'), checks),
    assertRefused('access_denied'),
  );
  // Nobody is logged in, and nobody may be asked.
  const silent = await begin(config, { prompt: 'none' });
  await assert.rejects(
    oidc.authorizationCodeGrant(config, await signIn(silent.url), silent.checks),
    assertRefused('login_required'),
  );
  const wrong = await discover('service', oidc.ClientSecretBasic('wrong'));
  await assert.rejects(oidc.clientCredentialsGrant(wrong), (error) => {
    assert.equal(error.status, 401);
    assert.match(error.code, /OAUTH_(WWW_AUTHENTICATE_CHALLENGE|RESPONSE_BODY_ERROR)/);
    return true;
  });
  const once = await begin(config);
  const callback = await signIn(once.url);
  const first = await oidc.authorizationCodeGrant(config, callback, once.checks);
  await assert.rejects(
    oidc.authorizationCodeGrant(config, callback, once.checks),
    assertRefused('invalid_grant'),
  );
  // The second use of the code took back what the first had brought.
  await assert.rejects(
    oidc.refreshTokenGrant(config, first.refresh_token),
    assertRefused('invalid_grant'),
  );
});
