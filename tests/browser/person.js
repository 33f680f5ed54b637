// What a person does on the pages.

export const issuer = process.env.GRANTOR_ISSUER;

/** Types the user name and the password of a fixture user, and sends them. */
export async function logIn(page, username = 'demo', password = `${username}-password`) {
  await page.fill('#username', username);
  await page.fill('#password', password);
  await page.click('#login-submit');
}

/** Logs in and allows. */
export async function approve(page, username) {
  await logIn(page, username);
  await page.click('#consent-approve');
}
