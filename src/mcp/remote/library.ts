// The SDK, loaded with the first server that is asked: a house without tool servers does not pay for it.
export const library = () => ({
  ...(require("@modelcontextprotocol/sdk/client/index.js") as typeof import("@modelcontextprotocol/sdk/client/index.js")),
  ...(require("@modelcontextprotocol/sdk/client/streamableHttp.js") as typeof import("@modelcontextprotocol/sdk/client/streamableHttp.js")),
  ...(require("@modelcontextprotocol/sdk/client/sse.js") as typeof import("@modelcontextprotocol/sdk/client/sse.js")),
})

export const words = () =>
  require("@modelcontextprotocol/sdk/types.js") as typeof import("@modelcontextprotocol/sdk/types.js")

/** Schemas of strangers are passed on, never compiled here: a pattern in one could stop the server. */
export const NO_VALIDATION = {
  getValidator: () => (input: unknown) => ({ valid: true as const, data: input as never, errorMessage: undefined }),
}
