# Texts that are missing or too long
error-text-blank = Der Text darf nicht leer sein
error-title-blank = Der Titel darf nicht leer sein
error-filter-context = Wähle, wo der Filter gilt
error-keyword-blank = Ein Stichwort darf nicht leer sein
error-warning-long = Die Inhaltswarnung ist zu lang (höchstens { $maximum } Zeichen)
error-description-long = Die Beschreibung ist zu lang (höchstens { $maximum } Zeichen)
error-title-long = Der Titel ist zu lang (höchstens { $maximum } Zeichen)
error-keyword-long = Das Stichwort ist zu lang (höchstens { $maximum } Zeichen)
error-note-long = Die Notiz ist zu lang (höchstens { $maximum } Zeichen)
error-comment-long = Der Kommentar ist zu lang (höchstens { $maximum } Zeichen)
error-name-long = Der Anzeigename ist zu lang (höchstens { $maximum } Zeichen)
error-profile-note-long = Der Text über dich ist zu lang (höchstens { $maximum } Zeichen)
error-avatar-description-long = Die Beschreibung des Profilbilds ist zu lang (höchstens { $maximum } Zeichen)
error-header-description-long = Die Beschreibung des Titelbilds ist zu lang (höchstens { $maximum } Zeichen)
error-field-label-long = Die Beschriftung eines Profilfelds ist zu lang (höchstens { $maximum } Zeichen)
error-field-value-long = Der Inhalt eines Profilfelds ist zu lang (höchstens { $maximum } Zeichen)
error-server-description-long = Die Beschreibung des Servers ist zu lang (höchstens { $maximum } Zeichen)
error-privacy-policy-long = Die Datenschutzerklärung ist zu lang (höchstens { $maximum } Zeichen)
error-terms-long = Die Nutzungsbedingungen sind zu lang (höchstens { $maximum } Zeichen)
error-rule-long = Eine Regel ist zu lang (höchstens { $maximum } Zeichen)
error-search-long = Die Suche ist zu lang (höchstens { $maximum } Zeichen)

# Posts
error-text-invisible = Der Text darf nicht leer sein: Nichts davon würde angezeigt
error-text-long = Der Text hat mit der Inhaltswarnung { $length } Zeichen; höchstens { $maximum } sind möglich
error-files = Mehr als { $maximum } Dateien können nicht angehängt werden
error-pictures = Mehr als { $maximum } Bilder können nicht angehängt werden
error-poll-media = Eine Umfrage kann keine Medien haben; mach zwei Beiträge daraus
error-media-missing = Eine der Dateien wurde nicht gefunden oder gehört schon zu einem anderen Beitrag
error-media-not-attached = Diese Datei ist nicht an diesen Beitrag angehängt
error-media-in-use = Ein Beitrag verwendet diese Datei
error-focus = Der Bildmittelpunkt muss aus zwei Zahlen von -1 bis 1 bestehen, wie 0.0,0.5
error-mentions = Mehr als { $maximum } Personen können nicht erwähnt werden
error-no-recipient = @{ $handle } wurde nicht gefunden; niemand würde diese Direktnachricht bekommen
error-reply-to-private = Eine Antwort auf einen Beitrag nur für Follower darf nur an Follower oder direkt gehen
error-reply-to-direct = Eine Antwort auf eine Direktnachricht muss direkt sein
error-draft-long = Der Text ist zu lang für einen Entwurf
error-drafts = Du hast { $maximum } Entwürfe, mehr sind nicht möglich: Lösche einige
error-nothing-to-save = Es gibt noch nichts zu speichern
error-time-form = Der Zeitpunkt muss aussehen wie 2026-11-20T23:19
error-schedule-near = Der Zeitpunkt muss mindestens { $minutes } Minuten in der Zukunft liegen
error-schedule-far = Der Zeitpunkt muss innerhalb von zehn Jahren liegen
error-scheduled = Mehr als { $maximum } Beiträge können nicht geplant sein
error-scheduled-day = Mehr als { $maximum } Beiträge können für einen Tag nicht geplant sein
error-post-gone = Ein Beitrag oder Bild, auf den sich dieser bezieht, wurde gelöscht

