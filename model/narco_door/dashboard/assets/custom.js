// Before the page is alive: its language, a screen that may be enlarged, and the colours that the visitor's system asks for.
(function () {
  const root = document.documentElement, asked = new URLSearchParams(location.search).get('lang');
  root.lang = (asked || navigator.language || 'en').slice(0, 2);
  const view = document.querySelector('meta[name=viewport]');
  if (view) view.content = 'width=device-width, initial-scale=1';
  const app = document.getElementById('app');
  if (!localStorage.getItem(':solara:theme.variant') && window.matchMedia('(prefers-color-scheme: dark)').matches) {
    theme.variant = 'auto';
    app.classList.replace('theme--light', 'theme--dark');
  }
  // Solara draws lines of progress without a name; the page says itself how far it is
  const hide = () => document.querySelectorAll('[role=progressbar]:not([aria-label], [aria-hidden])').forEach(
    bar => bar.setAttribute('aria-hidden', 'true'));
  new MutationObserver(hide).observe(document.body, { childList: true, subtree: true });
  hide();
})();
