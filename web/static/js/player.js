// The frames of a job as a film. What there is to play stands in the data of #player, which the page keeps up to date by itself.

const AHEAD = 32; // pictures that are fetched before they are needed
const BEHIND = 8;
const KEPT = 240; // pictures that are remembered
const AT_ONCE = 4;
const DRAG_PX = 6;
const WORDS = {
  working: "is being rendered",
  failed: "failed",
  ended: "was not rendered",
  waiting: "is waiting",
  gone: "has no preview",
};

/** Frames as they are written in the page: 1-100, 1-100x5, 7. */
function* read(text) {
  for (const part of text ? text.split(",") : []) {
    const [, first, last = first, step = 1] = /^(\d+)(?:-(\d+)(?:x(\d+))?)?$/.exec(part) ?? [];
    for (let frame = +first; frame <= +last; frame += +step) yield frame;
  }
}

/** Pictures by frame, fetched a few at a time: what is wanted first stands first in what `want` is told. */
function createPictures(job, onChange) {
  const kept = new Map(); // in the order of use
  let running = 0;
  let wanted = [];
  const load = async (frame) => {
    const image = new Image();
    const entry = { image, state: "loading" };
    kept.set(frame, entry);
    running += 1;
    image.src = `/api/jobs/${job}/frames/${frame}/preview`;
    try {
      await image.decode();
      entry.state = "ready";
    } catch {
      entry.state = "gone";
    }
    running -= 1;
    onChange(frame);
    next();
  };
  const forget = () => {
    for (const [frame, { state }] of kept) {
      if (kept.size <= KEPT) return;
      if (state !== "loading") kept.delete(frame);
    }
  };
  const next = () => {
    while (running < AT_ONCE) {
      const frame = wanted.find((one) => !kept.has(one));
      if (frame === undefined) return;
      void load(frame);
      forget();
    }
  };
  return {
    get: (frame) => {
      const entry = kept.get(frame);
      if (entry) (kept.delete(frame), kept.set(frame, entry));
      return entry;
    },
    want: (frames) => ((wanted = frames), next()),
  };
}