# Polls
error-vote-own = In deinen eigenen Umfragen kannst du nicht abstimmen
error-vote-ended = Die Umfrage ist schon beendet
error-vote-again = Du hast in dieser Umfrage schon abgestimmt
error-vote-option = Diese Antwort gibt es in der Umfrage nicht: Wähle eine andere
error-vote-one = In dieser Umfrage kann nur eine Antwort gewählt werden
error-poll-options = Eine Umfrage braucht mehr als eine Antwort
error-poll-many = Eine Umfrage kann höchstens { $maximum } Antworten haben
error-poll-option-long = Jede Antwort einer Umfrage muss 1 bis { $maximum } Zeichen haben
error-poll-equal = Die Antworten einer Umfrage müssen sich unterscheiden
error-poll-duration = Eine Umfrage muss { $minimum } bis { $maximum } Sekunden laufen

# Interactions with posts
error-boost-private = Nur öffentliche und still öffentliche Beiträge können geteilt werden
error-boost-direct = Ein Beitrag kann öffentlich, still öffentlich oder nur für Follower geteilt werden, nicht direkt
error-reactions = Mehr als { $maximum } Reaktionen auf einen Beitrag sind nicht möglich
error-reaction = Eine Reaktion muss ein einzelnes Emoji sein, eines von deinen eigenen oder eines, mit dem schon auf den Beitrag reagiert wurde
error-pin-direct = Beiträge, die nur Erwähnte sehen, können nicht angeheftet werden
error-pins = Du hast schon die Höchstzahl von { $maximum } Beiträgen angeheftet
error-pin-other = Beiträge von anderen können nicht angeheftet werden
error-quote-boost = Ein geteilter Beitrag kann nicht zitiert werden; zitiere den Beitrag selbst
error-quote-recipient = Eine Direktnachricht kann nur zitieren, wer sie bekommt, denn die zitierte Person wird um Zustimmung gebeten
error-quote-private = Nur öffentliche und still öffentliche Beiträge können zitiert werden
error-quote-forbidden = Dieser Beitrag darf nicht zitiert werden
error-reply-forbidden = Auf diesen Beitrag darf nicht geantwortet werden
error-translation-private = Nur öffentliche und still öffentliche Beiträge werden an einen Übersetzungsdienst geschickt
error-translation-same = Der Beitrag ist schon in dieser Sprache

# Sign-in and account
error-password-wrong = Das Passwort ist falsch
error-current-password-wrong = Das aktuelle Passwort ist falsch
error-password-length = Das Passwort muss { $minimum } bis { $maximum } Bytes haben
error-code-used = Der Code ist falsch oder wurde schon verwendet
error-code-wrong = Der Code ist falsch: Gib den ein, den die App jetzt zeigt
error-page-too-old = Diese Seite war zu lange offen: Lade sie neu
error-passkey-malformed = Der Passkey wurde nicht angenommen: Der Browser hat ihn unvollständig geschickt
error-passkey-page = Der Passkey wurde nicht angenommen: Er wurde für eine andere Seite verwendet
error-passkey-user = Der Passkey wurde nicht angenommen: Das Gerät hat nicht geprüft, wer es benutzt
error-passkey-key = Der Passkey wurde nicht angenommen: Passkeys dieser Art werden nicht unterstützt
error-passkey-signature = Der Passkey wurde nicht angenommen: Seine Signatur ist ungültig
error-passkey-unknown = Dieser Passkey ist hier nicht bekannt: Vielleicht wurde er entfernt
error-sign-in-used = Diese Anmeldung wurde schon verwendet: Lade die Seite neu
error-passkey-stored = Dieser Passkey ist schon gespeichert
error-passkeys = Es gibt { $maximum } Passkeys; entferne zuerst einen
error-username = Der Benutzername darf nur Kleinbuchstaben a bis z, Ziffern und _ enthalten
error-username-length = Der Benutzername muss 1 bis { $maximum } Zeichen haben
error-display-name = Der Anzeigename darf höchstens { $maximum } Zeichen haben
error-owner-exists = Dieser Server ist schon eingerichtet
error-moved = Dein Konto ist nach { $target } umgezogen; um es hier wieder zu benutzen, brich den Umzug in den Einstellungen ab
error-fields = Mehr als { $maximum } Profilfelder sind nicht möglich
error-domain = „{ $name }“ ist kein Domainname; schreib ihn wie example.org
error-domains = Mehr als { $maximum } Domains sind nicht möglich

