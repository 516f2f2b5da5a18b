// The icon in the browser's tab follows what the page says.

function follow() {
  const wanted = document.getElementById("tab-icon")?.dataset.icon;
  const link = document.querySelector("link[rel=icon]");
  if (wanted && link && link.getAttribute("href") !== wanted) link.setAttribute("href", wanted);
}

document.addEventListener("htmx:after:swap", follow);
