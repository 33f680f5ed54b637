# Die Texte der Seiten. locales/de.ftl in einem Theme darf jeden davon ersetzen.
# $client ist der Name einer App, $host ihr Ort: beide kommen von außen und werden gezeigt, wie sie sind.

## Jede Seite

brand = Grantor
skip = Zum Inhalt springen
footer = Geschützt durch { brand }
new-tab = (öffnet in einem neuen Tab)
cancel = Abbrechen
yes = Ja
no = Nein
copy = Kopieren
copied = Kopiert
moment = { $day }. { $month ->
    [1] Januar
    [2] Februar
    [3] März
    [4] April
    [5] Mai
    [6] Juni
    [7] Juli
    [8] August
    [9] September
    [10] Oktober
    [11] November
   *[12] Dezember
} { $year }, { $time } UTC

## Anmeldung

login-title = Anmelden
login-lead = um mit { $client } fortzufahren
login-lead-alone = um Ihr Konto zu sehen und zu verwalten
login-username = Benutzername
login-password = Passwort
login-submit = Anmelden
login-wrong-credentials = Benutzername und Passwort passen nicht zusammen. Bitte prüfen Sie beides und versuchen Sie es erneut.
too-many-seconds = { $count ->
    [one] Zu viele Versuche. Bitte warten Sie eine Sekunde und versuchen Sie es dann erneut.
   *[other] Zu viele Versuche. Bitte warten Sie { $count } Sekunden und versuchen Sie es dann erneut.
}
too-many-minutes = { $count ->
    [one] Zu viele Versuche. Bitte warten Sie eine Minute und versuchen Sie es dann erneut.
   *[other] Zu viele Versuche. Bitte warten Sie { $count } Minuten und versuchen Sie es dann erneut.
}
login-session-expired = Ihre Sitzung ist abgelaufen. Bitte melden Sie sich wieder an.
login-form-expired = Diese Seite war veraltet; es ist nichts geschehen. Bitte melden Sie sich erneut an. Kommt diese Meldung wieder, erlauben Sie im Browser Cookies für diese Seite.

## Zustimmung

consent-page-title = { $client } erlauben?
consent-title = { $client } möchte auf Ihr Konto zugreifen
consent-account = Angemeldet als
consent-other = Nicht Sie?
consent-scopes = { $client } könnte dann
consent-resources = Bei diesen Diensten
consent-approve = Erlauben
consent-deny = Ablehnen
consent-next = Als Nächstes werden Sie zu { $host } geleitet.
consent-revocable = Sie können diesen Zugriff jederzeit in Ihrem Konto zurücknehmen.
consent-links = Über { $client }
consent-client-link = Website
consent-policy-link = Datenschutz
consent-terms-link = Nutzungsbedingungen

scope-openid-title = Wissen, dass Sie es sind
scope-openid-text = Bei der Anmeldung bestätigen, wer Sie sind.
scope-profile-title = Ihr Profil sehen
scope-profile-text = Ihren Namen, Ihr Bild und weitere Grunddaten.
scope-email-title = Ihre E-Mail-Adresse sehen
scope-email-text = Die Adresse, und ob sie bestätigt ist.
scope-address-title = Ihre Postanschrift sehen
scope-address-text = Die Anschrift, die in Ihrem Konto steht.
scope-phone-title = Ihre Telefonnummer sehen
scope-phone-text = Die Nummer, und ob sie bestätigt ist.
scope-offline-access-title = Den Zugriff behalten, während Sie weg sind
scope-offline-access-text = Er bleibt, bis Sie ihn zurücknehmen, auch wenn Sie die App nicht benutzen.

## Kontoauswahl

choice-title = Konto auswählen
choice-lead = um mit { $client } fortzufahren
choice-other = Anderes Konto verwenden

## Abmelden

sign-out-title = Abmelden?
sign-out-lead = Sie sind als { $name } angemeldet.
sign-out-lead-app = { $client } möchte Sie abmelden.
sign-out-yes = Abmelden
sign-out-no = Angemeldet bleiben

## Abgemeldet

signed-out-title = Sie sind abgemeldet
signed-out-lead = Schließen Sie an einem gemeinsam genutzten Computer auch den Browser.
signed-out-again = Wieder anmelden
signed-out-continue = Weiter zu { $client }
signed-out-frame = Meldet Sie bei einer App ab
still-signed-in-title = Sie sind weiterhin angemeldet
still-signed-in-lead = Es wurde nichts geändert.

