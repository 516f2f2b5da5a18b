// What somebody types is never overtaken by what the page was told before: news that was asked for earlier, or that knows nothing of what
// was just typed and would not do, is left out. What is left out is asked for again.

const ASK_AGAIN_MS = 700;
const SAVE_AGAIN_MS = 2000;

let typed = 0;
let saving = 0;
let isUnsaved = false;

const isNews = ({ request, target }) => request.method === "GET" && target?.id === "live";
const isForm = ({ sourceElement }) => sourceElement?.id === "draft";
const hasProblem = () => isUnsaved || document.querySelector("#draft [aria-invalid]") !== null;

for (const name of ["input", "change"])
  document.addEventListener(name, ({ target }) => {
    if (target.closest("#draft")) typed += 1;
  });

document.addEventListener("htmx:before:request", (event) => {
  const { ctx } = event.detail;
  if (isForm(ctx)) saving += 1;
  if (!isNews(ctx)) return;
  if (saving > 0 || hasProblem()) return event.preventDefault();
  ctx.typedBefore = typed;
});

document.addEventListener("htmx:before:response", (event) => {
  const { ctx } = event.detail;
  const isStale = typed !== ctx.typedBefore || saving > 0 || hasProblem();
  if (!isNews(ctx) || !isStale) return;
  event.preventDefault();
  setTimeout(() => htmx.trigger(document.getElementById("poll"), "every"), ASK_AGAIN_MS);
});

document.addEventListener("htmx:finally:request", ({ detail: { ctx } }) => {
  if (!isForm(ctx)) return;
  saving -= 1;
  isUnsaved = !ctx.response || ctx.response.status >= 500;
  if (isUnsaved) setTimeout(saveAgain, SAVE_AGAIN_MS);
});

function saveAgain() {
  const form = document.getElementById("draft");
  if (form && isUnsaved && saving === 0) htmx.trigger(form, "change");
}
