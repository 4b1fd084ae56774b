// The states that pages can be in, by who looks. Steps may go on from where the scene before has ended. Pages that need no steps and no
// name of their own are added from the sites' lists (shoot.ts).
import type { Page } from "playwright-core"
import type { App } from "../../src/compose.ts"
import type { User } from "../../src/identity/index.ts"
import type { Client } from "../../src/oauth/index.ts"
import { CTX, PASSWORD } from "../build.ts"
import type { Scenes } from "./shoot.ts"

/** A server after its month. */
export interface Lived {
  app: App
  url: string
  ada: User
  suspended: User
  /** With a month of calls. */
  busyApp: Client
  /** Nobody has called it yet. */
  quietApp: Client
}

export const press = (page: Page, name: string | RegExp) =>
  page.getByRole("button", { name, exact: typeof name === "string" }).click()
/** The first link of this name, which opens a dialog. */
async function open(page: Page, name: string): Promise<void> {
  await page.getByRole("link", { name, exact: true }).first().click()
  await page.locator("dialog[open]").waitFor()
}

/** The page behind the first link of this name, as it is without scripts. */
async function follow(page: Page, url: string, name: string | RegExp): Promise<void> {
  const href = await page
    .getByRole("link", { name, exact: typeof name === "string" })
    .first()
    .getAttribute("href")
  await page.goto(new URL(href!, url).href)
}

/** An address that asks Ada for her consent to an app she has not met. */
export const authorizeOf = ({ quietApp }: Lived, more: Record<string, string> = {}): string =>
  `/authorize?${new URLSearchParams({
    client_id: quietApp.publicId,
    redirect_uri: "https://tidetables.example/callback",
    response_type: "code",
    scope: "openid profile email offline_access llm",
    code_challenge: "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM",
    code_challenge_method: "S256",
    ...more,
  })}`

/** From the mailbox of the demo, as a person reads it. */
async function resetLink(app: App): Promise<string> {
  for (let tries = 0; tries < 50; tries++) {
    const link = /https?:\S+reset-password\S+/.exec(app.mailer.mailbox.map((mail) => mail.text).join("\n"))?.[0]
    if (link) return link
    await Bun.sleep(100)
  }
  throw new Error("no reset mail arrived")
}

export async function ofNobody(lived: Lived): Promise<Scenes> {
  const { app } = lived
  const { url: setup } = await app.identity.createSetupLink(CTX)
  const setupPath = new URL(setup).pathname
  return {
    landing: "/",
    "not-found": "/nowhere",
    "oauth-error": "/authorize?client_id=nobody",
    "app-refused": authorizeOf(lived, { response_type: "token" }),
    login: authorizeOf(lived),
    "login-refused": async (page) => {
      await page.getByLabel("Email").fill("ada@example.com")
      await page.getByLabel("Password").fill("not her password")
      await press(page, "Sign in")
      await page.getByRole("alert").waitFor()
    },
    signup: "/signup",
    "signup-refused": async (page) => {
      await page.getByLabel("Email").fill("not an address")
      await press(page, "Create account")
    },
    "verify-email": async (page) => {
      await page.getByLabel("Email").fill("new@example.com")
      await page.getByLabel("Password").fill(PASSWORD)
      await press(page, "Create account")
      await page.waitForURL("**/verify-email*")
      await Bun.sleep(500)
    },
    "verify-refused": async (page) => {
      // A whole code goes by itself.
      await page.getByLabel("Code").fill("000000")
      await page.locator(".field.invalid").first().waitFor()
    },
    forgot: "/forgot-password",
    "forgot-refused": (page) => press(page, "Send the link"),
    "forgot-sent": async (page) => {
      await page.getByLabel("Email").fill("ada@example.com")
      await press(page, "Send the link")
      await page.waitForURL("**/forgot-password/sent")
    },
    reset: async (page) => page.goto(await resetLink(app)),
    "reset-refused": async (page) => {
      await page.getByLabel("New password").fill("short")
      await press(page, "Change password")
    },
    "reset-gone": "/reset-password?token=gone",
    search: "/search?q=password",
    "search-none": "/search?q=tide",
    setup: setupPath,
    "setup-refused": async (page) => {
      await press(page, "Create admin account")
      await page.locator(".field.invalid").first().waitFor()
    },
    "setup-gone": "/setup/gone",
    "callback-refused": async (page) => {
      const asked = page.waitForRequest((request) => request.url().includes("/authorize?"))
      await page.goto(`${lived.url}/console/login`)
      const state = new URL((await asked).url()).searchParams.get("state")
      await page.goto(`${lived.url}/console/callback?${new URLSearchParams({ state: state!, error: "access_denied" })}`)
    },
  }
}

