// Which tools an app may use, as consent and the apps page ask it: all, or groups by name. A product stands among them once an app named it.
import type { ToolAsk } from "../../../views/auth/tool-choice.tsx"
import type { UserId } from "../../app/index.ts"
import { type FieldDef, field } from "../../http/index.ts"
import type { Mcp } from "../../mcp/index.ts"
import { OAUTH_LIMITS, type Oauth, type ToolPaths } from "../../oauth/index.ts"

export interface ToolDeps {
  oauth: Pick<Oauth, "protectedResourceMetadata">
  mcp: Pick<Mcp, "groups" | "servers" | "pathOf">
}

/** The domain knows which there are. */
const PATHS: FieldDef<string[]> = {
  ...field.choices({ name: "tool", label: "Tools", options: [] as { value: string; label: string }[] }),
  read: (texts) => ({ value: texts.slice(0, OAUTH_LIMITS.toolsPerConsentMax) }),
}

export const TOOL_FIELDS = {
  reach: field.choice<string>({
    name: "tools",
    label: "Which tools",
    options: [
      { value: "all", label: "All my tools" },
      { value: "chosen", label: "Only these" },
    ],
    control: "radios",
    byDomain: true,
  }),
  paths: PATHS,
}

interface Sent {
  reach?: string | undefined
  paths?: string[] | undefined
}

/** Undefined: it was not asked. */
export function toolsSent({ reach, paths = [] }: Sent): ToolPaths | undefined {
  if (reach === "all") return null
  return reach === "chosen" ? paths : undefined
}

export const noTools = (sent: Sent): boolean => toolsSent(sent)?.length === 0

export const toolValues = (tools: ToolPaths) => ({
  reach: tools === null ? "all" : "chosen",
  paths: [...(tools ?? [])],
})

/** @param chosen null = all */
export function toolAsk(
  deps: ToolDeps,
  userId: UserId,
  { named, chosen }: { named: ToolPaths; chosen: ToolPaths },
): ToolAsk {
  const own = groupsOf(deps, userId)
  const shown = (path: string) => {
    const found = own.find((one) => one.path === path)
    const title = found?.title ?? toolsName(deps, path)
    return { path, title, servers: found?.servers ?? [], isOwn: found !== undefined }
  }
  if (named !== null) return { kind: "named", tools: named.map(shown) }
  const paths = [...new Set([...own.map(({ path }) => path), ...(chosen ?? [])])]
  const options = paths.map((path) => ({ ...shown(path), checked: chosen?.includes(path) ?? false }))
  return { kind: "all", isAll: chosen === null, options }
}

const groupsOf = ({ mcp }: ToolDeps, userId: UserId) =>
  mcp.groups(userId).map((group) => ({
    path: mcp.pathOf(group),
    title: group.title,
    servers: mcp.servers(group.id).map(({ title, name }) => title || name),
  }))

/** "Travel, Music"; null = all of them. */
export const toolTitles = (deps: ToolDeps, userId: UserId, tools: ToolPaths): string[] | undefined => {
  const own = groupsOf(deps, userId)
  return tools?.map((path) => own.find((one) => one.path === path)?.title ?? toolsName(deps, path))
}

/** What the server says of it to everybody, "API: weather". */
const toolsName = ({ oauth }: Pick<ToolDeps, "oauth">, path: string): string =>
  String(oauth.protectedResourceMetadata(path)?.resource_name ?? path)
