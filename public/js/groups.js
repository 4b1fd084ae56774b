// Which groups of the sidebar are closed, in a cookie that the server reads, so that nothing jumps when the next page comes.

export default function remember(summary) {
  const group = summary.parentElement
  const { name, cookie } = group.dataset
  const secure = location.protocol === "https:" ? ";secure" : ""
  const known = document.cookie.split("; ").find((each) => each.startsWith(`${cookie}=`))
  const closed = new Set((known?.slice(cookie.length + 1) ?? "").split(".").filter(Boolean))
  if (group.open) closed.delete(name)
  else closed.add(name)
  // The menu of phones has the same groups.
  for (const twin of document.querySelectorAll(`details[data-name="${name}"]`)) twin.open = group.open
  // biome-ignore lint/suspicious/noDocumentCookie: the Cookie Store is not there in every browser, and this is one write
  document.cookie = `${cookie}=${[...closed].join(".")};path=/;max-age=31536000;samesite=lax${secure}`
}
