// Says in the page what went wrong with what htmx asked for; the page itself stays as it is.

import { catchUp } from "./polling.js";

const toast = document.getElementById("toast");
const banner = document.getElementById("banner");
const SHOWN_MS = 8000;
const KNOCK_MS = 3000;
const DOWN = "The manager does not answer. This page goes on by itself when it is back.";

let hide;
let knocking;

/** Shows a sentence for a while. */
function say(text) {
  clearTimeout(hide);
  show(toast, text);
  hide = setTimeout(() => show(toast, ""), SHOWN_MS);
}

/** The same sentence again is no news to a screen reader. */
function show(place, text) {
  if (place.textContent !== text) place.textContent = text;
}

/** Shows that the manager is down, and asks until it is back: not every page has something else that asks. */
function isDown() {
  show(banner, DOWN);
  clearTimeout(knocking);
  knocking = setTimeout(knock, KNOCK_MS);
}

function isBack() {
  clearTimeout(knocking);
  show(banner, "");
}

async function knock() {
  if (document.hidden) return isDown();
  const answer = await fetch("/healthz", { cache: "no-store", signal: AbortSignal.timeout(KNOCK_MS) }).catch(
    () => null,
  );
  if (!answer?.ok) return isDown();
  isBack();
  catchUp();
}

document.addEventListener("htmx:response:error", ({ detail: { ctx } }) => {
  if (ctx.hx.redirect) return;
  const isOurs = ctx.response.headers.get("content-type")?.startsWith("text/plain");
  if (isOurs && ctx.text.length < 1000) say(ctx.text);
  else if (ctx.response.status >= 500)
    isDown(); // a proxy speaks in the manager's place
  else say("That did not work; the manager cannot answer now.");
  // What is polled is gone, and asking again will not bring it back.
  if (ctx.response.status === 404) document.getElementById("poll")?.remove();
});

document.addEventListener("htmx:error", ({ detail: { ctx } }) => {
  if (ctx && !ctx.response) isDown();
});

document.addEventListener("htmx:after:request", ({ detail: { ctx } }) => {
  if (ctx.response.status < 500) isBack();
});
