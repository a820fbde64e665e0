// A classic script in the head, so that the remembered theme stands before the first paint.
(() => {
  const KEPT = "kentongan.theme";
  const root = document.documentElement;

  function kept() {
    try {
      return localStorage.getItem(KEPT);
    } catch {
      return null;
    }
  }

  function keep(theme) {
    try {
      localStorage.setItem(KEPT, theme);
    } catch {
      return;
    }
  }

  function isDark() {
    if (root.dataset.theme) return root.dataset.theme === "dark";
    return matchMedia("(prefers-color-scheme: dark)").matches;
  }

  function show(button) {
    root.dataset.shade = isDark() ? "dark" : "light";
    button.setAttribute("aria-pressed", String(isDark()));
  }

  if (kept()) root.dataset.theme = kept();
  root.dataset.shade = isDark() ? "dark" : "light";
  document.addEventListener("DOMContentLoaded", () => {
    const button = document.getElementById("theme");
    button.addEventListener("click", () => {
      root.dataset.theme = isDark() ? "light" : "dark";
      keep(root.dataset.theme);
      show(button);
    });
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => show(button));
    show(button);
  });
})();
