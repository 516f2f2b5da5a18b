// A page that nobody looks at asks for nothing, and catches up at once when it is looked at again.

function isPoll(element) {
  return element.getAttribute("hx-trigger")?.startsWith("every ");
}

document.addEventListener("htmx:before:request", (event) => {
  if (document.hidden && isPoll(event.detail.ctx.sourceElement)) event.preventDefault();
});

document.addEventListener("visibilitychange", () => {
  if (document.hidden) return;
  for (const element of document.querySelectorAll('[hx-trigger^="every "]')) htmx.trigger(element, "every");
});