# Moves
error-move-from-self = Das ist das Konto dieses Servers; nenne das Konto, von dem du umziehst
error-move-to-self = Das ist das Konto dieses Servers; nenne das Konto, zu dem du umziehst
error-aliases = Ein Konto kann höchstens { $maximum } Aliasse haben; entferne zuerst einen
error-not-an-alias = { $account } ist kein Alias dieses Kontos
error-moved-already = Dieses Konto ist schon nach @{ $handle } umgezogen
error-move-moved-on = @{ $handle } ist selbst nach { $target } umgezogen; nenne jenes Konto
error-alias-missing = @{ $handle } hat @{ $own } nicht als Alias. Füge ihn dort zuerst hinzu und versuche es dann noch einmal
error-move-too-soon = Dieses Konto ist vor weniger als { $days } Tagen umgezogen; ab { $date } kann es wieder umziehen
error-not-moved = Dieses Konto ist nicht umgezogen

# Other accounts, lists, hashtags and filters
error-follow-self = Du kannst dir nicht selbst folgen
error-block-self = Du kannst dich nicht selbst blockieren
error-mute-self = Du kannst dich nicht selbst stummschalten
error-blocked = Das geht nicht: Eines der beiden Konten blockiert das andere
error-mute-long = Die Stummschaltung ist zu lang: Sie kann höchstens { $maximum } Sekunden dauern
error-endorse-not-followed = Du musst dem Konto folgen, das du empfehlen willst
error-lists = Du hast schon die Höchstzahl von { $maximum } Listen
error-list-full = Eine Liste kann höchstens { $maximum } Konten haben
error-list-member = Dieses Konto ist schon in der Liste
error-not-an-account = „{ $text }“ ist weder ein Profilname (du@dein.server) noch eine Adresse
error-post-not-account = Das ist die Adresse eines Beitrags, nicht eines Kontos
error-hashtag = Das ist kein gültiger Hashtag
error-hashtag-taken = Dieser Hashtag wird schon vorgestellt
error-hashtags-featured = Du stellst schon die Höchstzahl von { $maximum } Hashtags vor
error-hashtags-followed = Du folgst schon der Höchstzahl von { $maximum } Hashtags
error-filters = Es gibt schon { $maximum } Filter, mehr sind nicht möglich
error-keywords = Es gibt schon { $maximum } Stichwörter, mehr sind nicht möglich
error-keywords-long = Die Stichwörter aller Filter sind zusammen zu lang (höchstens { $maximum } Bytes)
error-filter-posts = Filter nennen schon { $maximum } Beiträge, mehr sind nicht möglich

# Settings
error-colour = „{ $text }“ ist keine Farbe: Schreib sie als # und sechs Ziffern, wie #7a2f9e
error-own-css = Die CSS-Regeln sind länger als { $kib } KiB
error-no-avatar = Du hast kein Profilbild: Lade eines unter „Profil“ hoch
error-rules = Es sind zu viele Regeln (höchstens { $maximum })
error-time-zone = Dieser Server kennt die Zeitzone { $name } nicht
error-push-long = Die Adresse des Push-Dienstes ist länger als { $maximum } Bytes
error-push-endpoint = Dieser Server verbindet sich nicht mit dem Push-Dienst dieses Browsers
error-push-keys = Der Browser hat ungültige Schlüssel für Push-Mitteilungen geschickt: Lade die Seite neu
error-host = „{ $name }“ ist kein Servername; schreib ihn wie example.org
error-own-host = Das ist dieser Server selbst
