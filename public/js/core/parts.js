// What every behaviour stands on: parts of a page are found by their data attributes, in what came with the page and in what a swap brings.
/** @type {[selector: string, act: (element: HTMLElement) => void, ready: WeakSet<Element>][]} */
const kinds = []

/** Calls `act` for each element of `selector` below `root`. */
export const each = (root, selector, act) => {
  for (const element of root.querySelectorAll(selector)) act(element)
}

/** From now on each such element is set up once, also one that comes later. */
export function part(selector, act) {
  const kind = [selector, act, new WeakSet()]
  kinds.push(kind)
  setUpKind(document, kind)
}

function setUpKind(root, [selector, act, ready]) {
  const once = (element) => {
    if (ready.has(element)) return
    ready.add(element)
    act(element)
  }
  if (root !== document && root.matches(selector)) once(root)
  each(root, selector, once)
}

/**
 * Sets up what is new in `root`. Whoever puts something into the page calls it. Modules of their own hear of it as `purser:new` on
 * document, whose target is `root`.
 */
export const setUp = (root) => {
  for (const kind of kinds) setUpKind(root, kind)
  root.dispatchEvent(new CustomEvent("purser:new", { bubbles: true }))
}

// What htmx brings, or morphs what is here into.
document.addEventListener("htmx:after:swap", () => setUp(document))