function start(root) {
  const find = (selector) => root.querySelector(selector);
  const [link, hole, range, told] = [".picture", ".hole", "#scrub", "output"].map(find);
  const [playButton, latestButton, open] = ["[data-do=play]", "[data-do=latest]", ".open"].map(find);
  const job = root.dataset.player;
  const frames = [...read(root.dataset.frames)];
  const places = new Map(frames.map((frame, place) => [frame, place]));
  const pictures = createPictures(job, (frame) => frame === frames[place] && draw());
  let image = find("img");
  let states = new Map();
  let place = 0;
  let way = 0; // 1 plays on, -1 back
  let speed = 1;
  let since = 0;
  let follows = true; // shows the latest frame until somebody chooses another

  const stateOf = (frame) => (pictures.get(frame)?.state === "gone" ? "gone" : (states.get(frame) ?? "waiting"));
  const isReady = (frame) => stateOf(frame) !== "done" || pictures.get(frame)?.state === "ready";

  function readStates() {
    states = new Map();
    for (const state of ["ended", "failed", "working", "done"])
      for (const frame of read(root.dataset[state])) states.set(frame, state);
  }

  function draw() {
    const frame = frames[place];
    const state = stateOf(frame);
    const ready = state === "done" && pictures.get(frame)?.state === "ready";
    if (ready) showPicture(frame);
    hole.hidden = state === "done";
    hole.textContent = state === "done" ? "" : `Frame ${frame} ${WORDS[state]}.`;
    root.classList.toggle("empty", state !== "done");
    root.classList.toggle("loading", state === "done" && !ready);
    range.value = place;
    range.setAttribute("aria-valuetext", `Frame ${frame}${state === "done" ? "" : `, ${WORDS[state]}`}`);
    told.textContent = `Frame ${frame} of ${frames.at(-1)}${speed > 1 ? ` · ${speed}×` : ""}`;
    link.ariaLabel = `Frame ${frame}, large`;
    link.href = open.href = `/jobs/${job}/frames/${frame}`;
    latestButton.hidden = follows || !root.dataset.latest;
  }

  function showPicture(frame) {
    if (!image) {
      image = document.createElement("img");
      link.append(image);
    }
    image.src = pictures.get(frame).image.src;
    image.alt = `Frame ${frame}`;
  }

  /** What comes next is fetched first; of what is not filed there is nothing to fetch. */
  function preload() {
    const step = way || 1;
    const around = [place];
    for (let i = 1; i <= AHEAD; i++) around.push(place + i * step);
    for (let i = 1; i <= BEHIND; i++) around.push(place - i * step);
    const there = around.map((at) => frames[(at + frames.length) % frames.length]);
    pictures.want(there.filter((frame) => states.get(frame) === "done"));
  }

  function goTo(wanted, chosen = true) {
    place = Math.max(0, Math.min(frames.length - 1, wanted));
    if (chosen) follows = false;
    preload();
    draw();
    if (chosen && !way) note();
  }

  /** The frame stands in the address, so that a reload and a link show the same one; no element has that id, so nothing scrolls. */
  let noting;
  function note() {
    clearTimeout(noting);
    noting = setTimeout(() => history.replaceState(history.state, "", `#play-${frames[place]}`), 250);
  }

  function play(direction, times = 1) {
    way = direction;
    speed = times;
    follows = false;
    since = performance.now();
    playButton.ariaLabel = playButton.title = way ? "Pause (space)" : "Play (space)";
    root.classList.toggle("playing", way !== 0);
    preload();
    draw();
    if (way) requestAnimationFrame(tick);
    else note();
  }

  function tick(now) {
    if (!way || !root.isConnected) return;
    const perFrame = 1000 / (Number(root.dataset.fps) * speed);
    // A tab that was away for a while goes on where it was.
    if (now - since > 1000) since = now - perFrame;
    let moved = false;
    while (now - since >= perFrame) {
      const next = (place + way + frames.length) % frames.length;
      if (!isReady(frames[next])) {
        since = now - perFrame;
        break;
      }
      place = next;
      since += perFrame;
      moved = true;
    }
    if (moved) draw();
    preload();
    requestAnimationFrame(tick);
  }

  const toggle = () => play(way ? 0 : 1);
  /** Again in the same direction is faster: 1, 2, 4 times. */
  const shuttle = (direction) => play(direction, way === direction ? Math.min(4, speed * 2) : 1);
  const step = (by) => (way && play(0), goTo(place + by));
  const actions = {
    first: () => step(-frames.length),
    back: () => step(-1),
    play: toggle,
    on: () => step(1),
    last: () => step(frames.length),
    latest: () => {
      if (way) play(0);
      follows = true;
      goTo(places.get(Number(root.dataset.latest)) ?? place, false);
      history.replaceState(history.state, "", location.pathname + location.search);
    },
  };
  const keys = {
    " ": toggle,
    k: toggle,
    j: () => shuttle(-1),
    l: () => shuttle(1),
    ArrowLeft: (event) => step(event.shiftKey ? -10 : -1),
    ArrowRight: (event) => step(event.shiftKey ? 10 : 1),
    ArrowDown: () => step(-1),
    ArrowUp: () => step(1),
    PageDown: () => step(-100),
    PageUp: () => step(100),
    Home: actions.first,
    End: actions.last,
  };

  root.addEventListener("keydown", (event) => {
    const act = keys[event.key.length === 1 ? event.key.toLowerCase() : event.key];
    if (!act || event.altKey || event.ctrlKey || event.metaKey) return;
    if (event.key === " " && event.target.closest("button, a")) return;
    event.preventDefault();
    act(event);
  });
  root.addEventListener("click", (event) => {
    const name = event.target.closest("[data-do]")?.dataset.do;
    if (name) actions[name]();
  });
  range.addEventListener("input", () => (way && play(0), goTo(Number(range.value))));
  followPointer(link, {
    tap: () => (range.focus({ preventScroll: true }), toggle()),
    drag: (from, part) => (way && play(0), goTo(from + Math.round(part * Math.min(frames.length, 240)))),
    place: () => place,
  });

  new MutationObserver(() => {
    readStates();
    if (follows && root.dataset.latest) goTo(places.get(Number(root.dataset.latest)) ?? place, false);
    else (preload(), draw());
  }).observe(root, {
    attributes: true,
    attributeFilter: ["data-done", "data-working", "data-failed", "data-ended", "data-latest"],
  });

  const fromAddress = () => {
    const frame = Number(/^#(?:f|play-)(\d+)$/.exec(location.hash)?.[1] ?? NaN);
    if (!places.has(frame)) return false;
    goTo(places.get(frame));
    return true;
  };
  addEventListener("hashchange", fromAddress);
  readStates();
  if (!fromAddress()) goTo(places.get(Number(root.dataset.latest)) ?? 0, false);
}

/** A tap on the picture plays, a drag to the side scrubs; a drag up or down is the page's. */
function followPointer(link, { tap, drag, place }) {
  let from = null;
  link.draggable = false;
  link.addEventListener("dragstart", (event) => event.preventDefault());
  link.addEventListener("pointerdown", (event) => {
    if (event.button === 0) from = { x: event.clientX, place: place(), moved: false };
  });
  link.addEventListener("pointermove", (event) => {
    if (!from) return;
    const by = event.clientX - from.x;
    if (!from.moved && Math.abs(by) < DRAG_PX) return;
    if (!from.moved) link.setPointerCapture(event.pointerId);
    from.moved = true;
    drag(from.place, by / link.clientWidth);
  });
  for (const end of ["pointerup", "pointercancel"]) link.addEventListener(end, () => setTimeout(() => (from = null)));
  link.addEventListener("click", (event) => {
    if (event.detail === 0 || event.ctrlKey || event.metaKey || event.shiftKey) return; // by keyboard it is a link
    event.preventDefault();
    if (!from?.moved) tap();
  });
}

const begun = new WeakSet();
function look() {
  const root = document.getElementById("player");
  if (!root || begun.has(root)) return;
  begun.add(root);
  start(root);
}
document.addEventListener("htmx:after:swap", look);
look();
