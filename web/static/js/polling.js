// A page that nobody looks at asks for nothing, and catches up at once when it is looked at again.

/** What polls knows soon that nobody answers. */
const TIMEOUT = "10s";

function isPoll(element) {
  return element.getAttribute("hx-trigger")?.startsWith("every ");
}

/** Asks at once for all that a page asks for from time to time. */
export function catchUp() {
  for (const element of document.querySelectorAll('[hx-trigger^="every "]')) htmx.trigger(element, "every");
}

document.addEventListener("htmx:config:request", ({ detail: { ctx } }) => {
  if (isPoll(ctx.sourceElement)) ctx.request.timeout = TIMEOUT;
});

document.addEventListener("htmx:before:request", (event) => {
  if (document.hidden && isPoll(event.detail.ctx.sourceElement)) event.preventDefault();
});

document.addEventListener("visibilitychange", () => {
  if (!document.hidden) catchUp();
});
