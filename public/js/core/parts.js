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
  each(root, selector, (element) => {
    if (ready.has(element)) return
    ready.add(element)
    act(element)
  })
}

/** Sets up what is new below `root`. Whoever puts something into the page calls it. */
export const setUp = (root) => {
  for (const kind of kinds) setUpKind(root, kind)
}
