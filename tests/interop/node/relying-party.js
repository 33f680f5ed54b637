// What a relying party has beside its library: the person who signs in, keys, a registration, and an address at which it
// hears of logouts. Where the library does one of these itself, the library does it.

import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import * as jose from 'jose';

export const issuer = process.env.GRANTOR_ISSUER;
export const redirectUri = 'http://localhost:3000/oauth/callback';
export const goodbye = 'http://localhost:3000/goodbye';
export const scope = 'openid profile email read';

// The server speaks while the person acts: to wait must not stop this process.
const run = promisify(execFile);

async function person(...words) {
  return new URL((await run(process.env.SIGN_IN, words)).stdout.trim());
}

/** Logs in on the real pages and decides; returns the address that the application is called at. */
export const signIn = (url, decision = 'approve') => person(url.href, decision);

/** A person whose browser keeps its cookies, so that who signed in with it can sign out. */
export function browser() {
  const cookies = ['--cookies', join(mkdtempSync(join(tmpdir(), 'browser-')), 'cookies')];
  return {
    signIn: (url) => person(...cookies, url.href),
    signOut: (url) => person(...cookies, '--sign-out', url.href),
  };
}

/** A key pair of a client; the public half is ready to be registered. */
export async function keyPair(alg, use) {
  const { privateKey, publicKey } = await jose.generateKeyPair(alg, { extractable: true });
  const kid = `${use}-${alg}`;
  return { alg, kid, key: privateKey, publicKey, jwk: { ...(await jose.exportJWK(publicKey)), kid, use, alg } };
}

/** Opens what was encrypted for the client with this key. */
export async function decrypt(jwe, { key, kid, alg }, enc) {
  const algorithms = { keyManagementAlgorithms: [alg], contentEncryptionAlgorithms: [enc] };
  const { plaintext, protectedHeader } = await jose.compactDecrypt(jwe, key, algorithms);
  if (protectedHeader.kid !== kid || protectedHeader.cty !== 'JWT') {
    throw new Error(`another header than expected: ${JSON.stringify(protectedHeader)}`);
  }
  return new TextDecoder().decode(plaintext);
}

/** What the client that is described asks for when it registers itself. */
export const registration = (keys, more) => ({
  redirect_uris: [redirectUri],
  post_logout_redirect_uris: [goodbye],
  grant_types: ['authorization_code', 'refresh_token'],
  scope,
  ...(keys.length > 0 && { jwks: { keys: keys.map(({ jwk }) => jwk) } }),
  ...more,
});

/** A server of the relying party, which the provider asks. */
async function listen(answer) {
  const server = createServer(answer);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    server,
    address: `http://127.0.0.1:${server.address().port}`,
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}

/** A `backchannel_logout_uri` that somebody listens at. */
export async function logoutListener() {
  const { server, address, close } = await listen(async (request, response) => {
    let body = '';
    for await (const part of request.setEncoding('utf8')) body += part;
    response.writeHead(200, { 'cache-control': 'no-store' }).end();
    server.emit('logout', {
      method: request.method,
      type: request.headers['content-type'],
      form: new URLSearchParams(body),
    });
  });
  return {
    uri: `${address}/backchannel-logout`,
    /** What is posted next. */
    next: async () => (await once(server, 'logout', { signal: AbortSignal.timeout(10_000) }))[0],
    close,
  };
}

/** Where documents of the relying party can be read: each path has a content type and a body. */
export async function publisher() {
  const documents = new Map();
  const { address, close } = await listen((request, response) => {
    const [type, body] = documents.get(request.url) ?? [];
    response.writeHead(type ? 200 : 404, type && { 'content-type': type }).end(body);
  });
  return { address, publish: (path, type, body) => documents.set(path, [type, body]), close };
}
