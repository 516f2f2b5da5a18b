// A log that grows stays at its end while the reader is there, and where the reader has gone otherwise.

const NEAR_PX = 40;

for (const log of document.querySelectorAll("[data-follow]")) {
  let atEnd = true;
  const toEnd = () => {
    if (atEnd) log.scrollTop = log.scrollHeight;
  };
  log.addEventListener("scroll", () => {
    atEnd = log.scrollHeight - log.scrollTop - log.clientHeight < NEAR_PX;
  });
  new MutationObserver(toEnd).observe(log, { childList: true });
  toEnd();
}
