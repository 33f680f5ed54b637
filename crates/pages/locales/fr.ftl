# Les textes des pages. Le fichier locales/fr.ftl d’un thème peut remplacer chacun d’eux.
# $client est le nom d’une application, $host l’endroit où elle se trouve : ils viennent de l’extérieur.

## Toutes les pages

brand = Grantor
skip = Aller au contenu
footer = Protégé par { brand }
new-tab = (s’ouvre dans un nouvel onglet)
cancel = Annuler
yes = Oui
no = Non
copy = Copier
copied = Copié
moment = { $day ->
    [1] 1er
   *[other] { $day }
} { $month ->
    [1] janvier
    [2] février
    [3] mars
    [4] avril
    [5] mai
    [6] juin
    [7] juillet
    [8] août
    [9] septembre
    [10] octobre
    [11] novembre
   *[12] décembre
} { $year }, { $time } UTC

## Connexion

login-title = Se connecter
login-lead = pour continuer vers { $client }
login-lead-alone = pour voir et gérer votre compte
login-username = Nom d’utilisateur
login-password = Mot de passe
login-submit = Se connecter
login-wrong-credentials = Ce nom d’utilisateur et ce mot de passe ne correspondent pas. Vérifiez les deux et réessayez.
too-many-seconds = { $count ->
    [one] Trop de tentatives. Attendez { $count } seconde, puis réessayez.
   *[other] Trop de tentatives. Attendez { $count } secondes, puis réessayez.
}
too-many-minutes = { $count ->
    [one] Trop de tentatives. Attendez { $count } minute, puis réessayez.
   *[other] Trop de tentatives. Attendez { $count } minutes, puis réessayez.
}
login-session-expired = Votre session est terminée. Reconnectez-vous pour continuer.
login-form-expired = Cette page n’était plus à jour ; rien n’a été fait. Veuillez vous reconnecter. Si ce message revient, autorisez les cookies de ce site dans votre navigateur.

## Consentement

consent-page-title = Autoriser { $client } ?
consent-title = { $client } demande l’accès à votre compte
consent-account = Connecté en tant que
consent-other = Ce n’est pas vous ?
consent-scopes = { $client } pourrait alors
consent-resources = Auprès de ces services
consent-approve = Autoriser
consent-deny = Refuser
consent-next = Ensuite, vous serez dirigé vers { $host }.
consent-revocable = Vous pouvez retirer cet accès à tout moment dans votre compte.
consent-links = À propos de { $client }
consent-client-link = Site web
consent-policy-link = Confidentialité
consent-terms-link = Conditions d’utilisation

scope-openid-title = Savoir que c’est bien vous
scope-openid-text = Confirmer votre identité à la connexion.
scope-profile-title = Voir votre profil
scope-profile-text = Votre nom, votre photo et d’autres informations de base.
scope-email-title = Voir votre adresse e-mail
scope-email-text = L’adresse, et si elle a été vérifiée.
scope-address-title = Voir votre adresse postale
scope-address-text = L’adresse enregistrée dans votre compte.
scope-phone-title = Voir votre numéro de téléphone
scope-phone-text = Le numéro, et s’il a été vérifié.
scope-offline-access-title = Garder cet accès en votre absence
scope-offline-access-text = Il dure jusqu’à ce que vous le retiriez, même quand vous n’utilisez pas l’application.

## Choix du compte

choice-title = Choisir un compte
choice-lead = pour continuer vers { $client }
choice-other = Utiliser un autre compte

## Déconnexion

sign-out-title = Se déconnecter ?
sign-out-lead = Vous êtes connecté en tant que { $name }.
sign-out-lead-app = { $client } demande à vous déconnecter.
sign-out-yes = Se déconnecter
sign-out-no = Rester connecté

## Déconnecté

