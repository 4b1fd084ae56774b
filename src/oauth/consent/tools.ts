// Which tools the scope `mcp` opens to an app: all of a person's, those they chose, or those that it named in `resource`. Pure.
import type { Consent, Scope, ToolPaths } from "../types.ts"

/** What an app is asked about: single ones that it named; null = all. */
export type NamedTools = ToolPaths

/** Whether an earlier answer says nothing of what is asked for now. A choice among all is an answer about all. */
export function wantsOtherTools(consent: Consent, scopes: readonly Scope[], named: NamedTools): boolean {
  if (!scopes.includes("mcp") || !consent.scopes.includes("mcp")) return false
  return named === null ? consent.toolsNarrow : named.some((path) => !opensTools(consent.tools, path))
}

export const opensTools = (tools: ToolPaths, path: string): boolean => tools === null || tools.includes(path)

/** Whether more is open than before. */
export const isWider = (before: ToolPaths, after: ToolPaths): boolean =>
  before !== null && (after === null || after.some((path) => !before.includes(path)))

export interface ToolAnswer {
  named: NamedTools
  /** The scope was ticked. */
  isGiven: boolean
  /** Of all; undefined = not said. */
  chosen: ToolPaths | undefined
}
interface ToolsGiven {
  tools: ToolPaths
  isNarrow: boolean
  /** Others stay allowed, so the scope does, though this time it was not given. */
  keepsScope: boolean
}

/** What stands after an answer; those that were not asked for stay as they were. @param standing null: nothing stands */
export function toolsAfter(standing: Consent | null, { named, isGiven, chosen }: ToolAnswer): ToolsGiven {
  const before = standing?.scopes.includes("mcp") ? standing : null
  if (named === null) {
    const tools = isGiven ? (chosen === undefined ? (before?.tools ?? null) : chosen) : []
    return { tools, isNarrow: false, keepsScope: false }
  }
  const isNarrow = standing === null || !knows(standing) || standing.toolsNarrow
  if (isGiven) {
    const tools = before === null ? named : before.tools === null ? null : union(before.tools, named)
    return { tools, isNarrow, keepsScope: true }
  }
  const left = before?.tools?.filter((path) => !named.includes(path)) ?? []
  return { tools: left, isNarrow, keepsScope: left.length > 0 }
}

/** Somebody answered about this scope before. */
const knows = ({ scopes, declined }: Consent): boolean => scopes.includes("mcp") || declined.includes("mcp")

const union = (one: readonly string[], other: readonly string[]): string[] =>
  [...new Set([...one, ...other])].toSorted()
