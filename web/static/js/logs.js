// A log that grows stays at its end while the reader is there, and where the reader has gone otherwise.

const NEAR_PX = 40;
const followed = new WeakSet();

function follow(log) {
  if (followed.has(log)) return;
  followed.add(log);
  const button = log.closest("section")?.querySelector("[data-to-end]");
  let atEnd = true;
  const toEnd = () => {
    if (atEnd) log.scrollTop = log.scrollHeight;
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
  toEnd();
}

function followAll() {
  for (const log of document.querySelectorAll("[data-follow]")) follow(log);
}

document.addEventListener("htmx:after:swap", followAll);
followAll();
