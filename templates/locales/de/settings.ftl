appearance-title = Erscheinungsbild
appearance-colours = Hell oder dunkel
appearance-auto = Wie im System eingestellt
appearance-light = Hell
appearance-dark = Dunkel
appearance-colours-hint = Das gilt für dich: Wer dein Profil besucht, sieht die Farben des eigenen Systems.
appearance-language = Sprache der Oberfläche
appearance-language-auto = Automatisch
appearance-language-hint = Das gilt für dich: Wer dein Profil besucht, liest diese Seiten in der Sprache des eigenen Browsers, wenn es sie gibt.
settings-title = Einstellungen
settings-breadcrumb = Pfad
settings-save = Speichern
settings-sign-out = Abmelden
settings-group-profile = Profil
settings-group-profile-hint = Name, Bilder, Biografie und Felder
settings-group-appearance-hint = Thema, Farben, Symbol, hell oder dunkel, und die Sprache
settings-group-posting = Verfassen
settings-group-posting-hint = Sichtbarkeit, Sprache und Zitate neuer Beiträge
settings-group-privacy = Datenschutz
settings-group-privacy-hint = Wer dir folgen und dich finden darf
settings-group-filters-hint = Wörter und Beiträge, die du nicht lesen willst
settings-group-notifications-hint = Wessen Mitteilungen du bekommst
settings-group-emoji = Eigene Emojis
settings-group-emoji-hint = Eigene Emojis für Beiträge, Umfragen, Profil und Reaktionen
settings-group-media-hint = Was du hochgeladen hast, auch ohne Beschreibung
settings-group-security = Sicherheit
settings-group-security-hint = Angemeldete Browser, Passkeys und dein Passwort
settings-group-apps = Apps
settings-group-apps-hint = Apps, die dein Konto verwenden, und Token für Programme
settings-group-move = Umzug
settings-group-move-hint = Zu einem anderen Konto oder von einem anderen hierher
settings-group-about = Über diesen Server
settings-group-about-hint = Beschreibung, Regeln und Richtlinien
settings-group-server-hint = Warteschlangen, Speicher und letzte Fehler
about-lead-html = Alle können diese Texte auf <a href="/about">der Über-Seite</a> und in Apps lesen. Sie sind in Markdown geschrieben.
about-description = Beschreibung
about-rules-hint = Eine pro Zeile. Wenn du ein Konto meldest, kann eine App fragen, gegen welche es verstößt.
app-made = Die App ist angelegt. Kopiere diese Werte jetzt: Geheimnis und Token werden nicht noch einmal gezeigt.
app-client-id = Client-ID
app-client-secret = Client-Geheimnis
app-token = Zugriffstoken
app-permissions = Berechtigungen: { $scopes }
settings-done = Fertig
apps-lead = Diese Apps können dein Konto verwenden. Widerrufe jene, die du nicht mehr nutzt oder nicht kennst.
apps-command-line = Token von der Kommandozeile
apps-website = Website
apps-used = Seit { $since } · zuletzt verwendet { $used }
apps-unused = Seit { $since } · nie verwendet
apps-revoke-html = Widerrufen<span class="hidden">: { $app } seit { $since }</span>
apps-the-token = das Token
apps-revoke-all-summary = Alle widerrufen …
apps-revoke-all-hint = Alle Apps werden abgemeldet, und du meldest dich mit denen, die du nutzt, neu an.
apps-revoke-all = Alle Token widerrufen
apps-empty = Keine App verwendet dein Konto. Jede App für Mastodon funktioniert: Gib darin die Adresse dieses Servers ein.
apps-make = Ein Token für ein eigenes Programm anlegen
development-title = Neue App
development-lead = Für einen Bot, ein Skript oder eine App, die du schreibst: ID und Geheimnis für ihre Anmeldung und ein Zugriffstoken für dein Konto.
development-name = Name
development-website = Website
development-redirects = Weiterleitungs-URIs, eine pro Zeile
development-redirects-hint-html = Wohin die Anmeldung führt. <code>urn:ietf:wg:oauth:2.0:oob</code> zeigt einen Code zum Kopieren.
development-permissions = Berechtigungen
development-create = App und Token anlegen
emoji-imported =
    { $count ->
        [one] { $count } Emoji wurde importiert.
       *[other] { $count } Emojis wurden importiert.
    }
