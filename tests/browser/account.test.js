// The account page: where somebody is signed in, what they allowed, and how to take it back.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { withWindow } from './chromium.js';
import { answerAt, authorizationUrl, codeOf, redeem, refresh, web } from './client.js';
import { approve, issuer, logIn } from './person.js';
import { setStage } from './stage.js';

const stage = setStage();

/** Two browsers in which the same person is signed in. */
async function inTwoWindows(body) {
  await withWindow(stage.browser, {}, async (here) => {
    await withWindow(stage.browser, {}, async (there) => {
      for (const page of [there, here]) {
        await page.goto(`${issuer}/login`);
        await logIn(page, 'other');
        await page.waitForURL(`${issuer}/account`);
      }
      await body(here, there);
    });
  });
}

test('the account page is behind the login page', async () => {
  await withWindow(stage.browser, {}, async (page) => {
    await page.goto(`${issuer}/account`);
    assert.equal(await page.getAttribute('body', 'id'), 'login-page');
    await logIn(page);
    await page.waitForURL(`${issuer}/account`);
    assert.match(await page.textContent('h1'), /Demo Maria User/);
    const details = await page.$$eval('.facts div', (rows) => rows.map((row) => row.textContent));
    assert.equal(details[0], 'NameDemo Maria User');
    assert.ok(details.includes('Email verifiedYes'), details.join('\n'));
    assert.ok(details.includes('Postal address1 Example Street, 10115 Berlin, Germany'), details.join('\n'));
    assert.match(await page.textContent('[aria-labelledby=account-sessions]'), /Chrome, Linux/);
  });
});

test('an application whose access is removed can refresh no more', async () => {
  await withWindow(stage.browser, {}, async (page) => {
    await page.goto(authorizationUrl(web));
    await approve(page);
    const first = await redeem(web, codeOf(await answerAt(page, web)));
    const renewed = await refresh(web, first.refresh_token);
    assert.equal(renewed.status, 200);

    await page.goto(`${issuer}/account`);
    const scopes = await page.$$eval('.tags [data-scope]', (tags) => tags.map((tag) => tag.dataset.scope));
    assert.deepEqual(scopes, ['openid', 'profile', 'email', 'read']);
    await page.click('#app-remove-0');
    await page.waitForSelector('#account-notice');
    assert.match(await page.textContent('#account-notice'), /Web application/);
    assert.equal(await page.$('#app-remove-0'), null);

    const refused = await refresh(web, renewed.refresh_token);
    assert.equal(refused.error, 'invalid_grant');
    const userinfo = await fetch(`${issuer}/oauth/userinfo`, {
      headers: { authorization: `Bearer ${renewed.access_token}` },
    });
    assert.equal(userinfo.status, 401);
    // It has to ask again.
    await page.goto(authorizationUrl(web));
    assert.equal(await page.getAttribute('body', 'id'), 'consent-page');
  });
});

test('signing out ends the session in this browser alone', async () => {
  await inTwoWindows(async (here, there) => {
    await here.click('#sign-out');
    assert.equal(await here.getAttribute('body', 'id'), 'signed-out-page');
    await here.goto(`${issuer}/account`);
    assert.equal(await here.getAttribute('body', 'id'), 'login-page');
    await there.reload();
    assert.equal(await there.getAttribute('body', 'id'), 'account-overview-page');
  });
});

test('another session can be ended from here', async () => {
  await inTwoWindows(async (here, there) => {
    const others = '[id^=session-end-]';
    for (let left = await here.locator(others).count(); left > 0; left -= 1) {
      await here.locator(others).first().click();
      await here.waitForFunction(
        ([selector, count]) => document.querySelectorAll(selector).length < count,
        [others, left],
      );
    }
    await there.reload();
    assert.equal(await there.getAttribute('body', 'id'), 'login-page');
    await here.goto(`${issuer}/account`);
    assert.equal(await here.getAttribute('body', 'id'), 'account-overview-page');
  });
});

test('a form of another site signs nobody out', async () => {
  await withWindow(stage.browser, {}, async (page) => {
    await page.goto(`${issuer}/login`);
    await logIn(page);
    await page.waitForURL(`${issuer}/account`);
    await page.goto('http://localhost:3000/');
    await page.evaluate((action) => {
      const form = document.createElement('form');
      Object.assign(form, { method: 'post', action });
      document.body.append(form);
      form.submit();
    }, `${issuer}/account/sign-out`);
    await page.waitForSelector('#cause-id');
    assert.equal(await page.textContent('#cause-id'), 'form_token_invalid');
    await page.goto(`${issuer}/account`);
    assert.equal(await page.getAttribute('body', 'id'), 'account-overview-page');
  });
});

test('a personal access token is made, shown once, used and deleted, without JavaScript', async () => {
  await withWindow(stage.browser, { javaScriptEnabled: false }, async (page) => {
    await page.goto(`${issuer}/login`);
    await logIn(page, 'other');
    await page.waitForURL(`${issuer}/account`);
    await page.click('#tokens-link');
    await page.fill('#token-name', 'nightly run');
    await page.check('[name="scope-openid"]');
    await page.check('[name="scope-read"]');
    await page.selectOption('#token-lifetime', { value: '86400' });
    await page.click('#token-create');
    const token = (await page.textContent('#token-new')).trim();
    assert.match(token, /^gpat_[A-Za-z0-9_-]{49}$/);
    const ask = (path) => fetch(`${issuer}${path}`, { headers: { authorization: `Bearer ${token}` } });
    assert.equal((await ask('/oauth/userinfo')).status, 200);
    assert.equal((await ask('/api/user')).status, 200);
    assert.equal((await ask('/users')).status, 200);

    await page.goto(`${issuer}/account/personal-access-tokens`);
    const held = await page.textContent('[aria-labelledby=tokens-held]');
    assert.match(held, /nightly run/);
    assert.match(held, /Last used/);
    assert.ok(!(await page.content()).includes(token));
    await page.click('#token-delete-0');
    assert.equal((await ask('/oauth/userinfo')).status, 401);
  });
});
