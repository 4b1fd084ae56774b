// The admin's addresses of tool servers that are recommended.
import type { PageEntry } from "../base/index.ts"

export const TOOL_SERVER_PAGES = [
  {
    path: "/admin/mcp",
    viewer: "admin",
    title: "Tool servers",
    nav: { group: "Admin", label: "Tool servers", icon: "tools", order: 44 },
    search: {
      text: "Tool servers (MCP) that you recommend to everybody.",
      words: "mcp catalogue recommended tools connectors admin",
    },
  },
  {
    path: "/admin/mcp/new",
    viewer: "admin",
    title: "Recommend a tool server",
    search: { text: "Put a tool server into the catalogue.", words: "mcp add catalogue tools admin" },
  },
  { path: "/admin/mcp/:recommended", viewer: "admin", title: "A recommended tool server" },
  { path: "/admin/mcp/:recommended/removal", viewer: "admin", title: "Remove a recommended tool server" },
] as const satisfies readonly PageEntry[]
