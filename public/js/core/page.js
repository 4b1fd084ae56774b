// Pages without a reload: asks for one, puts parts of it in place, keeps the address, the focus and the scroll position.
import { ended, linkOf, started } from "./busy.js"
import { openAgain, opened } from "./open.js"
import { each, setUp } from "./parts.js"
import { hush, say, UNREACHED } from "./say.js"

const parser = new DOMParser()
const placeOf = ({ pathname, search }) => pathname + search
/** Path and query of what is shown. */
let shown = placeOf(location)
/** The request whose answer is shown next; an earlier one is dropped. */
let newest = new AbortController()

/**
 * Asks for a page. `to`: the answer leads there, unfollowed (see src/http/swap.ts); `page`: null for anything but HTML.
 * @throws TypeError without a connection, AbortError
 */
export async function ask(url, init) {
  started()
  hush()
  try {
    const answer = await fetch(url, { ...init, headers: { "x-swap": "1" } })
    const to = answer.headers.get("x-location") ?? (answer.redirected ? answer.url : null)
    const isPage = answer.headers.get("content-type")?.startsWith("text/html")
    const page = isPage ? parser.parseFromString(await answer.text(), "text/html") : null
    return { ok: answer.ok, to: to === null ? null : new URL(to, location.href), page }
  } finally {
    ended()
  }
}

/** Both have these parts, in the same layout. */
export const fits = (page, ids) =>
  page.body.className === document.body.className &&
  ids.every((id) => page.getElementById(id) && document.getElementById(id))

/** Loads style sheet and scripts that the page has and this document has not. @returns removes what it has not any more */
export async function bring(page) {
  const old = document.querySelector("link[rel=stylesheet]")
  const sheet = page.querySelector("link[rel=stylesheet]")
  each(page, "script[src]", (script) => {
    const src = script.getAttribute("src")
    if (document.querySelector(`script[src^="${src.split("?")[0]}"]`)) return
    const copy = document.createElement("script")
    for (const { name, value } of script.attributes) copy.setAttribute(name, value)
    // In their order, as if they had come with the page.
    copy.async = false
    document.head.append(copy)
  })
  if (!sheet || sheet.href === old.href) return () => {}
  await new Promise((done) => {
    sheet.onload = done
    sheet.onerror = done
    old.after(sheet)
  })
  return () => old.remove()
}

/** What took the place of `old` in `root`: the same id, address, value or words, or another act on the same thing. */
export function successor(old, root) {
  const same = old.id && document.getElementById(old.id)
  if (same) return same
  // Messages are on their way out of it.
  const all = [...root.querySelectorAll(`${old.localName}:not(#flash *)`)]
  const by = (wordOf) => wordOf(old) && all.find((each) => wordOf(each) === wordOf(old))
  return (
    by((each) => each.getAttribute("href")) ||
    by((each) => each.name && `${each.name}=${each.value}`) ||
    by((each) => each.textContent.trim()) ||
    by((each) => each.form?.getAttribute("action")?.replace(/\w+$/, ""))
  )
}

/** Where a form wants the focus: at what is wrong, else where it begins. */
export const firstOf = (root) => root.querySelector("[role=alert][tabindex], [autofocus], [aria-invalid=true]")

function focusOn(element) {
  if (element.tabIndex < 0) element.tabIndex = -1
  element.focus({ preventScroll: true })
}

/** Replaces the parts; the focus stays where the person is. */
function put(page, ids) {
  const keys = opened()
  const { scrollX, scrollY } = window
  for (const id of ids) {
    const old = document.getElementById(id)
    const next = page.getElementById(id)
    const focused = old.contains(document.activeElement) ? document.activeElement : null
    old.replaceWith(next)
    if (focused) {
      const place = successor(focused, next) || next
      // What was typed while it loaded.
      if (place.matches("input,select,textarea") && place.name === focused.name) place.value = focused.value
      focusOn(place)
    }
    setUp(next)
  }
  openAgain(keys)
  scrollTo(scrollX, scrollY)
}

