# Texts that are missing or too long
error-text-blank = El texto no puede estar vacío
error-title-blank = El título no puede estar vacío
error-filter-context = Elige dónde se aplica el filtro
error-keyword-blank = Una palabra clave no puede estar vacía
error-warning-long = La advertencia es demasiado larga (máximo { $maximum } caracteres)
error-description-long = La descripción es demasiado larga (máximo { $maximum } caracteres)
error-title-long = El título es demasiado largo (máximo { $maximum } caracteres)
error-keyword-long = La palabra clave es demasiado larga (máximo { $maximum } caracteres)
error-note-long = La nota es demasiado larga (máximo { $maximum } caracteres)
error-comment-long = El comentario es demasiado largo (máximo { $maximum } caracteres)
error-name-long = El nombre para mostrar es demasiado largo (máximo { $maximum } caracteres)
error-profile-note-long = El texto sobre ti es demasiado largo (máximo { $maximum } caracteres)
error-avatar-description-long = La descripción del avatar es demasiado larga (máximo { $maximum } caracteres)
error-header-description-long = La descripción de la cabecera es demasiado larga (máximo { $maximum } caracteres)
error-field-label-long = La etiqueta de un campo de perfil es demasiado larga (máximo { $maximum } caracteres)
error-field-value-long = El contenido de un campo de perfil es demasiado largo (máximo { $maximum } caracteres)
error-server-description-long = La descripción del servidor es demasiado larga (máximo { $maximum } caracteres)
error-privacy-policy-long = La política de privacidad es demasiado larga (máximo { $maximum } caracteres)
error-terms-long = Los términos del servicio son demasiado largos (máximo { $maximum } caracteres)
error-rule-long = Una norma es demasiado larga (máximo { $maximum } caracteres)
error-search-long = La búsqueda es demasiado larga (máximo { $maximum } caracteres)

# Posts
error-text-invisible = El texto no puede estar vacío: no se mostraría nada
error-text-long = El texto tiene { $length } caracteres con la advertencia; el máximo es { $maximum }
error-files = No se pueden adjuntar más de { $maximum } archivos
error-pictures = No se pueden adjuntar más de { $maximum } imágenes
error-poll-media = Una encuesta no puede tener contenido multimedia; haz dos publicaciones
error-media-missing = Uno de los archivos no se encontró o ya pertenece a otra publicación
error-media-not-attached = Este archivo no está adjunto a esta publicación
error-media-in-use = Una publicación usa este archivo
error-focus = El punto de enfoque debe ser dos números de -1 a 1, como 0.0,0.5
error-mentions = No se puede mencionar a más de { $maximum } personas
error-no-recipient = No se encontró a @{ $handle }; nadie recibiría este mensaje directo
error-reply-to-private = Una respuesta a una publicación solo para seguidores debe ser solo para seguidores o directa
error-reply-to-direct = Una respuesta a un mensaje directo debe ser directa
error-draft-long = El texto es demasiado largo para guardarlo como borrador
error-drafts = Tienes { $maximum } borradores, que es el máximo: elimina algunos
error-nothing-to-save = Aún no hay nada que guardar
error-time-form = La hora debe ser como 2026-11-20T23:19
error-schedule-near = La hora debe ser al menos { $minutes } minutos después de ahora
error-schedule-far = La hora debe estar dentro de diez años
error-scheduled = No puede haber más de { $maximum } publicaciones programadas
error-scheduled-day = No puede haber más de { $maximum } publicaciones programadas para un día
error-post-gone = Se eliminó una publicación o imagen a la que esta se refiere

# Polls
error-vote-own = No puedes votar en tus propias encuestas
error-vote-ended = La encuesta ya ha terminado
error-vote-again = Ya has votado en esta encuesta
error-vote-option = Esta opción no existe en la encuesta: elige otra
error-vote-one = En esta encuesta solo se puede elegir una opción
error-poll-options = Una encuesta debe tener más de una opción
error-poll-many = Una encuesta no puede tener más de { $maximum } opciones
error-poll-option-long = Cada opción de una encuesta debe tener de 1 a { $maximum } caracteres
error-poll-equal = Las opciones de una encuesta deben ser distintas
error-poll-duration = Una encuesta debe durar de { $minimum } a { $maximum } segundos

# Interactions with posts
error-boost-private = Solo se pueden impulsar publicaciones públicas y públicas silenciosas
error-boost-direct = Un impulso puede ser público, público silencioso o solo para seguidores, no directo
error-reactions = No son posibles más de { $maximum } reacciones a una publicación
error-reaction = Una reacción debe ser un solo emoji, uno de tus emojis propios o uno con el que ya se reaccionó a la publicación
error-pin-direct = No se pueden fijar publicaciones que solo ven las personas mencionadas
error-pins = Ya has fijado el máximo de { $maximum } publicaciones
error-pin-other = No se pueden fijar publicaciones de otras personas
error-quote-boost = Un impulso no se puede citar; cita la publicación misma
error-quote-recipient = Un mensaje directo solo puede citar a quienes lo reciben, porque se pide permiso a la persona citada
error-quote-private = Solo se pueden citar publicaciones públicas y públicas silenciosas
error-quote-forbidden = No se permite citar esta publicación
error-reply-forbidden = No se permite responder a esta publicación
error-translation-private = Solo se envían publicaciones públicas y públicas silenciosas a un servicio de traducción
error-translation-same = La publicación ya está en ese idioma

