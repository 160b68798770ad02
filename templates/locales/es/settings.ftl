appearance-title = Apariencia
appearance-colours = Claro u oscuro
appearance-auto = Según el sistema
appearance-light = Claro
appearance-dark = Oscuro
appearance-colours-hint = Esto es para ti: quienes visitan tu perfil ven los colores de su sistema.
appearance-language = Idioma de la interfaz
appearance-language-auto = Automático
appearance-language-hint = Esto es para ti: quienes visitan tu perfil leen estas páginas en el idioma de su navegador, si está disponible.
settings-title = Ajustes
settings-breadcrumb = Ruta
settings-save = Guardar
settings-sign-out = Cerrar sesión
settings-group-profile = Perfil
settings-group-profile-hint = Nombre, imágenes, biografía y campos
settings-group-appearance-hint = Tema, colores, icono, claro u oscuro, y el idioma
settings-group-posting = Publicar
settings-group-posting-hint = Visibilidad, idioma y citas de las publicaciones nuevas
settings-group-privacy = Privacidad
settings-group-privacy-hint = Quién puede seguirte y encontrarte
settings-group-filters-hint = Palabras y publicaciones que no quieres leer
settings-group-notifications-hint = De quién recibes notificaciones
settings-group-emoji = Emojis personalizados
settings-group-emoji-hint = Tus emojis para publicaciones, encuestas, perfil y reacciones
settings-group-media-hint = Tus archivos, y los que no tienen descripción
settings-group-security = Seguridad
settings-group-security-hint = Navegadores con sesión, llaves de acceso y tu contraseña
settings-group-apps = Aplicaciones
settings-group-apps-hint = Aplicaciones que usan tu cuenta y tokens para programas
settings-group-move = Mudanza
settings-group-move-hint = A otra cuenta, o de otra cuenta a esta
settings-group-about = Acerca de este servidor
settings-group-about-hint = Descripción, normas y políticas
settings-group-server-hint = Colas, almacenamiento y errores recientes
about-lead-html = Todo el mundo puede leer estos textos en <a href="/about">la página de información</a> y en aplicaciones. Se escriben en Markdown.
about-description = Descripción
about-rules-hint = Una en cada línea. Cuando denuncias una cuenta, una aplicación puede preguntar cuál de ellas infringe.
app-made = La aplicación se creó. Copia estos valores ahora: el secreto y el token no se volverán a mostrar.
app-client-id = Id. de cliente
app-client-secret = Secreto de cliente
app-token = Token de acceso
app-permissions = Permisos: { $scopes }
settings-done = Listo
apps-lead = Estas aplicaciones pueden usar tu cuenta. Revoca las que ya no uses o no conozcas.
apps-command-line = Token de la línea de órdenes
apps-website = sitio web
apps-used = Desde el { $since } · último uso { $used }
apps-unused = Desde el { $since } · nunca usado
apps-revoke-html = Revocar<span class="hidden"> { $app } desde el { $since }</span>
apps-the-token = el token
apps-revoke-all-summary = Revocar todos…
apps-revoke-all-hint = Se cierra la sesión de todas las aplicaciones, y vuelves a iniciarla en las que uses.
apps-revoke-all = Revocar todos los tokens
apps-empty = Ninguna aplicación usa tu cuenta. Sirve cualquiera para Mastodon: escribe en ella la dirección de este servidor.
apps-make = Crear un token para un programa propio
development-title = Nueva aplicación
development-lead = Para un bot, un script o una aplicación que escribas: un id. y un secreto para su inicio de sesión, y un token de acceso a tu cuenta.
development-name = Nombre
development-website = Sitio web
development-redirects = URI de redirección, una por línea
development-redirects-hint-html = Adónde lleva el inicio de sesión. <code>urn:ietf:wg:oauth:2.0:oob</code> muestra un código para copiar.
development-permissions = Permisos
development-create = Crear aplicación y token
emoji-imported =
    { $count ->
        [one] Se importó { $count } emoji.
       *[other] Se importaron { $count } emojis.
    }
emoji-skipped =
    { $count ->
        [one] { $count } se omitió
       *[other] { $count } se omitieron
    }