/** The layout's own parts: the current place of the sidebar, who is signed in, the theme. */
function putFrame(page) {
  const scheme = "meta[name=color-scheme]"
  document.documentElement.dataset.theme = page.documentElement.dataset.theme
  document.querySelector(scheme).content = page.querySelector(scheme).content
  const heads = page.querySelectorAll("body > header")
  document.querySelectorAll("body > header").forEach((old, index) => {
    const next = heads[index]
    const { scrollTop } = old
    old.replaceWith(next)
    next.scrollTop = scrollTop
    setUp(next)
  })
}

/** The page in place of this one, at the same address: errors and questions of a form. It must fit. */
export async function showPage(page) {
  const tidy = await bring(page)
  put(page, ["main"])
  tidy()
  document.title = page.title
  const place = firstOf(document.getElementById("main"))
  if (place) place.focus()
  else beginAt("")
}

/**
 * Goes to an address of ours by putting parts of its page in place. Anything that does not fit is an ordinary navigation. An answer
 * that comes after a later call is dropped.
 * @param {{ ids?: string[], keeps?: boolean | "head", pushes?: boolean, replaces?: boolean, before?: () => void }} how keeps: the
 * place on the page, when it is another one too; "head": where the head of the part is in sight
 * @returns false when the browser leaves this document instead
 */
export async function visit(url, { ids = ["main"], keeps = false, pushes = true, replaces = false, before } = {}) {
  const { href } = new URL(url, location.href)
  newest.abort()
  const mine = new AbortController()
  newest = mine
  try {
    const { to, page } = await ask(href, { signal: mine.signal })
    if (to || !page || !fits(page, ids)) return leave(to ?? href, pushes)
    const tidy = await bring(page)
    if (mine !== newest) return true
    const isOther = new URL(href).pathname !== shown.split("?")[0]
    arrive(href, pushes, replaces)
    before?.()
    put(page, ids)
    tidy()
    document.title = page.title
    if (ids.includes("main")) putFrame(page)
    // A secret is shown this once, and above: also where the page stays the same.
    const part = document.getElementById(ids[0])
    if (keeps === "head" && part.getBoundingClientRect().top < 0) part.scrollIntoView()
    if (!keeps && (isOther || document.querySelector("#main .secret"))) beginAt(new URL(href).hash)
  } catch (error) {
    const isDropped = error.name === "AbortError"
    // After a form, and on the way back, what is shown here is not true any more.
    if (!isDropped && !(keeps && pushes)) return leave(href, pushes)
    if (!isDropped) say(UNREACHED)
  }
  return true
}

function arrive(href, pushes, replaces) {
  const place = placeOf(new URL(href))
  // The entry of an open dialog becomes that of the page which follows.
  if (pushes && place !== shown)
    history[replaces || history.state?.dialog ? "replaceState" : "pushState"](null, "", href)
  shown = place
}

/** A real navigation. @returns false */
export function leave(href, pushes = true) {
  started()
  if (!pushes) location.reload()
  else if (history.state?.dialog) location.replace(href)
  else location.assign(href)
  return false
}

/** Whoever guards what was typed may hold back what would take its place: `purser:leave`, cancelable, on whatever goes. */
export const mayLeave = (root = document) =>
  root.dispatchEvent(new Event("purser:leave", { bubbles: true, cancelable: true }))

/** Like a page that was just opened. */
function beginAt(hash) {
  const main = document.getElementById("main")
  const target = hash && document.getElementById(hash.slice(1))
  if (target) target.scrollIntoView()
  else scrollTo(0, 0)
  focusOn(main.querySelector("[autofocus]") ?? main.querySelector("h1") ?? main)
}

// A link that leads away is newer than whatever is still loading.
addEventListener("click", (event) => {
  if (linkOf(event, "a[href]")?.hash === "") newest.abort()
})

// Back and forward between addresses that were put in place: the page of that address is fetched again.
addEventListener("popstate", () => {
  if (placeOf(location) === shown) return
  // Held back: what is shown gets its entry again, behind the one that was asked for.
  if (mayLeave()) visit(location.href, { keeps: true, pushes: false })
  else history.pushState(null, "", shown)
})
