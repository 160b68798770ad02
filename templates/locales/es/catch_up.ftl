# Ponerse al día, y publicaciones en marcos de otros sitios
catch-up-title = Ponerse al día
catch-up-summary-html =
    { $count ->
        [one] { $n } publicación de otras personas desde el { $since }. Primero quien menos escribe.
       *[other] { $n } publicaciones de otras personas desde el { $since }. Primero quien menos escribe.
    }
catch-up-cut-html = Las { $n } publicaciones más recientes de otras personas desde el { $since }. Primero quien menos escribe.
catch-up-since-visit = Desde mi última visita
catch-up-hours =
    { $n ->
        [one] { $n } hora
       *[other] { $n } horas
    }
catch-up-kinds = Tipos de publicaciones
catch-up-authors = Autores
catch-up-posts = Publicaciones
catch-up-replies = Respuestas
catch-up-boosts = Impulsos
catch-up-boosted-by = Impulsada por { $names }
catch-up-end = Eso es todo.
catch-up-home = Inicio
catch-up-empty = No hay nada nuevo aquí.
embed-title = Insertar
embed-label = Para mostrar esta publicación en otro sitio web, copia este código en su página:
embed-preview = Ver cómo queda
embed-absent-title = Publicación no disponible
embed-absent = Esta publicación no está disponible: fue eliminada o no es pública.
embed-open = Abrir en { $site }
