// The applications that people sign in to: what reaches their redirect URIs.

import { createServer } from 'node:http';
import { once } from 'node:events';

/**
 * Listens on a free port and answers with `pages`, by path, or with an empty page. What came in is in `calls`; the
 * next call that comes is `nextCall()`.
 */
export async function startApplication(pages = {}) {
  const calls = [];
  const waiting = [];
  const server = createServer(async (request, response) => {
    const chunks = await request.toArray();
    const url = new URL(request.url, `http://${request.headers.host}`);
    const { type = 'text/html; charset=utf-8', body = '<!doctype html><title>Application</title>' } =
      pages[url.pathname] ?? {};
    response.writeHead(200, { 'content-type': type }).end(body);
    if (url.pathname === '/favicon.ico') return;
    const call = { method: request.method, url, form: new URLSearchParams(Buffer.concat(chunks).toString()) };
    calls.push(call);
    waiting.shift()?.(call);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    calls,
    address: `127.0.0.1:${server.address().port}`,
    nextCall: () => new Promise((resolve) => waiting.push(resolve)),
    close: () => server.close(),
  };
}
