// Before anything is painted: the appearance that the agent chose on this machine.
try {
  const theme = localStorage.getItem("savoir:theme");
  if (theme === "light" || theme === "dark") document.documentElement.dataset.theme = theme;
} catch {
  // storage is closed to us: like the system
}
