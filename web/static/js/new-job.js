// Where a job begins: what is dropped or chosen is sent at once, over broken connections and reloads, and the page becomes the draft's.

import { chosenFiles, droppedFiles } from "./new-job/chosen.js";
import { coverWhileDragging } from "./new-job/cover.js";
import { recallHandles, rememberHandles } from "./new-job/handles.js";
import { parcelsOf } from "./new-job/parcels.ts";
import { currentJob, makeDraft, mostBytes, refresh, tellProblem, waitingPlaces } from "./new-job/page.js";
import { rowsToGoOnWith, send } from "./new-job/sending.js";
import "./new-job/typing.js";
import { tellSize } from "./new-job/words.js";

/** Takes what somebody has dropped or chosen: makes a draft of it, or adds it to the one that is shown. */
async function take({ files, handles }) {
  tellProblem("");
  const parcels = parcelsOf(files, waitingPlaces());
  if (parcels.length === 0) return tellProblem("There is no file in this.");
  const tooLarge = parcels.find(({ blob }) => blob.size > mostBytes());
  if (tooLarge)
    return tellProblem(
      `${tooLarge.name} has ${tellSize(tooLarge.blob.size)}; one upload may have ${tellSize(mostBytes())}.`,
    );
  if (parcels.some(({ blob }) => blob.size === 0)) return tellProblem("This file is empty.");
  try {
    if (currentJob() === "") {
      if (!parcels.some(({ isProject }) => isProject))
        return tellProblem(`There is no .blend and no archive in ${files.length === 1 ? "this" : "these files"}.`);
      await makeDraft(parcels.find(({ isProject }) => isProject).title);
    }
    const job = currentJob();
    if (job === "") return; // the browser is on its way to sign in
    for (const parcel of parcels) await rememberHandles(job, parcel.key, handles);
    for (const parcel of parcels) send(job, parcel);
    await refresh();
  } catch (error) {
    tellProblem(error.message);
  }
}

document.addEventListener("drop", (event) => {
  event.preventDefault();
  const dropped = droppedFiles(event.dataTransfer);
  dropped.then(take, (error) => tellProblem(`This could not be read: ${error.message}`));
});
coverWhileDragging(document.getElementById("drop-cover"));

document.addEventListener("change", (event) => {
  if (!(event.target instanceof HTMLInputElement) || event.target.type !== "file") return;
  const files = chosenFiles(event.target);
  event.target.value = "";
  if (files.length > 0) take({ files, handles: [] });
});

document.addEventListener("submit", (event) => {
  const isSaved = event.target.id === "draft" && event.submitter?.value !== "start"; // with Enter; each change is saved already
  if (isSaved || event.target.matches("[data-drop-zone]")) event.preventDefault();
});

/** What a reload has cut off goes on by itself where the browser may read the file again, and else asks for it by its name. */
for (const { key, ask } of rowsToGoOnWith()) recallHandles(currentJob(), key).then((found) => ask(found, take));

const inputs = () => document.querySelectorAll("[data-drop-zone] #file");
const allowSeveral = () => {
  for (const input of inputs()) input.multiple = true;
};
allowSeveral();
document.addEventListener("htmx:after:swap", allowSeveral);
