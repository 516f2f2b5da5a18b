// What nobody looks at asks for nothing, be it the page or something folded away, and catches up at once when it is looked at again.

/** What polls knows soon that nobody answers. */
const TIMEOUT = "10s";

function isPoll(element) {
  return element.getAttribute("hx-trigger")?.startsWith("every ");
}

function isSeen(element) {
  return !document.hidden && !element.closest("details:not([open])");
}

/** Asks at once for all that is asked for from time to time. */
export function catchUp(within = document) {
  for (const element of within.querySelectorAll('[hx-trigger^="every "]')) htmx.trigger(element, "every");
}

document.addEventListener("htmx:config:request", ({ detail: { ctx } }) => {
  if (isPoll(ctx.sourceElement)) ctx.request.timeout = TIMEOUT;
});

document.addEventListener("htmx:before:request", (event) => {
  const { sourceElement } = event.detail.ctx;
  if (isPoll(sourceElement) && !isSeen(sourceElement)) event.preventDefault();
});

document.addEventListener("visibilitychange", () => {
  if (!document.hidden) catchUp();
});

document.addEventListener("toggle", ({ target }) => catchUp(target), true);