emoji-skipped =
    { $count ->
        [one] { $count } wurde ausgelassen
       *[other] { $count } wurden ausgelassen
    }
emoji-lead-html = Schreib den Namen zwischen Doppelpunkten, wie <code>:name:</code>, in einen Beitrag, eine Umfrage, dein Profil oder eine Reaktion.
emoji-without-category = Ohne Kategorie
emoji-hidden = verborgen
emoji-empty = Noch keine Emojis. Füge unten eines hinzu.
emoji-add-heading = Emoji hinzufügen
emoji-name = Name
emoji-name-hint = Buchstaben von A bis Z, Ziffern und Unterstriche.
emoji-picture = Bild
emoji-picture-hint = PNG, GIF, WebP oder JPEG. Eine Animation darf { $kib } KiB haben.
emoji-category = Kategorie (optional)
emoji-add = Emoji hinzufügen
emoji-copy-heading = Von einem anderen Server kopieren
emoji-remote = Name und Server
emoji-copy = Emoji kopieren
emoji-import-heading = Paket importieren
emoji-pack = Paket
emoji-pack-hint = Eine zip- oder tar.gz-Datei von Mastodon, Misskey, Pleroma oder Akkoma oder nur mit Bildern.
emoji-replace = Emojis mit denselben Namen ersetzen
emoji-import = Paket importieren
emoji-rename-hint = Mit einem neuen Namen zeigen Texte den alten nur noch als Text.
emoji-offer = In Apps anbieten
emoji-offer-hint = Wenn nicht, wird es trotzdem gezeigt, wo sein Name steht.
emoji-other-picture = Anderes Bild (optional)
emoji-remove-heading = Entfernen
emoji-remove-hint = Beiträge und Reaktionen mit diesem Emoji zeigen dann seinen Namen.
emoji-remove = :{ $name }: entfernen
move-title = Mit deinem Konto umziehen
move-to = Zu einem anderen Konto umziehen
move-moved-html = Dieses Konto ist nach { $account } umgezogen. Von hier aus kannst du nicht mehr schreiben, teilen oder folgen, und neue Follower werden abgewiesen.
move-cancel-hint = Wenn du den Umzug abbrichst, funktioniert dieses Konto wieder. Follower, die gegangen sind, kommen nicht zurück.
move-cancel = Umzug abbrechen
move-point-followers = Deine Follower werden gebeten, stattdessen dem neuen Konto zu folgen. Die meisten Server tun das ohne Rückfrage.
move-point-posts = Deine Beiträge bleiben hier. Sie können nicht umziehen.
move-point-account = Du kannst mit diesem Konto nicht mehr schreiben, teilen oder folgen. Dein Profil zeigt das neue.
move-point-cancel = Du kannst den Umzug abbrechen. Follower, die gegangen sind, kommen nicht zurück.
move-point-cooldown =
    { $count ->
        [one] Nach einem Umzug ist der nächste nach { $count } Tag möglich.
       *[other] Nach einem Umzug ist der nächste nach { $count } Tagen möglich.
    }
