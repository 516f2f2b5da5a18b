// Copies what stands beside a button. The clipboard is there over https and on this machine alone; elsewhere the old way does.

const TOLD_MS = 2000;

function copySelected(source) {
  const selection = getSelection();
  selection.selectAllChildren(source);
  return document.execCommand("copy");
}

async function copy(source) {
  try {
    await navigator.clipboard.writeText(source.textContent);
    return true;
  } catch {
    return copySelected(source);
  }
}

document.addEventListener("click", async ({ target }) => {
  const button = target.closest?.("[data-copy]");
  if (!button) return;
  const done = await copy(document.getElementById(button.dataset.copy));
  const before = (button.dataset.before ??= button.textContent);
  button.textContent = done ? "Copied" : "Press Ctrl-C";
  setTimeout(() => (button.textContent = before), TOLD_MS);
});
