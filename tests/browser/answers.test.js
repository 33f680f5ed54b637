// The ways that an answer takes to the application.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { open, withWindow } from './chromium.js';
import { assertRefused, authorizationUrl, codeOf, mobile, redeem, web } from './client.js';
import { approve, issuer, logIn } from './person.js';
import { setStage } from './stage.js';

const stage = setStage();

test('response_mode=form_post sends itself', async () => {
  await withWindow(stage.browser, {}, async (page) => {
    const call = stage.application.nextCall();
    await page.goto(authorizationUrl(web, { response_mode: 'form_post' }));
    await approve(page);
    const { method, url, form } = await call;
    assert.equal(method, 'POST');
    assert.equal(url.pathname, '/oauth/callback');
    assert.equal(url.search, '');
    assert.equal((await redeem(web, codeOf(form))).status, 200);
    await page.waitForURL(web.redirectUri);
  });
});

test('response_mode=form_post without JavaScript is one press of a button', async () => {
  await withWindow(stage.browser, { javaScriptEnabled: false }, async (page) => {
    await page.goto(authorizationUrl(web, { response_mode: 'form_post' }));
    await logIn(page);
    await page.waitForSelector('#form-post-continue');
    assert.equal(await page.getAttribute('body', 'id'), 'form-post-page');
    const call = stage.application.nextCall();
    await page.click('#form-post-continue');
    codeOf((await call).form);
  });
});

test('a refusal travels by form_post too', async () => {
  await withWindow(stage.browser, {}, async (page) => {
    const call = stage.application.nextCall();
    await page.goto(authorizationUrl(web, { response_mode: 'form_post' }));
    await page.click('#login-cancel');
    assertRefused((await call).form, 'access_denied');
  });
});

test('response_mode=fragment', async () => {
  await withWindow(stage.browser, {}, async (page) => {
    await page.goto(authorizationUrl(web, { response_mode: 'fragment' }));
    await logIn(page);
    await page.waitForURL(`${web.redirectUri}#**`);
    const url = new URL(page.url());
    assert.equal(url.search, '');
    codeOf(new URLSearchParams(url.hash.slice(1)));
  });
});

/** Goes to the consent page of an app with a scheme of its own. */
async function askForApp(page) {
  await page.goto(authorizationUrl(mobile, { prompt: 'consent' }));
  await logIn(page);
  await page.waitForURL(`${issuer}/consent*`);
}

test("an app's own scheme is not held up by the page's policy", async () => {
  await withWindow(stage.browser, {}, async (page, context) => {
    await askForApp(page);
    // No program here opens the scheme, so the browser stays where it is; what counts is that it wants to leave.
    const devtools = await context.newCDPSession(page);
    await devtools.send('Network.enable');
    const left = new Promise((resolve) => {
      devtools.on('Network.requestWillBeSent', ({ request }) => {
        if (request.url.startsWith('mobile:')) resolve(request.url);
      });
    });
    await page.click('#consent-approve');
    const answer = new URL(await left);
    assert.equal(`${answer.protocol}//${answer.host}`, mobile.redirectUri);
    codeOf(answer.searchParams);
  });
});

test('the test before would see a policy that holds it up', async () => {
  const { context, page } = await open(stage.browser);
  await askForApp(page);
  await page.route(`${issuer}/consent*`, async (route) => {
    const response = await route.fetch();
    const headers = response.headers();
    const policy = headers['content-security-policy'].replace(' mobile:', '');
    await route.fulfill({ response, headers: { ...headers, 'content-security-policy': policy } });
  }, { times: 1 });
  await page.reload();
  const complaint = page.waitForEvent('console');
  await page.click('#consent-approve');
  assert.match((await complaint).text(), /form-action/);
  await context.close();
});
