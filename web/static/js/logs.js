// A log that grows stays at its end while the reader is there, and where the reader has gone otherwise.

const NEAR_PX = 40;

/** What a log of which only the end is of use keeps while it is followed. */
const KEPT_CHARACTERS = 200_000;

const followed = new WeakSet();

function follow(log) {
  if (followed.has(log)) return;
  followed.add(log);
  const button = log.closest("[data-own]")?.querySelector("[data-to-end]");
  let atEnd = true;
  const toEnd = () => {
    if (!atEnd) return;
    if (log.dataset.follow === "tail") letGo(log);
    log.scrollTop = log.scrollHeight;
  };
  log.addEventListener("scroll", () => {
    atEnd = log.scrollHeight - log.scrollTop - log.clientHeight < NEAR_PX;
    if (button) button.hidden = atEnd;
  });
  button?.addEventListener("click", () => {
    atEnd = true;
    toEnd();
  });
  new MutationObserver(toEnd).observe(log, { childList: true });
  new ResizeObserver(toEnd).observe(log);
}

/** Removes what is oldest, but not what the reader has selected, nor the title of what stays. */
function letGo(log) {
  let rest = log.textContent.length - KEPT_CHARACTERS;
  const isTitle = (node) => node?.className === "log-title";
  while (rest > 0 && getSelection().isCollapsed) {
    const { firstChild: first } = log;
    const oldest = isTitle(first) && !isTitle(first.nextSibling) ? first.nextSibling : first;
    if (!oldest?.nextSibling?.nextSibling) return;
    rest -= oldest.textContent.length;
    oldest.remove();
  }
}

function followAll() {
  for (const log of document.querySelectorAll("[data-follow]")) follow(log);
}

document.addEventListener("htmx:after:swap", ({ detail: { ctx } }) => {
  followAll();
  // What waits for the job to go on asks when something of the job has changed.
  if (ctx.target?.id !== "live" || ctx.swap === "none") return;
  for (const tail of document.querySelectorAll('[hx-trigger="news"]')) htmx.trigger(tail, "news");
});
followAll();
