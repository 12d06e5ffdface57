// Before the first paint, so that a chosen theme does not flash. A file and not inline: the content security policy.
{
  const theme = localStorage.getItem('todoql:theme');
  if (theme === 'light' || theme === 'dark') document.documentElement.dataset.theme = theme;
}
