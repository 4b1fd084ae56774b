// The picture of a person: for themselves, in the sidebar.
import { button } from "../../http/index.ts"
import { savePicture } from "../base/index.ts"
import { AVATAR_FORM } from "./avatar-form.ts"
import { settings } from "./settings.ts"
import type { ConsoleDeps, ConsoleSite } from "./site.ts"

export function avatarRoutes(
  site: ConsoleSite,
  deps: Pick<ConsoleDeps, "media" | "web" | "identity" | "clock" | "plans" | "kept" | "places" | "gateway">,
): void {
  const { media } = deps
  site.post("/settings/picture", {
    form: AVATAR_FORM,
    async act(page, sent) {
      const { publicId, userId } = page.session
      const place = { purpose: "avatar", subject: publicId, ownerId: userId } as const
      await savePicture(media, page.ctx("changed their picture"), place, sent)
      return { to: "/settings", say: "Your picture is saved." }
    },
    show: (page, picture, _, status) => settings(deps, page, { picture }, status),
  })
  site.post("/settings/picture/removal", {
    form: button("Remove picture"),
    async act(page) {
      const place = { purpose: "avatar", subject: page.session.publicId } as const
      await media.show(page.ctx("removed their picture"), place, null)
      return { to: "/settings", say: "Your picture is removed." }
    },
    back: () => "/settings",
  })
}
