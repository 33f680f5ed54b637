# The words of the pages. A theme's locales/en.ftl may replace any of them.
# $client is the name of an app, $host where it lives: both come from outside and are shown as they are.

## Every page

brand = Grantor
skip = Skip to content
footer = Secured by { brand }
new-tab = (opens in a new tab)
cancel = Cancel
yes = Yes
no = No
copy = Copy
copied = Copied
moment = { $day } { $month ->
    [1] January
    [2] February
    [3] March
    [4] April
    [5] May
    [6] June
    [7] July
    [8] August
    [9] September
    [10] October
    [11] November
   *[12] December
} { $year }, { $time } UTC

## Login

login-title = Sign in
login-lead = to continue to { $client }
login-lead-alone = to see and manage your account
login-username = Username
login-password = Password
login-submit = Sign in
login-wrong-credentials = That username and password do not match. Check both and try again.
too-many-seconds = { $count ->
    [one] Too many attempts. Please wait one second, then try again.
   *[other] Too many attempts. Please wait { $count } seconds, then try again.
}
too-many-minutes = { $count ->
    [one] Too many attempts. Please wait one minute, then try again.
   *[other] Too many attempts. Please wait { $count } minutes, then try again.
}
login-session-expired = Your session has ended. Sign in again to continue.
login-form-expired = This page was out of date; nothing has happened. Please sign in again. If this message comes back, allow cookies for this site in your browser.

## Consent

consent-page-title = Allow { $client }?
consent-title = { $client } asks for access to your account
consent-account = Signed in as
consent-other = Not you?
consent-scopes = { $client } would be able to
consent-resources = At these services
consent-approve = Allow
consent-deny = Don’t allow
consent-next = Next, you will be sent to { $host }.
consent-revocable = You can take this access back at any time in your account.
consent-links = About { $client }
consent-client-link = Website
consent-policy-link = Privacy policy
consent-terms-link = Terms of service

scope-openid-title = Know that it is you
scope-openid-text = Confirm who you are when you sign in.
scope-profile-title = See your profile
scope-profile-text = Your name, picture and other basic details.
scope-email-title = See your email address
scope-email-text = The address, and whether it has been verified.
scope-address-title = See your postal address
scope-address-text = The address stored in your account.
scope-phone-title = See your phone number
scope-phone-text = The number, and whether it has been verified.
scope-offline-access-title = Keep this access while you are away
scope-offline-access-text = It lasts until you take it back, even when you are not using the app.

## Choice of account

choice-title = Choose an account
choice-lead = to continue to { $client }
choice-other = Use another account

## Signing out

sign-out-title = Sign out?
sign-out-lead = You are signed in as { $name }.
sign-out-lead-app = { $client } asks to sign you out.
sign-out-yes = Sign out
sign-out-no = Stay signed in

## Signed out

signed-out-title = You are signed out
signed-out-lead = On a shared computer, close the browser as well.
signed-out-again = Sign in again
signed-out-continue = Continue to { $client }
signed-out-frame = Signs you out of an app
still-signed-in-title = You are still signed in
still-signed-in-lead = Nothing was changed.

## Connecting a device

device-title = Connect a device
device-lead = Enter the code that your device shows.
device-code = Code
device-submit = Continue
device-unknown = No device is waiting with that code. Check it and try again.
device-expired = That code has expired. Ask the device for a new one.
device-used = That code was used before. Ask the device for a new one.
device-confirm-page-title = Connect { $client }?
device-confirm-title = Connect { $client } to your account?
device-compare = Does your device show this code?
device-asked = Asked on
device-says = The device calls itself “{ $device }”. Nobody has checked that.
device-warning = Go on only if you have the device in front of you. If somebody sent you this code or a link to it, stop here.
device-approve = Connect
device-deny = Don’t connect
device-done-title = The device is connected
device-done-lead = You can close this page and go on at the device.
device-denied-title = The device was not connected
device-denied-lead = Nothing was shared. You can close this page.

## Form post

form-post-title = One moment
form-post-lead = You are being returned to { $host }.
form-post-noscript = JavaScript is switched off in your browser. Press the button to continue.
form-post-continue = Continue

## Landing page

