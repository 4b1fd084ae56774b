// How the pages look: the theme that anybody may choose, and in demo mode every part in every state on one page.
import { Elysia } from "elysia"
import type { Theme } from "../../../views/layout/index.ts"
import { GalleryConfirmPage, GalleryPage } from "../../../views/ui-gallery/index.ts"
import { ensure } from "../../app/index.ts"
import { localPath } from "../../http/index.ts"
import type { PublicDeps } from "./index.ts"

const NO_PARSE = { parse: "none" } as const

export function lookRoutes({ web, clock, userOf }: Pick<PublicDeps, "web" | "clock" | "userOf">) {
  return new Elysia()
    .post(
      "/theme",
      async ({ request }) => {
        const form = await web.form(request)
        const back = localPath(form.get("back"), web.origin, "/")
        return web.back(back, undefined, [web.themeCookie(form.get("theme") as Theme)])
      },
      NO_PARSE,
    )
    .get("/_ui", ({ request }) => {
      ensure(web.demo, "not_found", "There is nothing here. Check the address for a typing mistake.")
      const width = new URL(request.url).searchParams.get("width")
      return web.page(request, userOf(request), (frame) => GalleryPage({ frame, now: clock.now(), width }))
    })
    .get("/_ui/confirm", ({ request }) => {
      ensure(web.demo, "not_found", "There is nothing here. Check the address for a typing mistake.")
      return web.page(request, userOf(request), (frame) => GalleryConfirmPage({ frame }))
    })
}
