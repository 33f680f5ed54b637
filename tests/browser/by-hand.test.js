// What a developer tries first: the links and commands on the home page of a development server.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { launch, withWindow } from './chromium.js';
import { approve, issuer } from './person.js';

let browser;

before(async () => {
  browser = await launch();
});

after(() => browser?.close());

test('a client is tried by hand, up to the tokens', async () => {
  await withWindow(browser, {}, async (page) => {
    await page.goto(issuer);
    await page.click('[id^="try-"][href*="response_type=code"]');
    await approve(page);
    await page.waitForURL(`${issuer}/callback?**`);
    assert.equal(await page.getAttribute('body', 'id'), 'dev-callback-page');
    const code = new URL(page.url()).searchParams.get('code');
    assert.equal(await page.textContent('#callback-code'), code);

    // The command is the one to copy; what it posts is posted here.
    const command = await page.textContent('#callback-exchange');
    const form = new URLSearchParams([...command.matchAll(/-d (\S+)/g)].map(([, field]) => field).join('&'));
    const address = command.trim().split(/\s+/).at(-1);
    const answer = await fetch(address, { method: 'POST', body: form });
    assert.equal(answer.status, 200, command);
    assert.equal((await answer.json()).token_type, 'Bearer');
  });
});

test('a command is copied by its button', async () => {
  await withWindow(browser, { permissions: ['clipboard-read', 'clipboard-write'] }, async (page) => {
    await page.goto(issuer);
    await page.click('.command:has(#example-0) button');
    const copied = await page.evaluate(() => navigator.clipboard.readText());
    assert.equal(copied, await page.textContent('#example-0'));
    assert.ok(copied.includes(`${issuer}/oauth/token`));
  });
});
