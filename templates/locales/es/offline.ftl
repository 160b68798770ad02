offline-title = Sin conexión
offline-text = No se puede acceder a tu servidor. Recarga esta página cuando vuelvas a tener conexión; lo que has escrito se conserva en el navegador.
