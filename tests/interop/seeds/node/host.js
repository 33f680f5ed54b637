// The page that a browser client is part of: its HTML at every path, its script, and what it calls below its own origin.

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { after, before } from 'node:test';
import { launch, open } from '../../../browser/chromium.js';
import { issuer } from './blocks.js';

/** Passes a request on to the server, as the proxy in front of an application does. */
async function proxied(request, response) {
  const { host, ...headers } = request.headers;
  const body = Buffer.concat(await request.toArray());
  const answer = await fetch(`${issuer}${request.url}`, {
    method: request.method,
    headers: Object.fromEntries(Object.entries(headers).filter(([name]) => name !== 'connection')),
    body: body.length > 0 ? body : undefined,
  });
  const type = answer.headers.get('content-type') ?? 'text/plain';
  response.writeHead(answer.status, { 'content-type': type }).end(await answer.text());
}

/**
 * A browser that finds the page at http://localhost:3000; `passedOn` are paths that the page's proxy passes on. Returns
 * what runs a body in a window, which has to end with these complaints in its console.
 */
export function setHost({ html, script, passedOn }) {
  let server;
  let browser;
  before(async () => {
    server = createServer((request, response) => {
      if (passedOn.some((start) => request.url.startsWith(start))) return proxied(request, response);
      const isScript = request.url === '/client.js';
      const type = isScript ? 'text/javascript' : 'text/html; charset=utf-8';
      response.writeHead(200, { 'content-type': type }).end(isScript ? script() : html);
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    browser = await launch({ 'localhost:3000': `127.0.0.1:${server.address().port}` });
  });
  after(async () => {
    await browser?.close();
    server?.close();
  });
  return async (body, complaint = []) => {
    const { context, page, complaints } = await open(browser);
    try {
      await body(page);
      assert.deepEqual(complaints, complaint);
    } finally {
      await context.close();
    }
  };
}

export const origin = 'http://localhost:3000';
