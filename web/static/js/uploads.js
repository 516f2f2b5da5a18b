// Shows how far an upload is. Without this the browser sends the same form by itself, and its own signs of progress must do.

const UNITS = ["B", "kB", "MB", "GB", "TB"];

function tellSize(bytes) {
  const unit = Math.min(UNITS.length - 1, Math.floor(Math.log10(Math.max(1, bytes)) / 3));
  return `${(bytes / 1000 ** unit).toPrecision(3)} ${UNITS[unit]}`;
}

function tellTime(seconds) {
  if (seconds < 90) return `${Math.ceil(seconds)} s`;
  return seconds < 5400 ? `${Math.round(seconds / 60)} min` : `${(seconds / 3600).toFixed(1)} h`;
}

/** Speed over the last few seconds, so that a change of it is seen soon. */
function speedometer() {
  const seen = [];
  return (bytes) => {
    const now = performance.now();
    seen.push([now, bytes]);
    while (seen.length > 2 && now - seen[0][0] > 5000) seen.shift();
    const [since, from] = seen[0];
    return now === since ? 0 : ((bytes - from) * 1000) / (now - since);
  };
}

function showProgress(request, panel) {
  const [bar, text] = [panel.querySelector("progress"), panel.querySelector("p")];
  const speedOf = speedometer();
  request.upload.addEventListener("progress", ({ loaded, total }) => {
    const speed = speedOf(loaded);
    bar.value = loaded / total;
    const left = speed > 0 ? `, ${tellSize(speed)}/s, ${tellTime((total - loaded) / speed)} left` : "";
    text.textContent = `${tellSize(loaded)} of ${tellSize(total)}${left}`;
  });
  request.upload.addEventListener("load", () => {
    bar.removeAttribute("value");
    text.textContent = "All is sent; the manager is taking it in…";
  });
}

/** Puts the answer's content in place of the page's; a file that was chosen stays chosen. */
function showAnswer(request, form) {
  const answer = new DOMParser().parseFromString(request.responseText, "text/html");
  const main = answer.querySelector("main");
  if (!main) return location.assign(form.action);
  const [chosen, file] = [form.querySelector("input[type=file]"), main.querySelector("input[type=file]")];
  for (const name of ["aria-invalid", "aria-describedby"])
    if (file?.hasAttribute(name)) chosen.setAttribute(name, file.getAttribute(name));
  file?.replaceWith(chosen);
  document.querySelector("main").replaceWith(main);
  document.title = answer.title;
  htmx.process(main);
  (main.querySelector("[aria-invalid], [role=alert]") ?? main).scrollIntoView({ block: "center" });
}

function send(form) {
  const panel = form.querySelector("[data-upload-progress]");
  const buttons = form.querySelectorAll(":scope > button, .actions button");
  const request = new XMLHttpRequest();
  const under = (way) => {
    panel.hidden = !way;
    for (const button of buttons) button.disabled = way;
  };
  const failed = (sentence) => {
    under(false);
    document.getElementById("toast").textContent = sentence;
  };
  const stay = (event) => event.preventDefault();
  showProgress(request, panel);
  panel.querySelector("button").onclick = () => request.abort();
  request.addEventListener("load", () => {
    if (request.status < 400) location.assign(request.responseURL);
    else showAnswer(request, form);
  });
  request.addEventListener("error", () => failed("The upload broke off: the manager cannot be reached. Try again."));
  request.addEventListener("abort", () => failed("The upload was stopped."));
  request.addEventListener("loadend", () => removeEventListener("beforeunload", stay));
  addEventListener("beforeunload", stay);
  request.open("POST", form.action);
  request.setRequestHeader("accept", "text/html");
  request.send(new FormData(form));
  under(true);
}

document.addEventListener("submit", (event) => {
  if (!event.target.matches("form[data-upload]")) return;
  event.preventDefault();
  send(event.target);
});