move-first-html = Füge zuerst <b>{ $handle }</b> in den Einstellungen des neuen Kontos als Alias hinzu.
move-next = Du bist erst kürzlich umgezogen. Der nächste Umzug ist am { $day } möglich.
move-handle = Profilname des neuen Kontos
move-handle-example = du@neuer.server
move-password = Dein Passwort auf diesem Server
move-go = Mit meinen Followern umziehen
move-from = Von einem anderen Konto umziehen
move-from-hint = Nenne die Konten, die zu diesem umziehen dürfen. Starte den Umzug dann im anderen Konto.
move-remove-html = Entfernen<span class="hidden">: { $name }</span>
move-alias = Profilname des alten Kontos
move-alias-example = du@alter.server
move-add-alias = Alias hinzufügen
move-most-aliases = Es gibt { $count } Aliasse; mehr sind nicht möglich.
policy-lead-html = Gefilterte Mitteilungen warten in einer <a href="/notifications/requests">eigenen Liste</a>. Ignorierte werden nicht gespeichert.
policy-lead-waiting-html =
    Gefilterte Mitteilungen warten in einer <a href="/notifications/requests">eigenen Liste</a> mit { $count ->
        [one] { $count } Konto
       *[other] { $count } Konten
    }. Ignorierte werden nicht gespeichert.