emoji-lead-html = Escribe el nombre entre dos puntos, como <code>:nombre:</code>, en una publicación, una encuesta, tu perfil o una reacción.
emoji-without-category = Sin categoría
emoji-hidden = oculto
emoji-empty = Aún no hay emojis. Añade uno aquí abajo.
emoji-add-heading = Añadir un emoji
emoji-name = Nombre
emoji-name-hint = Letras de la A a la Z, cifras y guiones bajos.
emoji-picture = Imagen
emoji-picture-hint = PNG, GIF, WebP o JPEG. Una animación puede tener { $kib } KiB.
emoji-category = Categoría (opcional)
emoji-add = Añadir emoji
emoji-copy-heading = Copiar de otro servidor
emoji-remote = Nombre y servidor
emoji-copy = Copiar emoji
emoji-import-heading = Importar un paquete
emoji-pack = Paquete
emoji-pack-hint = Un archivo zip o tar.gz de Mastodon, Misskey, Pleroma o Akkoma, o solo con imágenes.
emoji-replace = Reemplazar los emojis con el mismo nombre
emoji-import = Importar paquete
emoji-rename-hint = Con un nombre nuevo, los textos que tienen el antiguo lo muestran como texto.
emoji-offer = Ofrecerlo en aplicaciones
emoji-offer-hint = Si no, se muestra igualmente donde esté escrito su nombre.
emoji-other-picture = Otra imagen (opcional)
emoji-remove-heading = Eliminar
emoji-remove-hint = Las publicaciones y reacciones con este emoji mostrarán su nombre.
emoji-remove = Eliminar :{ $name }:
move-title = Mudar tu cuenta
move-to = Mudarse a otra cuenta
move-moved-html = Esta cuenta se ha mudado a { $account }. Desde aquí no puedes publicar, impulsar ni seguir, y se rechazan nuevos seguidores.
move-cancel-hint = Si cancelas la mudanza, esta cuenta vuelve a funcionar. Los seguidores que se fueron no vuelven.
move-cancel = Cancelar la mudanza
move-point-followers = Se pide a tus seguidores que sigan la cuenta nueva. La mayoría de los servidores lo hacen sin preguntarles.
move-point-posts = Tus publicaciones se quedan aquí. No se pueden mudar.
move-point-account = Ya no podrás publicar, impulsar ni seguir desde esta cuenta. Tu perfil muestra la nueva.
move-point-cancel = Puedes cancelar la mudanza. Los seguidores que se fueron no vuelven.
move-point-cooldown =
    { $count ->
        [one] Después de una mudanza, la siguiente es posible tras { $count } día.
       *[other] Después de una mudanza, la siguiente es posible tras { $count } días.
    }
move-first-html = Primero añade <b>{ $handle }</b> como alias en los ajustes de la cuenta nueva.
move-next = Te has mudado hace poco. La próxima mudanza es posible el { $day }.
move-handle = Identificador de la cuenta nueva
move-handle-example = tu@servidor.nuevo
move-password = Tu contraseña en este servidor
move-go = Mudar a mis seguidores
move-from = Mudarse desde otra cuenta
move-from-hint = Indica las cuentas que pueden mudarse a esta. Luego inicia la mudanza en la otra cuenta.
move-remove-html = Quitar<span class="hidden"> { $name }</span>
move-alias = Identificador de la cuenta antigua
move-alias-example = tu@servidor.antiguo
move-add-alias = Añadir alias
move-most-aliases = Hay { $count } alias, que es el límite.
policy-lead-html = Las notificaciones filtradas esperan en su <a href="/notifications/requests">propia lista</a>. Las ignoradas no se guardan.
policy-lead-waiting-html =
    Las notificaciones filtradas esperan en su <a href="/notifications/requests">propia lista</a>, que tiene { $count ->
        [one] { $count } cuenta
       *[other] { $count } cuentas
    }. Las ignoradas no se guardan.