## Gerät verbinden

device-title = Gerät verbinden
device-lead = Geben Sie den Code ein, den Ihr Gerät anzeigt.
device-code = Code
device-submit = Weiter
device-unknown = Mit diesem Code wartet kein Gerät. Bitte prüfen Sie ihn und versuchen Sie es erneut.
device-expired = Dieser Code ist abgelaufen. Fordern Sie am Gerät einen neuen an.
device-used = Dieser Code wurde schon benutzt. Fordern Sie am Gerät einen neuen an.
device-confirm-page-title = { $client } verbinden?
device-confirm-title = { $client } mit Ihrem Konto verbinden?
device-compare = Zeigt Ihr Gerät diesen Code?
device-asked = Angefragt am
device-says = Das Gerät nennt sich „{ $device }“. Das hat niemand geprüft.
device-warning = Fahren Sie nur fort, wenn Sie das Gerät vor sich haben. Hat Ihnen jemand diesen Code oder einen Link dazu geschickt, brechen Sie hier ab.
device-approve = Verbinden
device-deny = Nicht verbinden
device-done-title = Das Gerät ist verbunden
device-done-lead = Sie können diese Seite schließen und am Gerät weitermachen.
device-denied-title = Das Gerät wurde nicht verbunden
device-denied-lead = Es wurde nichts geteilt. Sie können diese Seite schließen.

## Antwort als Formular

form-post-title = Einen Moment
form-post-lead = Sie werden zu { $host } zurückgeleitet.
form-post-noscript = JavaScript ist in Ihrem Browser ausgeschaltet. Bitte fahren Sie mit der Schaltfläche fort.
form-post-continue = Weiter

## Startseite

home-title = Anmeldung und Zugriff für { $host }
home-lead = Apps leiten Menschen hierher, damit sie sich anmelden und entscheiden, was sie teilen.
home-password-title = Ihr Passwort bleibt hier
home-password-text = Sie geben es nur auf diesem Server ein. Keine App bekommt es je zu sehen.
home-decide-title = Sie entscheiden
home-decide-text = Bevor eine App Zugriff erhält, sehen Sie, worum sie bittet, und können ablehnen.
home-back-title = Sie können es zurücknehmen
home-back-text = Ihr Konto zeigt jede App mit Zugriff. Entfernen Sie eine, endet ihr Zugriff.
home-account-of = Konto von { $name }
home-sign-in = Ihr Konto
home-addresses = Für Entwickler
home-issuer = Aussteller

dev-title = Entwicklungsserver
dev-lead = Die Passwörter und Geheimnisse auf dieser Seite sind für alle sichtbar. Nur auf dem eigenen Rechner verwenden, nie mit echten Daten.
dev-users = Wer sich anmelden kann
dev-user-name = Name
dev-clients = Registrierte Apps
dev-public-client = keines (öffentlicher Client)
dev-try = Ausprobieren
dev-examples = Im Terminal ausprobieren
dev-endpoints = Alle Endpunkte

## Konto

account-title = Ihr Konto
account-sign-out = Abmelden
account-sign-out-everywhere = Überall abmelden
account-apps = Apps mit Zugriff
account-apps-lead = Diesen Apps haben Sie Ihr Konto geöffnet. Entfernen Sie, was Sie nicht mehr brauchen.
account-apps-none = Keine App hat Zugriff auf Ihr Konto.
account-app-since = Seit
account-app-open = Öffnen
account-app-open-label = { $client } öffnen
account-app-remove = Entfernen
account-app-remove-label = Zugriff von { $client } entfernen
account-removed = { $client } hat keinen Zugriff mehr auf Ihr Konto.
account-sessions = Wo Sie angemeldet sind
account-sessions-lead = Wenn Sie einen Eintrag nicht kennen, beenden Sie ihn und ändern Sie Ihr Passwort.
account-session-current = Dieser Browser
account-session-unknown = Unbekannter Browser
account-session-since = Angemeldet am
account-session-end = Beenden
account-session-end-label = Sitzung beenden: { $device }
account-claims = Ihre Daten
account-claims-lead = Was eine App sehen kann, wenn Sie es erlauben.
account-claims-none = Außer Ihrem Benutzernamen ist nichts über Sie bekannt.

