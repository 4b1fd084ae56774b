// Inviting: by mail, or by a link that is shown once to whoever invites. Both count for one address alone.
import { TeamInvitePage, teamPath } from "../../../../views/console/team-people.tsx"
import { button, field, form } from "../../../http/index.ts"
import { GIVEN_ROLES, mayGive, ROLE_WORDS, type Role } from "../../../teams/index.ts"
import type { ConsoleSite } from "../site.ts"
import { refOf, type TeamDeps } from "./of.ts"

const HELP: Readonly<Record<Role, string>> = {
  owner: "Answers for the team.",
  admin: "Everything but naming admins, handing over and deleting the team.",
  billing: "Sees balance and use, buys credits, reads invoices.",
  viewer: "Sees the team, its balance and use, and changes nothing.",
}

/** Roles that this one may give, as options of a form. */
export const roleOptions = (by: Role) =>
  GIVEN_ROLES.filter((role) => mayGive(by, role)).map((value) => {
    const words = ROLE_WORDS[value]
    return { value, label: `${words.slice(0, 1).toUpperCase()}${words.slice(1)}`, help: HELP[value] }
  })

const INVITE_FORM = form(
  {
    email: field.email({
      label: "Email address",
      required: true,
      autocomplete: "off",
      help: "The invitation counts for this address alone. Whoever accepts it has to have proved that it is theirs.",
    }),
    role: field.choice({ label: "Role", control: "radios", wrong: "Choose a role.", options: roleOptions("owner") }),
    way: field.choice({
      label: "How it gets there",
      control: "radios",
      wrong: "Choose one of the two.",
      options: [
        { value: "mail", label: "By mail", help: "We send the link to this address." },
        { value: "link", label: "I send the link myself", help: "You see it once, on the next page." },
      ],
    }),
  },
  { submit: "Invite" },
)

export function inviteRoutes(site: ConsoleSite, { teams, store }: TeamDeps): void {
  site.form("/teams/:team/invitation", {
    load: (page, { team }) => teams.membership(refOf(page, team), "members"),
    form: INVITE_FORM,
    adapt: (view, { role }) => view.with({ role: { options: roleOptions(role) } }),
    present: () => ({ role: "viewer" as const, way: "mail" as const }),
    fresh: true,
    async act(page, values, { team }) {
      const input = { ...refOf(page, team.publicId), ...values }
      const { link } = await store.write(page.ctx("invited somebody to a team"), (tx) => teams.inviteIn(tx, input))
      const to = teamPath(team.publicId)
      return values.way === "link"
        ? { to, secret: link }
        : { to, say: "The invitation is sent. It ends in seven days." }
    },
    show: (page, view, { team }, status) =>
      page.render(
        (frame) => TeamInvitePage({ frame, team: { id: team.publicId, name: team.name }, form: view }),
        status,
      ),
  })
  site.post("/teams/:team/invitations/:teaminvite/revocation", {
    load: (page, { team, teaminvite }) => {
      const { team: of } = teams.membership(refOf(page, team), "members")
      return { team: of, invite: teaminvite }
    },
    form: button("Take it back"),
    async act(page, _, { team, invite }) {
      const ref = { ...refOf(page, team.publicId), invite }
      await store.write(page.ctx("took an invitation back"), (tx) => teams.revokeInviteIn(tx, ref))
      return { to: teamPath(team.publicId), say: "The invitation opens nothing any more." }
    },
    back: ({ team }) => teamPath(team.publicId),
  })
}