home-title = Sign-in and access for { $host }
home-lead = Apps send people here to sign in, and to decide what they share.
home-password-title = Your password stays here
home-password-text = You type it on this server only. No app ever sees it.
home-decide-title = You decide
home-decide-text = Before an app gets access you see what it asks for, and can refuse.
home-back-title = You can take it back
home-back-text = Your account lists every app with access. Remove one, and its access ends.
home-account-of = Account of { $name }
home-sign-in = Your account
home-addresses = For developers
home-issuer = Issuer

dev-title = Development server
dev-lead = Everybody can see the passwords and secrets on this page. Use it on your own machine only, and never with real data.
dev-users = People who can sign in
dev-user-name = Name
dev-clients = Registered apps
dev-public-client = none (public client)
dev-try = Try it
dev-examples = Try it from a terminal
dev-endpoints = All endpoints

## Account

account-title = Your account
account-sign-out = Sign out
account-sign-out-everywhere = Sign out everywhere
account-apps = Apps with access
account-apps-lead = You let these apps use your account. Remove those you no longer need.
account-apps-none = No app has access to your account.
account-app-since = Since
account-app-open = Open
account-app-open-label = Open { $client }
account-app-remove = Remove
account-app-remove-label = Remove the access of { $client }
account-removed = { $client } no longer has access to your account.
account-sessions = Where you are signed in
account-sessions-lead = If you do not recognize one of these, end it and change your password.
account-session-current = This browser
account-session-unknown = Unknown browser
account-session-since = Signed in
account-session-end = End
account-session-end-label = End the session: { $device }
account-claims = Your details
account-claims-lead = What an app can see when you allow it.
account-claims-none = Nothing but your username is known about you.

## Personal access tokens

account-tokens-link = Make or delete personal access tokens
tokens-title = Personal access tokens
tokens-lead = A token lets a script of yours act for you without your password.
tokens-made = Your new token
tokens-made-lead = Copy it now. It is not shown again.
tokens-held = Tokens in use
tokens-none = You have no personal access tokens.
tokens-made-by = Made by { $client }
tokens-until = Until
tokens-used = Last used
tokens-never-used = Never used
tokens-delete = Delete
tokens-delete-label = Delete the token { $name }
tokens-create = New token
tokens-name = Name
tokens-name-hint = What it is for, such as "backup script".
tokens-scopes = What it may do
tokens-lifetime = Valid for
tokens-days = { $count ->
    [one] 1 day
   *[other] { $count } days
}
tokens-create-submit = Make token
tokens-back = Back to your account
tokens-problem-name = Give the token a name of 1 to 100 characters.
tokens-problem-scope = Choose at least one thing that the token may do.
tokens-problem-too-many = You have as many tokens as you can have. Delete one first.
tokens-problem-other = The token was not made. Check what you chose and try again.

claim-sub = Account number
claim-name = Name
claim-given-name = First name
claim-family-name = Last name
claim-middle-name = Middle name
claim-nickname = Nickname
claim-preferred-username = Username
claim-profile = Profile page
claim-picture = Picture
claim-website = Website
claim-email = Email address
claim-email-verified = Email verified
claim-gender = Gender
claim-birthdate = Date of birth
claim-zoneinfo = Time zone
claim-locale = Language
claim-phone-number = Phone number
claim-phone-number-verified = Phone verified
claim-address = Postal address
claim-address-formatted = Whole address
claim-address-street-address = Street and number
claim-address-locality = City
claim-address-region = Region
claim-address-postal-code = Postal code
claim-address-country = Country
claim-updated-at = Last changed

## The callback of a development server

callback-code-title = The code has arrived
callback-code-lead = An app would now exchange it for tokens. You can do so by hand: a code works once, and for a short time.
callback-error-title = The app was refused
callback-error-lead = This is the answer an app would have got.
callback-empty-title = Nothing arrived
callback-empty-lead = This page shows the answer to an authorization request. It was opened without one.
callback-code = Authorization code
callback-exchange = Exchange it for tokens
callback-exchange-lead = Paste this into a terminal.
callback-params = Parameters of the answer
callback-again = Start over

## The stand-in for a device, on a development server

dev-device-title = A device: { $client }
dev-device-lead = This is what a device without a browser would show. Scan the code or open the page, compare, and answer.
dev-device-open = Open the page
dev-device-qr = QR code: the page with the code filled in
dev-device-poll = Ask for the tokens
dev-device-poll-lead = Paste this into a terminal. Until somebody has answered, the answer is authorization_pending.

