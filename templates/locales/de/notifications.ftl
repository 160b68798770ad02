notifications-title = Mitteilungen
notifications-kinds = Arten von Mitteilungen
notifications-all = Alle
notifications-all-empty = Noch keine Mitteilungen. Hier erscheinen Erwähnungen, neue Follower, geteilte Beiträge und Favoriten.
notifications-mentions = Erwähnungen
notifications-mentions-empty = Noch keine Erwähnungen. Hier erscheinen Antworten auf deine Beiträge, Erwähnungen und Zitate.
notifications-reactions = Reaktionen
notifications-reactions-empty = Noch keine Reaktionen. Hier erscheinen geteilte Beiträge, Favoriten und Emoji-Reaktionen.
notifications-follows = Follower
notifications-follows-empty = Noch keine Follower. Teile deinen Profilnamen und schreibe.
notifications-updates = Neuigkeiten
notifications-updates-empty = Noch keine Neuigkeiten. Hier erscheinen beendete Umfragen, Bearbeitungen, Meldungen und Beiträge, über die du benachrichtigt werden willst.
notifications-waiting =
    Gefilterte Mitteilungen von { $count ->
        [one] { $count } Konto
       *[other] { $count } Konten
    }
notifications-older = Ältere Mitteilungen
notifications-seen = Schon gesehen
notifications-two-html = { $first } und { $second }
notifications-many-html = { $first }, { $second } und { $others }
notifications-others =
    { $count ->
        [one] { $count } weitere Person
       *[other] { $count } weitere Personen
    }
notification-mention-html =
    { $names } { $count ->
        [one] hat
       *[other] haben
    } dich erwähnt
notification-boost-html =
    { $names } { $count ->
        [one] hat
       *[other] haben
    } deinen Beitrag geteilt
notification-favourite-html =
    { $names } { $count ->
        [one] hat
       *[other] haben
    } deinen Beitrag favorisiert
notification-follow-html =
    { $names } { $count ->
        [one] folgt
       *[other] folgen
    } dir
notification-follow-request-html =
    { $names } { $count ->
        [one] möchte
       *[other] möchten
    } dir folgen
notification-own-poll = Deine Umfrage ist beendet
notification-poll-html = Eine Umfrage von { $names } ist beendet
notification-update-html =
    { $names } { $count ->
        [one] hat
       *[other] haben
    } einen Beitrag bearbeitet, den du geteilt hast
notification-status-html =
    { $names } { $count ->
        [one] hat
       *[other] haben
    } etwas veröffentlicht
notification-reaction-html =
    { $names } { $count ->
        [one] hat
       *[other] haben
    } auf deinen Beitrag reagiert
notification-reaction-with-html =
    { $names } { $count ->
        [one] hat
       *[other] haben
    } mit { $emoji } auf deinen Beitrag reagiert
notification-quote-html =
    { $names } { $count ->
        [one] hat
       *[other] haben
    } deinen Beitrag zitiert
notification-report-html =
    { $names } { $count ->
        [one] hat
       *[other] haben
    } dich oder einen deiner Beiträge gemeldet
notification-quoted-update-html =
    { $names } { $count ->
        [one] hat
       *[other] haben
    } einen Beitrag bearbeitet, den du zitiert hast
notification-severed = Du hast einen Server gesperrt, was Folgebeziehungen beendet hat
notification-severed-counts =
    Du hast { $host } gesperrt. Dadurch hast du { $followers ->
        [one] { $followers } Follower
       *[other] { $followers } Follower
    } verloren und folgst { $following ->
        [one] { $following } Konto
       *[other] { $following } Konten
    } nicht mehr
notification-accept-html = Annehmen<span class="hidden">: { $name }</span>
notification-reject-html = Ablehnen<span class="hidden">: { $name }</span>
group-favourites = Favoriten und Reaktionen
group-boosts = Geteilte Beiträge
group-followers = Neue Follower
group-other = Mitteilung
requests-title = Gefilterte Mitteilungen
requests-crumb = Gefiltert
requests-of = Gefilterte Mitteilungen von { $name }
requests-of-html = Gefilterte Mitteilungen von { $name }
requests-accept = Annehmen
requests-dismiss = Verwerfen
requests-dismiss-html = Verwerfen<span class="hidden">: { $name }</span>
requests-lead-html = Deine <a href="/settings/notifications">Einstellungen für Mitteilungen</a> halten sie von den anderen getrennt, bis du über das Konto entscheidest.
requests-show-html =
    { $count ->
        [one] { $count } Mitteilung
       *[other] { $count } Mitteilungen
    }<span class="hidden"> von { $name }</span> anzeigen
requests-more = Mehr
requests-empty = Keine gefilterten Mitteilungen.
conversations-title = Nachrichten
conversations-new = Neue Nachricht
conversations-lead = Direkte Beiträge, die nur die darin erwähnten Personen sehen können. Sie sind nicht verschlüsselt: Auch deren Server können sie lesen.
conversations-only-you = Nur du
conversations-more-html = { $names } und { $count } weitere
conversations-unread = ungelesen
conversations-you-wrote = Du hast geschrieben:
conversations-mark-read = Als gelesen markieren
conversations-mark-unread = Als ungelesen markieren
conversations-remove = Entfernen
conversations-older = Ältere Nachrichten
conversations-empty = Noch keine Nachrichten. Eine Nachricht ist ein Beitrag, den nur die darin erwähnten Personen sehen können.
