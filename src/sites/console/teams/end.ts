// Leaving a team, handing it over, deleting it: each says first what is lost.
import { TeamEndPage, TeamLeavePage, TeamOwnerPage, teamPath } from "../../../../views/console/team-people.tsx"
import { nano } from "../../../app/index.ts"
import { button, field, form } from "../../../http/index.ts"
import { principal } from "../../../ledger/index.ts"
import type { PageRequest } from "../../base/index.ts"
import type { ConsoleSite } from "../site.ts"
import { nameOf, refOf, type TeamDeps } from "./of.ts"

const OWNER_FORM = form(
  { member: field.choice<string>({ label: "New owner", wrong: "Choose one of your team.", options: [] }) },
  { submit: "Hand the team over" },
)
const END_FORM = form(
  {
    forfeit: field.box({
      label: "Give up the credits that are left",
      missing: "Tick the box, or spend the credits first.",
    }),
  },
  { submit: "Delete the team", danger: true },
)
const MODES = ["live", "test"] as const

export function endRoutes(site: ConsoleSite, deps: TeamDeps): void {
  leaveRoute(site, deps)
  ownerRoute(site, deps)
  deletionRoute(site, deps)
}

const shown = ({ publicId: id, name }: { publicId: string; name: string }) => ({ id, name })

function leaveRoute(site: ConsoleSite, { teams, store }: TeamDeps): void {
  site.form("/teams/:team/leaving", {
    load: (page, { team }) => shown(teams.membership(refOf(page, team), "see").team),
    form: button("Leave the team", true),
    async act(page, _, team) {
      await store.write(page.ctx("left a team"), (tx) => teams.leaveIn(tx, refOf(page, team.id)))
      return { to: "/teams", say: `You left ${team.name}.` }
    },
    show: (page, view, team, status) => page.render((frame) => TeamLeavePage({ frame, team, form: view }), status),
  })
}

function ownerRoute(site: ConsoleSite, { teams, store, identity }: TeamDeps): void {
  site.form("/teams/:team/owner", {
    load(page, { team: publicId }) {
      const ref = refOf(page, publicId)
      const { team } = teams.membership(ref, "own")
      const others = teams.membersOf(ref).filter(({ userId }) => userId !== ref.userId)
      return {
        team: shown(team),
        options: others.flatMap(({ userId }) => {
          const person = identity.userById(userId)
          return person ? [{ value: person.publicId, label: nameOf(person) }] : []
        }),
      }
    },
    form: OWNER_FORM,
    adapt: (view, { options }) => view.with({ member: { options } }),
    fresh: true,
    async act(page, { member }, { team }) {
      await store.write(page.ctx("handed a team over"), (tx) =>
        teams.handOverIn(tx, { ...refOf(page, team.id), member }),
      )
      return { to: teamPath(team.id), say: `${team.name} has another owner now. You are an admin of it.` }
    },
    show: (page, view, { team, options }, status) =>
      page.render((frame) => TeamOwnerPage({ frame, team, isAlone: options.length === 0, form: view }), status),
  })
}

function deletionRoute(site: ConsoleSite, { teams, store, ledger }: TeamDeps): void {
  site.form("/teams/:team/deletion", {
    load(page: PageRequest, { team: publicId }: { team: string }) {
      const { team } = teams.membership(refOf(page, publicId), "own")
      const left = MODES.map((mode) => ledger.wallet(principal(team.id), mode))
      return {
        team: shown(team),
        left: nano(left[0]!.balanceNano),
        isEmpty: left.every(({ lots }) => lots.length === 0),
      }
    },
    form: END_FORM,
    adapt: (view, { isEmpty }) => (isEmpty ? (view.with({ forfeit: null }) as unknown as typeof END_FORM) : view),
    fresh: true,
    async act(page, { forfeit }, { team }) {
      const input = { ...refOf(page, team.id), forfeit: forfeit ?? false }
      await store.write(page.ctx("deleted a team"), (tx) => teams.endIn(tx, input))
      return { to: "/teams", say: `${team.name} is deleted.` }
    },
    show: (page, view, { team, left, isEmpty }, status) =>
      page.render((frame) => TeamEndPage({ frame, team, left: isEmpty ? null : left, form: view }), status),
  })
}