signed-out-title = Vous êtes déconnecté
signed-out-lead = Sur un ordinateur partagé, fermez aussi le navigateur.
signed-out-again = Se reconnecter
signed-out-continue = Continuer vers { $client }
signed-out-frame = Vous déconnecte d’une application
still-signed-in-title = Vous êtes toujours connecté
still-signed-in-lead = Rien n’a été modifié.

## Connecter un appareil

device-title = Connecter un appareil
device-lead = Saisissez le code affiché par votre appareil.
device-code = Code
device-submit = Continuer
device-unknown = Aucun appareil n’attend avec ce code. Vérifiez-le et réessayez.
device-expired = Ce code a expiré. Demandez-en un nouveau sur l’appareil.
device-used = Ce code a déjà servi. Demandez-en un nouveau sur l’appareil.
device-confirm-page-title = Connecter { $client } ?
device-confirm-title = Connecter { $client } à votre compte ?
device-compare = Votre appareil affiche-t-il ce code ?
device-asked = Demandé le
device-says = L’appareil se présente comme « { $device } ». Personne ne l’a vérifié.
device-warning = Ne continuez que si vous avez l’appareil devant vous. Si quelqu’un vous a envoyé ce code ou un lien vers lui, arrêtez-vous ici.
device-approve = Connecter
device-deny = Ne pas connecter
device-done-title = L’appareil est connecté
device-done-lead = Vous pouvez fermer cette page et continuer sur l’appareil.
device-denied-title = L’appareil n’a pas été connecté
device-denied-lead = Rien n’a été partagé. Vous pouvez fermer cette page.

## Réponse par formulaire

form-post-title = Un instant
form-post-lead = Vous retournez vers { $host }.
form-post-noscript = JavaScript est désactivé dans votre navigateur. Appuyez sur le bouton pour continuer.
form-post-continue = Continuer

## Page d’accueil

home-title = Connexion et accès pour { $host }
home-lead = Les applications envoient ici les personnes pour qu’elles se connectent et décident de ce qu’elles partagent.
home-password-title = Votre mot de passe reste ici
home-password-text = Vous ne le saisissez que sur ce serveur. Aucune application ne le voit.
home-decide-title = C’est vous qui décidez
home-decide-text = Avant qu’une application obtienne un accès, vous voyez ce qu’elle demande et pouvez refuser.
home-back-title = Vous pouvez revenir en arrière
home-back-text = Votre compte montre chaque application ayant accès. Retirez-en une, et son accès prend fin.
home-account-of = Compte de { $name }
home-sign-in = Votre compte
home-addresses = Pour les développeurs
home-issuer = Émetteur

dev-title = Serveur de développement
dev-lead = Les mots de passe et les secrets de cette page sont visibles par tous. À n’utiliser que sur votre propre machine, jamais avec de vraies données.
dev-users = Qui peut se connecter
dev-user-name = Nom
dev-clients = Applications enregistrées
dev-public-client = aucun (client public)
dev-try = Essayer
dev-examples = Essayer dans un terminal
dev-endpoints = Tous les points d’accès

## Compte

account-title = Votre compte
account-sign-out = Se déconnecter
account-sign-out-everywhere = Se déconnecter partout
account-apps = Applications ayant accès
account-apps-lead = Vous avez ouvert votre compte à ces applications. Retirez celles dont vous n’avez plus besoin.
account-apps-none = Aucune application n’a accès à votre compte.
account-app-since = Depuis le
account-app-open = Ouvrir
account-app-open-label = Ouvrir { $client }
account-app-remove = Retirer
account-app-remove-label = Retirer l’accès de { $client }
account-removed = { $client } n’a plus accès à votre compte.
account-sessions = Où vous êtes connecté
account-sessions-lead = Si vous ne reconnaissez pas l’une d’elles, terminez-la et changez votre mot de passe.
account-session-current = Ce navigateur
account-session-unknown = Navigateur inconnu
account-session-since = Connexion le
account-session-end = Terminer
account-session-end-label = Terminer la session : { $device }
account-claims = Vos informations
account-claims-lead = Ce qu’une application peut voir quand vous l’autorisez.
account-claims-none = On ne sait rien de vous, sinon votre nom d’utilisateur.

