// The SDK's side of a server, loaded with the first client of a group.
export const library = () => ({
  ...(require("@modelcontextprotocol/sdk/server/index.js") as typeof import("@modelcontextprotocol/sdk/server/index.js")),
  ...(require("@modelcontextprotocol/sdk/server/webStandardStreamableHttp.js") as typeof import("@modelcontextprotocol/sdk/server/webStandardStreamableHttp.js")),
})