## Persönliche Zugriffstoken

account-tokens-link = Persönliche Zugriffstoken erstellen oder löschen
tokens-title = Persönliche Zugriffstoken
tokens-lead = Mit einem Token handelt ein Skript für Sie, ohne Ihr Passwort zu kennen.
tokens-made = Ihr neues Token
tokens-made-lead = Kopieren Sie es jetzt. Es wird nicht noch einmal angezeigt.
tokens-held = Token in Gebrauch
tokens-none = Sie haben keine persönlichen Zugriffstoken.
tokens-made-by = Erstellt von { $client }
tokens-until = Bis
tokens-used = Zuletzt benutzt
tokens-never-used = Nie benutzt
tokens-delete = Löschen
tokens-delete-label = Token { $name } löschen
tokens-create = Neues Token
tokens-name = Name
tokens-name-hint = Wofür es ist, etwa „Backup-Skript“.
tokens-scopes = Was es darf
tokens-lifetime = Gültig für
tokens-days = { $count ->
    [one] 1 Tag
   *[other] { $count } Tage
}
tokens-create-submit = Token erstellen
tokens-back = Zurück zum Konto
tokens-problem-name = Geben Sie dem Token einen Namen mit 1 bis 100 Zeichen.
tokens-problem-scope = Wählen Sie mindestens eine Sache, die das Token darf.
tokens-problem-too-many = Mehr Token sind nicht möglich. Löschen Sie zuerst eines.
tokens-problem-other = Es wurde kein Token erstellt. Prüfen Sie Ihre Auswahl und versuchen Sie es noch einmal.

claim-sub = Kontonummer
claim-name = Name
claim-given-name = Vorname
claim-family-name = Nachname
claim-middle-name = Zweiter Vorname
claim-nickname = Spitzname
claim-preferred-username = Benutzername
claim-profile = Profilseite
claim-picture = Bild
claim-website = Website
claim-email = E-Mail-Adresse
claim-email-verified = E-Mail bestätigt
claim-gender = Geschlecht
claim-birthdate = Geburtsdatum
claim-zoneinfo = Zeitzone
claim-locale = Sprache
claim-phone-number = Telefonnummer
claim-phone-number-verified = Telefon bestätigt
claim-address = Postanschrift
claim-address-formatted = Ganze Anschrift
claim-address-street-address = Straße und Hausnummer
claim-address-locality = Ort
claim-address-region = Region
claim-address-postal-code = Postleitzahl
claim-address-country = Land
claim-updated-at = Zuletzt geändert

## Rücksprungseite eines Entwicklungsservers

callback-code-title = Der Code ist da
callback-code-lead = Eine App würde ihn jetzt gegen Token tauschen. Das geht auch von Hand: Ein Code gilt einmal und nur kurze Zeit.
callback-error-title = Die App wurde abgewiesen
callback-error-lead = Diese Antwort hätte eine App bekommen.
callback-empty-title = Hier ist nichts angekommen
callback-empty-lead = Diese Seite zeigt die Antwort auf eine Autorisierungsanfrage. Sie wurde ohne eine solche geöffnet.
callback-code = Autorisierungscode
callback-exchange = Gegen Token tauschen
callback-exchange-lead = Fügen Sie dies in ein Terminal ein.
callback-params = Parameter der Antwort
callback-again = Von vorn beginnen

## Ein Gerät auf einem Entwicklungsserver

dev-device-title = Ein Gerät: { $client }
dev-device-lead = Das würde ein Gerät ohne Browser anzeigen. Scannen Sie den Code oder öffnen Sie die Seite, vergleichen Sie, und antworten Sie.
dev-device-open = Seite öffnen
dev-device-qr = QR-Code: die Seite mit dem Code darin
dev-device-poll = Nach den Tokens fragen
dev-device-poll-lead = In ein Terminal einfügen. Solange niemand geantwortet hat, lautet die Antwort authorization_pending.

## Felder zum Ausfüllen

