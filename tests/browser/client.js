// An application of the fixtures: its requests and what it does with the answers.

import assert from 'node:assert/strict';
import { issuer } from './person.js';

/** The example of RFC 7636 appendix B. */
const verifier = 'dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk';
const challenge = 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM';

export const web = {
  id: 'web',
  secret: 'web-secret',
  redirectUri: 'http://localhost:3000/oauth/callback',
  scope: 'openid profile email read',
};
export const mobile = { id: 'mobile', redirectUri: 'mobile://callback', scope: 'openid mobile:access' };

/** The address that sends a browser to the server. `more` adds parameters, and leaves out those that are undefined. */
export function authorizationUrl(client, more = {}) {
  const parameters = {
    response_type: 'code',
    client_id: client.id,
    redirect_uri: client.redirectUri,
    scope: client.scope,
    state: 'a state & more',
    code_challenge: challenge,
    code_challenge_method: 'S256',
    ...more,
  };
  const present = Object.entries(parameters).filter(([, value]) => value !== undefined);
  return `${issuer}/oauth/authorize?${new URLSearchParams(present)}`;
}

/** Waits until the browser is back at the application, and returns what it brings. */
export async function answerAt(page, client) {
  await page.waitForURL(`${client.redirectUri}**`);
  return new URL(page.url()).searchParams;
}

/** Checks that an answer is one to our request, and returns its code. */
export function codeOf(parameters) {
  assert.equal(parameters.get('error'), null, parameters.toString());
  assert.equal(parameters.get('state'), 'a state & more');
  assert.equal(parameters.get('iss'), issuer);
  return parameters.get('code');
}

/** Checks that an answer is this refusal. */
export function assertRefused(parameters, error) {
  assert.equal(parameters.get('error'), error, parameters.toString());
  assert.equal(parameters.get('state'), 'a state & more');
  assert.equal(parameters.get('iss'), issuer);
  assert.equal(parameters.get('code'), null);
}

async function token(client, form) {
  const answer = await fetch(`${issuer}/oauth/token`, {
    method: 'POST',
    body: new URLSearchParams({ client_id: client.id, client_secret: client.secret, ...form }),
  });
  return { status: answer.status, ...(await answer.json()) };
}

export const redeem = (client, code) =>
  token(client, {
    grant_type: 'authorization_code',
    code,
    redirect_uri: client.redirectUri,
    code_verifier: verifier,
  });

export const refresh = (client, refreshToken) =>
  token(client, { grant_type: 'refresh_token', refresh_token: refreshToken });

/** Claims of an ID token, unverified: other tests verify. */
export const claimsOf = (idToken) => JSON.parse(Buffer.from(idToken.split('.')[1], 'base64url'));
