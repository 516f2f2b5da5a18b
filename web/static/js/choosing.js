// One box that chooses all of a list, or none.

const ALL = "[data-choose-all]";
const boxesOf = (all) => [...all.closest("form").querySelectorAll("input[type=checkbox][name=job]")];

function show() {
  for (const all of document.querySelectorAll(ALL)) {
    const boxes = boxesOf(all);
    const chosen = boxes.filter((box) => box.checked).length;
    all.checked = chosen > 0 && chosen === boxes.length;
    all.indeterminate = chosen > 0 && chosen < boxes.length;
    for (const count of document.querySelectorAll("[data-chosen]")) count.textContent = chosen;
  }
}

document.addEventListener("change", ({ target }) => {
  if (target.matches(ALL)) for (const box of boxesOf(target)) box.checked = target.checked;
  if (target.matches(`${ALL}, [name=job]`)) show();
});
document.addEventListener("htmx:after:swap", show);
addEventListener("pageshow", show);
