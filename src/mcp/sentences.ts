// What the audit log says of tool servers.
import { type Sentences, said } from "../part/index.ts"

const named = (name: unknown): string => (typeof name === "string" ? name : "a tool")

export const MCP_SENTENCES: Sentences = {
  "mcp_group.created": {
    topic: "access",
    label: "Tool group made",
    say: ({ who, what }) => said`${who} made the tool group ${what}`,
  },
  "mcp_group.renamed": {
    topic: "access",
    label: "Tool group renamed",
    say: ({ who, what }) => said`${who} renamed the tool group ${what}`,
  },
  "mcp_group.removed": {
    topic: "access",
    label: "Tool group removed",
    say: ({ who, what }) => said`${who} removed the tool group ${what} with its servers`,
  },
  "mcp_server.added": {
    topic: "access",
    label: "Tool server added",
    say: ({ who, what }) => said`${who} added the tool server ${what}`,
  },
  "mcp_server.turned": {
    topic: "access",
    label: "Tool server turned on or off",
    say: ({ who, what, after }) => said`${who} turned the tool server ${what} ${after.active === true ? "on" : "off"}`,
  },
  "mcp_server.credential_changed": {
    topic: "access",
    label: "Credential of a tool server changed",
    say: ({ who, what }) => said`${who} changed the credential of the tool server ${what}`,
  },
  "mcp_server.client_set": {
    topic: "access",
    label: "OAuth client of a tool server entered",
    say: ({ who, what }) => said`${who} entered an OAuth client for the tool server ${what}`,
  },
  "mcp_server.signed_in": {
    topic: "access",
    label: "Signed in at a tool server",
    say: ({ who, what }) => said`${who} signed in at the tool server ${what}`,
  },
  "mcp_server.removed": {
    topic: "access",
    label: "Tool server removed",
    say: ({ who, what }) => said`${who} removed the tool server ${what}`,
  },
  "mcp_server.approved": {
    topic: "access",
    label: "Tools approved",
    say: ({ who, what }) => said`${who} approved what the tool server ${what} offers`,
  },
  "mcp_recommended.added": {
    topic: "settings",
    label: "Tool server recommended",
    say: ({ who, what }) => said`${who} recommended the tool server ${what}`,
  },
  "mcp_recommended.changed": {
    topic: "settings",
    label: "Recommended tool server changed",
    say: ({ who, what }) => said`${who} changed the recommended tool server ${what}`,
  },
  "mcp_recommended.turned": {
    topic: "settings",
    label: "Recommended tool server turned on or off",
    say: ({ who, what, after }) =>
      said`${who} turned the recommended tool server ${what} ${after.active === true ? "on" : "off"}`,
  },
  "mcp_recommended.moved": {
    topic: "settings",
    label: "Recommended tool server moved",
    say: ({ who, what }) => said`${who} moved the recommended tool server ${what} up`,
  },
  "mcp_recommended.removed": {
    topic: "settings",
    label: "Recommended tool server removed",
    say: ({ who, what }) => said`${who} took the tool server ${what} out of the catalogue`,
  },
  "mcp_tool.turned": {
    topic: "access",
    label: "Tool turned on or off",
    say: ({ who, what, after }) =>
      said`${who} turned ${named(after.tool)} of ${what} ${after.active === true ? "on" : "off"}`,
  },
}
