// Everything that oidc-provider has, switched on, but for its drafts and for the pages that it has for development.

import { randomUUID } from 'node:crypto';
import { errors } from 'oidc-provider';
import * as pages from './pages.js';

/** The API that has a say in its own tokens. */
export const api = 'https://api.example/';

/** What users were asked on devices of theirs, and have not answered. */
const asked = new Map();

/** The user answers what was asked last (OpenID Connect CIBA). */
export async function answer(provider, username, decision) {
  const request = asked.get(username);
  asked.delete(username);
  if (decision === 'approve') {
    const grant = new provider.Grant({ accountId: username, clientId: request.clientId });
    grant.addOIDCScope(request.scope);
    await grant.save();
    await provider.backchannelResult(request, grant, { authTime: Math.floor(Date.now() / 1000) });
  } else {
    await provider.backchannelResult(request, new errors.AccessDenied('the user said no'));
  }
}

const ciba = {
  enabled: true,
  deliveryModes: ['poll', 'ping'],
  processLoginHint: (_ctx, hint) => hint,
  processLoginHintToken: () => undefined,
  validateRequestContext: () => undefined,
  verifyUserCode: (_ctx, _account, code) => {
    if (code === 'wrong') throw new errors.InvalidUserCode('that is not the code of the user');
  },
  triggerAuthenticationDevice: (_ctx, request, account) => { asked.set(account.accountId, request); },
};

const mTLS = {
  enabled: true,
  certificateBoundAccessTokens: true,
  selfSignedTlsClientAuth: true,
  tlsClientAuth: true,
  getCertificate: (ctx) => ctx.socket.getPeerX509Certificate?.(),
  certificateAuthorized: (ctx) => ctx.socket.authorized,
  certificateSubjectMatches: (ctx, property, expected) =>
    property === 'tls_client_auth_san_dns' && ctx.socket.getPeerX509Certificate().checkHost(expected) !== undefined,
};

const resourceIndicators = {
  enabled: true,
  getResourceServerInfo: (_ctx, resource) => {
    if (resource !== api) throw new errors.InvalidTarget();
    return { scope: 'read write', audience: api, accessTokenFormat: 'jwt', jwt: { sign: { alg: 'ES256' } } };
  },
};

const richAuthorizationRequests = {
  enabled: true,
  types: { payment: { validate: () => undefined } },
  authorizationDetailsForGrantSource: (ctx) => JSON.parse(ctx.oidc.params.authorization_details ?? '[]'),
  authorizationDetailsForAccessToken: (_ctx, _token, source) => source.rar,
  authorizationDetailsForIntrospection: (_ctx, token) => token.rar,
};

/** The features, with an initial access token that whoever registers a client has to have. */
export const features = ({ initialAccessToken, nonceSecret }) => ({
  backchannelLogout: { enabled: true },
  ciba,
  claimsParameter: { enabled: true },
  clientCredentials: { enabled: true },
  deviceFlow: {
    enabled: true,
    userCodeInputSource: (ctx, form) => { ctx.body = pages.deviceCode(form); },
    userCodeConfirmSource: (ctx, form, _client, _device, code) => { ctx.body = pages.deviceConfirm(form, code); },
    successSource: (ctx) => { ctx.body = pages.deviceDone(); },
  },
  devInteractions: { enabled: false },
  dPoP: { enabled: true, nonceSecret, requireNonce: () => true },
  encryption: { enabled: true },
  fapi: { enabled: true, profile: (_ctx, client) => (client?.clientName === 'FAPI 2.0' ? '2.0' : undefined) },
  introspection: { enabled: true },
  jwtIntrospection: { enabled: true },
  jwtResponseModes: { enabled: true },
  jwtUserinfo: { enabled: true },
  mTLS,
  pushedAuthorizationRequests: { enabled: true },
  // With everything in names and secrets that has to be encoded on the way (RFC 6749 2.3.1).
  registration: {
    enabled: true,
    initialAccessToken,
    idFactory: () => `client:${randomUUID()}`,
    secretFactory: () => `${randomUUID()}: %2B+&=?"\\~`,
  },
  registrationManagement: { enabled: true },
  requestObjects: { enabled: true },
  resourceIndicators,
  revocation: { enabled: true },
  richAuthorizationRequests,
  rpInitiatedLogout: { enabled: true, logoutSource: (ctx, form) => { ctx.body = pages.logout(form); } },
  rpMetadataChoices: { enabled: true },
  userinfo: { enabled: true },
});
