// Applies the remembered theme and language before the first paint. A file of its own, because
// the content security policy allows no inline script.
(function () {
  var root = document.documentElement;
  var scheme = 'auto';
  var language = '';
  try {
    scheme = localStorage.getItem('roadstead.theme') || 'auto';
    language = localStorage.getItem('roadstead.language') || '';
  } catch (blocked) {
    // Storage may be switched off: the system's theme is used.
  }
  var dark = scheme === 'dark' || (scheme === 'auto' && matchMedia('(prefers-color-scheme: dark)').matches);
  root.setAttribute('data-mantine-color-scheme', dark ? 'dark' : 'light');
  if (language) root.lang = language;
})();