## Jetons d’accès personnels

account-tokens-link = Créer ou supprimer des jetons d’accès personnels
tokens-title = Jetons d’accès personnels
tokens-lead = Un jeton permet à un de vos scripts d’agir pour vous sans votre mot de passe.
tokens-made = Votre nouveau jeton
tokens-made-lead = Copiez-le maintenant. Il ne sera plus affiché.
tokens-held = Jetons utilisés
tokens-none = Vous n’avez aucun jeton d’accès personnel.
tokens-made-by = Créé par { $client }
tokens-until = Jusqu’au
tokens-used = Dernière utilisation
tokens-never-used = Jamais utilisé
tokens-delete = Supprimer
tokens-delete-label = Supprimer le jeton { $name }
tokens-create = Nouveau jeton
tokens-name = Nom
tokens-name-hint = À quoi il sert, par exemple « script de sauvegarde ».
tokens-scopes = Ce qu’il peut faire
tokens-lifetime = Valable
tokens-days = { $count ->
    [one] 1 jour
   *[other] { $count } jours
}
tokens-create-submit = Créer le jeton
tokens-back = Retour au compte
tokens-problem-name = Donnez au jeton un nom de 1 à 100 caractères.
tokens-problem-scope = Choisissez au moins une chose que le jeton peut faire.
tokens-problem-too-many = Vous ne pouvez pas avoir plus de jetons. Supprimez-en un d’abord.
tokens-problem-other = Le jeton n’a pas été créé. Vérifiez vos choix et réessayez.

claim-sub = Numéro de compte
claim-name = Nom complet
claim-given-name = Prénom
claim-family-name = Nom de famille
claim-middle-name = Deuxième prénom
claim-nickname = Surnom
claim-preferred-username = Nom d’utilisateur
claim-profile = Page de profil
claim-picture = Photo
claim-website = Site web
claim-email = Adresse e-mail
claim-email-verified = E-mail vérifié
claim-gender = Genre
claim-birthdate = Date de naissance
claim-zoneinfo = Fuseau horaire
claim-locale = Langue
claim-phone-number = Numéro de téléphone
claim-phone-number-verified = Téléphone vérifié
claim-address = Adresse postale
claim-address-formatted = Adresse entière
claim-address-street-address = Rue et numéro
claim-address-locality = Ville
claim-address-region = Région
claim-address-postal-code = Code postal
claim-address-country = Pays
claim-updated-at = Dernière modification

## Page de retour d’un serveur de développement

callback-code-title = Le code est arrivé
callback-code-lead = Une application l’échangerait maintenant contre des jetons. Vous pouvez le faire à la main : un code ne sert qu’une fois, et peu de temps.
callback-error-title = L’application a été refusée
callback-error-lead = Voici la réponse qu’une application aurait reçue.
callback-empty-title = Rien n’est arrivé
callback-empty-lead = Cette page montre la réponse à une demande d’autorisation. Elle a été ouverte sans réponse.
callback-code = Code d’autorisation
callback-exchange = L’échanger contre des jetons
callback-exchange-lead = Collez ceci dans un terminal.
callback-params = Paramètres de la réponse
callback-again = Recommencer

## Un appareil sur un serveur de développement

dev-device-title = Un appareil : { $client }
dev-device-lead = Voici ce qu’afficherait un appareil sans navigateur. Scannez le code ou ouvrez la page, comparez et répondez.
dev-device-open = Ouvrir la page
dev-device-qr = QR code : la page avec le code déjà saisi
dev-device-poll = Demander les jetons
dev-device-poll-lead = À coller dans un terminal. Tant que personne n’a répondu, la réponse est authorization_pending.

## Champs à remplir

