// Lists in the documentation that the program makes of itself, so that they cannot be out of date.
import { ALL_PAGES } from "../sites/public/index.ts"
import { DECLARED } from "./parts.ts"

const cell = (text: string): string => text.replaceAll("|", "\\|").replaceAll("\n", " ").trim()

/** Every setting under *Settings*: what it is called, by pages and by programs, what it says of itself, what holds until it is changed. */
function settings(): string {
  const groups = Map.groupBy(DECLARED.settings, ({ group }) => group)
  return [...groups]
    .map(([group, some]) => {
      const rows = some.map(({ key, field: { look, write }, default: value }) => {
        const { label, help = "", prefix = "", suffix = "", options = [] } = look
        const typed = write(value)
        const words = typed.map((one) => options.find((option) => option.value === one)?.label ?? one).join(", ")
        const shown = words === "" ? "empty" : `${prefix}${words}${suffix === "" ? "" : ` ${suffix}`}`
        return `| ${cell(label)} | \`${key}\` | ${cell(help)} | ${cell(shown)} |`
      })
      return [`## ${group}`, "", "| setting | key | | until it is changed |", "|---|---|---|---|", ...rows].join("\n")
    })
    .join("\n\n")
}

/** Pages first, then what answers programs. */
function addresses(): string {
  const rows = (isPage: boolean) =>
    ALL_PAGES.filter(({ kind = "page" }) => (kind === "page") === isPage).map(
      ({ path, viewer, title, search }) =>
        `| \`${path}\` | ${viewer} | ${cell(title)}${search ? `. ${cell(search.text)}` : ""} |`,
    )
  const table = (title: string, some: readonly string[]) => [
    `## ${title}`,
    "",
    "| address | for | |",
    "|---|---|---|",
    ...some,
    "",
  ]
  return [...table("Pages", rows(true)), ...table("For programs", rows(false))].join("\n")
}

export const docsLists: Readonly<Record<string, () => string>> = { settings, addresses }
