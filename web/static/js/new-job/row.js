// The row of one upload: its name, how far it is, and what can be done with it.

import { speedometer, tellSize, tellTimeLeft } from "./words.js";

/** How often the numbers change; more often nobody can read them. */
const TELL_EVERY_MS = 250;

/** Says in the browser's tab how far it is. */
function titled(before) {
  document.title = before + document.title.replace(/^\d+ % /, "");
}

/** The row of a file that is known already. */
export function rowOf(key) {
  return [...document.querySelectorAll("#sending .upload")].find((row) => row.dataset.key === key);
}

/** Makes a row for a parcel, in the place of one that was there before. */
export function createRow({ name, key }, before) {
  const element = document.createElement("div");
  const part = (tag, className, text = "") =>
    Object.assign(document.createElement(tag), { className, textContent: text });
  const title = part("p", "");
  const [progress, numbers, told, actions] = [
    part("progress", ""),
    part("p", "numbers"),
    part("p", "told"),
    part("div", "actions"),
  ];
  title.append(part("b", "", name));
  progress.setAttribute("aria-label", `Upload of ${name}`);
  told.setAttribute("role", "status");
  element.className = "upload";
  Object.assign(element.dataset, { name, key });
  element.append(title, actions, progress, numbers, told);
  const old = before?.querySelector("progress");
  progress.max = old?.max ?? 1;
  progress.value = old?.value ?? 0;
  if (before) {
    if (before.dataset.key === key) element.dataset.upload = before.dataset.upload;
    before.replaceWith(element);
  } else document.getElementById("sending").append(element);

  const speedOf = speedometer();
  let toldAt = 0;
  const button = (text, act, className = "quiet") => {
    const one = Object.assign(part("button", className, text), { type: "button", onclick: act });
    one.setAttribute("aria-label", `${text}: ${name}`);
    actions.append(one);
    return one;
  };
  return {
    element,
    isGone: () => !element.isConnected,
    remove: () => (titled(""), element.remove()),
    arrived: () => `${tellSize(progress.value)} of ${tellSize(progress.max)} have arrived.`,
    tell: (sentence) => {
      told.textContent = sentence;
      // A speed of some time ago is none.
      numbers.textContent = numbers.textContent.split(" · ").slice(0, 2).join(" · ");
    },
    progress: (sent, total) => {
      const now = performance.now();
      if (now - toldAt < TELL_EVERY_MS && sent < total) return;
      toldAt = now;
      progress.max = total;
      progress.value = sent;
      const speed = speedOf(sent);
      const pace = speed ? ` · ${tellSize(speed)}/s · ${tellTimeLeft((total - sent) / speed)} left` : "";
      numbers.textContent = `${Math.floor((100 * sent) / total)} % · ${tellSize(sent)} of ${tellSize(total)}${pace}`;
      if (told.textContent !== "") told.textContent = "";
      titled(`${Math.floor((100 * sent) / total)} % `);
    },
    busy: (sentence) => {
      progress.removeAttribute("value");
      numbers.textContent = "";
      told.textContent = sentence;
      actions.replaceChildren();
    },
    fail: (sentence) => {
      element.classList.add("bad");
      progress.remove();
      numbers.textContent = "";
      told.textContent = sentence;
      delete element.dataset.active;
      if (sentence.includes("Sign in")) {
        const link = part("a", "button", "Sign in");
        link.href = `/login?next=${encodeURIComponent(location.pathname)}`;
        actions.replaceChildren(link);
        return;
      }
      actions.replaceChildren();
      button("Dismiss", () => element.remove());
    },
    offer: (text, act) => button(text, act, "primary"),
    offerChoice: () =>
      button("Choose it…", () => document.getElementById(name.endsWith(".tar") ? "folder" : "file")?.click(), ""),
    onPause: (pause, goOn) => {
      const toggle = button("Pause", () => {
        const isPaused = toggle.textContent === "Go on";
        if (isPaused) goOn();
        else pause();
        toggle.textContent = isPaused ? "Pause" : "Go on";
        toggle.setAttribute("aria-label", `${toggle.textContent}: ${name}`);
        told.textContent = isPaused ? "" : "Paused.";
      });
    },
    onStop: (act) => button("Stop", act),
  };
}