typed-missing = Veuillez remplir ce champ.
typed-too-long = Veuillez utiliser au plus { $count } caractères.
typed-control-character = Veuillez retirer les caractères invisibles, comme les sauts de ligne ou les tabulations.
typed-web-address = Veuillez saisir une adresse web qui commence par https:// ou http://, par exemple https://ada.example.
typed-birthdate = Veuillez saisir une date comme 1990-02-28, 0000-02-28 sans l’année, ou l’année seule, par exemple 1990.
typed-time-zone = Veuillez saisir le nom d’un fuseau horaire, par exemple Europe/Paris ou America/New_York.
typed-language = Veuillez saisir un code de langue, par exemple de pour l’allemand ou fr-CA pour le français du Canada, avec un trait d’union.
typed-email-address = Veuillez saisir une adresse e-mail, par exemple ada@example.com.
typed-phone-number = Veuillez saisir un numéro de téléphone en chiffres, de préférence avec l’indicatif du pays : +33 1 23 45 67 89.
typed-too-many = Vous ne pouvez pas avoir plus d’indications dans d’autres langues. Videz-en une d’abord.
typed-username = Veuillez choisir un nom d’utilisateur de 255 caractères au plus, qui ne commence ni ne finit par une espace.
typed-username-taken = Quelqu’un a déjà ce nom d’utilisateur. Veuillez en choisir un autre.
typed-password-short = Veuillez choisir un mot de passe d’au moins { $count } caractères.
typed-password-long = Ce mot de passe est trop long. Veuillez en choisir un plus court.
typed-passwords-differ = Les deux mots de passe ne sont pas identiques. Veuillez les saisir de nouveau.
typed-password-wrong = Ce n’est pas votre mot de passe actuel. Veuillez réessayer.

## Créer un compte

login-sign-up = Créer un compte
sign-up-title = Créer un compte
sign-up-lead-alone = pour vous connecter avec lui
sign-up-password-again = Mot de passe, encore une fois
sign-up-name = Nom (facultatif)
sign-up-email = Adresse e-mail (facultatif)
sign-up-submit = Créer le compte
sign-up-login = J’ai déjà un compte
sign-up-form-expired = Cette page n’était plus à jour ; rien ne s’est passé. Veuillez la remplir de nouveau. Si ce message revient, autorisez les cookies de ce site dans votre navigateur.

## Changer le mot de passe

password-title = Changer le mot de passe
password-lead = Vous serez déconnecté partout ailleurs.
password-present = Mot de passe actuel
password-new = Nouveau mot de passe
password-again = Nouveau mot de passe, encore une fois
password-hint = Au moins { $count } caractères. Le mieux est un long dont vous vous souvenez.
password-submit = Changer le mot de passe
password-changed = Votre mot de passe est changé et vous êtes déconnecté partout ailleurs.

## Vos informations

account-profile-link = Modifier vos informations
account-password-lead = Si quelqu’un d’autre pourrait le connaître, changez-le : toutes les autres sessions prennent fin.
profile-title = Vos informations
profile-lead = Ce qu’une application peut voir si vous l’autorisez. Videz un champ pour effacer ce qu’il dit.
profile-names = Votre nom
profile-contact = Comment vous joindre
profile-about = À propos de vous
profile-address = Où vous habitez
profile-languages = Dans d’autres langues
profile-languages-lead = Votre nom ou votre adresse, tels qu’on les écrit pour ceux qui lisent une autre langue.
profile-new = Ajouter
profile-new-claim = Information
profile-new-language = Langue
profile-new-value = Ce qu’on y écrit
profile-hint-preferred-username = Le nom que les applications peuvent vous donner. Vous vous connectez toujours avec votre nom d’utilisateur.
profile-hint-web-address = Une adresse qui commence par https://
profile-hint-birthdate = 1990-02-28, ou 0000-02-28 sans l’année, ou seulement 1990
profile-hint-zoneinfo = Par exemple Europe/Paris
profile-hint-locale = Par exemple de, ou fr-CA
profile-hint-phone-number = Avec l’indicatif du pays, par exemple +33 1 23 45 67 89
profile-hint-formatted = L’adresse entière, comme sur une enveloppe
profile-verified = Vérifié
profile-not-verified = Non vérifié
profile-stored = Enregistré entre-temps : { $value }
profile-stored-nothing = Effacé entre-temps
profile-save = Enregistrer
profile-saved = Vos informations sont enregistrées.
profile-wrong = Rien n’a été enregistré : certains champs sont à revoir. Ils sont signalés ci-dessous.
profile-changed = Rien n’a été enregistré : vos informations ont été modifiées dans une autre fenêtre depuis que vous avez ouvert cette page. Ce qui diffère est indiqué ci-dessous. Enregistrez de nouveau pour garder ce que vous avez saisi.

