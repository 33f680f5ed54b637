// What people own: their details, their password, an account of their own making. All of it without JavaScript.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { withWindow } from './chromium.js';
import { answerAt, assertRefused, authorizationUrl, claimsOf, codeOf, redeem, web } from './client.js';
import { issuer, logIn } from './person.js';
import { setStage } from './stage.js';

const stage = setStage();
const still = { javaScriptEnabled: false };

/** A window in which somebody is signed in. */
async function signedIn(username, password, body, options = still) {
  await withWindow(stage.browser, options, async (page) => {
    await page.goto(`${issuer}/login`);
    await logIn(page, username, password);
    await page.waitForURL(`${issuer}/account`);
    await body(page);
  });
}

/** Makes an account. */
async function signUp(page, username, password = 'down the rabbit hole') {
  await page.fill('#username', username);
  await page.fill('#password', password);
  await page.fill('#password-again', password);
  await page.click('#sign-up-submit');
}

/** A new person, signed in. */
async function somebodyNew(username, body, options = still) {
  await withWindow(stage.browser, options, async (page) => {
    await page.goto(`${issuer}/login`);
    await page.click('#sign-up-link');
    await signUp(page, username);
    await page.waitForURL(`${issuer}/account`);
    await body(page);
  });
}

const userinfoOf = async (tokens) => {
  const answer = await fetch(`${issuer}/oauth/userinfo`, {
    headers: { authorization: `Bearer ${tokens.access_token}` },
  });
  return answer.json();
};

test('somebody makes an account for an application, and the application hears of what they say of themselves', async () => {
  await withWindow(stage.browser, still, async (page) => {
    await page.goto(authorizationUrl(web, { prompt: 'create' }));
    assert.equal(await page.getAttribute('body', 'id'), 'sign-up-page');
    assert.match(await page.textContent('.lead'), /Web application/);
    await page.fill('#name', 'Dora Example');
    await page.fill('#email', 'dora@example.com');
    await signUp(page, 'dora');
    await page.click('#consent-approve');
    const first = await redeem(web, codeOf(await answerAt(page, web)));
    assert.ok(claimsOf(first.id_token).sub);
    const before = await userinfoOf(first);
    assert.deepEqual([before.name, before.email, before.email_verified], ['Dora Example', 'dora@example.com', false]);

    await page.goto(`${issuer}/account`);
    await page.click('#profile-link');
    await page.fill('#claim-nickname', 'Dodo');
    await page.fill('#claim-birthdate', '1990');
    await page.fill('#claim-email', '');
    await page.selectOption('#new-claim', 'name');
    await page.fill('#new-language', 'fr');
    await page.fill('#new-value', 'Dorothée Exemple');
    await page.click('#profile-save');
    await page.waitForSelector('#profile-saved');
    assert.equal(await page.inputValue('#claim-name-fr'), 'Dorothée Exemple');

    await page.goto(authorizationUrl(web, { claims_locales: 'fr-CA' }));
    const second = await redeem(web, codeOf(await answerAt(page, web)));
    const after = await userinfoOf(second);
    assert.equal(after.name, 'Dorothée Exemple');
    assert.deepEqual([after.nickname, after.birthdate, after.email], ['Dodo', '1990', undefined]);
    assert.ok(after.updated_at >= before.updated_at);
  });
});

test('an account that cannot be made says why, and keeps what was typed', async () => {
  await withWindow(stage.browser, { ...still, locale: 'de-DE' }, async (page) => {
    await page.goto(`${issuer}/sign-up`);
    await page.fill('#name', 'Demo');
    await signUp(page, 'demo');
    assert.match(await page.textContent('#username-problem'), /hat schon jemand/);
    assert.deepEqual(
      [await page.inputValue('#name'), await page.inputValue('#username'), await page.inputValue('#password')],
      ['Demo', 'demo', ''],
    );
    await signUp(page, 'demo-two', 'kurz');
    assert.match(await page.textContent('#password-problem'), /mindestens 8 Zeichen/);
    await page.click('#login-link');
    assert.equal(await page.getAttribute('body', 'id'), 'login-page');
  });
});

test('leaving the page of a new account is told to the application', async () => {
  await withWindow(stage.browser, still, async (page) => {
    await page.goto(authorizationUrl(web, { prompt: 'create' }));
    await page.click('#sign-up-cancel');
    assertRefused(await answerAt(page, web), 'access_denied');
  });
});

test('a wrong detail is marked beside its field, in three languages', async () => {
  for (const [locale, says] of [
    ['en-US', /a date as 1990-02-28/],
    ['de-DE', /ein Datum wie 1990-02-28/],
    ['fr-FR', /une date comme 1990-02-28/],
  ]) {
    await signedIn(
      'other',
      undefined,
      async (page) => {
        await page.goto(`${issuer}/account/profile`);
        await page.fill('#claim-birthdate', '28.2.1990');
        await page.fill('#claim-nickname', 'Otto');
        await page.click('#profile-save');
        assert.match(await page.textContent('#claim-birthdate-problem'), says);
        assert.equal(await page.getAttribute('#claim-birthdate', 'aria-describedby'), 'claim-birthdate-problem claim-birthdate-hint');
        assert.equal(await page.inputValue('#claim-nickname'), 'Otto');
        await page.goto(`${issuer}/account/profile`);
        assert.equal(await page.inputValue('#claim-nickname'), '');
      },
      { ...still, locale },
    );
  }
});

test('of two windows the second is told what the first has changed', async () => {
  await somebodyNew('ella', async (page) => {
    const other = await page.context().newPage();
    await page.goto(`${issuer}/account/profile`);
    await other.goto(`${issuer}/account/profile`);
    await page.fill('#claim-nickname', 'First');
    await page.click('#profile-save');
    await page.waitForSelector('#profile-saved');
    await other.fill('#claim-website', 'https://ella.example/');
    await other.click('#profile-save');
    await other.waitForSelector('#profile-changed');
    assert.match(await other.textContent('#claim-nickname-note'), /First/);
    await other.fill('#claim-nickname', 'First');
    await other.click('#profile-save');
    await other.waitForSelector('#profile-saved');
    assert.equal(await other.inputValue('#claim-nickname'), 'First');
    assert.equal(await other.inputValue('#claim-website'), 'https://ella.example/');
  });
});

test('a new password ends the other sessions', async () => {
  await somebodyNew('fred', async (here) => {
    await signedIn('fred', 'down the rabbit hole', async (there) => {
      await here.click('#password-link');
      const change = async (present, password, again = password) => {
        await here.fill('#password', present);
        await here.fill('#new-password', password);
        await here.fill('#new-password-again', again);
        await here.click('#password-change');
      };
      await change('a guess', 'through the glass');
      assert.match(await here.textContent('#password-problem'), /not your present password/);
      await change('down the rabbit hole', 'through the glass', 'through the class');
      assert.match(await here.textContent('#new-password-again-problem'), /not the same/);
      await change('down the rabbit hole', 'through the glass');
      await here.waitForSelector('#password-changed');
      await there.reload();
      assert.equal(await there.getAttribute('body', 'id'), 'login-page');
      await logIn(there, 'fred', 'through the glass');
      await there.waitForURL(`${issuer}/account`);
    });
  });
});
