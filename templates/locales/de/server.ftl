xray-title = Röntgenbild
xray-problem = Das Dokument konnte nicht von seinem Server geholt werden: { $reason }
xray-delivery = Zustellung
xray-delivered =
    An { $arrived } von { $count ->
        [one] { $count } Server
       *[other] { $count } Servern
    } zugestellt.
xray-server = Server
xray-state = Zustand
xray-delivered-at-html = zugestellt am { $time }
xray-failed = fehlgeschlagen: { $error }
xray-waiting-after = wartet; der letzte Versuch schlug fehl: { $error }
xray-waiting = wartet
xray-not-sent = Dieser Beitrag wurde nicht an andere Server gesendet.
xray-result = Ergebnis
xray-provided = vorausgesetzt: { $condition }
xray-checks = Prüfungen
xray-passed = bestanden
xray-check-failed = nicht bestanden
xray-document = Dokument
server-title = Server
server-disk-full = Die Festplatte ist fast voll: Aktivitäten anderer Server werden abgewiesen, bis mindestens { $size } frei sind.
server-queues = Warteschlangen
server-deliveries = Zustellungen
server-activities = Aktivitäten
server-jobs = Aufgaben
server-waiting = { $count } wartend
server-waiting-parked = { $count } wartend, { $parked } aufgegeben
server-storage = Speicher
server-database = Datenbank
server-free = Freier Speicherplatz
server-posts = Eigene Beiträge
server-servers = Bekannte Server
server-version = Version
server-failed-deliveries = Server, die nicht erreicht wurden
server-failed-jobs = Fehlgeschlagene Aufgaben
server-failed-activities = Aufgegebene Aktivitäten
server-job = Aufgabe
server-attempts = Versuche
server-last-error = Letzter Fehler
server-no-errors = Keine Fehler: Alles Fällige ist erledigt.
