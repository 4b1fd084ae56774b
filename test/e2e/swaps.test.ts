// What links and forms say that scripts put in place is there: on the page that they stand on and on the one that they lead to. The
// list of pages is the server's own.
import { afterAll, beforeAll, expect, test } from "bun:test"
import type { WebAgent } from "../../src/cli/demo/agent.ts"
import { ALL_PAGES } from "../../src/sites/public/index.ts"
import { signedIn } from "../browser/house.ts"
import { addressOf, openRouteWorld, type RouteWorld } from "../routes.ts"

interface Swap {
  href: string
  ids: string[]
}

interface Parts {
  layout: string
  ids: Set<string>
  swaps: Swap[]
  /** Links whose page a dialog lifts its question from. */
  dialogs: string[]
}

let world: RouteWorld
beforeAll(async () => {
  world = await openRouteWorld()
}, 30_000)
afterAll(() => world?.server.close())

function partsOf(html: string): Parts {
  const parts: Parts = { layout: "", ids: new Set(), swaps: [], dialogs: [] }
  new HTMLRewriter()
    .on("body", {
      element(element) {
        parts.layout = element.getAttribute("class") ?? ""
      },
    })
    .on("[id]", { element: (element) => void parts.ids.add(element.getAttribute("id")!) })
    .on("[data-swap]", {
      element(element) {
        const href = element.getAttribute("href") ?? element.getAttribute("action") ?? ""
        parts.swaps.push({ href: href.replaceAll("&amp;", "&"), ids: element.getAttribute("data-swap")!.split(" ") })
      },
    })
    // What a form keeps of the address is sent along.
    .on("form[data-swap] input[type=hidden]", {
      element(element) {
        const swap = parts.swaps.at(-1)!
        const [path = "", hash] = swap.href.split("#")
        const pair = new URLSearchParams({ [element.getAttribute("name")!]: element.getAttribute("value") ?? "" })
        swap.href = `${path}${path.includes("?") ? "&" : "?"}${pair}${hash ? `#${hash}` : ""}`
      },
    })
    .on("a[data-dialog]", {
      element: (element) => void parts.dialogs.push(element.getAttribute("href")!.replaceAll("&amp;", "&")),
    })
    .transform(html)
  return parts
}

async function problemsOf(agent: WebAgent, address: string): Promise<{ problems: string[]; looked: number }> {
  const here = partsOf((await agent.get(address)).text)
  const problems: string[] = []
  const there = async (href: string) => partsOf((await agent.get(new URL(href, address).href)).text)
  for (const { href, ids } of here.swaps) {
    const next = await there(href)
    if (next.layout !== here.layout) problems.push(`${href} has another layout`)
    for (const id of ids)
      if (!here.ids.has(id) || !next.ids.has(id)) problems.push(`${href} swaps #${id}, which is not on both pages`)
  }
  for (const href of here.dialogs)
    if (!(await there(href)).ids.has("confirm")) problems.push(`${href} has no question for a dialog`)
  return { problems, looked: here.swaps.length + here.dialogs.length }
}

test.each(["person", "developer", "admin"] as const)(
  "what the pages of a %s swap and ask is there",
  async (viewer) => {
    const agent = await signedIn(world.server, world[viewer].email)
    const found: Record<string, string[]> = {}
    let seen = 0
    for (const entry of ALL_PAGES) {
      if (entry.viewer !== viewer || (entry.kind ?? "page") !== "page") continue
      const { problems, looked } = await problemsOf(agent, addressOf(world, entry))
      seen += looked
      if (problems.length > 0) found[entry.path] = problems
    }
    expect(found).toEqual({})
    expect(seen).toBeGreaterThan(viewer === "developer" ? 0 : 5)
  },
  60_000,
)
