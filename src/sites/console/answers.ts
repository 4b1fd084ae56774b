// POST /settings/answers: a person lets apps keep answers, or lets them no more.
import { undoTo } from "../base/index.ts"
import { ANSWERS_ACTION, ANSWERS_FORM } from "./answers-form.ts"
import { settings } from "./settings.ts"
import type { ConsoleDeps, ConsoleSite } from "./site.ts"

type Deps = Parameters<typeof settings>[0] & Pick<ConsoleDeps, "kept">

export function answersRoutes(site: ConsoleSite, deps: Deps): void {
  site.post(ANSWERS_ACTION, {
    form: ANSWERS_FORM,
    async act(page, { keep }) {
      const { userId, publicId } = page.session
      const wasOn = deps.kept.isOn(userId)
      const ctx = page.ctx(keep ? "lets apps keep answers" : "lets apps keep answers no more")
      await deps.kept.turn(ctx, { userId, userPublicId: publicId, on: keep })
      if (!keep) return { to: "/settings", say: "Answers are not kept. What was kept is deleted." }
      const say = `Apps can keep answers now, for ${deps.kept.days()} days.`
      // Turning it off deletes; there was nothing before it was on.
      return wasOn
        ? { to: "/settings", say }
        : { to: "/settings", say, undo: undoTo(ANSWERS_ACTION, ANSWERS_FORM, { keep: false }) }
    },
    show: (page, answers, _, status) => settings(deps, page, { answers }, status),
  })
}
