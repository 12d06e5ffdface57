// Runs before the first paint, so that the theme does not flash. Not inline, because of the content security policy.
try {
  const theme = localStorage.getItem('todoql:theme');
  if (theme === 'light' || theme === 'dark') document.documentElement.dataset.theme = theme;
} catch {
  // The browser denies storage: use the system's theme.
}
