// What an application writes itself when it uses oidc-client-ts: one manager, and one line where the answer arrives.

const manager = new oidc.UserManager({
  ...settings,
  client_id: 'spa',
  redirect_uri: `${location.origin}/oauth/callback`,
  scope: 'openid profile email read',
  loadUserInfo: true,
  automaticSilentRenew: false,
  monitorSession: false,
  userStore: new oidc.WebStorageStateStore({ store: localStorage }),
});

const answered = location.pathname === '/oauth/callback' ? manager.signinCallback() : undefined;