export const ofAda = (lived: Lived): Scenes => {
  const { url } = lived
  return {
    dashboard: "/dashboard",
    "dashboard-open": (page) => page.locator(".movements summary").first().click(),
    credits: async (page) => {
      await page.goto(`${url}/credits`)
      await page.locator(".movements summary").first().click()
    },
    "credits-none": "/credits?kind=refunds",
    "credits-refused": "/credits?from=yesterday",
    apps: "/apps",
    "limits-dialog": (page) => open(page, "Change limit"),
    "limits-refused": async (page) => {
      await page.locator("#limit_llm").fill("")
      await press(page, "Save limit")
      await page.getByText("Enter credits per day").first().waitFor()
    },
    limits: async (page) => {
      await page.goto(`${url}/apps`)
      await follow(page, url, "Change limit")
    },
    "revoke-dialog": async (page) => {
      await page.goto(`${url}/apps`)
      await open(page, "Revoke")
    },
    revoke: async (page) => {
      await page.goto(`${url}/apps`)
      await follow(page, url, "Revoke")
    },
    settings: "/settings",
    "settings-refused": (page) => press(page, "Change password"),
    email: "/settings/email",
    "email-refused": (page) => press(page, "Send the code"),
    "email-code": async (page) => {
      await page.goto(`${url}/settings/email`)
      await page.getByLabel("New email address").fill("ada@lighthouse.example")
      await page.getByLabel("Current password").fill(PASSWORD)
      await press(page, "Send the code")
      await page.waitForURL("**/settings/email/code")
    },
    "email-code-refused": async (page) => {
      await page.getByLabel("Code").fill("123")
      await press(page, "Change my address")
      await page.getByText("Enter the six digits").first().waitFor()
    },
    "choose-account": `${authorizeOf(lived)}&prompt=select_account`,
    consent: authorizeOf(lived),
    "consent-refused": async (page) => {
      await page.locator("#limit_llm").fill("")
      await page
        .locator("form")
        .first()
        .evaluate((form) => form.setAttribute("novalidate", ""))
      await press(page, "Approve")
      await page.locator(".limit.invalid").waitFor()
    },
    "go-on": async (page) => {
      // No content: the browser stays where it is.
      await page.route("https://tidetables.example/**", (route) => route.fulfill({ status: 204 }))
      await page.goto(`${url}${authorizeOf(lived)}`)
      await press(page, "Cancel")
      await page.getByRole("heading", { name: "Back to Tide Tables" }).waitFor()
    },
    forbidden: "/admin",
    agreement: "/developer",
    "agreement-refused": (page) => press(page, "Become a developer"),
    menu: async (page) => {
      await page.setViewportSize({ width: 360, height: 640 })
      await page.goto(`${url}/apps`)
      await page.getByText("Menu").click()
    },
    "developer-first-app": async (page) => {
      await page.goto(`${url}/developer`)
      await page.getByLabel("I accept").check()
      await press(page, "Become a developer")
      await page.getByLabel("Name").waitFor()
    },
    "developer-first-call": async (page) => {
      await page.getByLabel("Name").fill("Paper Lantern")
      await page.getByLabel("Confidential").check()
      await press(page, "Create app")
      await page.getByText("Waiting for your first call").waitFor()
    },
  }
}

export const ofLinus = ({ url, busyApp, quietApp }: Lived): Scenes => {
  const path = `/developer/apps/${busyApp.publicId}`
  return {
    "dashboard-new": "/dashboard",
    "credits-empty": "/credits",
    "apps-empty": "/apps",
    developer: "/developer",
    "app-new": "/developer/apps/new",
    "app-new-refused": (page) => press(page, "Create app"),
    "app-waiting": `/developer/apps/${quietApp.publicId}`,
    app: path,
    "app-secret": async (page) => {
      await press(page, "Make a new secret")
      await page.locator("#new-secret").waitFor()
    },
    "secret-revoke-dialog": async (page) => {
      await page.goto(`${url}${path}`)
      await open(page, "Revoke")
    },
    "secret-revoke": async (page) => {
      await page.goto(`${url}${path}`)
      await follow(page, url, "Revoke")
    },
  }
}

