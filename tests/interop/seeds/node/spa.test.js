// The single-page client in TypeScript, in Chromium, on a page whose proxy passes its calls on.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { approve, logIn } from '../../../browser/person.js';
import { compiled, introspect } from './blocks.js';
import { origin, setHost } from './host.js';

const window = setHost({
  html: '<!doctype html><title>Page</title><button id="login-btn">Log in</button><script src="/client.js"></script>',
  script: () => compiled('003/000-oauth-client.ts'),
  passedOn: ['/oauth/token', '/oauth/revoke', '/api/'],
});

const stored = (page, name) => page.evaluate((name) => sessionStorage.getItem(name), name);

test('login, API, refresh and logout', async () => {
  await window(async (page) => {
    await page.goto(`${origin}/`);
    await page.click('#login-btn');
    await approve(page);
    await page.waitForURL(`${origin}/dashboard`);
    assert.equal(await stored(page, 'oauth_scope'), 'read write');
    assert.equal((await page.evaluate('loadUserData()')).client_id, 'your-client-id');

    const first = await stored(page, 'oauth_access_token');
    const renewed = await page.evaluate('oauth.refreshToken()');
    assert.notEqual(renewed.access_token, first);
    assert.equal(await page.evaluate('oauth.isAuthenticated()'), true);

    await page.evaluate('void oauth.logout()');
    await page.waitForURL(`${origin}/login`);
    assert.equal(await stored(page, 'oauth_access_token'), null);
    assert.deepEqual(await introspect(renewed.access_token), { active: false });
  });
});

test('a refresh token that has ended sends the person to log in again', async () => {
  await window(async (page) => {
    await page.goto(`${origin}/`);
    await page.click('#login-btn');
    await logIn(page);
    await page.waitForURL(`${origin}/dashboard`);
    await page.evaluate(() => sessionStorage.setItem('oauth_refresh_token', 'ended'));
    await page.evaluate('void oauth.refreshToken().catch(() => {})');
    // The session is still there and the access was allowed before: the page has new tokens without a question.
    await page.waitForFunction(() => !['ended', null].includes(sessionStorage.getItem('oauth_refresh_token')));
    await page.waitForURL(`${origin}/dashboard`);
  }, ['Failed to load resource: the server responded with a status of 400 (Bad Request)']);
});
