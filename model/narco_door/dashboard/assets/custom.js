// Before the page is alive: its language, a screen that may be enlarged, and the colours that the visitor's system asks for.
(function () {
  const root = document.documentElement, asked = new URLSearchParams(location.search).get('lang');
  const spanish = asked ? asked === 'es' : (navigator.language || '').toLowerCase().startsWith('es');
  root.lang = spanish ? 'es' : 'en';
  const view = document.querySelector('meta[name=viewport]');
  if (view) view.content = 'width=device-width, initial-scale=1';
  const app = document.getElementById('app');
  if (!localStorage.getItem(':solara:theme.variant') && window.matchMedia('(prefers-color-scheme: dark)').matches) {
    theme.variant = 'auto';
    app.classList.replace('theme--light', 'theme--dark');
  }
  // Solara draws lines of progress without a name
  const name = () => document.querySelectorAll('[role=progressbar]:not([aria-label])').forEach(
    bar => bar.setAttribute('aria-label', root.lang === 'es' ? 'Cargando' : 'Loading'));
  new MutationObserver(name).observe(document.body, { childList: true, subtree: true });
  name();
})();