export const ofAdmin = ({ app, url, ada, suspended }: Lived): Scenes => {
  const user = `/admin/users/${ada.publicId}`
  const wallet = `${user}/wallet`
  const owner = { kind: "principal", id: ada.id } as const
  const usage = () => app.ledger.history(owner, "live", { limit: 1, types: ["usage"] })[0]!.transactionId
  const toWallet = (page: Page) => page.goto(`${url}${wallet}`)
  const fill = async (page: Page, fields: Record<string, string>) => {
    for (const [label, value] of Object.entries(fields)) await page.getByLabel(label, { exact: true }).fill(value)
  }
  return {
    "admin-users-search": "/admin/users?q=ada",
    "admin-users-suspended": "/admin/users?status=suspended",
    "admin-users-none": "/admin/users?q=nobody",
    "admin-user": user,
    "admin-user-suspended": `/admin/users/${suspended.publicId}`,
    "admin-user-reinstate-dialog": (page) => open(page, "Reinstate Sam Spender"),
    "admin-user-reinstate": `/admin/users/${suspended.publicId}/reinstatement`,
    "admin-user-suspend": `${user}/suspension`,
    "admin-user-suspend-refused": async (page) => {
      await press(page, /^Suspend/)
      await page.locator(".field.invalid").first().waitFor()
    },
    "admin-user-suspend-dialog": async (page) => {
      await page.goto(`${url}${user}`)
      await open(page, "Suspend Ada Reader")
    },
    "admin-user-audit": `${user}/audit`,
    "admin-user-plan": `${user}/plan`,
    "admin-wallet": wallet,
    "admin-wallet-open": async (page) => {
      await toWallet(page)
      await page.locator(".postings summary").first().click()
    },
    "admin-wallet-none": `${wallet}?type=coupon`,
    "admin-wallet-test": `${wallet}?mode=test`,
    "admin-wallet-used": `${wallet}/used`,
    "admin-wallet-used-test": `${wallet}/used?mode=test`,
    "admin-bonus": `${wallet}/bonus`,
    "admin-bonus-refused": (page) => press(page, "Continue"),
    "admin-bonus-dialog": async (page) => {
      await toWallet(page)
      await open(page, "Give a bonus")
    },
    "admin-bonus-confirm": async (page) => {
      await fill(page, { Amount: "250.5", Reason: "For the report about doubled answers" })
      await press(page, "Continue")
      await page.getByRole("button", { name: /^Give / }).waitFor()
    },
    "admin-bonus-given": async (page) => {
      await press(page, /^Give /)
      await page.getByText(/ got /).waitFor()
    },
    "admin-adjustment": `${wallet}/adjustment`,
    "admin-adjustment-dialog": async (page) => {
      await toWallet(page)
      await open(page, "Adjust")
    },
    "admin-adjustment-refused": async (page) => {
      await press(page, "Continue")
      await page.locator(".field.invalid").first().waitFor()
    },
    "admin-adjustment-confirm": async (page) => {
      await page.goto(`${url}${wallet}/adjustment`)
      await fill(page, { Amount: "40", Reason: "Charged twice by a mistake of ours" })
      await press(page, "Continue")
      await page.getByRole("button", { name: /^(Give|Take) / }).waitFor()
    },
    "admin-balance": `${wallet}/balance`,
    "admin-balance-dialog": async (page) => {
      await toWallet(page)
      await open(page, "Set balance")
    },
    "admin-balance-confirm": async (page) => {
      await page.goto(`${url}${wallet}/balance`)
      await fill(page, { "New balance": "1000", Reason: "Agreed with Ada by mail" })
      await press(page, "Continue")
      await page.getByRole("button", { name: /^Set / }).waitFor()
    },
    "admin-void-dialog": async (page) => {
      await toWallet(page)
      await open(page, "Void")
    },
    "admin-void": async (page) => {
      await toWallet(page)
      await follow(page, url, "Void")
    },
    "admin-transaction": async (page) => page.goto(`${url}${wallet}/transactions/${usage()}`),
    "admin-refund": async (page) => page.goto(`${url}${wallet}/transactions/${usage()}/refund`),
    "admin-reversal": async (page) => page.goto(`${url}${wallet}/transactions/${usage()}/reversal`),
    "admin-books": async (page) => {
      await page.goto(`${url}/admin/books`)
      await press(page, "Verify now")
      await page.getByText("Everything that was checked").waitFor()
    },
    "admin-audit-none": "/admin/audit?actor=nobody",
    "admin-plan": "/admin/plans/professional",
    "admin-plan-refused": async (page) => {
      await page.locator("main input[type=text]").first().fill("")
      await press(page, /^Save/)
      await page.locator(".field.invalid").first().waitFor()
    },
    "admin-upstream": `/admin/upstreams/${app.gateway.upstreams().find(({ kind }) => kind !== "sandbox")!.publicId}`,
    "admin-upstream-off": `/admin/upstreams/${app.gateway.upstreams()[0]!.publicId}/deactivation`,
    "admin-upstream-routing": `/admin/upstreams/${app.gateway.upstreams()[0]!.publicId}/routing`,
    "admin-upstream-new": "/admin/upstreams/new",
    "admin-upstream-refused": (page) => press(page, "Save and test"),
    "admin-upstream-preset": "/admin/upstreams/new?preset=groq",
    "admin-earnings": "/admin/earnings",
    "admin-earnings-refused": (page) => press(page, "Save terms"),
    "admin-settings": "/admin/settings",
    "admin-setting": "/admin/settings/developers.paid_days",
    "admin-setting-refused": (page) => press(page, "Save setting"),
    "admin-missing": "/admin/users/nobody",
  }
}

/** A server of one minute: the setup link is followed, then every page that has nothing to show yet. */
export const ofFirstMinute = (setup: string): Scenes => ({
  "first-admin": async (page) => {
    await page.goto(setup)
    await page.getByLabel("Name").fill("Grace Operator")
    await page.getByLabel("Email").fill("grace@example.com")
    await page.getByLabel("Password").fill(PASSWORD)
    await press(page, "Create admin account")
    await page.getByRole("heading", { name: "Overview" }).waitFor()
  },
  "first-dashboard": "/dashboard",
  "first-upstreams": "/admin/upstreams",
  "first-users": "/admin/users",
  "first-books": "/admin/books",
  "first-audit": "/admin/audit",
  "first-earnings": "/admin/earnings",
  "first-settings": "/settings",
  "first-landing": "/",
})
