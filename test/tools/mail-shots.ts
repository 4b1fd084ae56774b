// Looks at every mail: draws each case of each letter in light and dark, wide and on a phone, runs axe in both, and writes its plain text
// beside. `bun test/tools/mail-shots.ts [out folder] [kind part]`. Exits 1 on any finding, overflow, or anything that a mail loads.
import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { chromium } from "playwright-core"
import { accentOf } from "../../src/brand/index.ts"
import { DECLARED } from "../../src/compose/parts.ts"
import { render } from "../../src/mail/index.ts"
import { isOptional } from "../../src/notices/index.ts"

const { light, dark } = accentOf("#0b6aa2")
const HOUSE = {
  productName: "Purser",
  baseUrl: "https://ai.example.com",
  look: {
    accent: { light: light.accent, dark: dark.accent },
    operator: ["Harbour AI GmbH", "Kaistraße 1", "20457 Hamburg"],
    contact: "help@ai.example.com",
  },
}
const OFF = `${HOUSE.baseUrl}/notices/off?who=usr_01KAZ3V9M4N8T2X6Q7R5S1P0WH&kind=plan_paid&sign=3f1c9a0d5e`
const out = process.argv[2] ?? mkdtempSync(join(tmpdir(), "purser-mails-"))
const only = process.argv[3] ?? ""
mkdirSync(out, { recursive: true })

interface Axe {
  run(): Promise<{ violations: { id: string; help: string; nodes: { html: string }[] }[] }>
}
const axe = readFileSync(Bun.resolveSync("axe-core/axe.min.js", import.meta.dir), "utf8")
const problems: string[] = []
const args = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-sync"]
const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args })
const tab = await (await browser.newContext()).newPage()
let here = ""
tab.on("request", (request) => {
  if (!request.url().startsWith("data:") && request.url() !== "about:blank")
    problems.push(`${here}: loads ${request.url()}`)
})

for (const letter of DECLARED.letters.filter(({ kind }) => kind.includes(only))) {
  for (const [index, data] of [letter.sample, ...(letter.others ?? [])].entries()) {
    const name = `${letter.kind}.${index + 1}`
    const { subject, text, html } = render(letter, data, HOUSE, isOptional(letter.kind) ? OFF : null)
    writeFileSync(join(out, `${name}.txt`), `Subject: ${subject}\n\n${text}\n`)
    for (const colorScheme of ["light", "dark"] as const) {
      for (const width of [360, 760]) {
        here = `${name} ${colorScheme} ${width}`
        await tab.emulateMedia({ colorScheme })
        await tab.setViewportSize({ width, height: 600 })
        await tab.setContent(html)
        const wide = await tab.evaluate(() => document.documentElement.scrollWidth - innerWidth)
        if (wide > 0) problems.push(`${here}: ${wide} px too wide`)
        await tab.screenshot({ path: join(out, `${name}.${colorScheme}.${width}.png`), fullPage: true })
        if (width > 360) continue
        await tab.evaluate(axe)
        const { violations } = await tab.evaluate(() => (globalThis as unknown as { axe: Axe }).axe.run())
        // A mail is no page: what it stands in has the landmarks.
        for (const { id, help, nodes } of violations.filter(
          (each) => !["region", "landmark-one-main"].includes(each.id),
        ))
          problems.push(`${here}: ${id}: ${help}: ${nodes[0]!.html.slice(0, 160)}`)
      }
    }
  }
}

await browser.close()
console.log(out)
console.log(problems.length === 0 ? "nothing found" : problems.join("\n"))
process.exit(problems.length === 0 ? 0 : 1)