typed-missing = Bitte füllen Sie dieses Feld aus.
typed-too-long = Bitte verwenden Sie höchstens { $count } Zeichen.
typed-control-character = Bitte entfernen Sie unsichtbare Zeichen wie Zeilenumbrüche oder Tabulatoren.
typed-web-address = Bitte geben Sie eine Webadresse ein, die mit https:// oder http:// beginnt, etwa https://ada.example.
typed-birthdate = Bitte geben Sie ein Datum wie 1990-02-28 ein, ohne Jahr 0000-02-28, oder nur das Jahr, etwa 1990.
typed-time-zone = Bitte geben Sie den Namen einer Zeitzone ein, etwa Europe/Berlin oder America/New_York.
typed-language = Bitte geben Sie ein Sprachkürzel ein, etwa de für Deutsch oder fr-CA für kanadisches Französisch, mit Bindestrich.
typed-email-address = Bitte geben Sie eine E-Mail-Adresse ein, etwa ada@example.com.
typed-phone-number = Bitte geben Sie eine Telefonnummer in Ziffern ein, am besten mit Landesvorwahl: +49 30 1234567.
typed-too-many = Mehr Angaben in anderen Sprachen sind nicht möglich. Leeren Sie erst eine davon.
typed-username = Bitte wählen Sie einen Benutzernamen mit höchstens 255 Zeichen, der nicht mit einem Leerzeichen beginnt oder endet.
typed-username-taken = Diesen Benutzernamen hat schon jemand. Bitte wählen Sie einen anderen.
typed-password-short = Bitte wählen Sie ein Passwort mit mindestens { $count } Zeichen.
typed-password-long = Dieses Passwort ist zu lang. Bitte wählen Sie ein kürzeres.
typed-passwords-differ = Die beiden Passwörter sind nicht gleich. Bitte geben Sie beide noch einmal ein.
typed-password-wrong = Das ist nicht Ihr jetziges Passwort. Bitte versuchen Sie es noch einmal.

## Ein Konto anlegen

login-sign-up = Konto anlegen
sign-up-title = Konto anlegen
sign-up-lead-alone = um sich damit anzumelden
sign-up-password-again = Passwort wiederholen
sign-up-name = Name (freiwillig)
sign-up-email = E-Mail-Adresse (freiwillig)
sign-up-submit = Konto anlegen
sign-up-login = Ich habe schon ein Konto
sign-up-form-expired = Diese Seite war veraltet; es ist nichts geschehen. Bitte füllen Sie sie noch einmal aus. Erscheint diese Meldung wieder, erlauben Sie Cookies für diese Seite in Ihrem Browser.

## Das Passwort ändern

password-title = Passwort ändern
password-lead = An allen anderen Orten werden Sie abgemeldet.
password-present = Jetziges Passwort
password-new = Neues Passwort
password-again = Neues Passwort wiederholen
password-hint = Mindestens { $count } Zeichen. Am besten ist ein langes, das Sie sich merken können.
password-submit = Passwort ändern
password-changed = Ihr Passwort ist geändert, und Sie sind überall sonst abgemeldet.

## Ihre Angaben

account-profile-link = Angaben ändern
account-password-lead = Wenn es jemand anders kennen könnte, ändern Sie es: Jede andere Sitzung endet.
profile-title = Ihre Angaben
profile-lead = Was eine App sehen kann, wenn Sie es erlauben. Leeren Sie ein Feld, um die Angabe zu löschen.
profile-names = Ihr Name
profile-contact = Wie man Sie erreicht
profile-about = Über Sie
profile-address = Wo Sie wohnen
profile-languages = In anderen Sprachen
profile-languages-lead = Ihr Name oder Ihre Anschrift, wie man sie für Menschen schreibt, die eine andere Sprache lesen.
profile-new = Hinzufügen
profile-new-claim = Angabe
profile-new-language = Sprache
profile-new-value = So schreibt man es dort
profile-hint-preferred-username = Wie Apps Sie nennen dürfen. Sie melden sich weiter mit Ihrem Benutzernamen an.
profile-hint-web-address = Eine Adresse, die mit https:// beginnt
profile-hint-birthdate = 1990-02-28, oder 0000-02-28 ohne Jahr, oder nur 1990
profile-hint-zoneinfo = Etwa Europe/Berlin
profile-hint-locale = Etwa de oder fr-CA
profile-hint-phone-number = Mit Landesvorwahl, etwa +49 30 1234567
profile-hint-formatted = Die ganze Anschrift wie auf einem Umschlag
profile-verified = Bestätigt
profile-not-verified = Nicht bestätigt
profile-stored = Inzwischen gespeichert: { $value }
profile-stored-nothing = Inzwischen gelöscht
profile-save = Speichern
profile-saved = Ihre Angaben sind gespeichert.
profile-wrong = Es wurde nichts gespeichert: Einige Felder brauchen einen zweiten Blick. Sie sind unten gekennzeichnet.
profile-changed = Es wurde nichts gespeichert: Ihre Angaben wurden in einem anderen Fenster geändert, seit Sie diese Seite geöffnet haben. Was abweicht, steht unten. Speichern Sie noch einmal, um Ihre Eingaben zu behalten.

