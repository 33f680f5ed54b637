// Signing out because an application asks for it: the question, its two answers, and the way back.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { withWindow } from './chromium.js';
import { answerAt, authorizationUrl, codeOf, redeem, web } from './client.js';
import { approve, issuer, logIn } from './person.js';
import { setStage } from './stage.js';

const stage = setStage();
const goodbye = 'http://localhost:3000/';

const logoutUrl = (parameters) => `${issuer}/oauth/logout?${new URLSearchParams(parameters)}`;

/** Logs in to the application, and returns its ID token. */
async function idToken(page) {
  // Consent is remembered from one test to the next.
  await page.goto(authorizationUrl(web, { prompt: 'consent' }));
  await approve(page);
  return (await redeem(web, codeOf(await answerAt(page, web)))).id_token;
}

async function isLoggedIn(page) {
  await page.goto(`${issuer}/account`);
  return (await page.getAttribute('body', 'id')) === 'account-overview-page';
}

test('with an ID token nobody is asked, and the browser is back at the application', async () => {
  await withWindow(stage.browser, {}, async (page) => {
    const hint = await idToken(page);
    await page.goto(logoutUrl({ id_token_hint: hint, post_logout_redirect_uri: goodbye, state: 'a b&c' }));
    assert.equal(new URL(page.url()).searchParams.get('state'), 'a b&c');
    assert.equal(new URL(page.url()).origin, 'http://localhost:3000');
    assert.equal(await isLoggedIn(page), false);
  });
});

for (const javaScriptEnabled of [true, false]) {
  test(`without one the person decides, ${javaScriptEnabled ? 'with' : 'without'} JavaScript`, async () => {
    await withWindow(stage.browser, { javaScriptEnabled }, async (page) => {
      await page.goto(`${issuer}/login`);
      await logIn(page);
      await page.waitForURL(`${issuer}/account`);
      const asked = logoutUrl({ client_id: web.id, post_logout_redirect_uri: goodbye });
      await page.goto(asked);
      assert.equal(await page.getAttribute('body', 'id'), 'logout-page');
      assert.match(await page.textContent('main'), /Web application/);
      await page.click('#logout-no');
      assert.equal(await page.getAttribute('body', 'id'), 'still-signed-in-page');
      await page.click('#account-link');
      assert.equal(await page.getAttribute('body', 'id'), 'account-overview-page');

      await page.goto(asked);
      await page.click('#logout-yes');
      await page.waitForURL(`${goodbye}**`);
      assert.equal(await isLoggedIn(page), false);
    });
  });
}

test('an address that is not registered is no way out', async () => {
  await withWindow(stage.browser, {}, async (page) => {
    const hint = await idToken(page);
    await page.goto(logoutUrl({ id_token_hint: hint, post_logout_redirect_uri: `${goodbye}?x=1` }));
    assert.equal(await page.textContent('#cause-id'), 'post_logout_redirect_uri_unregistered');
    assert.equal(await isLoggedIn(page), true);
  });
});

test('a form that the application posts finds the session', async () => {
  await withWindow(stage.browser, {}, async (page) => {
    const hint = await idToken(page);
    await page.goto(goodbye);
    await page.evaluate(
      ([action, value]) => {
        const form = document.createElement('form');
        Object.assign(form, { method: 'post', action });
        const field = document.createElement('input');
        Object.assign(field, { type: 'hidden', name: 'id_token_hint', value });
        form.append(field);
        document.body.append(form);
        form.submit();
      },
      [`${issuer}/oauth/logout`, hint],
    );
    await page.waitForSelector('#signed-out-page');
    assert.equal(await isLoggedIn(page), false);
  });
});
