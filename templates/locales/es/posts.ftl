post-sensitive-media = Contenido multimedia sensible ({ $count })
post-filtered-media = Filtrado: { $title } ({ $count })
post-filtered = Filtrado: { $title }
post-filtered-html = Filtrado: <span dir="auto">{ $title }</span>
post-edit-filter = Editar este filtro
post-show = Mostrar
post-hide = Ocultar
post-no-description = Imagen sin descripción
post-open-attachment = Abrir el adjunto en su servidor original
post-choose-any = Elige las que quieras
post-choose-one = Elige una
post-percent = { $n } %
post-vote = Votar
post-your-vote = tu voto
post-voters =
    { $count ->
        [one] { $n } persona
       *[other] { $n } personas
    }
post-votes =
    { $count ->
        [one] { $n } voto
       *[other] { $n } votos
    }
post-poll-closed = cerrada
post-poll-ends-html = termina el { $time }
post-open-quoted = Abrir la original
post-poll-options = Encuesta:
post-card-by = Por { $author }
post-card-by-html = Por { $author }
post-read-in-full = Leer completo
post-minutes = ({ $minutes } min)
post-calendar = Añadir a tu calendario
post-duration = Duración: { $duration }
post-reactions = Reacciones
post-more = Más
post-open-thread = Abrir hilo
post-open-original = Abrir página original
post-quote = Citar
post-react-with-emoji = Reaccionar con un emoji
home-seen-before = Ya visto
home-missed = { $count } publicaciones nuevas desde tu última visita. Ponerte al día
post-embed = Insertar
post-edit = Editar
post-pin = Fijar en el perfil
post-unpin = Dejar de fijar en el perfil
post-inspect-own = Inspeccionar documento y entregas
post-inspect = Inspeccionar documento
post-delete = Eliminar…
post-mention = Mencionar a { $name }
post-filter = Filtrar esta publicación
post-block = Bloquear a { $name }
post-boosted-html = { $name } impulsó
post-pinned = Fijada
post-in-group-html = en { $group }
post-bot = bot
post-group = grupo
post-from = desde { $network }
post-edited = editada
post-parent-gone = En respuesta a una publicación que ya no está disponible
post-parent-elsewhere-html = En respuesta a <a href="{ $address }" rel="nofollow noopener">una publicación en otro servidor</a>
post-is-reply = Una respuesta
post-continues = Continuación
post-reply-to-html = Respuesta a <bdi dir="ltr">{ $name }</bdi>
post-replies =
    { $count ->
        [one] { $n } respuesta
       *[other] { $n } respuestas
    }
post-boosts =
    { $count ->
        [one] { $n } impulso
       *[other] { $n } impulsos
    }
post-favourites =
    { $count ->
        [one] { $n } favorito
       *[other] { $n } favoritos
    }
post-reply = Responder
post-boost = Impulsar
post-favourite = Favorito
post-bookmark = Marcador
post-interact = Responde, impulsa o marca como favorito desde tu servidor
post-older = Publicaciones anteriores
post-without-text = Una publicación sin texto
visibility-public = Pública
visibility-unlisted = Pública silenciosa
visibility-private = Solo seguidores
visibility-direct = Solo personas mencionadas
quote-policy-everyone = Cualquiera puede citarla
quote-policy-followers = Los seguidores pueden citarla
quote-policy-nobody = Solo yo puedo citarla
quote-blocked = Has bloqueado a quien escribió la publicación citada.
quote-hidden = La publicación citada está oculta.
quote-not-approved = La persona citada no ha aprobado esta cita.
quote-deleted = La publicación citada fue eliminada.
quote-unavailable = La publicación citada no está disponible.
quote-pending = Esta cita está pendiente de la aprobación de la persona citada.
quote-rejected = La persona citada no permite esta cita.
reply-pending = Esta respuesta está pendiente de la aprobación de la persona a la que respondes.
reply-rejected = Esta respuesta fue rechazada.
restricted-favourites = Esta persona no acepta tus favoritos.
restricted-replies = Esta persona no acepta tus respuestas.
restricted-boosts = Esta persona no acepta tus impulsos.
restricted-quotes = Esta persona no acepta tus citas.
approved-favourites = Esta persona debe aprobar tus favoritos.
approved-replies = Esta persona debe aprobar tus respuestas.
approved-boosts = Esta persona debe aprobar tus impulsos.
approved-quotes = Esta persona debe aprobar tus citas.
bridge-other = otra red
bridge-web = la web
more-title = Publicación
more-heading = Opciones de la publicación
more-open-thread = Abrir el hilo
more-bookmark = Guardar marcador
more-unbookmark = Quitar marcador
more-react-with = Reaccionar con
more-react = Reaccionar
more-copy-emoji = Copiar sus emojis…
more-delete-hint = La publicación se elimina de este servidor y se pide a todos los servidores que la recibieron que la eliminen también. No se puede deshacer.
more-delete = Eliminar esta publicación
thread-heading = Hilo
thread-earlier =
    { $count ->
        [one] { $count } publicación anterior
       *[other] { $count } publicaciones anteriores
    }
thread-between =
    { $count ->
        [one] { $count } publicación intermedia
       *[other] { $count } publicaciones intermedias
    }
thread-only-owner = Solo tú puedes ver esta publicación: es directa y no menciona a nadie.
thread-replies =
    { $count ->
        [one] { $count } respuesta
       *[other] { $count } respuestas
    }
thread-replies-more = Más de { $count } respuestas
thread-page = página { $page } de { $pages }
thread-pages = Páginas de respuestas
thread-first = Primera
thread-previous = Respuestas anteriores
thread-next = Más respuestas
thread-last = Última
thread-undelivered = Esta publicación no se pudo entregar a algunos servidores:
thread-all-deliveries = Todas las entregas
thread-fetching = Se están obteniendo respuestas de otros servidores. Recarga esta página en un momento.
thread-fetched = Última consulta a otros servidores: { $time }.
thread-missing =
    { $count ->
        [one] No se pudo obtener { $count } publicación de este hilo.
       *[other] No se pudieron obtener { $count } publicaciones de este hilo.
    }
thread-check = Buscar respuestas nuevas
thread-more-by = Más de { $name }
history-title = Ediciones de una publicación de { $name }
history-heading = Historial de ediciones
history-none-html = <a href="{ $link }">La publicación de { $name }</a> no tiene versiones anteriores en este servidor.
history-edits-html =
    <a href="{ $link }">La publicación de { $name }</a> con { $count ->
        [one] { $count } edición
       *[other] { $count } ediciones
    }, la más reciente primero.
history-original-html = Original del { $time }
history-current-html = Versión actual del { $time }
history-edited-html = Editada el { $time }
history-warning-html = Advertencia de contenido: { $warning }
home-title = Inicio
home-empty = Tu cronología está vacía
home-empty-follow-html = Escribe arriba tu primera publicación o sigue a alguien: escribe un identificador como <b>@nombre@example.org</b> o la dirección de un perfil en el buscador de arriba.
home-empty-posts = Aquí aparecen las publicaciones de las personas a las que sigues, las más recientes primero.
bookmarks-title = Marcadores
bookmarks-empty = Aún no hay marcadores. Guarda una publicación para volver a encontrarla aquí. Solo tú puedes ver tus marcadores.
favourites-title = Favoritos
favourites-empty = Aún no hay favoritos. Cuando marcas una publicación como favorita, se avisa a quien la escribió.
tag-empty = Aún no hay publicaciones con esta etiqueta.
tag-follow = Seguir
tag-unfollow = Dejar de seguir
bridge-nostr = Nostr
bridge-bluesky = Bluesky
