// Servers that take one person of a browser for another.
import { type Mutant, one } from "./weaken.ts"

const CHOICE = "src/oauth/authorize/choose-account.ts"

export const WEAK_ACCOUNTS: readonly Mutant[] = [
  one(
    "a silent code for whoever else is signed in there, of an app nobody entered",
    CHOICE,
    'by(({ session }) => session.sid === usedSid) ?? "several"',
    "first!.session",
  ),
  one(
    "a silent code for whom the browser acts as, in place of the one who entered",
    "src/oauth/authorize/endpoint.ts",
    "isConsole(core, client) ? input.session : null,",
    "input.session,",
  ),
  one("a silent code for the other one under a hint", CHOICE, "return hinted ?? current", "return current"),
  one(
    "the choice of who signed out, taken by who stays",
    "src/identity/sessions.ts",
    '    rows.endSession(tx, row.parentId ?? row.id, "logout")',
    "",
  ),
  one(
    "an account that is signed in elsewhere, chosen by its id",
    "src/sites/auth/accounts.ts",
    "find((one) => one.publicId === publicId) ?? null",
    "find((one) => one.publicId === publicId) ?? everybody(people)[0] ?? null",
  ),
  one(
    "a proof of one person, used for the other",
    "src/identity/sessions.ts",
    "    if (found?.user.id === userId) return found",
    "    if (found) return found",
  ),
  one(
    "a sign-out that takes somebody else along",
    "src/sites/auth/logout.ts",
    "people.filter(({ publicId }) => publicId === account)",
    "people",
  ),
  {
    lets: "an approval in the name of the other one",
    edits: [
      {
        file: "src/oauth/authorize/endpoint.ts",
        from: '  const session = chosenBy(core, client, interaction, input)\n  if (session === null) return loginPage(core, client, interaction, "signed_out")\n  if (session === "several") return loginPage(core, client, interaction, "select_account")\n  return inBody(',
        to: '  const session = ("approve" in input && input.session) || chosenBy(core, client, interaction, input)\n  if (session === null || session === "several") return loginPage(core, client, interaction, "select_account")\n  return inBody(',
      },
      {
        file: "src/oauth/authorize/endpoint.ts",
        from: 'step.kind === "login" || interaction.shownTo !== user.id',
        to: 'step.kind === "login"',
      },
    ],
  },
  {
    lets: "the console switched to another account by a link",
    edits: [
      {
        file: "src/sites/console/login.ts",
        from: '...(asked.has("choose") ? { prompt: "select_account" } : {}),',
        to: 'login_hint: asked.get("login_hint") ?? "",',
      },
      {
        file: "src/sites/base/request.ts",
        from: "return session && !isOver ?",
        to: "return session ?",
      },
    ],
  },
]
