// What a page of the server gives a script: its own address for relative paths, and the token of whoever is logged in.

const { fetch } = globalThis;
globalThis.fetch = (path, options) => fetch(new URL(path, process.env.GRANTOR_ISSUER), options);
globalThis.userAccessToken = process.env.USER_ACCESS_TOKEN;
