profile-posts-by = Publicaciones de { $name }
profile-tag-by = #{ $tag } de { $name }
profile-all-by = Publicaciones de { $name }, con respuestas e impulsos
profile-bridged-from = mediante un puente desde { $network }
profile-locked = aprueba seguidores
profile-moved-html = Esta cuenta se ha mudado a { $account }
profile-cancel-move = Cancelar la mudanza
profile-original-html = Cuenta original: { $account }
profile-verified-hint = La página enlazada remite a este perfil, comprobado el { $day }
profile-verified = verificado
profile-posts-html =
    <b>{ $n }</b> { $count ->
        [one] publicación
       *[other] publicaciones
    }
profile-following-html = <b>{ $n }</b> siguiendo
profile-followers-html =
    <b>{ $n }</b> { $count ->
        [one] seguidor
       *[other] seguidores
    }
profile-joined = Se unió el { $day }
profile-edit = Editar perfil
profile-people = Personas
profile-follow-own = Seguir desde tu servidor
profile-handle-hint = tu@tu.servidor
profile-follow = Seguir
profile-fetching = Se están obteniendo publicaciones del servidor de la cuenta. Recarga esta página en un momento.
profile-fetched = Última consulta al servidor de la cuenta: { $time }.
profile-missing =
    { $count ->
        [one] No se pudo obtener { $count } publicación.
       *[other] No se pudieron obtener { $count } publicaciones.
    }
profile-follow-failed = No sigues esta cuenta: { $reason }
profile-muted = Silenciada: solo ves sus publicaciones aquí.
profile-muted-until = Silenciada hasta el { $time }: solo ves sus publicaciones aquí.
profile-note = Nota privada
profile-note-label = Tu nota, que solo tú puedes ver
profile-save-note = Guardar nota
profile-tab-posts = Publicaciones
profile-tab-replies = Respuestas
profile-tab-media = Multimedia
profile-tab-pinned = Fijadas
profile-tagged = Publicaciones con #{ $tag }
profile-sensitive = Sensible
profile-video = Vídeo sin descripción
profile-recording = Grabación
profile-no-pinned = No hay publicaciones fijadas.
profile-no-media = Aún no hay contenido multimedia.
profile-no-tagged = No hay publicaciones con esta etiqueta.
profile-no-posts = Aún no hay publicaciones.
front-welcome = Te damos la bienvenida
front-not-set-up = Este servidor aún no está configurado.
front-set-up = Si es tuyo, abre el enlace de configuración que muestra su registro.
about-title = Acerca de
about-changed-html = Última modificación: { $time }
about-rules = Normas
about-one-account = Este servidor tiene una sola cuenta, { $handle }. No es posible registrarse.
about-software = Funciona con Dassie { $version }, software libre para el fediverso.
about-contact = Contacto: { $address }
about-go = Ir a { $handle }
about-privacy = Política de privacidad
about-terms = Condiciones del servicio
interact-follow = Seguir desde tu servidor
interact-follow-hint = Escribe tu identificador. Tu servidor abrirá este perfil, donde podrás seguirlo.
interact-post = Continuar en tu servidor
interact-post-hint = Escribe tu identificador. Tu servidor abrirá esta publicación, donde podrás responder, impulsarla o marcarla como favorita.
interact-handle = Tu identificador
interact-go = Ir
interact-copy = O copia esta dirección en el buscador de tu servidor
interact-copy-fallback = Si no ocurre nada, copia esta dirección en el buscador de tu servidor
interact-invalid = El identificador no es válido. Escribe uno como tu@tu.servidor
interact-this-server = Es un identificador de este servidor. Escribe el de tu servidor.
interact-no-answer = { $host } no respondió o no tiene la cuenta { $name }. Comprueba cómo has escrito tu identificador.
interact-opening = Abriendo { $host }…
interact-continue = Continuar en { $host }
login-title = Iniciar sesión
login-demo = Te damos la bienvenida a la demo
login-demo-hint = Explora como titular de este servidor. Las personas, publicaciones e imágenes son inventadas, nada se envía a otros servidores y todo desaparece cuando termina la demo.
login-open-demo = Abrir la demo
login-held = Tu sesión ha terminado. Lo que escribiste se conserva: inicia sesión y envíalo de nuevo.
login-lost-files = Hay que volver a elegir las imágenes.
login-name = Nombre de usuario
login-password = Contraseña
login-code = Código de tu aplicación de autenticación o un código de recuperación
login-passkey = Iniciar sesión con una llave de acceso
login-wrong = El nombre de usuario o la contraseña son incorrectos
login-wrong-code = El nombre de usuario, la contraseña o el código son incorrectos
passkey-known = Este dispositivo ya tiene una llave de acceso para tu cuenta.
passkey-domain = Las llaves de acceso requieren un servidor con dominio propio.
passkey-failed = No se usó ninguna llave de acceso. Inténtalo de nuevo o usa tu contraseña.
setup-title = Configura tu servidor
setup-heading = Te damos la bienvenida a tu propio servidor
setup-lead-html = Crea la cuenta titular de <b>{ $domain }</b>.
setup-name-hint-html = Permanente, como el dominio: serás <b>@nombre@{ $domain }</b>. Minúsculas, cifras y _.
setup-display-name = Nombre para mostrar
setup-display-name-hint = Se puede cambiar en cualquier momento.
setup-password-hint-html = Al menos 8 caracteres. Aquí no hay correo: si la pierdes, <code>dassie owner passwd</code> establece una nueva.
setup-create = Crear mi cuenta
authorize-title = ¿Permitir { $app }?
authorize-heading-html = ¿Permitir que <b>{ $app }</b> use tu cuenta?
authorize-website = La aplicación indica este sitio web: { $website }
authorize-requests = La aplicación solicita estos permisos:
authorize-sent-html = Tu decisión se envía a <b>{ $host }</b>.
authorize-this-page = esta página, que muestra un código para copiar
authorize-device = una aplicación de tu dispositivo ({ $scheme })
authorize-allow = Permitir
authorize-deny = Denegar
code-title = Código de autorización
code-hint = Copia este código en la aplicación. Sirve una vez, durante diez minutos.
scope-read = Leer todo lo que tú puedes leer, incluidas las menciones privadas
scope-write = Publicar, editar, eliminar y reaccionar en tu nombre, y cambiar tu perfil
scope-follow = Seguir, dejar de seguir, bloquear y silenciar en tu nombre
scope-push = Enviarte notificaciones
scope-profile = Ver tu nombre y tu imagen
scope-read-statuses = Leer las publicaciones que tú puedes leer
scope-read-accounts = Ver tu cuenta y otras
scope-read-notifications = Leer tus notificaciones
scope-read-follows = Ver a quién sigues y quién te sigue
scope-read-search = Buscar en tu nombre
scope-write-statuses = Publicar, editar y eliminar en tu nombre
scope-write-media = Subir imágenes
scope-write-favourites = Marcar favoritos en tu nombre
scope-write-follows = Seguir y dejar de seguir en tu nombre
scope-write-accounts = Cambiar tu perfil
scope-read-other = Leer algunas de tus listas y ajustes
scope-write-other = Cambiar algunas de tus listas y ajustes
