post-sensitive-media = Heikle Medien ({ $count })
post-filtered-media = Gefiltert: { $title } ({ $count })
post-filtered = Gefiltert: { $title }
post-filtered-html = Gefiltert: <span dir="auto">{ $title }</span>
post-edit-filter = Diesen Filter bearbeiten
post-show = Anzeigen
post-hide = Ausblenden
post-no-description = Bild ohne Beschreibung
post-open-attachment = Anhang auf dem ursprünglichen Server öffnen
post-choose-any = Beliebig viele auswählen
post-choose-one = Eine Antwort auswählen
post-percent = { $n } %
post-vote = Abstimmen
post-your-vote = deine Stimme
post-voters =
    { $count ->
        [one] { $n } Person
       *[other] { $n } Personen
    }
post-votes =
    { $count ->
        [one] { $n } Stimme
       *[other] { $n } Stimmen
    }
post-poll-closed = beendet
post-poll-ends-html = endet am { $time }
post-open-quoted = Original öffnen
post-poll-options = Umfrage:
post-card-by = Von { $author }
post-card-by-html = Von { $author }
post-read-in-full = Weiterlesen
post-minutes = ({ $minutes } Min.)
post-calendar = Zum Kalender hinzufügen
post-duration = Dauer: { $duration }
post-reactions = Reaktionen
post-more = Mehr
post-open-thread = Unterhaltung öffnen
post-open-original = Originalseite öffnen
post-quote = Zitieren
post-react-with-emoji = Mit einem Emoji reagieren
home-seen-before = Schon gesehen
home-missed = { $count } neue Beiträge seit deinem letzten Besuch. Nachlesen
post-embed = Einbetten
post-edit = Bearbeiten
post-pin = Im Profil anheften
post-unpin = Vom Profil lösen
post-inspect-own = Dokument und Zustellungen prüfen
post-inspect = Dokument prüfen
post-delete = Löschen …
post-mention = { $name } erwähnen
post-filter = Diesen Beitrag filtern
post-block = { $name } blockieren
post-boosted-html = { $name } hat geteilt
post-pinned = Angeheftet
post-in-group-html = in { $group }
post-bot = Bot
post-group = Gruppe
post-from = von { $network }
post-edited = bearbeitet
post-parent-gone = Antwort auf einen Beitrag, der nicht mehr verfügbar ist
post-parent-elsewhere-html = Antwort auf <a href="{ $address }" rel="nofollow noopener">einen Beitrag auf einem anderen Server</a>
post-is-reply = Eine Antwort
post-continues = Fortsetzung
post-reply-to-html = Antwort an <bdi dir="ltr">{ $name }</bdi>
post-replies =
    { $count ->
        [one] { $n } Antwort
       *[other] { $n } Antworten
    }
post-boosts =
    { $count ->
        [one] { $n }-mal geteilt
       *[other] { $n }-mal geteilt
    }
post-favourites =
    { $count ->
        [one] { $n } Favorit
       *[other] { $n } Favoriten
    }
