// A thumbnail that the file does not have leaves no hole.

document.addEventListener(
  "error",
  ({ target }) => {
    if (target instanceof HTMLImageElement && target.classList.contains("thumbnail")) target.hidden = true;
  },
  true,
);
