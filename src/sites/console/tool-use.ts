// What each app used of a group of tools, over days: on the group's page, and as a file.
import type { ToolUseShown } from "../../../views/console/tool-use.tsx"
import { nameOfDay } from "../../analytics/index.ts"
import { CsvNumber, creditsDecimal, csvLine, dayOf } from "../../app/index.ts"
import { csvHeaders } from "../../http/index.ts"
import type { Group } from "../../mcp/index.ts"
import type { PageRequest } from "../base/index.ts"
import type { ConsoleDeps } from "./site.ts"

type Deps = Pick<ConsoleDeps, "clock" | "usage" | "oauth">

const RANGES = [7, 30, 90] as const
const USUAL = 30

const daysOf = ({ request }: PageRequest): number => {
  const asked = Number(new URL(request.url).searchParams.get("days"))
  return RANGES.find((days) => days === asked) ?? USUAL
}

/** Nothing of it is scanned: days of the person's own wallet, and the charges that are not in them yet. */
export function toolUse({ clock, usage, oauth }: Deps, page: PageRequest, { name: group }: Group): ToolUseShown {
  const days = daysOf(page)
  const toDay = dayOf(clock.now())
  const { userId } = page.session
  const range = { fromDay: toDay - days + 1, toDay }
  const rows = usage.toolsByClient({ userId, mode: "live", group, ...range }).map((row) => ({
    app: row.clientId === null ? null : (oauth.clientById(row.clientId)?.name ?? "An app that is gone"),
    calls: row.calls,
    failed: row.errors,
    spent: row.collectedNano,
    lastDay: nameOfDay(row.lastDay),
  }))
  return { days, ranges: RANGES, rows }
}

const HEAD = ["app", "calls", "failed", "spent_credits", "last_day"]

export function toolUseCsv(deps: Deps, page: PageRequest, group: Group): Response {
  const { rows, days } = toolUse(deps, page, group)
  const lines = rows.map(({ app, calls, failed, spent, lastDay }) =>
    csvLine([app ?? "", calls, failed, new CsvNumber(creditsDecimal(spent)), lastDay]),
  )
  return new Response(csvLine(HEAD) + lines.join(""), { headers: csvHeaders(`tools-${group.name}-${days}-days.csv`) })
}
