// /test-sign-in/:token: the sign-in link of a test user, as its developer made it. Opening the page uses nothing up; its button does, and leads
// to the apps that this test user gets into. Whoever is signed in to the browser stays who they are.
import { MessagePage } from "../../../views/auth/message.tsx"
import { TestSignedInPage, TestSignInPage } from "../../../views/auth/test-sign-in.tsx"
import { button, seeOther } from "../../http/index.ts"
import type { TestUserLink } from "../../identity/index.ts"
import type { Client } from "../../oauth/index.ts"
import type { BaseRequest, Status } from "../base/index.ts"
import { cookiesAfterSignIn, everybody, peopleOf } from "./accounts.ts"
import { type AuthDeps, type AuthSite, visitorOf } from "./site.ts"

const PATH = "/test-sign-in"
const CLOSED = {
  title: "This link no longer works",
  text: "Sign-in links of test users work once and for 10 minutes. Their developer makes another one under Test users.",
}

export function testSignInRoutes(site: AuthSite, deps: AuthDeps): void {
  const { web, identity } = deps
  site.get(PATH, (page) => signedInPage(deps, page))
  site.form(`${PATH}/:testlink`, {
    load: (_, params) => params.testlink,
    form: button("Sign in as this test user"),
    async act({ request }, _, token) {
      const started = await identity.claimTestUserLink(visitorOf(web, request), token)
      return { to: PATH, cookies: cookiesAfterSignIn(deps, request, started, "app") }
    },
    show(page, form, token, status) {
      const link = identity.testUserLinkOf(token)
      if (!link) return page.render((frame) => MessagePage({ frame, ...CLOSED }), { status: 404 })
      const { user, developerId } = link
      const developer = deps.developerName(developerId)
      const here = whoIsHere(deps, page, link)
      const shown: Status | undefined = here.stranger === undefined ? status : { status: 409 }
      return page.render((frame) => TestSignInPage({ frame, user, developer, form, ...here }), shown)
    },
  })
}

/** Who would go on beside this test user, by address; a stranger to its developer keeps the link closed. */
function whoIsHere(deps: AuthDeps, { request }: BaseRequest, { developerId }: TestUserLink) {
  const people = everybody(peopleOf(deps, request))
  return {
    own: people.find(({ userId }) => userId === developerId)?.email,
    stranger: people.find(({ userId, testOf }) => userId !== developerId && testOf !== developerId)?.email,
  }
}

/** Whoever signed in last of the test users here, and where they get in. */
function signedInPage(deps: AuthDeps, page: BaseRequest): Response {
  const people = everybody(peopleOf(deps, page.request))
  const user = people.filter(({ testOf }) => testOf !== null).sort((a, b) => b.sessionId - a.sessionId)[0]
  if (!user || user.testOf === null) return seeOther("/login")
  const own = people.find(({ userId }) => userId === user.testOf)?.email
  const apps = deps.oauth
    .clientsOf(user.testOf)
    .filter(({ mode, removedMs, suspendedMs }) => mode === "test" && removedMs === null && suspendedMs === null)
    .map((client) => ({ name: client.name, href: siteOf(client) }))
  const shown = { name: user.name ?? user.email, email: user.email }
  return page.render((frame) => TestSignedInPage({ frame, user: shown, own, apps }))
}

/** Where an app is on the web; undefined: it is no web app. */
function siteOf({ homepageUrl, redirectUris }: Client): string | undefined {
  if (homepageUrl) return homepageUrl
  const uri = redirectUris.find((one) => /^https?:/.test(one))
  return uri && new URL("/", uri).href
}