policy-accept = Anzeigen
policy-filter = Filtern
policy-drop = Ignorieren
policy-not-following = Konten, denen du nicht folgst
policy-not-followers = Konten, die dir nicht oder erst seit wenigen Tagen folgen
policy-new-accounts = Konten, die weniger als einen Monat alt sind
policy-private-mentions = Direkte Erwähnungen durch Konten, denen du nicht folgst
policy-limited-accounts = Konten von Servern, die du stummgeschaltet hast
policy-bots = Automatische Konten, denen du nicht folgst
passkey-title = Neuer Passkey
passkey-lead = Mit einem Passkey meldest du dich an, indem du Handy, Computer oder Sicherheitsschlüssel entsperrst. Er lässt sich nicht erraten, und dieser Server speichert nichts, das gestohlen werden könnte.
passkey-name = Name
passkey-name-hint = Mein Handy
passkey-create = Passkey anlegen
passkey-unavailable = Dieser Browser kann hier keine Passkeys anlegen: Sie brauchen JavaScript und einen Server mit eigener Domain.
passkey-password = Dein Passwort
passkey-continue = Weiter
posting-lead = Diese Werte sind vorausgewählt, wenn du hier oder in einer App einen Beitrag schreibst. Jeder Beitrag kann davon abweichen.
posting-visibility = Sichtbarkeit
posting-language-hint = Ein Code wie en, de oder pt-BR. Leer, wenn deine Beiträge keine feste Sprache haben.
posting-format = Format von Beiträgen, die du auf diesen Seiten schreibst
posting-sensitive = Medien meiner Beiträge verbergen, bis sie geöffnet werden
privacy-locked = Follower-Anfragen manuell genehmigen
privacy-locked-hint = Deine Beiträge für Follower sehen dann nur Konten, die du genehmigt hast.
privacy-discoverable = Mein Konto anderen vorschlagen
privacy-discoverable-hint = Andere Server dürfen dein Profil und öffentliche Beiträge in Verzeichnissen und Trends zeigen, und Suchmaschinen dein Profil.
privacy-indexable = Meine öffentlichen Beiträge in Suchen aufnehmen
privacy-indexable-hint = Suchmaschinen und andere Server dürfen alle nach ihren Wörtern suchen lassen.
privacy-previews = Vorschau von Links zeigen
privacy-previews-hint = Dieser Server ruft dann jede Seite, auf die Beiträge in deinen Timelines verlinken, einmal ab. Browser und Apps laden das Bild von diesem Server, nie von der Website.
privacy-never = Dieser Server zeigt nie, wer dir folgt oder wem du folgst.
profile-display-name = Anzeigename
profile-about = Über dich
profile-avatar = Profilbild
profile-avatar-alt = Beschreibung des Profilbilds
profile-header = Titelbild
profile-header-alt = Beschreibung des Titelbilds
profile-pictures-hint = Ein animiertes Bild wird zu einem Standbild.
profile-fields = Felder
profile-field-label = Beschriftung
profile-field-label-of = Beschriftung { $number }
profile-field-content = Inhalt
profile-field-content-of = Inhalt { $number }
profile-fields-hint-html = Ein Link wird verifiziert, wenn seine Seite auf dein Profil zurückverlinkt: <code>&lt;a rel="me" href="{ $address }"&gt;</code>. Die Seiten werden beim Speichern geprüft.
profile-bot = Dieses Konto ist ein Bot
profile-tabs = Reiter deines Profils
profile-show-media = Medien
profile-show-media-replies = Medien zeigt auch die von Antworten
profile-show-featured = Angeheftete Beiträge und vorgestellte Hashtags
profile-attribution = Websites, die dich als Autor ihrer Seiten nennen dürfen
profile-attribution-hint-html = Eine Domain pro Zeile. Eine Seite nennt dich mit <code>&lt;meta name="fediverse:creator" content="@{ $handle }"&gt;</code>; ihre Vorschauen verlinken dann auf dein Profil.
codes-title = Wiederherstellungscodes
codes-notice = Die Zwei-Faktor-Authentisierung ist eingeschaltet. Bewahre diese Codes dort auf, wo du sie ohne Handy findest: Sie werden nicht noch einmal gezeigt.
codes-lead-html = Jeder ersetzt einmal einen Code der App. Wenn alle verloren sind, schaltet <code>dassie owner two-factor-off</code> auf dem Server die Zwei-Faktor-Authentisierung aus.
security-browsers = Angemeldete Browser
security-this = dieser Browser
security-since = Seit { $since } · zuletzt verwendet { $used }
security-sign-out-html = Abmelden<span class="hidden">: { $name } seit { $since }</span>
security-sign-out-others = Alle anderen Browser abmelden
security-apps-html = Apps melden sich mit eigenen Zugriffstoken an: siehe <a href="/settings/apps">Apps</a>.
security-passkeys = Passkeys
security-passkey-used = Hinzugefügt { $since } · zuletzt verwendet { $used }
security-passkey-unused = Hinzugefügt { $since } · noch nicht verwendet
security-passkeys-empty = Melde dich ohne Passwort an, indem du Handy, Computer oder Sicherheitsschlüssel entsperrst.
security-add-passkey = Passkey hinzufügen
security-two-factor = Zwei-Faktor-Authentisierung
security-two-factor-on = Ein: Zum Anmelden brauchst du einen Code deiner Authentifizierungs-App.
security-two-factor-off = Aus: Zum Anmelden genügt dein Passwort.
security-change-two-factor = Ändern oder ausschalten
security-turn-on = Einschalten
security-password = Passwort
security-password-hint = Ein neues Passwort meldet alle Browser und Apps ab.
security-current = Aktuelles Passwort
security-new = Neues Passwort
security-change = Passwort ändern
security-changed-title = Passwort geändert
security-changed = Dein Passwort ist geändert. Alle Browser und Apps sind abgemeldet.
browser-on-system = { $browser } unter { $system }
browser-unknown-on = Ein Browser unter { $system }
browser-unknown = Ein Browser
two-factor-lead =
    Zum Anmelden brauchst du dein Passwort und einen Code deiner Authentifizierungs-App. Du hast noch { $count ->
        [one] { $count } Wiederherstellungscode
       *[other] { $count } Wiederherstellungscodes
    }.
two-factor-code = Code aus deiner App
two-factor-renew = Neue Wiederherstellungscodes
two-factor-off = Ausschalten
two-factor-offer = Mit einer Authentifizierungs-App auf deinem Handy genügt ein gestohlenes Passwort nicht zum Anmelden. Scanne das Bild mit der App oder tippe das Geheimnis ein.
two-factor-qr = QR-Code des Geheimnisses
two-factor-secret = Geheimnis
two-factor-shown-code = Der Code, den die App zeigt
browser-only = { $browser }