## Erreurs, par code : ce qui s’est passé, ce qui ne va pas, que faire

error-next = Ce que vous pouvez faire
error-code = Erreur
error-status = Statut
error-cause = Cause
error-request = Requête

error-other-title = Cela n’a pas marché
error-other-text = La demande n’a pas pu être exécutée.
error-other-hint = Retournez à l’application et recommencez. Si cela se reproduit, transmettez les détails ci-dessous aux responsables de l’application.

error-invalid-request-title = La demande de l’application est incomplète
error-invalid-request-text = Un paramètre manque, apparaît deux fois ou a une valeur qui n’est pas permise.
error-invalid-request-hint = Retournez à l’application et recommencez. Si cela se reproduit, l’application doit être corrigée : transmettez les détails ci-dessous à ses développeurs.

error-invalid-client-title = Nous ne connaissons pas cette application
error-invalid-client-text = L’application qui vous a envoyé ici n’est pas enregistrée, ou elle est désactivée.
error-invalid-client-hint = Vérifiez que vous avez ouvert la bonne application. Ses développeurs doivent l’enregistrer auprès de ce serveur.

error-unauthorized-client-title = L’application n’a pas ce droit
error-unauthorized-client-text = L’application est enregistrée, mais pas pour ce type de demande.
error-unauthorized-client-hint = Vous ne pouvez rien changer ici. Transmettez les détails ci-dessous aux développeurs de l’application.

error-invalid-redirect-uri-title = Le chemin de retour n’est pas enregistré
error-invalid-redirect-uri-text = L’application voulait vous envoyer à une adresse qui n’est pas enregistrée pour elle ; nous nous sommes arrêtés.
error-invalid-redirect-uri-hint = Si vous avez suivi le lien d’un message, ne lui faites pas confiance. Sinon, prévenez les développeurs de l’application : l’URI de redirection doit correspondre exactement.

error-access-denied-title = L’accès n’a pas été accordé
error-access-denied-text = Vous, ou les règles de ce serveur, avez refusé ce que l’application demandait.
error-access-denied-hint = Si ce n’était pas votre intention, retournez à l’application et recommencez.

error-unsupported-response-type-title = L’application ne peut pas demander ainsi
error-unsupported-response-type-text = Ce serveur ne donne pas le type de réponse que l’application demande.
error-unsupported-response-type-hint = Les développeurs de l’application doivent utiliser le flux avec code d’autorisation (response_type=code).

error-invalid-scope-title = L’application demande quelque chose d’inconnu
error-invalid-scope-text = Une des portées n’existe pas, ou l’application n’a pas le droit de la demander.
error-invalid-scope-hint = Transmettez les détails ci-dessous aux développeurs de l’application ; les portées de ce serveur figurent dans ses métadonnées.

error-invalid-target-title = Le service est inconnu
error-invalid-target-text = L’application demandait l’accès à un service que ce serveur ne protège pas.
error-invalid-target-hint = Transmettez les détails ci-dessous aux développeurs de l’application.

error-invalid-grant-title = Cette autorisation n’est plus valable
error-invalid-grant-text = Elle a expiré, a déjà servi ou a été retirée.
error-invalid-grant-hint = Retournez à l’application et reconnectez-vous.

