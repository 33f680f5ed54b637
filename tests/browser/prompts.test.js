// What an application may ask for with `prompt`, `max_age` and `login_hint`, seen by somebody who is signed in.

import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { open } from './chromium.js';
import { answerAt, assertRefused, authorizationUrl, claimsOf, codeOf, redeem, web } from './client.js';
import { approve, issuer, logIn } from './person.js';
import { setStage } from './stage.js';

let page;
let complaints;

setStage(async ({ browser }) => {
  ({ page, complaints } = await open(browser));
});

after(() => assert.deepEqual(complaints, []));

const kind = () => page.getAttribute('body', 'id');

const answer = () => answerAt(page, web);

const idToken = async () => claimsOf((await redeem(web, codeOf(await answer()))).id_token);

test('prompt=none before anybody is signed in', async () => {
  await page.goto(authorizationUrl(web, { prompt: 'none' }));
  assertRefused(await answer(), 'login_required');
});

test('login_hint fills in the name', async () => {
  await page.goto(authorizationUrl(web, { login_hint: 'demo' }));
  assert.equal(await page.inputValue('#username'), 'demo');
  assert.equal(await page.evaluate(() => document.activeElement.id), 'password');
});

test('prompt=none when signed in, and what was not allowed yet', async () => {
  await page.goto(`${issuer}/login`);
  await logIn(page);
  await page.waitForURL(`${issuer}/account`);
  await page.goto(authorizationUrl(web, { prompt: 'none' }));
  assertRefused(await answer(), 'consent_required');
  await page.goto(authorizationUrl(web));
  await page.click('#consent-approve');
  codeOf(await answer());
  await page.goto(authorizationUrl(web, { prompt: 'none' }));
  codeOf(await answer());
});

test('prompt=consent asks again', async () => {
  await page.goto(authorizationUrl(web, { prompt: 'consent' }));
  assert.equal(await kind(), 'consent-page');
  await page.click('#consent-approve');
  codeOf(await answer());
});

const sessionCookie = async () =>
  (await page.context().cookies(issuer)).find((cookie) => cookie.name.includes('session')).value;

test('prompt=login asks for the password again, and the session goes on with a new cookie', async () => {
  await page.goto(authorizationUrl(web));
  const before = await idToken();
  const cookie = await sessionCookie();
  await page.goto(authorizationUrl(web, { prompt: 'login' }));
  assert.equal(await kind(), 'login-page');
  await logIn(page);
  const after = await idToken();
  assert.equal(after.sub, before.sub);
  assert.equal(after.sid, before.sid);
  assert.notEqual(await sessionCookie(), cookie);
  assert.ok(after.auth_time >= before.auth_time);
});

test('max_age=0 asks for the password again', async () => {
  await page.goto(authorizationUrl(web, { max_age: '0' }));
  assert.equal(await kind(), 'login-page');
  await logIn(page);
  codeOf(await answer());
});

test('prompt=select_account goes on as who is here, or leaves', async () => {
  await page.goto(authorizationUrl(web, { prompt: 'select_account' }));
  assert.equal(await kind(), 'account-page');
  assert.match(await page.textContent('#account-0'), /Demo Maria User/);
  await page.click('#account-0');
  codeOf(await answer());

  await page.goto(authorizationUrl(web, { prompt: 'select_account' }));
  await page.click('#account-cancel');
  assertRefused(await answer(), 'access_denied');
});

test('prompt=select_account goes on as somebody else', async () => {
  await page.goto(authorizationUrl(web));
  const before = await idToken();
  await page.goto(authorizationUrl(web, { prompt: 'select_account' }));
  await page.click('#account-other');
  assert.equal(await kind(), 'login-page');
  await approve(page, 'other');
  const after = await idToken();
  assert.notEqual(after.sub, before.sub);
});

test('the consent page lets somebody else sign in', async () => {
  await page.goto(authorizationUrl(web, { prompt: 'consent' }));
  assert.match(await page.textContent('.person'), /Other Person/);
  await page.click('#consent-other');
  assert.equal(await kind(), 'login-page');
  await approve(page, 'demo');
  codeOf(await answer());
});
