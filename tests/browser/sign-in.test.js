// Signing in, with everything that a person can do instead.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { withWindow } from './chromium.js';
import { answerAt, assertRefused, authorizationUrl, codeOf, redeem, web } from './client.js';
import { approve, issuer, logIn } from './person.js';
import { setStage } from './stage.js';

const stage = setStage();

const answer = (page) => answerAt(page, web);

test('somebody who leaves the login page is gone without a trace', async () => {
  await withWindow(stage.browser, {}, async (page) => {
    await page.goto(authorizationUrl(web));
    await page.click('#login-cancel');
    assertRefused(await answer(page), 'access_denied');
    await page.goto(`${issuer}/account`);
    assert.equal(await page.getAttribute('body', 'id'), 'login-page');
  });
});

test('log in, look at what is asked for, deny', async () => {
  await withWindow(stage.browser, {}, async (page) => {
    await page.goto(authorizationUrl(web));
    assert.match(await page.textContent('.lead'), /Web application/);
    await logIn(page);
    await page.waitForURL(`${issuer}/consent*`);
    assert.equal(await page.getAttribute('body', 'id'), 'consent-page');
    const scopes = await page.$$eval('[data-scope]', (items) => items.map((item) => item.dataset.scope));
    assert.deepEqual(scopes, ['openid', 'profile', 'email', 'read']);
    assert.match(await page.textContent('.person'), /Demo Maria User/);
    assert.match(await page.textContent('#redirect-host'), /localhost:3000/);
    await page.click('#consent-deny');
    assertRefused(await answer(page), 'access_denied');
  });
});

test('log in and allow; the next time nothing is asked', async () => {
  await withWindow(stage.browser, {}, async (page) => {
    await page.goto(authorizationUrl(web, { nonce: 'n' }));
    await approve(page);
    const tokens = await redeem(web, codeOf(await answer(page)));
    assert.equal(tokens.status, 200);

    await page.goto(authorizationUrl(web));
    codeOf(await answer(page));
    // More than was allowed has to be asked for.
    await page.goto(authorizationUrl(web, { scope: `${web.scope} write` }));
    assert.equal(await page.getAttribute('body', 'id'), 'consent-page');
  });
});

test('the same without JavaScript', async () => {
  await withWindow(stage.browser, { javaScriptEnabled: false }, async (page) => {
    await page.goto(authorizationUrl(web, { prompt: 'consent' }));
    await approve(page);
    codeOf(await answer(page));
  });
});

test('the same with the keyboard alone', async () => {
  await withWindow(stage.browser, {}, async (page) => {
    await page.goto(authorizationUrl(web, { prompt: 'consent' }));
    // The cursor is in the first field from the start.
    await page.waitForFunction(() => document.activeElement.tagName === 'INPUT');
    await page.keyboard.type('demo');
    await page.keyboard.press('Tab');
    await page.keyboard.type('demo-password');
    await page.keyboard.press('Enter');
    await page.waitForURL(`${issuer}/consent*`);
    const focused = () => page.evaluate(() => document.activeElement.id);
    for (let presses = 0; presses < 12 && (await focused()) !== 'consent-approve'; presses += 1) {
      await page.keyboard.press('Tab');
      const outline = await page.evaluate(() => {
        const style = getComputedStyle(document.activeElement);
        return style.outlineStyle !== 'none' || style.boxShadow !== 'none';
      });
      assert.ok(outline, `where the focus is cannot be seen: ${await focused()}`);
    }
    assert.equal(await focused(), 'consent-approve');
    await page.keyboard.press('Enter');
    codeOf(await answer(page));
  });
});

test('a wrong password is told at the fields, and the right one still works', async () => {
  await withWindow(stage.browser, {}, async (page) => {
    await page.goto(authorizationUrl(web));
    for (const [username, password] of [['demo', 'wrong'], ['nobody-here', 'demo-password']]) {
      await logIn(page, username, password);
      await page.waitForSelector('#login-problem');
      assert.equal(await page.textContent('#login-problem p'), 'That username and password do not match. Check both and try again.');
      assert.equal(await page.inputValue('#username'), username);
      assert.equal(await page.inputValue('#password'), '');
      assert.equal(await page.evaluate(() => document.activeElement.id), 'password');
      assert.equal(await page.getAttribute('#username', 'aria-invalid'), 'true');
    }
    await logIn(page);
    codeOf(await answer(page));
  });
});

test('whoever guesses has to wait', async () => {
  await withWindow(stage.browser, {}, async (page) => {
    await page.goto(authorizationUrl(web));
    let status;
    // The wait begins with the sixth attempt and doubles; a slow machine may need some more to run into it.
    for (let attempt = 0; attempt < 16 && status !== 429; attempt += 1) {
      const posted = page.waitForResponse((response) => response.request().method() === 'POST');
      await logIn(page, 'guessed', `guess-${attempt}`);
      const response = await posted;
      status = response.status();
      assert.ok(attempt >= 5 ? [401, 429].includes(status) : status === 401, `${status} at ${attempt}`);
      await page.waitForLoadState();
      if (status === 429) assert.ok(Number(await response.headerValue('retry-after')) >= 1);
    }
    assert.equal(status, 429);
    assert.match(await page.textContent('#login-problem'), /Too many/);
  });
});

test('a form from before the cookies went is shown again and then works', async () => {
  await withWindow(stage.browser, {}, async (page, context) => {
    await page.goto(authorizationUrl(web));
    await context.clearCookies();
    await logIn(page);
    await page.waitForSelector('#login-problem');
    assert.match(await page.textContent('#login-problem'), /out of date/);
    assert.equal(await page.inputValue('#username'), 'demo');
    await logIn(page);
    codeOf(await answer(page));
  });
});

test('a login page that stayed open while another tab signed in', async () => {
  await withWindow(stage.browser, {}, async (page, context) => {
    await page.goto(authorizationUrl(web));
    const other = await context.newPage();
    await other.goto(`${issuer}/login`);
    await logIn(other);
    await other.waitForURL(`${issuer}/account`);
    await logIn(page);
    assert.match(await page.textContent('#login-problem'), /out of date/);
    await logIn(page);
    codeOf(await answer(page));
  });
});

test('a consent form of a session that ended is refused', async () => {
  await withWindow(stage.browser, {}, async (page, context) => {
    await page.goto(authorizationUrl(web, { prompt: 'consent' }));
    await logIn(page);
    await page.waitForSelector('#consent-approve');
    await context.clearCookies();
    await page.click('#consent-approve');
    assert.equal(await page.textContent('#cause-id'), 'form_token_invalid');
  });
});

test('the application may wish for a language', async () => {
  const titles = { en: 'Sign in', de: 'Anmelden', fr: 'Se connecter' };
  for (const [language, title] of Object.entries(titles)) {
    await withWindow(stage.browser, {}, async (page) => {
      await page.goto(authorizationUrl(web, { ui_locales: language }));
      assert.equal(await page.getAttribute('html', 'lang'), language);
      assert.match(await page.title(), new RegExp(title));
      await logIn(page, 'other');
      await page.waitForURL(`${issuer}/consent*`);
      assert.equal(await page.getAttribute('html', 'lang'), language);
    });
  }
  // Without a wish, the browser's own counts.
  await withWindow(stage.browser, { locale: 'de-AT' }, async (page) => {
    await page.goto(authorizationUrl(web));
    assert.equal(await page.getAttribute('html', 'lang'), 'de');
  });
});
