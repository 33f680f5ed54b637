// The React provider and hook, in Chromium: its token and revocation calls go to the server across origins.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { buildSync } from 'esbuild';
import { approve, logIn } from '../../../browser/person.js';
import { introspect, modules, path } from './blocks.js';
import { origin, setHost } from './host.js';

/** The printed component, put on the page as every React application does. */
function bundle() {
  const contents = `
    import { createRoot } from 'react-dom/client';
    import Root from ${JSON.stringify(path('003/004-useoauth.ts'))};
    createRoot(document.getElementById('root')).render(<Root />);`;
  const built = buildSync({
    stdin: { contents, resolveDir: modules, loader: 'tsx' },
    loader: { '.ts': 'tsx' },
    jsx: 'automatic',
    nodePaths: [modules],
    bundle: true,
    write: false,
    define: { 'process.env.NODE_ENV': '"production"' },
  });
  return built.outputFiles[0].text;
}

const window = setHost({
  html: '<!doctype html><title>Page</title><div id="root"></div><script src="/client.js"></script>',
  script: bundle,
  passedOn: ['/api/'],
});

test('login, API and logout', async () => {
  await window(async (page) => {
    await page.goto(`${origin}/`);
    await page.click('.login-button');
    await approve(page);
    await page.waitForSelector('.dashboard pre');
    const shown = JSON.parse(await page.textContent('.dashboard pre'));
    assert.equal(shown.client_id, 'your-spa-client-id');
    assert.equal(new URL(page.url()).pathname, '/');

    const token = await page.evaluate(() => localStorage.getItem('oauth_access_token'));
    assert.equal((await introspect(token)).active, true);
    await page.click('button');
    await page.waitForSelector('.login-page');
    assert.deepEqual(await introspect(token), { active: false });
  });
});

test('a stored token that is about to end is refreshed on start', async () => {
  await window(async (page) => {
    await page.goto(`${origin}/`);
    await page.click('.login-button');
    await logIn(page);
    await page.waitForSelector('.dashboard');
    const first = await page.evaluate(() => {
      localStorage.setItem('oauth_token_expires_at', String(Date.now()));
      return localStorage.getItem('oauth_access_token');
    });
    await page.goto(`${origin}/`);
    await page.waitForSelector('.dashboard pre');
    assert.notEqual(await page.evaluate(() => localStorage.getItem('oauth_access_token')), first);
  });
});