## Fehler, nach Code: was geschah, was nicht stimmt, was zu tun ist

error-next = Was Sie tun können
error-code = Fehler
error-status = Status
error-cause = Ursache
error-request = Anfrage

error-other-title = Das hat nicht geklappt
error-other-text = Die Anfrage konnte nicht ausgeführt werden.
error-other-hint = Gehen Sie zurück zur App und beginnen Sie von vorn. Geschieht es wieder, geben Sie den Betreibern der App die Angaben unten.

error-invalid-request-title = Die Anfrage der App ist unvollständig
error-invalid-request-text = Ein Parameter fehlt, kommt doppelt vor oder hat einen unzulässigen Wert.
error-invalid-request-hint = Gehen Sie zurück zur App und beginnen Sie von vorn. Geschieht es wieder, muss die App berichtigt werden: Geben Sie ihren Entwicklern die Angaben unten.

error-invalid-client-title = Wir kennen diese App nicht
error-invalid-client-text = Die App, die Sie hierher geleitet hat, ist nicht registriert oder abgeschaltet.
error-invalid-client-hint = Prüfen Sie, ob Sie die richtige App geöffnet haben. Ihre Entwickler müssen sie bei diesem Server registrieren.

error-unauthorized-client-title = Die App darf das nicht
error-unauthorized-client-text = Die App ist registriert, aber nicht für diese Art von Anfrage.
error-unauthorized-client-hint = Sie selbst können hier nichts ändern. Geben Sie den Entwicklern der App die Angaben unten.

error-invalid-redirect-uri-title = Der Rückweg ist nicht registriert
error-invalid-redirect-uri-text = Die App wollte Sie an eine Adresse leiten, die nicht für sie registriert ist. Darum haben wir angehalten.
error-invalid-redirect-uri-hint = Wenn Sie einem Link aus einer Nachricht gefolgt sind, trauen Sie ihm nicht. Sonst sagen Sie den Entwicklern der App Bescheid: Die Redirect-URI muss genau übereinstimmen.

error-access-denied-title = Der Zugriff wurde nicht erlaubt
error-access-denied-text = Sie oder die Regeln dieses Servers haben abgelehnt, was die App wollte.
error-access-denied-hint = War das nicht Ihre Absicht, gehen Sie zurück zur App und beginnen Sie von vorn.

error-unsupported-response-type-title = So kann die App hier nicht fragen
error-unsupported-response-type-text = Dieser Server gibt die Art von Antwort nicht, die die App verlangt.
error-unsupported-response-type-hint = Die Entwickler der App müssen den Authorization Code Flow verwenden (response_type=code).

error-invalid-scope-title = Die App fragt nach etwas Unbekanntem
error-invalid-scope-text = Einen der Scopes gibt es nicht, oder die App darf nicht danach fragen.
error-invalid-scope-hint = Geben Sie den Entwicklern der App die Angaben unten; die Scopes dieses Servers stehen in seinen Metadaten.

error-invalid-target-title = Der Dienst ist unbekannt
error-invalid-target-text = Die App wollte Zugriff auf einen Dienst, den dieser Server nicht schützt.
error-invalid-target-hint = Geben Sie den Entwicklern der App die Angaben unten.

error-invalid-grant-title = Diese Erlaubnis gilt nicht mehr
error-invalid-grant-text = Sie ist abgelaufen, wurde schon benutzt oder zurückgenommen.
error-invalid-grant-hint = Gehen Sie zurück zur App und melden Sie sich erneut an.

error-invalid-request-uri-title = Die Anfrage ist abgelaufen
error-invalid-request-uri-text = Die vorbereitete Anfrage der App wurde schon benutzt, ist zu alt oder hat nie bestanden.
error-invalid-request-uri-hint = Gehen Sie zurück zur App und beginnen Sie von vorn; verwenden Sie keinen gespeicherten oder geteilten Link.

