// oidc-client-ts, as it is published for browsers, in Chromium: what it reads across origins, a real browser let it.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { startApplication } from '../../browser/application.js';
import { launch, open, withWindow } from '../../browser/chromium.js';
import { approve, issuer, logIn } from '../../browser/person.js';

const origin = 'http://localhost:3000';
let application;
let stranger;
let browser;

before(async () => {
  const file = (name) => readFileSync(new URL(name, import.meta.url));
  const script = (body) => ({ type: 'text/javascript', body });
  const page = { body: file('spa/index.html') };
  application = await startApplication({
    '/': page,
    '/oauth/callback': page,
    '/spa.js': script(file('spa/spa.js')),
    '/settings.js': script(`const settings = { authority: ${JSON.stringify(issuer)} };`),
    '/oidc-client-ts.js': script(file('node_modules/oidc-client-ts/dist/browser/oidc-client-ts.min.js')),
  });
  stranger = await startApplication();
  browser = await launch({ 'localhost:3000': application.address, 'localhost:5000': stranger.address });
});

after(async () => {
  await browser?.close();
  application?.close();
  stranger?.close();
});

async function signIn(page) {
  await page.goto(origin);
  await page.click('#sign-in');
}

/** What the library made of the answer. */
const user = (page) =>
  page.waitForURL(`${origin}/oauth/callback*`).then(() =>
    page.evaluate(async () => {
      await answered;
      return manager.getUser();
    }),
  );

test('sign-in by redirect, renewal by refresh token, a call of an API, revocation', async () => {
  await withWindow(browser, {}, async (page) => {
    await signIn(page);
    await approve(page);
    const first = await user(page);
    assert.equal(first.token_type, 'Bearer');
    assert.deepEqual(first.scope.split(' ').sort(), ['email', 'openid', 'profile', 'read']);
    assert.ok(first.expires_at - Date.now() / 1000 > 3500);
    assert.equal(first.profile.iss, issuer);
    assert.equal(first.profile.aud, 'spa');
    assert.equal(first.profile.email, 'demo@example.com', 'userinfo was read across origins');
    assert.equal(first.profile.name, 'Demo Maria User');

    const second = await page.evaluate(() => manager.signinSilent());
    assert.notEqual(second.refresh_token, first.refresh_token);
    assert.notEqual(second.access_token, first.access_token);
    assert.equal(second.profile.sub, first.profile.sub);

    const call = async (url) =>
      page.evaluate(async (address) => {
        const { access_token: token } = await manager.getUser();
        const answer = await fetch(address, { headers: { authorization: `Bearer ${token}` } });
        return { status: answer.status, challenge: answer.headers.get('www-authenticate') };
      }, url);
    assert.deepEqual(await call(`${issuer}/api/user/profile`), { status: 200, challenge: null });
    assert.deepEqual(await call(`${issuer}/oauth/userinfo`), { status: 200, challenge: null });
  });
});

test('revoked tokens are good for nothing', async () => {
  // Refused requests are complaints of the console; these are what the test is about.
  const { context, page } = await open(browser);
  await signIn(page);
  await logIn(page);
  const { access_token: accessToken, refresh_token: refreshToken } = await user(page);
  await page.evaluate(() => manager.revokeTokens(['refresh_token']));
  const renewal = await page.evaluate(async (token) => {
    await manager.storeUser(new oidc.User({ ...(await manager.getUser()), refresh_token: token }));
    return manager.signinSilent().catch((error) => ({ error: error.error, description: error.error_description }));
  }, refreshToken);
  assert.equal(renewal.error, 'invalid_grant');
  assert.match(renewal.description, /revoked/);
  const challenge = await page.evaluate(
    async ([address, token]) => {
      const answer = await fetch(address, { headers: { authorization: `Bearer ${token}` } });
      return [answer.status, answer.headers.get('www-authenticate')];
    },
    [`${issuer}/oauth/userinfo`, accessToken],
  );
  assert.equal(challenge[0], 401);
  assert.match(challenge[1], /error="invalid_token"/, 'the challenge is readable across origins');
  await context.close();
});

test('a second sign-in asks nothing, and one in a hidden frame neither', async () => {
  await withWindow(browser, {}, async (page) => {
    await signIn(page);
    await logIn(page);
    const first = await user(page);
    await signIn(page);
    const second = await user(page);
    assert.equal(second.profile.sub, first.profile.sub);
    assert.notEqual(second.refresh_token, first.refresh_token);

    const framed = await page.evaluate(async () => {
      await manager.removeUser();
      return manager.signinSilent();
    });
    assert.equal(framed.profile.sub, first.profile.sub);
    assert.notEqual(framed.access_token, second.access_token);
  });
});

test('an origin that no client registered reads nothing', async () => {
  const { context, page } = await open(browser);
  await page.goto('http://localhost:5000/');
  const read = (address, options) =>
    page.evaluate(
      ([url, init]) => fetch(url, init).then((answer) => answer.status).catch((error) => error.message),
      [address, options],
    );
  const form = { method: 'POST', body: new URLSearchParams({ grant_type: 'refresh_token' }).toString() };
  const type = { 'content-type': 'application/x-www-form-urlencoded' };
  assert.equal(await read(`${issuer}/oauth/token`, { ...form, headers: type }), 'Failed to fetch');
  assert.equal(
    await read(`${issuer}/oauth/userinfo`, { headers: { authorization: 'Bearer x' } }),
    'Failed to fetch',
  );
  assert.equal(await read(`${issuer}/.well-known/openid-configuration`), 200, 'metadata is public');
  await context.close();
});
