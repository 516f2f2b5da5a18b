// One upload after the other, each with a row that says how far it is.

import { Upload } from "tus-js-client";
import { forgetHandles } from "./handles.js";
import { refresh } from "./page.js";
import { createRow, rowOf } from "./row.js";
import { use } from "./use.js";

/** A piece of an upload: what proxies take as one request, and what is sent again at the most where one keeps it to itself until its end. */
const PIECE_BYTES = 64 * 1024 * 1024;

/** Pauses before another try; the last one is kept to for as long as it takes. */
const RETRY_MS = [0, 1000, 2000, 5000];

const queue = [];
let isSending = false;

/** Sends a parcel to a draft, or goes on with one of which a part has arrived. */
export function send(job, parcel) {
  const begun =
    rowOf(parcel.key) ??
    [...document.querySelectorAll("#sending .upload")].find(
      (row) => row.dataset.name === parcel.name && !row.dataset.active,
    );
  // A file of the same name that has changed since is another one; what arrived of the old one is no use.
  const isSame = begun?.dataset.key === parcel.key;
  if (begun?.dataset.active) return;
  if (begun?.dataset.upload && !isSame) giveUp(begun.dataset.upload);
  const row = createRow(parcel, begun);
  row.element.dataset.active = "yes";
  queue.push(() => sendNow(job, parcel, row, isSame ? begun.dataset.upload : undefined));
  row.tell("Waiting for the one before…");
  work();
}

/** The rows of uploads that a reload has cut off: `ask` goes on with one, or asks for its file. */
export function rowsToGoOnWith() {
  return [...document.querySelectorAll("#sending [data-upload]")].map((element) => ({
    key: element.dataset.key,
    ask: async (handles, take) => {
      const { dataset } = element;
      const row = createRow({ name: dataset.name, key: dataset.key }, element);
      row.onStop(() => stop(row, dataset.upload));
      if (element.querySelector("progress").position === 1) return useUntilItIs(row, dataset.upload);
      if (handles?.mayRead) return take(await handles.files());
      row.tell(
        `${row.arrived()} To go on, drop ${dataset.name.endsWith(".tar") ? "the same folder or files" : dataset.name} here again, or choose it.`,
      );
      if (handles) row.offer("Go on", async () => (await handles.ask()) && take(await handles.files()));
      row.offerChoice();
    },
  }));
}

async function work() {
  if (isSending) return;
  isSending = true;
  for (let next = queue.shift(); next; next = queue.shift()) await next();
  isSending = false;
}

/** Resolves when the upload has arrived, was stopped, or cannot go on. */
function sendNow(job, parcel, row, begunId) {
  if (row.isGone()) return Promise.resolve();
  const { promise, resolve } = Promise.withResolvers();
  // Set while nothing is under way and another try is to come.
  let again = null;
  const wait = (sentence) => {
    row.tell(sentence);
    again = setTimeout(goOn, RETRY_MS.at(-1));
  };
  const stopWaiting = () => {
    clearTimeout(again);
    again = null;
  };
  const goOn = () => {
    if (again === null) return;
    stopWaiting();
    upload.start();
  };
  const end = () => {
    stopWaiting();
    removeEventListener("online", goOn);
    removeEventListener("beforeunload", stay);
    resolve();
  };
  const upload = new Upload(parcel.blob, {
    endpoint: "/api/uploads",
    ...(begunId && { uploadUrl: `/api/uploads/${begunId}` }),
    chunkSize: PIECE_BYTES,
    retryDelays: RETRY_MS,
    storeFingerprintForResuming: false,
    metadata: { filename: parcel.name, job, key: parcel.key },
    onUploadUrlAvailable: () => (row.element.dataset.upload = upload.url.split("/").at(-1)),
    onProgress: (sent) => row.progress(sent, parcel.blob.size),
    onShouldRetry: (error) => isPassing(error) && (row.tell(quietSentence(error)), true),
    onSuccess: async () => {
      removeEventListener("beforeunload", stay);
      await forgetHandles(job, parcel.key);
      await useUntilItIs(row, row.element.dataset.upload);
      end();
    },
    onError: (error) => {
      if (isPassing(error)) return wait(quietSentence(error));
      row.fail(sentenceOf(error));
      end();
    },
  });
  row.onPause(
    () => (stopWaiting(), upload.abort()),
    () => upload.start(),
  );
  row.onStop(async () => {
    await upload.abort();
    await stop(row, row.element.dataset.upload);
    end();
  });
  addEventListener("online", goOn);
  addEventListener("beforeunload", stay);
  row.tell("Beginning…");
  upload.start();
  return promise;
}

const QUIET = "The manager does not answer. The upload goes on by itself when it is back.";

/** What is said of trouble that time may mend: the manager's own word, where it has one. */
function quietSentence(error) {
  const status = error.originalResponse?.getStatus() ?? 0;
  return status === 507 || status === 429 ? (bodyOf(error)?.message ?? QUIET) : QUIET;
}

/** Whether time may help: no answer, the manager's own trouble, or a piece that another request has overtaken. */
function isPassing(error) {
  const status = error.originalResponse?.getStatus() ?? 0;
  if (codeOf(error) === "superseded") return false;
  return (
    status === 0 ||
    status === 409 ||
    status === 423 ||
    status === 429 ||
    status === 460 ||
    status >= 500 ||
    codeOf(error) === "upload_incomplete"
  );
}

function sentenceOf(error) {
  const status = error.originalResponse?.getStatus() ?? 0;
  if (status === 401) return "You are signed out. Sign in, and the upload goes on from here.";
  if (codeOf(error) === "superseded") return "This upload goes on in another window.";
  return bodyOf(error)?.message ?? `The upload cannot go on: ${error.message}`;
}

function codeOf(error) {
  return bodyOf(error)?.code;
}

function bodyOf(error) {
  try {
    return JSON.parse(error.originalResponse?.getBody() ?? "").error;
  } catch {
    return null;
  }
}

async function useUntilItIs(row, id) {
  row.busy("Everything has arrived; the scene is being taken in…");
  const problem = await use(id, () => row.tell(QUIET));
  if (problem) row.fail(problem);
  else row.remove();
  await refresh();
}

async function stop(row, id) {
  row.remove();
  if (id) await giveUp(id);
  await refresh();
}

async function giveUp(id) {
  await fetch(`/api/uploads/${id}`, { method: "DELETE", headers: { "tus-resumable": "1.0.0" } }).catch(() => {});
}

/** Asks before the page is left while something is on its way. */
function stay(event) {
  event.preventDefault();
}
