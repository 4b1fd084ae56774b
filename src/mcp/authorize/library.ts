// The SDK's OAuth client, loaded with the first server that wants its person to sign in.
export const library = () =>
  require("@modelcontextprotocol/sdk/client/auth.js") as typeof import("@modelcontextprotocol/sdk/client/auth.js")
