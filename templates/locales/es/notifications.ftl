notifications-title = Notificaciones
notifications-kinds = Tipos de notificaciones
notifications-all = Todas
notifications-all-empty = Aún no hay notificaciones. Aquí aparecen menciones, nuevos seguidores, impulsos y favoritos.
notifications-mentions = Menciones
notifications-mentions-empty = Aún no hay menciones. Aquí aparecen respuestas a tus publicaciones, menciones y citas.
notifications-reactions = Reacciones
notifications-reactions-empty = Aún no hay reacciones. Aquí aparecen impulsos, favoritos y reacciones con emojis.
notifications-follows = Seguidores
notifications-follows-empty = Aún no hay seguidores. Comparte tu identificador y escribe.
notifications-updates = Novedades
notifications-updates-empty = Aún no hay novedades. Aquí aparecen encuestas terminadas, ediciones, denuncias y publicaciones de las que quieres que se te avise.
notifications-waiting =
    Notificaciones filtradas de { $count ->
        [one] { $count } cuenta
       *[other] { $count } cuentas
    }
notifications-older = Notificaciones anteriores
notifications-seen = Vistas antes
notifications-two-html = { $first } y { $second }
notifications-many-html = { $first }, { $second } y { $others }
notifications-others =
    { $count ->
        [one] { $count } persona más
       *[other] { $count } personas más
    }
notification-mention-html =
    { $names } te { $count ->
        [one] mencionó
       *[other] mencionaron
    }
notification-boost-html =
    { $names } { $count ->
        [one] impulsó
       *[other] impulsaron
    } tu publicación
notification-favourite-html =
    { $names } { $count ->
        [one] marcó
       *[other] marcaron
    } tu publicación como favorita
notification-follow-html =
    { $names } te { $count ->
        [one] sigue
       *[other] siguen
    }
notification-follow-request-html =
    { $names } { $count ->
        [one] solicitó
       *[other] solicitaron
    } seguirte
notification-own-poll = Tu encuesta ha terminado
notification-poll-html = Una encuesta de { $names } ha terminado
notification-update-html =
    { $names } { $count ->
        [one] editó
       *[other] editaron
    } una publicación que impulsaste
notification-status-html =
    { $names } { $count ->
        [one] publicó
       *[other] publicaron
    }
notification-reaction-html =
    { $names } { $count ->
        [one] reaccionó
       *[other] reaccionaron
    } a tu publicación
notification-reaction-with-html =
    { $names } { $count ->
        [one] reaccionó
       *[other] reaccionaron
    } con { $emoji } a tu publicación
notification-quote-html =
    { $names } { $count ->
        [one] citó
       *[other] citaron
    } tu publicación
notification-report-html =
    { $names } te { $count ->
        [one] denunció
       *[other] denunciaron
    } a ti o una de tus publicaciones
notification-quoted-update-html =
    { $names } { $count ->
        [one] editó
       *[other] editaron
    } una publicación que citaste
notification-severed = Suspendiste un servidor, lo que terminó relaciones de seguimiento
notification-severed-counts =
    Suspendiste { $host }: perdiste { $followers ->
        [one] { $followers } seguidor
       *[other] { $followers } seguidores
    } y dejaste de seguir { $following ->
        [one] { $following } cuenta
       *[other] { $following } cuentas
    }
notification-accept-html = Aceptar<span class="hidden"> a { $name }</span>
notification-reject-html = Rechazar<span class="hidden"> a { $name }</span>
group-favourites = Favoritos y reacciones
group-boosts = Impulsos
group-followers = Nuevos seguidores
group-other = Notificación
requests-title = Notificaciones filtradas
requests-crumb = Filtradas
requests-of = Notificaciones filtradas de { $name }
requests-of-html = Notificaciones filtradas de { $name }
requests-accept = Aceptar
requests-dismiss = Descartar
requests-dismiss-html = Descartar<span class="hidden"> a { $name }</span>
requests-lead-html = Tus <a href="/settings/notifications">ajustes de notificaciones</a> las mantienen aparte hasta que decidas sobre la cuenta.
requests-show-html =
    Mostrar { $count ->
        [one] { $count } notificación
       *[other] { $count } notificaciones
    }<span class="hidden"> de { $name }</span>
requests-more = Más
requests-empty = No hay notificaciones filtradas.
conversations-title = Mensajes
conversations-new = Nuevo mensaje
conversations-lead = Publicaciones directas que solo pueden ver las personas mencionadas. No están cifradas: los servidores de esas personas también pueden leerlas.
conversations-only-you = Solo tú
conversations-more-html = { $names } y { $count } más
conversations-unread = sin leer
conversations-you-wrote = Escribiste:
conversations-mark-read = Marcar como leído
conversations-mark-unread = Marcar como no leído
conversations-remove = Quitar
conversations-older = Mensajes anteriores
conversations-empty = Aún no hay mensajes. Un mensaje es una publicación que solo pueden ver las personas mencionadas.
