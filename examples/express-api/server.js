// A notes API in Express that takes access tokens of Grantor, checked with jose.
//
// npm start, with a `grantor dev` beside it. ISSUER says who issues the tokens, AUDIENCE who they have to be for, PORT
// where to listen.

import express from 'express';
import { createRemoteJWKSet, errors, jwtVerify } from 'jose';

const { ISSUER: issuer = 'http://localhost:8080', PORT: port = '5001' } = process.env;
const { AUDIENCE: audience = issuer, JWKS_URI: jwksUri = `${issuer}/oauth/jwks.json` } = process.env;

// `jwks_uri` in the issuer's metadata. Keys are kept, and fetched anew when a token names one that is not known, but not
// more often than every 30 seconds.
const keys = createRemoteJWKSet(new URL(jwksUri));

/** The claims of an access token for us (RFC 9068 4). */
async function claimsOf(token) {
  const { payload } = await jwtVerify(token, keys, {
    issuer,
    audience,
    // An ID token has the same signature and the same issuer; the type tells them apart.
    typ: 'at+jwt',
    // Never the algorithm that the token names by itself.
    algorithms: ['ES256', 'EdDSA', 'PS256', 'RS256'],
    requiredClaims: ['sub', 'exp', 'client_id'],
  });
  // A token that is bound to a key is no bearer token: without its proof it may be stolen.
  if (payload.cnf) throw new errors.JWTClaimValidationFailed('the token is bound to a key', payload, 'cnf');
  return payload;
}

/** A refusal with the challenge of RFC 6750 3. */
function refuse(response, status, error, more = '') {
  const challenge = `Bearer realm="notes"${error ? `, error="${error}"` : ''}${more}`;
  response.status(status).set('WWW-Authenticate', challenge).json({ error: error ?? 'invalid_token' });
}

/** Lets a request through when its token is good and has all of these scopes. */
function require(...scopes) {
  return async (request, response, next) => {
    const [, token] = /^bearer +(.+)$/i.exec(request.get('authorization') ?? '') ?? [];
    if (!token) return refuse(response, 401);
    try {
      request.token = await claimsOf(token.trim());
    } catch (error) {
      const ofToken = error instanceof errors.JOSEError && !(error instanceof errors.JWKSTimeout);
      return ofToken ? refuse(response, 401, 'invalid_token') : response.status(503).json({ error: 'temporarily_unavailable' });
    }
    const granted = new Set((request.token.scope ?? '').split(' '));
    if (!scopes.every((scope) => granted.has(scope))) {
      return refuse(response, 403, 'insufficient_scope', `, scope="${scopes.join(' ')}"`);
    }
    return next();
  };
}

const notes = [];
const app = express();
app.use(express.json({ limit: '16kb' }));

app.get('/notes', require('read'), (request, response) => response.json({ notes }));

app.post('/notes', require('write'), (request, response) => {
  notes.push(request.body);
  response.status(201).json(request.body);
});

app.get('/whoami', require(), ({ token }, response) => {
  const { sub, client_id, scope = '' } = token;
  // A client's own token has the client in `sub`.
  response.json({ sub, client_id, scope, user: sub !== client_id });
});

app.listen(Number(port), '127.0.0.1');
