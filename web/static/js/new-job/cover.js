// Says while files are dragged over the page that they can be dropped anywhere on it.

/** Shows `cover` for as long as files hang over the page. */
export function coverWhileDragging(cover) {
  const hasFiles = (event) => event.dataTransfer?.types.includes("Files");
  const show = (is) => (cover.hidden = !is);
  document.addEventListener("dragenter", (event) => hasFiles(event) && show(true));
  document.addEventListener("dragover", (event) => {
    if (!hasFiles(event)) return;
    event.preventDefault();
    event.dataTransfer.dropEffect = "copy";
  });
  document.addEventListener("dragleave", (event) => event.relatedTarget === null && show(false));
  document.addEventListener("drop", () => show(false));
}
