layout-skip = Zum Inhalt springen
layout-menu = Menü
layout-main = Hauptnavigation
layout-search = Suche
layout-search-hint = Suche, @name, Link
layout-home = Startseite
layout-notifications = Mitteilungen
layout-compose = Verfassen
layout-lists = Listen
layout-you = Profil
layout-messages = Nachrichten
layout-drafts = Entwürfe
layout-bookmarks = Lesezeichen
layout-favourites = Favoriten
layout-people = Personen
layout-settings = Einstellungen
layout-new-html = { $count }<span class="hidden"> neue</span>
layout-follow-html = Folgen<span class="hidden">: { $name }</span>
layout-about = Über diesen Server
layout-sign-in = Anmelden
script-fresh = neue
script-offline = Der Server ist nicht erreichbar. Versuche es gleich noch einmal.
script-failed = Das hat nicht geklappt. Lade die Seite neu und versuche es noch einmal.
script-signed-out = Du bist abgemeldet.
script-sign-in = Wieder anmelden
script-deleted = Dieser Beitrag wurde gelöscht.
live-notifications =
    { $count ->
        [one] { $n } neue Mitteilung
       *[other] { $n } neue Mitteilungen
    }
live-posts =
    { $count ->
        [one] { $n } neuer Beitrag
       *[other] { $n } neue Beiträge
    }