error-invalid-request-uri-title = La demande a expiré
error-invalid-request-uri-text = La demande préparée par l’application a déjà servi, est trop ancienne ou n’a jamais existé.
error-invalid-request-uri-hint = Retournez à l’application et recommencez ; n’utilisez pas un lien enregistré ou partagé.

error-invalid-request-object-title = La demande signée n’est pas fiable
error-invalid-request-object-text = Sa signature ou son contenu n’est pas valide.
error-invalid-request-object-hint = Retournez à l’application et recommencez. Si cela se reproduit, ses développeurs devraient vérifier la clé de signature et l’horloge.

error-request-not-supported-title = Les demandes signées ne sont pas acceptées
error-request-not-supported-text = L’application a envoyé sa demande sous forme d’objet signé, que ce serveur ne lit pas.
error-request-not-supported-hint = Les développeurs de l’application doivent envoyer de simples paramètres ou déposer la demande au préalable.

error-request-uri-not-supported-title = Les demandes par référence ne sont pas acceptées
error-request-uri-not-supported-text = La demande de l’application renvoie à une adresse que ce serveur ne lit pas.
error-request-uri-not-supported-hint = Les développeurs de l’application doivent plutôt déposer la demande au préalable auprès de ce serveur.

error-login-required-title = Vous devez vous connecter
error-login-required-text = L’application voulait continuer sans rien vous demander, mais personne n’est connecté.
error-login-required-hint = Retournez à l’application et connectez-vous à partir de là.

error-interaction-required-title = Nous devons vous poser une question
error-interaction-required-text = L’application voulait continuer sans rien vous demander, et ce n’est pas possible.
error-interaction-required-hint = Retournez à l’application et connectez-vous à partir de là.

error-consent-required-title = Votre autorisation est nécessaire
error-consent-required-text = L’application voulait continuer sans demander votre autorisation.
error-consent-required-hint = Retournez à l’application et recommencez ; la question vous sera posée.

error-account-selection-required-title = Vous devez choisir un compte
error-account-selection-required-text = Plusieurs comptes sont connectés, et l’application ne nous a pas laissé demander lequel utiliser.
error-account-selection-required-hint = Retournez à l’application et connectez-vous à partir de là.

error-expired-token-title = Le code a expiré
error-expired-token-text = Les codes ne sont valables que peu de temps, et celui-ci est trop ancien.
error-expired-token-hint = Demandez un nouveau code sur l’appareil ou dans l’application.

error-form-expired-title = Cette page a expiré
error-form-expired-text = Elle est restée ouverte trop longtemps, ou a déjà été envoyée.
error-form-expired-hint = Retournez à l’application et recommencez.

error-slow-down-title = Trop de demandes
error-slow-down-text = Votre adresse a envoyé plus de demandes que ce serveur n’en accepte à la fois.
error-slow-down-hint = Attendez une minute et réessayez.

error-not-found-title = Cette page n’existe pas
error-not-found-text = L’adresse ne mène nulle part.
error-not-found-hint = Vérifiez l’adresse, ou partez de l’application que vous vouliez utiliser.

error-method-not-allowed-title = Cette page ne s’ouvre pas ainsi
error-method-not-allowed-text = L’adresse existe, mais n’accepte pas ce type de demande.
error-method-not-allowed-hint = Partez de l’application que vous vouliez utiliser, et non d’une adresse enregistrée.

error-server-error-title = Un problème est survenu de notre côté
error-server-error-text = Le serveur a rencontré un problème inattendu. Rien n’a été transmis à l’application.
error-server-error-hint = Réessayez dans un instant. Si cela se reproduit, donnez aux responsables de ce serveur le numéro de la requête ci-dessous.

error-temporarily-unavailable-title = Nous revenons tout de suite
error-temporarily-unavailable-text = Le serveur est occupé ou en maintenance.
error-temporarily-unavailable-hint = Attendez une minute et réessayez. Rien n’a été perdu.
