// Before the first paint, so that a chosen theme does not flash. A file and not inline: the content security policy.
try {
  const theme = localStorage.getItem('todoql:theme');
  if (theme === 'light' || theme === 'dark') document.documentElement.dataset.theme = theme;
} catch {
  // The browser denies storage: as the system says.
}
