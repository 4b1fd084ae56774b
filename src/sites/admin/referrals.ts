// /admin/referrals: who brought whom, what was given, and what was refused and why.
import { AdminReferralsPage } from "../../../views/admin/referrals.tsx"
import { UserId } from "../../app/index.ts"
import type { ReferralState } from "../../referrals/index.ts"
import type { AdminDeps, AdminSite } from "./site.ts"

const PATH = "/admin/referrals"
const ROWS = 50
const STATES: readonly ReferralState[] = ["joined", "rewarded", "refused", "taken_back"]

type Deps = Pick<AdminDeps, "referrals" | "identity" | "clock">

export function referralRoutes(site: AdminSite, { referrals, identity, clock }: Deps): void {
  site.get(PATH, (page) => {
    const params = new URL(page.request.url).searchParams
    const show = STATES.find((state) => state === params.get("show")) ?? null
    const asked = /^\d{1,15}$/.exec(params.get("before") ?? "")?.[0]
    const found = referrals.page(show, asked === undefined ? null : Number(asked), ROWS + 1)
    const rows = found.slice(0, ROWS)
    const personOf = (id: UserId) => {
      const user = identity.userById(UserId(id))
      return user
        ? { name: user.name ?? user.email, href: `/admin/users/${user.publicId}` }
        : { name: "Somebody who left" }
    }
    const query = (more: Record<string, string>) =>
      `${PATH}?${new URLSearchParams({ ...(show ? { show } : {}), ...more })}`
    const props = {
      now: clock.now(),
      show,
      isOn: referrals.terms() !== null,
      rows: rows.map(({ referrerId, userId, state, why, rewardNano, joinedMs }) => ({
        by: personOf(referrerId),
        who: personOf(userId),
        state,
        why,
        rewardNano,
        joinedMs,
      })),
      firstHref: asked === undefined ? undefined : query({}),
      nextHref: found.length > ROWS ? query({ before: String(rows.at(-1)!.id) }) : undefined,
    }
    return page.render((frame) => AdminReferralsPage({ frame, ...props }))
  })
}
