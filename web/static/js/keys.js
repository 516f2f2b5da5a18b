// Arrows lead to the neighbours of what a page shows, where it says so; not while something is typed or chosen.

const WAYS = { ArrowLeft: "prev", ArrowRight: "next" };

document.addEventListener("keydown", (event) => {
  const way = WAYS[event.key];
  if (!way || event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
  if (event.target.closest("input, select, textarea, pre, video, [data-keys-own]")) return;
  document.querySelector(`[data-arrows] a[rel=${way}]`)?.click();
});
