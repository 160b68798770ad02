# Nachlesen, und Beiträge in Rahmen anderer Seiten
catch-up-title = Nachlesen
catch-up-summary-html =
    { $count ->
        [one] { $n } Beitrag von anderen seit { $since }. Wer am wenigsten schreibt, kommt zuerst.
       *[other] { $n } Beiträge von anderen seit { $since }. Wer am wenigsten schreibt, kommt zuerst.
    }
catch-up-cut-html = Die neuesten { $n } Beiträge von anderen seit { $since }. Wer am wenigsten schreibt, kommt zuerst.
catch-up-since-visit = Seit meinem letzten Besuch
catch-up-hours =
    { $n ->
        [one] { $n } Stunde
       *[other] { $n } Stunden
    }
catch-up-kinds = Arten von Beiträgen
catch-up-authors = Verfasser
catch-up-posts = Beiträge
catch-up-replies = Antworten
catch-up-boosts = Geteilt
catch-up-boosted-by = Geteilt von { $names }
catch-up-end = Das ist alles.
catch-up-home = Startseite
catch-up-empty = Hier gibt es nichts Neues.
embed-title = Einbetten
embed-label = Kopiere diesen Code in eine andere Website, um den Beitrag dort zu zeigen:
embed-preview = Ansehen, wie es aussieht
embed-absent-title = Beitrag nicht verfügbar
embed-absent = Dieser Beitrag ist nicht verfügbar: Er wurde gelöscht oder ist nicht öffentlich.
embed-open = Auf { $site } öffnen
