layout-skip = Zum Inhalt springen
layout-menu = Menü
layout-main = Hauptnavigation
layout-search = Suche
layout-search-hint = Suche, @profil oder Adresse
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
