// How the pages look: the theme that anybody may choose, and in demo mode every part in every state on one page.
import { GalleryConfirmPage, GalleryPage, galleryOptions } from "../../../views/ui-gallery/index.ts"
import { ensure } from "../../app/index.ts"
import { field, form, localPath } from "../../http/index.ts"
import type { PublicDeps, PublicSite } from "./site.ts"

const THEME_FORM = form(
  {
    theme: field.choice({
      label: "Theme",
      options: [
        { value: "system", label: "Same as this device" },
        { value: "light", label: "Light" },
        { value: "dark", label: "Dark" },
      ],
    }),
    back: field.hidden({ label: "Where it was chosen" }),
  },
  { submit: "Save theme" },
)

export function lookRoutes(
  site: PublicSite,
  { web, clock, brandSheet, brandTouch }: Pick<PublicDeps, "web" | "clock" | "brandSheet" | "brandTouch">,
): void {
  site.open("/brand.css", (request) => {
    const { text, version } = brandSheet()
    const isNamed = new URL(request.url).searchParams.get("v") === version
    return new Response(text, {
      headers: {
        "content-type": "text/css; charset=utf-8",
        // Without its mark an address may mean another colour tomorrow.
        "cache-control": isNamed ? "public, max-age=31536000, immutable" : "no-cache",
        "x-content-type-options": "nosniff",
      },
    })
  })

  site.open("/touch.png", async (request) => {
    const touch = brandTouch()
    ensure(touch, "not_found", "There is no such picture.")
    const isNamed = new URL(request.url).searchParams.get("v") === touch.id
    return new Response(Uint8Array.from(await touch.png), {
      headers: {
        "content-type": "image/png",
        "cache-control": isNamed ? "public, max-age=31536000, immutable" : "no-cache",
        "x-content-type-options": "nosniff",
      },
    })
  })

  const demoOnly = () => ensure(web.demo, "not_found", "There is nothing here. Check the address for a typing mistake.")

  site.post("/theme", {
    load: (_page, _params, sent) => localPath(sent("back"), web.origin, "/"),
    form: THEME_FORM,
    act: async (_, { theme }, back) => ({ to: back, cookies: [web.themeCookie(theme)] }),
    back: (back) => back,
  })
  site.get("/_ui", (page) => {
    demoOnly()
    const { searchParams } = new URL(page.request.url)
    const [width, part] = [searchParams.get("width"), searchParams.get("part")]
    return page.render((frame) => GalleryPage({ frame, now: clock.now(), width, part }))
  })
  site.get("/_ui/options", (page) => {
    demoOnly()
    return Response.json(galleryOptions(new URL(page.request.url).searchParams.get("q") ?? ""))
  })
  site.get("/_ui/confirm", (page) => {
    demoOnly()
    return page.render((frame) => GalleryConfirmPage({ frame }))
  })
}
