// Every page of the server as its rightful viewer, in a world where each name wants to break it: valid HTML, axe in both themes,
// nothing wider than the window, nothing that moves, no console error. The list of routes is the server's own.
import { afterAll, beforeAll, expect, test } from "bun:test"
import type { Browser } from "playwright-core"
import type { Viewer } from "../../src/sites/base/index.ts"
import { ALL_PAGES } from "../../src/sites/public/index.ts"
import { addressOf, openRouteWorld, type RouteWorld } from "../routes.ts"
import { describeBrowser, launch, openTab, pageProblems, signIn } from "./kit.ts"

let world: RouteWorld
let browser: Browser

describeBrowser("every route, hostile names", () => {
  beforeAll(async () => {
    world = await openRouteWorld()
    browser = await launch()
  }, 120_000)
  afterAll(async () => {
    await browser?.close()
    await world?.server.close()
  })

  for (const viewer of ["anyone", "person", "developer", "admin"] as const satisfies readonly Viewer[]) {
    test.concurrent(viewer, async () => {
      const tab = await openTab(browser, world.server, { withAxe: true })
      let alerts = 0
      tab.page.on("dialog", (dialog) => {
        alerts++
        void dialog.dismiss()
      })
      if (viewer !== "anyone") await signIn(tab.page, world.server, world[viewer].email)
      const found: Record<string, string[]> = {}
      for (const entry of ALL_PAGES) {
        const pattern = entry.path
        if (entry.viewer !== viewer || (entry.kind ?? "page") !== "page") continue
        const look = async () => {
          await tab.page.goto(addressOf(world, entry))
          // The page of parts shows each of them twice: in light and in dark.
          return await pageProblems(tab.page, pattern === "/_ui" ? ["landmark-unique"] : [])
        }
        let problems = await look()
        // A page that moves does so each time; one of which a busy machine painted a part first does not.
        if (problems.some((one) => one.startsWith("moved"))) problems = await look()
        if (problems.length > 0) found[pattern] = problems
      }
      expect({ found, problems: tab.problems, alerts }).toEqual({ found: {}, problems: [], alerts: 0 })
      await tab.context.close()
    }, 600_000)
  }
})
