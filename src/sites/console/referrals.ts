// /referrals: a person's own link, and what became of those who came by it.
import { ReferralsPage } from "../../../views/console/referrals.tsx"
import { button } from "../../http/index.ts"
import type { ConsoleDeps, ConsoleSite } from "./site.ts"

const PATH = "/referrals"
/** More than that are not shown: what they brought stands in Credits. */
const SHOWN = 100

type Deps = Pick<ConsoleDeps, "referrals" | "store" | "clock" | "web">

export function referralRoutes(site: ConsoleSite, { referrals, store, clock, web }: Deps): void {
  site.get(PATH, (page) => {
    const { userId } = page.session
    const code = referrals.linkOf(userId)
    const shown = referrals.ofReferrer(userId, SHOWN)
    const props = {
      now: clock.now(),
      terms: referrals.terms(),
      link: code && `${web.origins.hosts.auth}/join/${code}`,
      people: shown.map(({ state, rewardNano, joinedMs }) => ({ state, rewardNano, joinedMs })),
    }
    return page.render((frame) => ReferralsPage({ frame, ...props }))
  })
  site.post(`${PATH}/link`, {
    form: button("Make my link"),
    async act(page) {
      await store.write(page.ctx("made a link to bring people"), (tx) => referrals.linkIn(tx, page.session.userId))
      return { to: PATH, say: "Your link is below." }
    },
    back: () => PATH,
  })
}
