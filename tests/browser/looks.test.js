// Every page as people see it: accessible, without complaints, inside its window, and photographed.

import assert from 'node:assert/strict';
import { mkdir } from 'node:fs/promises';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { launch, withWindow } from './chromium.js';
import { authorizationUrl, web } from './client.js';
import { askCodes } from './device.js';
import { issuer, logIn } from './person.js';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const folder = process.env.SCREENSHOTS;
const everything = { scope: 'openid profile email address phone offline_access read write', prompt: 'consent' };

/** How to get to each page, in this order, in one window. */
const pages = [
  ['home', (page) => page.goto(`${issuer}/`)],
  ['login', (page) => page.goto(authorizationUrl(web))],
  ['login-problem', (page) => logIn(page, 'demo', 'wrong')],
  ['sign-up', (page) => page.goto(authorizationUrl(web, { prompt: 'create' }))],
  ['sign-up-problem', signUpWrongly],
  ['login-alone', (page) => page.goto(`${issuer}/login`)],
  ['account-first', (page) => logIn(page)],
  ['consent', (page) => page.goto(authorizationUrl(web, everything))],
  ['select-account', (page) => page.goto(authorizationUrl(web, { ...everything, prompt: 'select_account' }))],
  ['form-post', formPost],
  ['device', (page) => page.goto(`${issuer}/device`)],
  ['device-unknown', (page) => typeCode(page, 'BBBB-BBBB')],
  ['device-confirm', async (page) => typeCode(page, (await askCodes()).user_code)],
  ['device-done', (page) => page.click('#device-approve')],
  ['device-denied', denyDevice],
  ['device-try', (page) => page.goto(`${issuer}/device/try?client_id=tv`)],
  ['account', (page) => page.goto(`${issuer}/account`)],
  ['profile', (page) => page.goto(`${issuer}/account/profile`)],
  ['profile-problem', saveWrongly],
  ['password', (page) => page.goto(`${issuer}/account/password`)],
  ['password-problem', changeWrongly],
  ['tokens', (page) => page.goto(`${issuer}/account/personal-access-tokens`)],
  ['tokens-problem', makeToken],
  ['tokens-made', (page) => makeToken(page, 'read')],
  ['account-again', (page) => page.goto(`${issuer}/account`)],
  ['account-removed', (page) => page.click('#app-remove-0')],
  ['home-signed-in', (page) => page.goto(`${issuer}/`)],
  ['callback', (page) => page.goto(`${issuer}/callback?code=a-code&state=by-hand&iss=${issuer}`)],
  [
    'callback-error',
    (page) => page.goto(`${issuer}/callback?error=access_denied&error_description=The%20user%20denied.`),
  ],
  ['error', (page) => page.goto(authorizationUrl(web, { client_id: 'unknown' }))],
  ['not-found', (page) => page.goto(`${issuer}/nothing-here`)],
  ['logout', (page) => page.goto(`${issuer}/oauth/logout?client_id=${web.id}`)],
  ['still-signed-in', (page) => page.click('#logout-no')],
  ['signed-out', signOut],
];

let browser;

before(async () => {
  browser = await launch();
  await mkdir(folder, { recursive: true });
});

after(() => browser?.close());

/** The page that sends itself on, held by an application that does not answer. */
async function formPost(page) {
  await page.route('**/form-post.js*', (route) => route.fulfill({ contentType: 'text/javascript', body: '' }));
  await page.goto(authorizationUrl(web, { ...everything, response_mode: 'form_post' }));
  await page.click('#consent-approve');
}

async function typeCode(page, code) {
  await page.goto(`${issuer}/device`);
  await page.fill('#user-code', code);
  await page.click('#device-submit');
}

async function denyDevice(page) {
  await typeCode(page, (await askCodes()).user_code);
  await page.click('#device-deny');
}

async function makeToken(page, scope) {
  await page.fill('#token-name', 'Backup script');
  if (scope) await page.check(`[name="scope-${scope}"]`);
  await page.click('#token-create');
}

async function signUpWrongly(page) {
  await page.fill('#username', 'demo');
  await page.fill('#password', 'short');
  await page.fill('#email', 'demo');
  await page.click('#sign-up-submit');
}

async function saveWrongly(page) {
  await page.fill('#claim-birthdate', 'yesterday');
  await page.fill('#claim-email', 'demo');
  await page.fill('#new-language', 'Deutsch');
  await page.fill('#new-value', 'Vorführer');
  await page.click('#profile-save');
}

async function changeWrongly(page) {
  await page.fill('#password', 'demo-password');
  await page.fill('#new-password', 'a new password');
  await page.fill('#new-password-again', 'another new password');
  await page.click('#password-change');
}

async function signOut(page) {
  await page.goto(`${issuer}/account`);
  await page.click('#sign-out');
}

/** What axe-core finds. It is evaluated over the debugger, so that the page's policy stays as it is. */
async function violations(page) {
  await page.evaluate(axe);
  const { violations: found } = await page.evaluate(() => axe.run(document));
  return found.flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${node.target} ${node.failureSummary}`));
}

const overflow = (page) =>
  page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);

/** Shows each page, photographs it, and looks for what is wrong with it. */
async function look(page, suffix, { audit }) {
  for (const [name, show] of pages) {
    await show(page);
    await page.waitForLoadState();
    await page.screenshot({ path: join(folder, `${name}-${suffix}.png`), fullPage: true });
    if (audit) assert.deepEqual(await violations(page), [], name);
    assert.ok((await overflow(page)) <= 0, `${name} is wider than its window`);
  }
}

for (const colorScheme of ['light', 'dark']) {
  for (const viewport of [{ width: 1280, height: 800 }, { width: 390, height: 844 }]) {
    test(`every page at ${viewport.width} pixels, ${colorScheme}`, async () => {
      // axe-core takes longer than all else together; these two of the four have every width and every colour.
      const audit = (colorScheme === 'light') === (viewport.width === 1280);
      await withWindow(browser, { colorScheme, viewport }, (page) =>
        look(page, `${viewport.width}-${colorScheme}`, { audit }),
      );
    });
  }
}

for (const locale of ['de', 'fr']) {
  test(`every page in the browser's own language, ${locale}`, async () => {
    const viewport = { width: 390, height: 844 };
    await withWindow(browser, { locale, viewport }, (page) => look(page, locale, { audit: false }));
  });
}
