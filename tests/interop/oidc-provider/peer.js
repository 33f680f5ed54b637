// Another server for our client library: oidc-provider, on two free ports of this machine, the second of which asks for
// certificates. What it is started with comes as one line of JSON; it prints its issuer, and ends when its input does.

import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:https';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import './runtime.js';
import { Provider } from 'oidc-provider';
import { answer, features } from './features.js';
import * as pages from './pages.js';

// The output is for the issuer.
console.info = console.error;
console.log = console.error;

const lines = createInterface({ input: process.stdin });
const [line] = await once(lines, 'line');
lines.on('close', () => process.exit());
const { certificate: cert, key, authority: ca, initialAccessToken } = JSON.parse(line);

/** A server on a free port. The provider has to know the port, and comes later. */
async function listening(options) {
  const server = createServer({ cert, key, ...options }, (request, response) => serve(request, response));
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return `https://localhost:${server.address().port}`;
}

const issuer = await listening({});
const mutual = await listening({ ca, requestCert: true, rejectUnauthorized: false });

/** The key of RSA is for RS256 and PS256. */
function signingKey([kind, options]) {
  const { privateKey } = generateKeyPairSync(kind, options);
  return { ...privateKey.export({ format: 'jwk' }), kid: kind, use: 'sig' };
}

const keys = [['rsa', { modulusLength: 2048 }], ['ec', { namedCurve: 'P-256' }], ['ed25519', {}]].map(signingKey);

/** RFC 8705 5: where those come who show a certificate. */
const aliases = {
  token_endpoint: `${mutual}/token`,
  userinfo_endpoint: `${mutual}/me`,
  introspection_endpoint: `${mutual}/token/introspection`,
  revocation_endpoint: `${mutual}/token/revocation`,
  pushed_authorization_request_endpoint: `${mutual}/request`,
  device_authorization_endpoint: `${mutual}/device/auth`,
  backchannel_authentication_endpoint: `${mutual}/backchannel`,
};

const account = (username) => ({
  accountId: username,
  claims: () => ({
    sub: username, name: `${username} Example`, email: `${username}@example.com`, email_verified: true,
    updated_at: 1_700_000_000,
  }),
});

const provider = new Provider(issuer, {
  claims: { openid: ['sub'], profile: ['name', 'updated_at'], email: ['email', 'email_verified'] },
  clientAuthMethods: [
    'client_secret_basic', 'client_secret_post', 'client_secret_jwt', 'private_key_jwt', 'none',
    'tls_client_auth', 'self_signed_tls_client_auth',
  ],
  cookies: { keys: [randomBytes(32).toString('hex')] },
  discovery: { mtls_endpoint_aliases: aliases },
  features: features({ initialAccessToken, nonceSecret: randomBytes(32) }),
  findAccount: (_ctx, username) => (username === 'nobody' ? undefined : account(username)),
  interactions: { url: (_ctx, interaction) => `/interaction/${interaction.uid}` },
  jwks: { keys },
  renderError: (ctx, out) => {
    ctx.type = 'html';
    ctx.body = pages.failed(out);
  },
  rotateRefreshToken: true,
  scopes: ['openid', 'offline_access', 'profile', 'email', 'read'],
});
// Clients are told less than that.
for (const event of ['server_error', 'authorization.error', 'grant.error', 'userinfo.error']) {
  provider.on(event, (ctx, error) => console.error(event, ctx.oidc?.client?.clientId, error.error_detail ?? error));
}

/** What has been asked for and was not granted yet. */
async function granted({ prompt: { details }, params, session, grantId }) {
  const grant = grantId
    ? await provider.Grant.find(grantId)
    : new provider.Grant({ accountId: session.accountId, clientId: params.client_id });
  grant.addOIDCScope(details.missingOIDCScope?.join(' ') ?? '');
  grant.addOIDCClaims(details.missingOIDCClaims ?? []);
  for (const [resource, scopes] of Object.entries(details.missingResourceScopes ?? {})) {
    grant.addResourceScope(resource, scopes.join(' '));
  }
  for (const detail of details.rar ?? []) grant.addRar(detail);
  return { consent: { grantId: await grant.save() } };
}

async function interact(request, response) {
  const interaction = await provider.interactionDetails(request, response);
  const isLogin = interaction.prompt.name === 'login';
  const form = request.method === 'POST' ? new URLSearchParams(await text(request)) : undefined;
  const username = form?.get('username');
  const isKnown = !isLogin || form?.get('password') === `${username}-password`;
  if (!form || !isKnown) {
    const { params, prompt } = interaction;
    response.setHeader('content-type', 'text/html; charset=utf-8');
    response.end(isLogin ? pages.login() : pages.consent(params.client_id, prompt.details));
    return;
  }
  let result = { error: 'access_denied', error_description: 'the user said no' };
  if (isLogin) result = { login: { accountId: username } };
  else if (form.get('decision') === 'approve') result = await granted(interaction);
  await provider.interactionFinished(request, response, result, { mergeWithLastSubmission: !isLogin });
}

async function onTheirDevice(request, response) {
  const [, , username, decision] = request.url.split('/');
  await answer(provider, username, decision);
  response.end();
}

/** An access token ends before its time, and nothing else with it. */
async function over(request, response) {
  const token = await provider.AccessToken.find(request.url.split('/')[2]);
  await token.destroy();
  response.end();
}

const ours = { interaction: interact, asked: onTheirDevice, over };
const rest = provider.callback();

function serve(request, response) {
  const own = ours[request.url.split('/')[1]];
  if (!own) return rest(request, response);
  return own(request, response).catch((error) => {
    console.error(error);
    response.writeHead(500).end();
  });
}

process.stdout.write(`issuer ${issuer}\n`);