error-invalid-request-object-title = Der signierten Anfrage ist nicht zu trauen
error-invalid-request-object-text = Ihre Signatur oder ihr Inhalt ist nicht gültig.
error-invalid-request-object-hint = Gehen Sie zurück zur App und beginnen Sie von vorn. Geschieht es wieder, sollten ihre Entwickler den Signaturschlüssel und die Uhr prüfen.

error-request-not-supported-title = Signierte Anfragen werden nicht angenommen
error-request-not-supported-text = Die App hat ihre Anfrage als signiertes Objekt gesendet, das dieser Server nicht liest.
error-request-not-supported-hint = Die Entwickler der App müssen einfache Parameter senden oder die Anfrage vorab hinterlegen.

error-request-uri-not-supported-title = Anfragen als Verweis werden nicht angenommen
error-request-uri-not-supported-text = Die Anfrage der App verweist auf eine Adresse, von der dieser Server nicht liest.
error-request-uri-not-supported-hint = Die Entwickler der App müssen die Anfrage stattdessen vorab bei diesem Server hinterlegen.

error-login-required-title = Sie müssen sich anmelden
error-login-required-text = Die App wollte ohne Rückfrage weitermachen, aber es ist niemand angemeldet.
error-login-required-hint = Gehen Sie zurück zur App und melden Sie sich von dort aus an.

error-interaction-required-title = Wir müssen Sie etwas fragen
error-interaction-required-text = Die App wollte ohne Rückfrage weitermachen, und das ist nicht möglich.
error-interaction-required-hint = Gehen Sie zurück zur App und melden Sie sich von dort aus an.

error-consent-required-title = Ihre Erlaubnis wird gebraucht
error-consent-required-text = Die App wollte weitermachen, ohne nach Ihrer Erlaubnis zu fragen.
error-consent-required-hint = Gehen Sie zurück zur App und beginnen Sie von vorn; Sie werden dann gefragt.

error-account-selection-required-title = Sie müssen ein Konto auswählen
error-account-selection-required-text = Es ist mehr als ein Konto angemeldet, und die App ließ uns nicht fragen, welches gemeint ist.
error-account-selection-required-hint = Gehen Sie zurück zur App und melden Sie sich von dort aus an.

error-expired-token-title = Der Code ist abgelaufen
error-expired-token-text = Codes gelten nur kurze Zeit, und dieser ist zu alt.
error-expired-token-hint = Fordern Sie am Gerät oder in der App einen neuen Code an.

error-form-expired-title = Diese Seite ist abgelaufen
error-form-expired-text = Sie war zu lange geöffnet oder wurde schon einmal abgesendet.
error-form-expired-hint = Gehen Sie zurück zur App und beginnen Sie von vorn.

error-slow-down-title = Zu viele Anfragen
error-slow-down-text = Von Ihrer Adresse kamen mehr Anfragen, als dieser Server auf einmal annimmt.
error-slow-down-hint = Warten Sie eine Minute und versuchen Sie es erneut.

error-not-found-title = Diese Seite gibt es nicht
error-not-found-text = Die Adresse führt nirgendwohin.
error-not-found-hint = Prüfen Sie die Adresse auf Tippfehler, oder beginnen Sie bei der App, die Sie benutzen wollten.

error-method-not-allowed-title = So lässt sich diese Seite nicht öffnen
error-method-not-allowed-text = Die Adresse gibt es, aber sie nimmt diese Art von Anfrage nicht an.
error-method-not-allowed-hint = Beginnen Sie bei der App, die Sie benutzen wollten, nicht bei einer gespeicherten Adresse.

error-server-error-title = Bei uns ist etwas schiefgegangen
error-server-error-text = Auf dem Server trat ein unerwartetes Problem auf. Der App wurde nichts mitgeteilt.
error-server-error-hint = Versuchen Sie es gleich noch einmal. Geschieht es wieder, nennen Sie den Betreibern dieses Servers die Nummer der Anfrage unten.

error-temporarily-unavailable-title = Wir sind gleich wieder da
error-temporarily-unavailable-text = Der Server ist ausgelastet oder wird gewartet.
error-temporarily-unavailable-hint = Warten Sie eine Minute und versuchen Sie es erneut. Es ist nichts verloren gegangen.
