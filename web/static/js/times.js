// Puts every <time> into the reader's own zone, and lets those marked data-since run. Without this they are told in UTC.

const clock = new Intl.DateTimeFormat(undefined, { hour: "2-digit", minute: "2-digit" });
const day = new Intl.DateTimeFormat(undefined, { day: "numeric", month: "short", hour: "2-digit", minute: "2-digit" });
const year = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "short" });
const whole = new Intl.DateTimeFormat(undefined, { dateStyle: "full", timeStyle: "long" });

function tellMoment(at, now) {
  if (at.toDateString() === now.toDateString()) return clock.format(at);
  return (at.getFullYear() === now.getFullYear() ? day : year).format(at);
}

function tellSince(at, now) {
  const seconds = Math.max(0, Math.floor((now - at) / 1000));
  const [h, m, s] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  if (h >= 24) return `${Math.floor(h / 24)} d ${h % 24} h`;
  if (h > 0) return `${h} h ${m} min`;
  return m > 0 ? `${m} min ${s} s` : `${s} s`;
}

function tell(time, now = new Date()) {
  const at = new Date(time.dateTime);
  if (Number.isNaN(at.valueOf())) return;
  const text = time.hasAttribute("data-since") ? tellSince(at, now) : tellMoment(at, now);
  if (time.textContent !== text) time.textContent = text;
  time.title = whole.format(at);
}

function tellAllIn(node) {
  if (!(node instanceof Element)) return;
  if (node.localName === "time") tell(node);
  for (const time of node.querySelectorAll("time")) tell(time);
}

// An observer runs before the browser paints, so that nobody sees the other zone first.
new MutationObserver((changes) => {
  for (const { type, target, addedNodes } of changes)
    if (type === "attributes") tell(target);
    else for (const node of addedNodes) tellAllIn(node);
}).observe(document.body, { childList: true, subtree: true, attributes: true, attributeFilter: ["datetime"] });

tellAllIn(document.body);
setInterval(() => {
  if (document.hidden) return;
  for (const time of document.querySelectorAll("time[data-since]")) tell(time);
}, 1000);

// What a part of a plot stands for, with when it was.
document.addEventListener("pointerover", ({ target }) => {
  const { at, value } = target.dataset ?? {};
  if (at) target.firstElementChild.textContent = `${tellMoment(new Date(at), new Date())}: ${value}`;
});
