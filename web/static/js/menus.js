// What opens over the page closes again with Escape, or when something else is clicked.

function closeAllBut(kept) {
  for (const menu of document.querySelectorAll("details.grave[open]")) if (!menu.contains(kept)) menu.open = false;
}

document.addEventListener("click", ({ target }) => closeAllBut(target));

document.addEventListener("keydown", ({ key }) => {
  if (key !== "Escape") return;
  const menu = document.activeElement?.closest("details.grave[open]");
  closeAllBut(null);
  menu?.querySelector("summary").focus();
});