policy-accept = Mostrar
policy-filter = Filtrar
policy-drop = Ignorar
policy-not-following = Cuentas que no sigues
policy-not-followers = Cuentas que no te siguen, o solo desde hace pocos días
policy-new-accounts = Cuentas con menos de un mes
policy-private-mentions = Menciones directas de cuentas que no sigues
policy-limited-accounts = Cuentas de servidores que has silenciado
policy-bots = Cuentas automatizadas que no sigues
passkey-title = Nueva llave de acceso
passkey-lead = Con una llave de acceso inicias sesión desbloqueando tu teléfono, ordenador o llave de seguridad. No se puede adivinar, y este servidor no guarda nada que se pueda robar.
passkey-name = Nombre
passkey-name-hint = Mi teléfono
passkey-create = Crear la llave de acceso
passkey-unavailable = Este navegador no puede crear llaves de acceso aquí: requieren JavaScript y un servidor con dominio propio.
passkey-password = Tu contraseña
passkey-continue = Continuar
posting-lead = Estos valores se eligen de antemano cuando escribes una publicación, aquí o en una aplicación. Cada publicación puede ser distinta.
posting-visibility = Visibilidad
posting-language-hint = Un código como en, de o pt-BR. Vacío si tus publicaciones no tienen un idioma habitual.
posting-format = Formato de las publicaciones que escribes en estas páginas
posting-sensitive = Ocultar el contenido multimedia de mis publicaciones hasta que se abra
privacy-locked = Aprobar manualmente las solicitudes de seguimiento
privacy-locked-hint = Tus publicaciones para seguidores se muestran solo a las cuentas que hayas aprobado.
privacy-discoverable = Sugerir mi cuenta a otras personas
privacy-discoverable-hint = Otros servidores pueden mostrar tu perfil y publicaciones públicas en directorios y tendencias, y los buscadores tu perfil.
privacy-indexable = Incluir mis publicaciones públicas en las búsquedas
privacy-indexable-hint = Los buscadores y otros servidores pueden permitir que cualquiera las busque por sus palabras.
privacy-previews = Mostrar vistas previas de enlaces
privacy-previews-hint = Este servidor consulta entonces, una vez, cada página que enlazan las publicaciones de tus cronologías. Los navegadores y aplicaciones cargan la imagen desde este servidor, nunca desde el sitio.
privacy-never = Este servidor nunca muestra quién te sigue ni a quién sigues.
profile-display-name = Nombre para mostrar
profile-about = Sobre ti
profile-avatar = Avatar
profile-avatar-alt = Descripción del avatar
profile-header = Cabecera
profile-header-alt = Descripción de la cabecera
profile-pictures-hint = Una imagen animada se convierte en una fija.
profile-fields = Campos
profile-field-label = Etiqueta
profile-field-label-of = Etiqueta { $number }
profile-field-content = Contenido
profile-field-content-of = Contenido { $number }
profile-fields-hint-html = Un enlace se verifica si su página enlaza a tu perfil: <code>&lt;a rel="me" href="{ $address }"&gt;</code>. Las páginas se comprueban al guardar.
profile-bot = Esta cuenta es un bot
profile-tabs = Pestañas de tu perfil
profile-show-media = Multimedia
profile-show-media-replies = Multimedia muestra también la de las respuestas
profile-show-featured = Publicaciones fijadas y etiquetas destacadas
profile-attribution = Sitios web que pueden nombrarte como autor de sus páginas
profile-attribution-hint-html = Un dominio por línea. Una página te nombra con <code>&lt;meta name="fediverse:creator" content="@{ $handle }"&gt;</code>; sus vistas previas enlazan entonces a tu perfil.
codes-title = Códigos de recuperación
codes-notice = La autenticación de dos factores está activada. Guarda estos códigos donde los encuentres sin tu teléfono: no se volverán a mostrar.
codes-lead-html = Cada uno sustituye una vez un código de la aplicación. Si se pierden todos, <code>dassie owner two-factor-off</code> en el servidor desactiva la autenticación de dos factores.
security-browsers = Navegadores con sesión
security-this = este navegador
security-since = Desde el { $since } · último uso { $used }
security-sign-out-html = Cerrar sesión<span class="hidden"> en { $name } desde el { $since }</span>
security-sign-out-others = Cerrar sesión en los demás navegadores
security-apps-html = Las aplicaciones inician sesión con sus propios tokens: consulta <a href="/settings/apps">Aplicaciones</a>.
security-passkeys = Llaves de acceso
security-passkey-used = Añadida el { $since } · último uso { $used }
security-passkey-unused = Añadida el { $since } · aún sin usar
security-passkeys-empty = Inicia sesión desbloqueando tu teléfono, ordenador o llave de seguridad, sin contraseña.
security-add-passkey = Añadir una llave de acceso
security-two-factor = Autenticación de dos factores
security-two-factor-on = Activada: para iniciar sesión hace falta un código de tu aplicación de autenticación.
security-two-factor-off = Desactivada: para iniciar sesión basta tu contraseña.
security-change-two-factor = Cambiar o desactivar
security-turn-on = Activar
security-password = Contraseña
security-password-hint = Una contraseña nueva cierra la sesión en todos los navegadores y aplicaciones.
security-current = Contraseña actual
security-new = Contraseña nueva
security-change = Cambiar contraseña
security-changed-title = Contraseña cambiada
security-changed = Tu contraseña se ha cambiado. Se cerró la sesión en todos los navegadores y aplicaciones.
browser-on-system = { $browser } en { $system }
browser-unknown-on = Un navegador en { $system }
browser-unknown = Un navegador
two-factor-lead =
    Para iniciar sesión hacen falta tu contraseña y un código de tu aplicación de autenticación. Te { $count ->
        [one] queda { $count } código de recuperación
       *[other] quedan { $count } códigos de recuperación
    }.
two-factor-code = Código de tu aplicación
two-factor-renew = Nuevos códigos de recuperación
two-factor-off = Desactivar
two-factor-offer = Con una aplicación de autenticación en tu teléfono, una contraseña robada no basta para iniciar sesión. Escanea la imagen con la aplicación o escribe en ella el secreto.
two-factor-qr = Código QR del secreto
two-factor-secret = Secreto
two-factor-shown-code = El código que muestra la aplicación
browser-only = { $browser }
