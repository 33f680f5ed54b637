// oidc-provider wants Node 22, and Debian has 20. This is all that it uses of the newer one.

URL.parse ??= (text, base) => (URL.canParse(text, base) ? new URL(text, base) : null);
