// The printed clients, and what their documents leave out: somebody who logs in, and a place to run.

import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { transformSync } from 'esbuild';

export const issuer = process.env.GRANTOR_ISSUER;
export const modules = new URL('node_modules', import.meta.url).pathname;

const verifier = 'dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk';
const challenge = 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM';

export const path = (block) => join(process.env.SEEDS, block);
export const source = (block) => readFileSync(path(block), 'utf8');

/** TypeScript as the JavaScript that it stands for. */
export const compiled = (block, options = {}) =>
  transformSync(source(block), { loader: 'ts', ...options }).code;

/** Writes a compiled block where Node can run it. */
export function program(block) {
  const file = join(mkdtempSync(join(tmpdir(), 'seed-')), 'program.mjs');
  writeFileSync(file, compiled(block));
  return file;
}

/** Starts a Node program; what it prints is in `lines()`, and `ended` waits for its end. */
export function start(args, environment = {}) {
  const child = spawn(process.execPath, args, { env: { ...process.env, ...environment } });
  let printed = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text) => (printed += text));
  }
  const ended = new Promise((resolve) => child.on('close', () => resolve(printed)));
  const until = async (pattern) => {
    for (let turn = 0; turn < 400; turn += 1) {
      const found = printed.match(pattern);
      if (found) return found;
      if (child.exitCode !== null) break;
      await new Promise((resolve) => setTimeout(resolve, 25));
    }
    assert.fail(`${pattern} was not printed: ${printed}`);
  };
  return { until, ended, stop: () => child.kill() };
}

function person(...args) {
  return execFileSync(process.env.SIGN_IN, args, { encoding: 'utf8' }).trim();
}

/** Logs in on the real pages and decides; returns the address that the application is called at. */
export const signIn = (url, decision = 'approve') => new URL(person(String(url), decision));

/** Opens the address that a device shows, and decides. */
export const answerDevice = (url, decision = 'approve') => person('--device', url, decision);

/** The code of a login, and the verifier that belongs to it. */
export function login(clientId, redirectUri, scope) {
  const query = new URLSearchParams({
    response_type: 'code',
    client_id: clientId,
    redirect_uri: redirectUri,
    scope,
    code_challenge: challenge,
    code_challenge_method: 'S256',
  });
  return { code: signIn(`${issuer}/oauth/authorize?${query}`).searchParams.get('code'), verifier };
}

async function post(endpoint, form) {
  const answer = await fetch(`${issuer}/oauth/${endpoint}`, { method: 'POST', body: new URLSearchParams(form) });
  return answer.json();
}

/** A user's access token for a public client. */
export async function userToken(clientId, redirectUri, scope) {
  const { code } = login(clientId, redirectUri, scope);
  const form = { code, client_id: clientId, redirect_uri: redirectUri, code_verifier: verifier };
  return (await post('token', { grant_type: 'authorization_code', ...form })).access_token;
}

export const introspect = (token) => post('introspect', { token });
