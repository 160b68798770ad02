layout-skip = Saltar al contenido
layout-menu = Menú
layout-main = Principal
layout-search = Buscar
layout-search-hint = Buscar, @nombre, URL
layout-home = Inicio
layout-notifications = Notificaciones
layout-compose = Redactar
layout-lists = Listas
layout-you = Perfil
layout-messages = Mensajes
layout-drafts = Borradores
layout-bookmarks = Marcadores
layout-favourites = Favoritos
layout-people = Personas
layout-settings = Ajustes
layout-new-html = { $count }<span class="hidden"> nuevas</span>
layout-follow-html = Seguir<span class="hidden"> a { $name }</span>
layout-about = Acerca de este servidor
layout-sign-in = Iniciar sesión
script-fresh = nuevas
script-offline = No se puede contactar con el servidor. Inténtalo de nuevo en un momento.
script-failed = No ha funcionado. Recarga la página e inténtalo de nuevo.
script-signed-out = Has cerrado sesión.
script-sign-in = Iniciar sesión de nuevo
script-deleted = Esta publicación fue eliminada.
live-notifications =
    { $count ->
        [one] { $n } notificación nueva
       *[other] { $n } notificaciones nuevas
    }
live-posts =
    { $count ->
        [one] { $n } publicación nueva
       *[other] { $n } publicaciones nuevas
    }
