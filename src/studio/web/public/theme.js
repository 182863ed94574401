// Sets the theme and the language before the first paint. A file of its own: the page allows no inline script.
try {
  const root = document.documentElement
  const theme = localStorage.getItem('studio.theme')
  if (theme === 'light' || theme === 'dark') root.dataset.theme = theme
  const language = localStorage.getItem('studio.language')
  root.lang = language || (navigator.language.toLowerCase().startsWith('zh') ? 'zh' : 'en')
} catch {
  // A browser that keeps nothing shows the system's theme.
}
