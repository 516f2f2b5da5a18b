// What follows the # of a link to us goes along through a provider's sign-in, in what leads back: no server is told of it otherwise.

for (const link of document.querySelectorAll("a[data-next]")) {
  const url = new URL(link.href);
  if (!link.dataset.next.includes("#")) url.searchParams.set("next", link.dataset.next + location.hash);
  link.href = url;
}