## Fields that people type into

typed-missing = Please fill in this field.
typed-too-long = Please use at most { $count } characters.
typed-control-character = Please remove characters that cannot be seen, such as line breaks or tabs.
typed-web-address = Please enter a web address that begins with https:// or http://, such as https://ada.example.
typed-birthdate = Please enter a date as 1990-02-28, as 0000-02-28 without the year, or the year alone, such as 1990.
typed-time-zone = Please enter the name of a time zone, such as Europe/Paris or America/New_York.
typed-language = Please enter a language tag, such as de for German or fr-CA for Canadian French, with a hyphen.
typed-email-address = Please enter an email address, such as ada@example.com.
typed-phone-number = Please enter a phone number in digits, best with its country: +49 30 1234567.
typed-too-many = You have as many entries in other languages as you can have. Empty one first.
typed-username = Please choose a username of up to 255 characters that does not begin or end with a space.
typed-username-taken = Somebody else has this username. Please choose another one.
typed-password-short = Please choose a password of at least { $count } characters.
typed-password-long = This password is too long. Please choose a shorter one.
typed-passwords-differ = The two passwords are not the same. Please type both again.
typed-password-wrong = This is not your present password. Please try again.

## Making an account

login-sign-up = Create an account
sign-up-title = Create an account
sign-up-lead-alone = so that you can sign in with it
sign-up-password-again = Password, once more
sign-up-name = Name (optional)
sign-up-email = Email address (optional)
sign-up-submit = Create account
sign-up-login = I have an account already
sign-up-form-expired = This page was out of date; nothing has happened. Please fill it in again. If this message comes back, allow cookies for this site in your browser.

## Changing the password

password-title = Change your password
password-lead = You will be signed out everywhere else.
password-present = Present password
password-new = New password
password-again = New password, once more
password-hint = At least { $count } characters. Long ones that you remember are best.
password-submit = Change password
password-changed = Your password is changed, and you are signed out everywhere else.

## Your details

account-profile-link = Change your details
account-password-lead = If somebody else might know it, change it: every other session ends.
profile-title = Your details
profile-lead = What an app can see when you allow it. Empty a field to delete what it says.
profile-names = Your name
profile-contact = How to reach you
profile-about = About you
profile-address = Where you live
profile-languages = In other languages
profile-languages-lead = Your name or address as it is written for people who read another language.
profile-new = Add one
profile-new-claim = What
profile-new-language = Language
profile-new-value = How it is written there
profile-hint-preferred-username = What apps may call you. You sign in with your username all the same.
profile-hint-web-address = An address that begins with https://
profile-hint-birthdate = 1990-02-28, or 0000-02-28 without the year, or only 1990
profile-hint-zoneinfo = Such as Europe/Paris
profile-hint-locale = Such as de, or fr-CA
profile-hint-phone-number = With the country, such as +49 30 1234567
profile-hint-formatted = The whole address as on an envelope
profile-verified = Verified
profile-not-verified = Not verified
profile-stored = Stored by now: { $value }
profile-stored-nothing = Deleted by now
profile-save = Save
profile-saved = Your details are saved.
profile-wrong = Nothing was saved: some fields need another look. They are marked below.
profile-changed = Nothing was saved: your details were changed in another window since you opened this page. What differs is shown below. Save again to keep what you typed.

## Errors, by code: what happened, what is wrong, what to do

error-next = What you can do
error-code = Error
error-status = Status
error-cause = Cause
error-request = Request

error-other-title = That did not work
error-other-text = The request could not be carried out.
error-other-hint = Go back to the app and start again. If it happens again, give the people who run the app the details below.

error-invalid-request-title = The app’s request is incomplete
error-invalid-request-text = A parameter is missing, appears twice or has a value that is not allowed.
error-invalid-request-hint = Go back to the app and start again. If it happens again, the app has to be corrected: give its developers the details below.

error-invalid-client-title = We don’t know this app
error-invalid-client-text = The app that sent you here is not registered, or is switched off.
error-invalid-client-hint = Check that you opened the right app. Its developers have to register it with this server.

error-unauthorized-client-title = The app may not do this
error-unauthorized-client-text = The app is registered, but not for this kind of request.
error-unauthorized-client-hint = There is nothing you can change here. Give the details below to the app’s developers.

