// From an element to the string that is sent. Views are synchronous; a promise here is a programmer's error.

/** The HTML of a page or fragment; throws a TypeError when a view became asynchronous. */
export function html(element: JSX.Element): string {
  if (typeof element !== "string") throw new TypeError("views must be synchronous")
  return element
}
