// Connecting a device without a browser.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { withWindow } from './chromium.js';
import { askCodes, pollTokens } from './device.js';
import { issuer, logIn } from './person.js';
import { setStage } from './stage.js';

const stage = setStage();

/** Types a code on the page. */
async function type(page, code) {
  await page.goto(`${issuer}/device`);
  await page.fill('#user-code', code);
  await page.click('#device-submit');
}

test('type the code, log in, compare, connect', async () => {
  const codes = await askCodes();
  assert.equal(codes.verification_uri, `${issuer}/device`);
  assert.equal((await pollTokens(codes)).error, 'authorization_pending');
  await withWindow(stage.browser, {}, async (page) => {
    await type(page, ` ${codes.user_code.toLowerCase().replace('-', ' ')} `);
    await logIn(page);
    assert.equal(await page.getAttribute('body', 'id'), 'device-confirm-page');
    assert.equal(await page.textContent('#device-user-code'), codes.user_code);
    assert.match(await page.textContent('h1'), /Television/);
    assert.match(await page.textContent('#device-name'), /node/);
    assert.match(await page.textContent('.notice.warning'), /only if you have the device in front of you/);
    assert.match(await page.textContent('.person'), /Demo Maria User/);
    await page.click('#device-approve');
    await page.waitForSelector('#device-approved');
    const tokens = await pollTokens(codes);
    assert.equal(tokens.scope, 'openid profile video:read');
    assert.ok(tokens.access_token && tokens.refresh_token && tokens.id_token);
    assert.equal((await pollTokens(codes)).error, 'invalid_grant');
    // The application is on the account page now, and the code is no good any more.
    await page.goto(`${issuer}/account`);
    assert.match(await page.textContent('main'), /Television/);
    await type(page, codes.user_code);
    assert.match(await page.textContent('#device-problem'), /used before/);
  });
});

test('the link with the code fills it in and still asks', async () => {
  const codes = await askCodes();
  await withWindow(stage.browser, { javaScriptEnabled: false }, async (page) => {
    await page.goto(codes.verification_uri_complete);
    assert.equal(await page.inputValue('#user-code'), codes.user_code);
    await page.click('#device-submit');
    await logIn(page);
    assert.equal((await pollTokens(codes)).error, 'authorization_pending');
    await page.click('#device-deny');
    await page.waitForSelector('#device-denied');
    assert.equal((await pollTokens(codes)).error, 'access_denied');
  });
});

test('with another account', async () => {
  const codes = await askCodes();
  await withWindow(stage.browser, {}, async (page) => {
    await type(page, codes.user_code);
    await logIn(page);
    await page.click('#device-other');
    await logIn(page, 'other');
    assert.match(await page.textContent('.person'), /Other Person/);
    await page.click('#device-approve');
    await page.waitForSelector('#device-approved');
  });
});

test('the same with the keyboard alone', async () => {
  const codes = await askCodes();
  await withWindow(stage.browser, {}, async (page) => {
    await page.goto(`${issuer}/device`);
    // The cursor is in the field from the start.
    await page.waitForFunction(() => document.activeElement.tagName === 'INPUT');
    await page.keyboard.type(codes.user_code);
    await page.keyboard.press('Enter');
    await logIn(page);
    await page.waitForSelector('#device-approve');
    const focused = () => page.evaluate(() => document.activeElement.id);
    for (let presses = 0; presses < 12 && (await focused()) !== 'device-approve'; presses += 1) {
      await page.keyboard.press('Tab');
    }
    assert.equal(await focused(), 'device-approve');
    await page.keyboard.press('Enter');
    await page.waitForSelector('#device-approved');
  });
});

test('a code that nobody has', async () => {
  await withWindow(stage.browser, {}, async (page) => {
    await type(page, 'BBBB-BBBB');
    assert.match(await page.textContent('#device-problem'), /No device is waiting/);
    assert.equal(await page.inputValue('#user-code'), 'BBBB-BBBB');
    assert.equal(await page.getAttribute('#user-code', 'aria-invalid'), 'true');
  });
});

test('the stand-in for a device', async () => {
  await withWindow(stage.browser, {}, async (page) => {
    await page.goto(`${issuer}/device/try?client_id=tv`);
    const code = await page.textContent('#device-user-code');
    const box = await page.locator('#device-qr').boundingBox();
    assert.ok(box.width >= 150 && box.width === box.height);
    await page.click('#device-open');
    assert.equal(await page.inputValue('#user-code'), code);
  });
});