error-invalid-redirect-uri-title = The way back is not registered
error-invalid-redirect-uri-text = The app asked to send you to an address that is not registered for it, so we stopped.
error-invalid-redirect-uri-hint = If you followed a link from a message, do not trust it. Otherwise tell the app’s developers: the redirect URI has to match exactly.

error-access-denied-title = Access was not given
error-access-denied-text = You, or the rules of this server, refused what the app asked for.
error-access-denied-hint = If you did not mean to, go back to the app and start again.

error-unsupported-response-type-title = The app asks in a way we don’t support
error-unsupported-response-type-text = This server does not give the kind of answer the app asked for.
error-unsupported-response-type-hint = The app’s developers have to use the authorization code flow (response_type=code).

error-invalid-scope-title = The app asks for something unknown
error-invalid-scope-text = A scope in the request does not exist, or the app may not ask for it.
error-invalid-scope-hint = Give the details below to the app’s developers; they can look up the scopes of this server in its metadata.

error-invalid-target-title = The service is unknown
error-invalid-target-text = The app asked for access to a service that this server does not protect.
error-invalid-target-hint = Give the details below to the app’s developers.

error-invalid-grant-title = This permission is no longer valid
error-invalid-grant-text = It has expired, was used before, or was taken back.
error-invalid-grant-hint = Go back to the app and sign in again.

error-invalid-request-uri-title = The request has expired
error-invalid-request-uri-text = The app’s prepared request was used before, is too old, or never existed.
error-invalid-request-uri-hint = Go back to the app and start again; don’t use a saved or shared link.

error-invalid-request-object-title = The signed request cannot be trusted
error-invalid-request-object-text = Its signature or its content is not valid.
error-invalid-request-object-hint = Go back to the app and start again. If it happens again, its developers should check the signing key and the clock.

error-request-not-supported-title = Signed requests are not accepted
error-request-not-supported-text = The app sent its request as a signed object, which this server does not read.
error-request-not-supported-hint = The app’s developers have to send plain parameters or use a pushed request.

error-request-uri-not-supported-title = Requests by reference are not accepted
error-request-uri-not-supported-text = The app’s request points to an address from which this server does not read.
error-request-uri-not-supported-hint = The app’s developers have to push the request to this server instead.

error-login-required-title = You have to sign in
error-login-required-text = The app wanted to go on without asking you, but nobody is signed in.
error-login-required-hint = Go back to the app and sign in from there.

error-interaction-required-title = We have to ask you something
error-interaction-required-text = The app wanted to go on without asking you, and that is not possible.
error-interaction-required-hint = Go back to the app and sign in from there.

error-consent-required-title = Your permission is needed
error-consent-required-text = The app wanted to go on without asking for your permission.
error-consent-required-hint = Go back to the app and start again; you will be asked.

error-account-selection-required-title = You have to choose an account
error-account-selection-required-text = More than one account is signed in, and the app did not let us ask which one to use.
error-account-selection-required-hint = Go back to the app and sign in from there.

error-expired-token-title = The code has expired
error-expired-token-text = Codes are valid for a short time only, and this one is too old.
error-expired-token-hint = Ask the device or the app for a new code.

error-form-expired-title = This page has expired
error-form-expired-text = It was open for too long, or was sent before.
error-form-expired-hint = Go back to the app and start again.

error-slow-down-title = Too many requests
error-slow-down-text = More requests came from your address than this server takes at a time.
error-slow-down-hint = Wait a minute and try again.

error-not-found-title = There is no such page
error-not-found-text = The address leads nowhere.
error-not-found-hint = Check the address for typing errors, or start from the app you wanted to use.

error-method-not-allowed-title = This page cannot be opened like that
error-method-not-allowed-text = The address exists, but does not take this kind of request.
error-method-not-allowed-hint = Start from the app you wanted to use, not from a saved address.

error-server-error-title = Something went wrong on our side
error-server-error-text = The server ran into a problem it did not expect. Nothing was shared with the app.
error-server-error-hint = Try again in a moment. If it happens again, give the people who run this server the number of the request below.

error-temporarily-unavailable-title = We’ll be right back
error-temporarily-unavailable-text = The server is busy or being maintained.
error-temporarily-unavailable-hint = Wait a minute and try again. Nothing was lost.
