// Where the browser can keep a handle to a file (File System Access, on https and this machine), an upload goes on after a reload without
// anybody choosing the file again. Everything here is a kindness: where it fails, the page asks for the file.

import { filesOfHandles } from "./chosen.js";

const LONGEST_MS = 24 * 3600 * 1000;

/** Keeps the handles of what is sent. */
export async function rememberHandles(job, key, handles) {
  if (handles.length === 0) return;
  await inStore("readwrite", (store) => store.put({ handles, atMs: Date.now() }, `${job}/${key}`)).catch(() => {});
}

/**
 * What was kept for an upload: null, or `mayRead` at once, `ask` for leave (on a click), and `files`. What is older than an upload lives is
 * forgotten.
 */
export async function recallHandles(job, key) {
  try {
    await forgetOld();
    const kept = await inStore("readonly", (store) => store.get(`${job}/${key}`));
    if (!kept) return null;
    const states = await Promise.all(kept.handles.map((handle) => handle.queryPermission({ mode: "read" })));
    return {
      mayRead: states.every((state) => state === "granted"),
      ask: async () => {
        for (const handle of kept.handles)
          if ((await handle.requestPermission({ mode: "read" })) !== "granted") return false;
        return true;
      },
      files: async () => ({ files: await filesOfHandles(kept.handles), handles: kept.handles }),
    };
  } catch {
    return null;
  }
}

/** Forgets what has arrived. */
export async function forgetHandles(job, key) {
  await inStore("readwrite", (store) => store.delete(`${job}/${key}`)).catch(() => {});
}

async function forgetOld() {
  const before = Date.now() - LONGEST_MS;
  const [keys, values] = [
    await inStore("readonly", (store) => store.getAllKeys()),
    await inStore("readonly", (store) => store.getAll()),
  ];
  for (const [i, key] of keys.entries())
    if (values[i].atMs < before) await inStore("readwrite", (store) => store.delete(key));
}

async function inStore(mode, work) {
  const opening = indexedDB.open("jiggablend-uploads", 1);
  opening.onupgradeneeded = () => opening.result.createObjectStore("handles");
  const database = await done(opening);
  try {
    return await done(work(database.transaction("handles", mode).objectStore("handles")));
  } finally {
    database.close();
  }
}

function done(request) {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}
