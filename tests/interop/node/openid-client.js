// The code flow of openid-client.

import * as oidc from 'openid-client';
import { redirectUri, scope, signIn } from './relying-party.js';

/** An authorization request, and what its answer has to be checked against. */
export async function begin(config, more = {}, build = oidc.buildAuthorizationUrl) {
  const checks = {
    pkceCodeVerifier: oidc.randomPKCECodeVerifier(),
    expectedState: oidc.randomState(),
    expectedNonce: oidc.randomNonce(),
    idTokenExpected: true,
  };
  const url = await build(config, {
    redirect_uri: redirectUri,
    scope,
    state: checks.expectedState,
    nonce: checks.expectedNonce,
    code_challenge: await oidc.calculatePKCECodeChallenge(checks.pkceCodeVerifier),
    code_challenge_method: 'S256',
    ...more,
  });
  return { url, checks };
}

/** The code flow up to the tokens. */
export async function authorize(config, more, { build, dpop, person = signIn } = {}) {
  const { url, checks } = await begin(config, more, build);
  const options = dpop && { DPoP: dpop };
  const tokens = await oidc.authorizationCodeGrant(config, await person(url), checks, undefined, options);
  return { tokens, checks };
}