# Sign-in and account
error-password-wrong = La contraseña es incorrecta
error-current-password-wrong = La contraseña actual es incorrecta
error-password-length = La contraseña debe tener de { $minimum } a { $maximum } bytes
error-code-used = El código es incorrecto o ya se usó
error-code-wrong = El código es incorrecto: escribe el que muestra ahora la aplicación
error-page-too-old = Esta página estuvo abierta demasiado tiempo: recárgala
error-passkey-malformed = No se aceptó la llave de acceso: el navegador la envió incompleta
error-passkey-page = No se aceptó la llave de acceso: se usó para otra página
error-passkey-user = No se aceptó la llave de acceso: el dispositivo no comprobó quién lo usa
error-passkey-key = No se aceptó la llave de acceso: las de este tipo no son compatibles
error-passkey-signature = No se aceptó la llave de acceso: su firma no es válida
error-passkey-unknown = Esta llave de acceso no se conoce aquí: puede que se haya eliminado
error-sign-in-used = Este inicio de sesión ya se usó: recarga la página
error-passkey-stored = Esta llave de acceso ya está guardada
error-passkeys = Hay { $maximum } llaves de acceso; quita una primero
error-username = El nombre de usuario solo puede contener letras minúsculas de la a a la z, cifras y _
error-username-length = El nombre de usuario debe tener de 1 a { $maximum } caracteres
error-display-name = El nombre para mostrar puede tener como máximo { $maximum } caracteres
error-owner-exists = Este servidor ya está configurado
error-moved = Tu cuenta se ha mudado a { $target }; para volver a usarla aquí, cancela la mudanza en los ajustes
error-fields = No puede haber más de { $maximum } campos de perfil
error-domain = «{ $name }» no es un nombre de dominio; escríbelo como example.org
error-domains = No puede haber más de { $maximum } dominios

# Moves
error-move-from-self = Es la cuenta de este servidor; indica la cuenta desde la que te mudas
error-move-to-self = Es la cuenta de este servidor; indica la cuenta a la que te mudas
error-aliases = Una cuenta puede tener como máximo { $maximum } alias; quita uno primero
error-not-an-alias = { $account } no es un alias de esta cuenta
error-moved-already = Esta cuenta ya se ha mudado a @{ $handle }
error-move-moved-on = @{ $handle } se ha mudado a { $target }; indica esa cuenta
error-alias-missing = @{ $handle } no tiene @{ $own } como alias. Añade allí el alias primero e inténtalo de nuevo
error-move-too-soon = Esta cuenta se mudó hace menos de { $days } días; puede volver a mudarse el { $date }
error-not-moved = Esta cuenta no se ha mudado

# Other accounts, lists, hashtags and filters
error-follow-self = No puedes seguirte a ti
error-block-self = No puedes bloquearte a ti
error-mute-self = No puedes silenciarte a ti
error-blocked = No se puede: una de las dos cuentas bloquea a la otra
error-mute-long = El silencio es demasiado largo: puede durar como máximo { $maximum } segundos
error-endorse-not-followed = Debes seguir a la cuenta que quieres recomendar
error-lists = Has alcanzado el máximo de { $maximum } listas
error-list-full = Una lista no puede tener más de { $maximum } cuentas
error-list-member = Esta cuenta ya está en la lista
error-not-an-account = «{ $text }» no es un identificador (usuario@servidor) ni una dirección
error-post-not-account = Es la dirección de una publicación, no de una cuenta
error-hashtag = No es una etiqueta válida
error-hashtag-taken = Esta etiqueta ya está destacada
error-hashtags-featured = Ya destacas el máximo de { $maximum } etiquetas
error-hashtags-followed = Ya sigues el máximo de { $maximum } etiquetas
error-filters = Ya hay { $maximum } filtros, que es el máximo
error-keywords = Ya hay { $maximum } palabras clave, que es el máximo
error-keywords-long = Las palabras clave de todos los filtros son demasiado largas (máximo { $maximum } bytes)
error-filter-posts = Los filtros ya nombran { $maximum } publicaciones, que es el máximo

# Settings
error-colour = «{ $text }» no es un color: escríbelo como # y seis cifras, como #7a2f9e
error-own-css = Las reglas CSS ocupan más de { $kib } KiB
error-no-avatar = No tienes avatar: sube uno en «Perfil»
error-rules = Hay demasiadas normas (máximo { $maximum })
error-time-zone = Este servidor no conoce la zona horaria { $name }
error-push-long = La dirección del servicio push ocupa más de { $maximum } bytes
error-push-endpoint = Este servidor no se conecta al servicio push de este navegador
error-push-keys = El navegador envió claves no válidas para las notificaciones push: recarga la página
error-host = «{ $name }» no es un nombre de servidor; escríbelo como example.org
error-own-host = Es este mismo servidor
