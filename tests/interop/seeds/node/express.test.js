// The Express application, with the axios of today, which writes a form, and with one before 1.0, which writes JSON and
// calls it a form.

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { test } from 'node:test';
import { modules, path, signIn, start } from './blocks.js';

async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  await once(server, 'close');
  return port;
}

/** A browser as far as the application needs one: it keeps the session cookie. */
function browser(port) {
  let cookie = '';
  return async (target) => {
    const headers = cookie ? { cookie } : {};
    const answer = await fetch(`http://127.0.0.1:${port}${target}`, { headers, redirect: 'manual' });
    cookie = answer.headers.get('set-cookie')?.split(';')[0] ?? cookie;
    return answer;
  };
}

for (const [name, preload] of [
  ['axios', []],
  ['axios before 1.0', ['--require', new URL('old-axios.cjs', import.meta.url).pathname]],
]) {
  test(name, async () => {
    const port = await freePort();
    const application = start([...preload, path('003/001-server.js')], {
      NODE_PATH: modules,
      PORT: String(port),
      OAUTH_CLIENT_ID: 'web',
      OAUTH_CLIENT_SECRET: 'web-secret',
      OAUTH_REDIRECT_URI: 'http://localhost:3000/oauth/callback',
      OAUTH_AUTH_SERVER_URL: process.env.GRANTOR_ISSUER,
    });
    try {
      await application.until(/Server running/);
      const open = browser(port);
      assert.equal((await open('/api/user')).status, 401);
      const login = await open('/login');
      const callback = signIn(login.headers.get('location'));
      const back = await open(callback.pathname + callback.search);
      assert.equal(back.headers.get('location'), '/dashboard');
      const first = await (await open('/api/user')).json();
      assert.equal(first.client_id, 'web');

      await open('/almost-expired');
      const again = await open('/api/user');
      assert.deepEqual([again.status, await again.json()], [200, first]);
      // The code has been used, and the session knows no state any more.
      assert.equal((await open(callback.pathname + callback.search)).status, 400);
    } finally {
      application.stop();
    }
  });
}
