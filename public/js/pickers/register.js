// Parts with state of their own. Each is on the page before: a native control that is sent, and the part's markup, which the server made.

/** `make(element)` gives the component of `x-data="name"`, with methods in place of getters: it is spread. */
export const register = (name, make) => document.addEventListener("alpine:init", () => Alpine.data(name, () => make()))

/** The control that is sent gives its id, and with it its label and the links of errors, to the one that people use. */
export function takeId(native, input) {
  if (input.id === native.id) return
  const { id } = native
  native.id = `${id}-native`
  input.id = id
  // It had a name of its own until the label came.
  input.removeAttribute("aria-label")
}

/** As if a person had changed it: forms that apply by themselves hear of it. */
export function changed(native) {
  for (const kind of ["input", "change"]) native.dispatchEvent(new Event(kind, { bubbles: true }))
}
