// The registry as Markdown, for docs/reference/webhooks.md: what stands behind the mark is made here, what stands before is written by hand.
import { type EventKind, eventsFor, eventWords } from "./events/index.ts"
import { typeName } from "./events/words.ts"

export const MARK = "<!-- From here on made of the registry: bun test/tools/webhook-reference.ts -->"

export function webhookReference(page: string): string {
  const [head = ""] = page.split(MARK)
  const parts = [
    "## Events of apps",
    ...eventsFor("app").map(eventText),
    "## Events of people",
    ...eventsFor("person").map(eventText),
  ]
  return `${head}${MARK}\n\n${parts.join("\n\n")}\n`
}

function eventText({ type, kind }: { type: string; kind: EventKind }): string {
  const rows = Object.entries(kind.data.properties).map(
    ([name, schema]) => `| \`${name}\` | ${typeName(schema)} | ${schema.description ?? ""} |`,
  )
  const table = rows.length === 0 ? [] : ["", "| field | type | |", "|---|---|---|", ...rows]
  const words = eventWords(kind)
  return [`### ${type}`, "", words, ...table, "", "```json", JSON.stringify(kind.example), "```"].join("\n")
}
