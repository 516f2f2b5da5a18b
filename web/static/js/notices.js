// Says in the page what went wrong with what htmx asked for; the page itself stays as it is.

const toast = document.getElementById("toast");
const SHOWN_MS = 8000;
let hide;

/** Shows a sentence for a while, or until `quiet` is called where `stays` is set. */
function say(text, stays = false) {
  clearTimeout(hide);
  toast.textContent = text;
  if (!stays) hide = setTimeout(quiet, SHOWN_MS);
  toast.dataset.stays = stays ? "yes" : "";
}

function quiet() {
  toast.textContent = "";
}

/** A sentence from the manager itself; an error page of a proxy between is none. */
function sentenceOf({ response, text }) {
  const plain = response.headers.get("content-type")?.startsWith("text/plain");
  return plain && text.length < 1000 ? text : "That did not work; the manager cannot answer now.";
}

document.addEventListener("htmx:response:error", ({ detail: { ctx } }) => {
  if (ctx.hx.redirect) return;
  say(sentenceOf(ctx), ctx.status >= 500);
  // What is polled is gone, and asking again will not bring it back.
  if (ctx.response.status === 404) document.getElementById("poll")?.remove();
});

document.addEventListener("htmx:error", ({ detail: { ctx } }) => {
  if (ctx && !ctx.response) say("The manager does not answer. This page goes on when it is back.", true);
});

document.addEventListener("htmx:after:request", ({ detail: { ctx } }) => {
  if (ctx.response.status < 400 && toast.dataset.stays) quiet();
});
