// Redirects for scripts: a page's script that sends a form cannot see where a redirect leads, least of all to another site.
import { dialectOf } from "./dialects.ts"

/** Request header of our own scripts. Other origins cannot set it: it would need a preflight, which no page answers. */
const ASKED = "x-swap"
/** Where the redirect leads: the value of its `Location`. */
const TO = "x-location"

/** Whether a script of ours asks. */
export const isSwap = (request: Request): boolean => request.headers.get(ASKED) === "1"

/** A redirect as 204 with `x-location` for a script that asked so; every other response as it is. Cookies and other headers stay. */
export function forSwap(request: Request, path: string, response: Response): Response {
  const location = response.headers.get("location")
  const isRedirect = response.status >= 300 && response.status < 400 && location !== null
  if (!isRedirect || !isSwap(request) || dialectOf(path) !== "html") return response
  const headers = new Headers(response.headers)
  headers.delete("location")
  headers.set(TO, location)
  return new Response(null, { status: 204, headers })
}