post-reply = Antworten
post-boost = Teilen
post-favourite = Favorisieren
post-bookmark = Lesezeichen
post-interact = Von deinem eigenen Server aus antworten, teilen oder favorisieren
post-older = Ältere Beiträge
post-without-text = Ein Beitrag ohne Text
visibility-public = Öffentlich
visibility-unlisted = Öffentlich (still)
visibility-private = Nur Follower
visibility-direct = Nur erwähnte Profile
quote-policy-everyone = Alle dürfen ihn zitieren
quote-policy-followers = Follower dürfen ihn zitieren
quote-policy-nobody = Nur ich darf ihn zitieren
quote-blocked = Du hast das Profil blockiert, das den zitierten Beitrag verfasst hat.
quote-hidden = Der zitierte Beitrag ist ausgeblendet.
quote-not-approved = Das zitierte Profil hat dieses Zitat nicht genehmigt.
quote-deleted = Der zitierte Beitrag wurde gelöscht.
quote-unavailable = Der zitierte Beitrag ist nicht verfügbar.
quote-pending = Dieses Zitat wartet auf die Genehmigung des zitierten Profils.
quote-rejected = Das zitierte Profil erlaubt dieses Zitat nicht.
reply-pending = Diese Antwort wartet auf die Genehmigung des Profils, dem du antwortest.
reply-rejected = Diese Antwort wurde abgelehnt.
restricted-favourites = Dieses Profil nimmt von dir keine Favoriten an.
restricted-replies = Dieses Profil nimmt von dir keine Antworten an.
restricted-boosts = Dieses Profil erlaubt dir nicht, den Beitrag zu teilen.
restricted-quotes = Dieses Profil erlaubt dir nicht, den Beitrag zu zitieren.
approved-favourites = Dieses Profil muss deinen Favoriten genehmigen.
approved-replies = Dieses Profil muss deine Antwort genehmigen.
approved-boosts = Dieses Profil muss genehmigen, dass du den Beitrag teilst.
approved-quotes = Dieses Profil muss dein Zitat genehmigen.
bridge-other = einem anderen Netzwerk
bridge-web = dem Web
more-title = Beitrag
more-heading = Beitragsoptionen
more-open-thread = Unterhaltung öffnen
more-bookmark = Lesezeichen setzen
more-unbookmark = Lesezeichen entfernen
more-react-with = Reagieren mit
more-react = Reagieren
more-copy-emoji = Emojis daraus kopieren …
more-delete-hint = Der Beitrag wird von diesem Server gelöscht, und alle Server, die ihn erhalten haben, werden gebeten, ihn ebenfalls zu löschen. Das kann nicht rückgängig gemacht werden.
more-delete = Diesen Beitrag löschen
thread-heading = Unterhaltung
thread-earlier =
    { $count ->
        [one] { $count } früherer Beitrag
       *[other] { $count } frühere Beiträge
    }
thread-between =
    { $count ->
        [one] { $count } Beitrag dazwischen
       *[other] { $count } Beiträge dazwischen
    }
thread-only-owner = Nur du kannst diesen Beitrag sehen: Er ist direkt und erwähnt niemanden.
thread-replies =
    { $count ->
        [one] { $count } Antwort
       *[other] { $count } Antworten
    }
thread-replies-more = Mehr als { $count } Antworten
thread-page = Seite { $page } von { $pages }
thread-pages = Seiten mit Antworten
thread-first = Erste
thread-previous = Vorherige Antworten
thread-next = Weitere Antworten
thread-last = Letzte
thread-undelivered = Dieser Beitrag konnte einigen Servern nicht zugestellt werden:
thread-all-deliveries = Alle Zustellungen
thread-fetching = Antworten werden von anderen Servern geholt. Lade diese Seite gleich neu.
thread-fetched = Zuletzt von anderen Servern geholt: { $time }.
thread-missing =
    { $count ->
        [one] { $count } Beitrag dieser Unterhaltung konnte nicht geholt werden.
       *[other] { $count } Beiträge dieser Unterhaltung konnten nicht geholt werden.
    }
thread-check = Nach neuen Antworten suchen
thread-more-by = Mehr von { $name }
history-title = Bearbeitungen eines Beitrags von { $name }
history-heading = Bearbeitungsverlauf
history-none-html = Von <a href="{ $link }">dem Beitrag von { $name }</a> sind auf diesem Server keine früheren Versionen gespeichert.
history-edits-html =
    <a href="{ $link }">Der Beitrag von { $name }</a> mit { $count ->
        [one] { $count } Bearbeitung
       *[other] { $count } Bearbeitungen
    }, neueste zuerst.
history-original-html = Original vom { $time }
history-current-html = Aktuelle Version vom { $time }
history-edited-html = Bearbeitet am { $time }
history-warning-html = Inhaltswarnung: { $warning }
home-title = Startseite
home-empty = Deine Startseite ist noch leer
home-empty-follow-html = Schreib oben deinen ersten Beitrag oder folge jemandem: Gib einen Profilnamen wie <b>@name@example.org</b> oder die Adresse eines Profils in das Suchfeld oben ein.
home-empty-posts = Hier erscheinen die Beiträge der Profile, denen du folgst, die neuesten zuerst.
bookmarks-title = Lesezeichen
bookmarks-empty = Noch keine Lesezeichen. Setze ein Lesezeichen, um einen Beitrag hier wiederzufinden. Nur du kannst deine Lesezeichen sehen.
favourites-title = Favoriten
favourites-empty = Noch keine Favoriten. Wenn du einen Beitrag favorisierst, wird das Profil benachrichtigt, das ihn verfasst hat.
tag-empty = Noch keine Beiträge mit diesem Hashtag.
tag-follow = Folgen
tag-unfollow = Entfolgen
bridge-nostr = Nostr
bridge-bluesky = Bluesky
