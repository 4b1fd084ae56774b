// Calls of models by clients whose base URL is a little wrong: without `/v1`, with two of them, or with a slash too many. SDKs show
// the body of a refusal as it comes, so it says what to change, in the shape that they read.

/** Of what stands below `/v1`. */
const CALLS =
  /^\/(?:models|chat\/completions|responses|messages|embeddings|images|audio|videos|moderations|rerank)(?:\/|$)/

/** What SDKs say: a page is nothing to them. Browsers take pages, and tools that say nothing take anything. */
export function wantsJson({ headers }: Request): boolean {
  const accept = headers.get("accept") ?? ""
  return accept.includes("application/json") && !accept.includes("text/html")
}

/**
 * @param path of a request that no route takes
 * @returns the path that its client means, and what to change in its base URL; null where it is something else
 */
export function astray(request: Request, path: string): { meant: string; hint: string } | null {
  const single = path.replace(/\/{2,}/g, "/")
  const isBelow = single.startsWith("/v1/")
  if (path !== single && (isBelow || CALLS.test(single)))
    return {
      meant: isBelow ? single : `/v1${single}`,
      hint: "Two slashes stand in a row: end the base URL of your client without one.",
    }
  if (path.startsWith("/v1/v1/"))
    return {
      meant: path.slice("/v1".length),
      hint: "Your client adds `/v1` by itself: leave it out at the end of its base URL.",
    }
  if ((request.method === "POST" || wantsJson(request)) && CALLS.test(path))
    return { meant: `/v1${path}`, hint: "Models are called below `/v1`: end the base URL of your client in `/v1`." }
  return null
}
