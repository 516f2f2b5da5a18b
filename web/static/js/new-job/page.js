// What the page says, and what it becomes.

const sending = () => document.getElementById("sending");

/** The id of the draft that is shown; empty before there is one. */
export function currentJob() {
  return sending().dataset.job;
}

/** The most bytes that one upload may have. */
export function mostBytes() {
  return Number(sending().dataset.max);
}

/** The paths of the project at which files are missing, and the folder of its main .blend. */
export function waitingPlaces() {
  return {
    places: [...document.querySelectorAll("[data-place]")].map((item) => item.dataset.place),
    home: document.querySelector("[data-home]")?.dataset.home ?? "",
  };
}

/** Puts a sentence beside where files are chosen. */
export function tellProblem(sentence) {
  const problem = document.getElementById("file-problem");
  if (problem) problem.textContent = sentence;
  else if (sentence) document.getElementById("toast").textContent = sentence;
  const input = document.getElementById("file");
  if (sentence) input?.setAttribute("aria-invalid", "true");
  else input?.removeAttribute("aria-invalid");
}

/** Makes a draft, and this page that of the draft: a reload shows it again. */
export async function makeDraft(name) {
  const answer = await fetch("/api/jobs", {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ name, autostart: false }),
  }).catch(() => {
    throw new Error("The manager does not answer; try again in a moment.");
  });
  const said = await answer.json().catch(() => null);
  if (answer.status === 401) return location.assign(`/login?next=${encodeURIComponent(location.pathname)}`);
  if (!answer.ok) throw new Error(said?.error?.message ?? "The manager cannot make a job now.");
  sending().dataset.job = String(said.id);
  history.replaceState(null, "", draftUrl(said.id));
}

/** Brings the page up to date with what the manager knows of the draft. */
export function refresh() {
  return htmx.ajax("GET", draftUrl(currentJob()), { target: "#live", swap: "innerMorph" });
}

function draftUrl(id) {
  return `/jobs/${id}/draft`;
}
