// Every page with data, friendly and hostile, for the view tests and the screenshots. Not part of the product.
import { credits, type Nano, nano } from "../src/app/units.ts"
import { AdminHomePage } from "./admin/home.tsx"
import { AdminUpstreamNewPage, AdminUpstreamsPage } from "./admin/upstreams.tsx"
import { AdminUserPage, AdminUsersPage, type UserRow } from "./admin/users.tsx"
import { ConsentPage, type ConsentProps } from "./auth/consent.tsx"
import { LoginPage } from "./auth/login.tsx"
import { LogoutPage, SignedOutPage } from "./auth/logout.tsx"
import { MessagePage } from "./auth/message.tsx"
import { SetupPage } from "./auth/setup.tsx"
import { SignupPage } from "./auth/signup.tsx"
import { VerifyEmailPage } from "./auth/verify-email.tsx"
import { AppRevokePage, AppsPage, type ConnectedApp } from "./console/apps.tsx"
import { DashboardPage, type DashboardProps } from "./console/dashboard.tsx"
import { SettingsPage } from "./console/settings.tsx"
import { AppSecretRevokePage, type DeveloperAppDetail, DeveloperAppPage } from "./developer/app.tsx"
import { AppNewPage } from "./developer/app-new.tsx"
import { DeveloperHomePage } from "./developer/home.tsx"
import { ErrorPage } from "./errors/error.tsx"
import type { Frame, Theme } from "./layout/frame.ts"
import { LandingPage } from "./public/landing.tsx"
import { MailboxPage } from "./public/mailbox.tsx"

const DAY = 86_400_000
export const NOW = Date.UTC(2026, 10, 20, 14, 30)
const ago = (ms: number): number => NOW - ms

export interface Words {
  /** A person's or app's name. */
  name: string
  email: string
  /** Free text such as a reason or a mail's body. */
  text: string
}

export const FRIENDLY: Words = {
  name: "Storyteller",
  email: "mara.lindqvist@example.com",
  text: "Your code is 402 118.",
}

/** Markup, quotes, right-to-left, an emoji made of several code points, and 300 letters without a space. */
export const HOSTILES: readonly Words[] = [
  `<script>alert(1)</script>"'><img src=x onerror=alert(2)>`,
  `</textarea></title></style><svg onload=alert(3)>`,
  "x".repeat(300),
  "\u202Eمرحبا بالعالم\u202C שלום",
  "👩‍👩‍👧‍👦 fam\u0000ily 🧨",
].map((name) => ({ name, email: name, text: name }))

const frameFor = (words: Words, theme: Theme, path: string, more: Partial<Frame> = {}): Frame => ({
  theme,
  path,
  csrf: "csrf-token",
  requestId: "req_01JD4Z9W5H7Q8R2T3V4X5Y6Z7A",
  user: {
    name: words === FRIENDLY ? "Mara Lindqvist" : words.name,
    email: words.email,
    isDeveloper: true,
    isAdmin: true,
  },
  ...more,
})

export const dayPoints = (scale = 1): { dayMs: number; used: Nano }[] =>
  Array.from({ length: 30 }, (_, index) => ({
    dayMs: ago((29 - index) * DAY),
    used: nano(Math.round((Math.sin(index / 3) + 1.4) * 61_300_000 * scale * (index % 7 > 4 ? 0.4 : 1))),
  }))

const consent = (words: Words, frame: Frame): ConsentProps => ({
  frame,
  txn: "atx_opaque",
  client: {
    name: words.name,
    developerName: words === FRIENDLY ? "Paper Lantern Studio" : words.name,
    verified: words === FRIENDLY,
    returnHost: words === FRIENDLY ? "storyteller.example" : words.name,
    loopback: words !== FRIENDLY,
  },
  email: words.email,
  scopes: [
    { scope: "profile", sentence: "See your name", checked: true },
    { scope: "email", sentence: "See your email address", checked: true },
    { scope: "offline_access", sentence: "Stay connected while you are away", checked: false },
    {
      scope: "llm",
      sentence: "Chat with AI models",
      checked: true,
      limit: { perDay: credits(50), max: credits(500), estimate: { each: nano(1_900_000), noun: "chats" } },
    },
    {
      scope: "image-generation",
      sentence: "Make images",
      checked: false,
      limit: { perDay: credits(200), max: credits(1000), estimate: { each: credits(40), noun: "images" } },
    },
  ],
})

const dashboard = (words: Words, frame: Frame): DashboardProps => ({
  frame,
  now: NOW,
  spendable: nano(1_240_004_000_000 / 1000),
  held: nano(3_800_000),
  claim: { state: "waiting", amount: credits(100), nextAtMs: NOW + 5 * 3_600_000 + 720_000 },
  streakDays: 6,
  usedToday: nano(86_400_000),
  usedThisMonth: nano(1_612_300_000),
  days: dayPoints(),
  topApps: [
    { label: words.name, used: credits(812), href: "/apps" },
    { label: "Margin Notes", used: credits(506), href: "/apps" },
    { label: "Kitchen Helper", used: credits(201), href: "/apps" },
    { label: "Your own key", used: nano(92_300_000) },
  ],
  byType: [
    { label: "Chat", used: credits(1130) },
    { label: "Images", used: credits(402) },
    { label: "Embeddings", used: nano(80_300_000) },
  ],
  movements: [
    {
      id: "txn_01JD4Z9W5H7Q8R2T3V4X5Y6Z7A",
      atMs: ago(40_000),
      type: "usage",
      amount: nano(-1_900_000),
      balanceAfter: nano(1_240_004_000),
      app: words.name,
      model: "gpt-5-mini",
      inputTokens: 812,
      outputTokens: 204,
      parts: [
        { label: "Model price", amount: nano(950_000) },
        { label: "Developer's share", amount: nano(475_000) },
        { label: "Platform's share", amount: nano(475_000) },
      ],
    },
    {
      id: "txn_2",
      atMs: ago(180_000),
      type: "usage",
      amount: nano(-42_000_000),
      app: "Margin Notes",
      model: "gpt-5",
      inputTokens: 12_004,
      outputTokens: 1_980,
    },
    { id: "txn_3", atMs: ago(7_200_000), type: "daily_bonus", amount: credits(100) },
    { id: "txn_4", atMs: ago(2 * DAY), type: "expiry", amount: nano(-20_500_000) },
    { id: "txn_5", atMs: ago(9 * DAY), type: "adjustment", amount: credits(500), note: words.text },
  ],
})

const connected = (words: Words): ConnectedApp[] => [
  {
    id: "cli_1",
    name: words.name,
    developerName: words === FRIENDLY ? "Paper Lantern Studio" : words.name,
    verified: true,
    authorizedAtMs: ago(12 * DAY),
    lastUsedMs: ago(40_000),
    limits: [
      { scope: "llm", label: "Chat", usedToday: nano(21_900_000), limit: credits(50) },
      { scope: "image-generation", label: "Images", usedToday: credits(190), limit: credits(200) },
    ],
  },
  {
    id: "cli_2",
    name: "Margin Notes",
    developerName: "Ida Okafor",
    verified: false,
    suspended: true,
    authorizedAtMs: ago(90 * DAY),
    lastUsedMs: null,
    limits: [],
  },
]

const appDetail = (words: Words): DeveloperAppDetail => ({
  id: "cli_01JD4Z9W5H7Q8R2T3V4X5Y6Z7A",
  name: words.name,
  type: "confidential",
  homepageUrl: "https://storyteller.example",
  redirectUris: [words === FRIENDLY ? "https://storyteller.example/callback" : words.name],
  scopes: ["profile", "email", "llm"],
  secrets: [{ id: "sec_1", prefix: "cs_live_9fK2", createdAtMs: ago(3 * DAY), lastUsedMs: ago(60_000) }],
  calls: 18_204,
  users: 312,
  earnings: nano(12_404_120_000),
  firstCallMs: null,
})

const people = (words: Words): UserRow[] => [
  {
    id: "usr_1",
    name: words.name,
    email: words.email,
    status: "active",
    isDeveloper: true,
    isAdmin: true,
    balance: credits(1240),
    createdAtMs: ago(200 * DAY),
    lastSeenMs: ago(30_000),
  },
  {
    id: "usr_2",
    name: null,
    email: words.email,
    status: "unverified",
    isDeveloper: false,
    isAdmin: false,
    balance: nano(0),
    createdAtMs: ago(3 * 3_600_000),
    lastSeenMs: null,
  },
  {
    id: "usr_3",
    name: "Noor Haddad",
    email: "noor@example.com",
    status: "suspended",
    isDeveloper: false,
    isAdmin: false,
    balance: nano(4_310_000),
    createdAtMs: ago(40 * DAY),
    lastSeenMs: ago(6 * DAY),
  },
]

const issuer = "https://purser.example"
const api = { issuer, apiBaseUrl: `${issuer}/v1`, sampleModel: "gpt-5-mini" }
const SCOPES = [
  { scope: "profile", sentence: "See your name" },
  { scope: "email", sentence: "See your email address" },
  { scope: "offline_access", sentence: "Stay connected while you are away" },
  { scope: "llm", sentence: "Chat with AI models" },
]
const PROVIDERS = [
  { value: "openai", label: "OpenAI" },
  { value: "openrouter", label: "OpenRouter" },
]

/** Name → page, for one set of words and one theme. */
export function allPages(words: Words, theme: Theme): Record<string, JSX.Element> {
  const at = (path: string, more?: Partial<Frame>): Frame => frameFor(words, theme, path, more)
  const out = (path: string): Frame => at(path, { user: undefined })
  const wrong = { form: words.text, email: words.text, name: words.text }
  const me = people(words)
  return {
    login: <LoginPage frame={out("/login")} txn="atx_1" clientName={words.name} values={{ email: words.email }} />,
    "login-error": (
      <LoginPage
        frame={{ ...out("/login"), demo: true }}
        values={{ email: words.email }}
        errors={{
          form:
            words === FRIENDLY ? "That email and password do not match. Check both, or create an account." : words.text,
        }}
      />
    ),
    signup: <SignupPage frame={out("/signup")} txn="atx_1" clientName={words.name} />,
    "signup-error": (
      <SignupPage
        frame={out("/signup")}
        values={{ name: words.name, email: words.email }}
        errors={
          words === FRIENDLY
            ? { email: "Enter an address like name@example.com", password: "Use at least 8 characters" }
            : { ...wrong, password: words.text }
        }
      />
    ),
    "verify-email": (
      <VerifyEmailPage
        frame={{
          ...out("/verify-email"),
          demo: true,
          flash: { kind: "ok", text: words === FRIENDLY ? "A new code is on its way." : words.text },
        }}
        txn="atx_1"
        clientName={words.name}
        maskedEmail={words === FRIENDLY ? "m…@example.com" : words.email}
      />
    ),
    consent: <ConsentPage {...consent(words, at("/authorize/consent"))} />,
    "consent-error": (
      <ConsentPage
        {...consent(words, at("/authorize/consent"))}
        client={{ ...consent(words, at("/")).client, loopback: true, verified: false }}
        errors={{ limit_llm: words === FRIENDLY ? "Enter a number of credits, for instance 50" : words.text }}
      />
    ),
    logout: <LogoutPage frame={at("/logout")} txn="lgt_1" />,
    "signed-out": <SignedOutPage frame={out("/signed-out")} />,
    setup: <SetupPage frame={out("/setup/x")} token={`t/${words.name}`} values={words} />,
    message: (
      <MessagePage
        frame={out("/setup/x")}
        title={words === FRIENDLY ? "This link was used" : words.name}
        text={
          words === FRIENDLY ? "Each setup link works once. Print a new one with: purser admin login-link" : words.text
        }
        action={{ href: "/login", label: "Sign in" }}
        showRequestId
      />
    ),
    dashboard: (
      <DashboardPage
        {...dashboard(
          words,
          at("/dashboard", { flash: { kind: "ok", text: words === FRIENDLY ? "100 credits are yours." : words.text } }),
        )}
      />
    ),
    "dashboard-new": (
      <DashboardPage
        {...dashboard(
          words,
          at("/dashboard", {
            demo: true,
            user: { name: null, email: words.email, isDeveloper: false, isAdmin: false },
          }),
        )}
        spendable={credits(0)}
        held={nano(0)}
        claim={{ state: "ready", amount: credits(100) }}
        streakDays={0}
        usedToday={nano(0)}
        usedThisMonth={nano(0)}
        days={dayPoints(0)}
        topApps={[]}
        byType={[]}
        movements={[]}
      />
    ),
    apps: <AppsPage frame={at("/apps")} now={NOW} apps={connected(words)} />,
    "apps-error": (
      <AppsPage
        frame={at("/apps")}
        now={NOW}
        apps={connected(words)}
        failed={{
          id: "cli_1",
          errors: { limit_llm: words === FRIENDLY ? "Enter a number of credits, for instance 50" : words.text },
        }}
      />
    ),
    "apps-empty": <AppsPage frame={at("/apps")} now={NOW} apps={[]} />,
    "apps-revoke": (
      <AppRevokePage
        frame={at("/apps/cli_1/revocation")}
        app={{ id: "cli_1", name: words.name, authorizedAtMs: ago(12 * DAY) }}
      />
    ),
    settings: (
      <SettingsPage
        frame={at("/settings")}
        now={NOW}
        name={words.name}
        email={words.email}
        sessions={[
          {
            id: "ses_1",
            device: words === FRIENDLY ? "Firefox on Linux" : words.text,
            ip: "203.0.113.7",
            createdAtMs: ago(DAY),
            lastSeenMs: ago(20_000),
            current: true,
          },
          {
            id: "ses_2",
            device: "Safari on iPhone",
            ip: null,
            createdAtMs: ago(30 * DAY),
            lastSeenMs: ago(3 * DAY),
            current: false,
          },
        ]}
      />
    ),
    "developer-agreement": (
      <DeveloperHomePage
        frame={at("/developer")}
        now={NOW}
        agreed={false}
        sharePercent={50}
        apps={[]}
        errors={words === FRIENDLY ? undefined : { accept: words.text }}
      />
    ),
    developer: (
      <DeveloperHomePage
        frame={at("/developer")}
        now={NOW}
        agreed
        sharePercent={50}
        apps={[
          { ...appDetail(words), createdAtMs: ago(3 * DAY) },
          {
            ...appDetail(words),
            id: "cli_2",
            name: "Margin Notes",
            type: "public",
            calls: 0,
            users: 0,
            earnings: nano(0),
            createdAtMs: ago(60_000),
            suspended: true,
          },
        ]}
      />
    ),
    "developer-empty": <DeveloperHomePage frame={at("/developer")} now={NOW} agreed sharePercent={50} apps={[]} />,
    "app-new": (
      <AppNewPage
        frame={at("/developer/apps/new")}
        scopes={SCOPES}
        values={{ name: words.name, redirect_uris: words.text, homepage_url: words.text }}
        errors={
          words === FRIENDLY
            ? { redirect_uris: "Line 1 is not an address. Begin with https://" }
            : { ...wrong, redirect_uris: words.text, type: words.text, scope: words.text, homepage_url: words.text }
        }
      />
    ),
    app: (
      <DeveloperAppPage
        frame={at("/developer/apps/cli_1")}
        now={NOW}
        app={appDetail(words)}
        newSecret={words === FRIENDLY ? "cs_live_9fK2wYb7Qm4T1xVn8ZpR3sLd6HcJ5gAe" : words.text}
        {...api}
      />
    ),
    "app-public": (
      <DeveloperAppPage
        frame={at("/developer/apps/cli_1")}
        now={NOW}
        app={{ ...appDetail(words), type: "public", secrets: [], firstCallMs: ago(30_000) }}
        {...api}
        issuer="http://127.0.0.1:8787"
      />
    ),
    "app-secret-revoke": (
      <AppSecretRevokePage
        frame={at("/developer/apps/cli_1")}
        app={{ id: "cli_1", name: words.name }}
        secret={appDetail(words).secrets[0]!}
      />
    ),
    admin: (
      <AdminHomePage
        frame={at("/admin")}
        checks={[
          { label: "Service", state: "ok", text: "up for 6 days" },
          {
            label: "Upstreams",
            state: "warn",
            text: words === FRIENDLY ? "1 of 3 failing" : words.text,
            href: "/admin/upstreams",
          },
          { label: "Books", state: "ok", text: "verified 3 min ago" },
          { label: "Jobs", state: "ok", text: "none late" },
        ]}
        metrics={{
          users: 1_204,
          newUsersToday: 18,
          apps: 42,
          callsToday: 18_204,
          failedCallsToday: 31,
          chargedToday: nano(84_120_000_000),
          upstreamCostToday: nano(42_060_000_000),
          revenueToday: nano(21_030_000_000),
        }}
        days={dayPoints(900)}
        queues={[{ label: "Models without a price", count: 4, href: "/admin/prices" }]}
      />
    ),
    "admin-users": (
      <AdminUsersPage
        frame={at("/admin/users")}
        now={NOW}
        query={words === FRIENDLY ? "" : words.text}
        users={me}
        nextHref="/admin/users?after=usr_3"
      />
    ),
    "admin-users-empty": <AdminUsersPage frame={at("/admin/users")} now={NOW} query={words.text} users={[]} />,
    "admin-user": (
      <AdminUserPage
        frame={at("/admin/users/usr_1")}
        now={NOW}
        user={me[0]!}
        held={nano(3_800_000)}
        apps={[{ id: "cli_1", name: words.name, lastUsedMs: ago(60_000) }]}
        errors={words === FRIENDLY ? undefined : { reason: words.text }}
      />
    ),
    "admin-user-suspended": (
      <AdminUserPage
        frame={at("/admin/users/usr_3")}
        now={NOW}
        user={me[2]!}
        held={nano(0)}
        suspension={{ reason: words.text, atMs: ago(DAY), by: words.name }}
        apps={[]}
      />
    ),
    upstreams: (
      <AdminUpstreamsPage
        frame={at("/admin/upstreams")}
        now={NOW}
        upstreams={[
          {
            id: "ups_1",
            name: words.name,
            kind: "openai-compatible",
            baseUrl: "https://api.openai.com/v1",
            state: "healthy",
            models: 64,
            lastTest: { atMs: ago(300_000), ok: true, message: words === FRIENDLY ? "Answered in 412 ms" : words.text },
          },
          {
            id: "ups_2",
            name: "Sandbox",
            kind: "sandbox",
            baseUrl: null,
            state: "untested",
            models: 1,
            lastTest: null,
          },
        ]}
      />
    ),
    "upstreams-empty": <AdminUpstreamsPage frame={at("/admin/upstreams")} now={NOW} upstreams={[]} />,
    "upstream-new": (
      <AdminUpstreamNewPage
        frame={at("/admin/upstreams/new")}
        providers={PROVIDERS}
        values={{ name: words.name, base_url: words.text }}
        errors={
          words === FRIENDLY
            ? { base_url: "This address did not answer. Check it and try again." }
            : { ...wrong, base_url: words.text, api_key: words.text, provider: words.text, kind: words.text }
        }
      />
    ),
    landing: <LandingPage frame={{ ...out("/"), demo: true }} {...api} dailyCredits={100} />,
    mailbox: (
      <MailboxPage
        frame={{ ...out("/mailbox"), demo: true }}
        now={NOW}
        mails={[
          {
            id: "m2",
            to: words.email,
            subject: words === FRIENDLY ? "Your code is 402118" : words.text,
            text: `${words.text}\n\nIt works for 10 minutes.`,
            sentAtMs: ago(20_000),
          },
        ]}
      />
    ),
    "mailbox-empty": <MailboxPage frame={{ ...at("/mailbox"), demo: true }} now={NOW} mails={[]} />,
    "error-404": (
      <ErrorPage
        frame={out("/nowhere")}
        status={404}
        title="There is nothing here"
        message={words === FRIENDLY ? "The address may be mistyped, or the page has moved." : words.text}
      />
    ),
    "error-402": (
      <ErrorPage
        frame={at("/x")}
        status={402}
        title="Not enough credits"
        message="This needs 1.9 credits and you can spend 0.4."
      />
    ),
    "error-500": (
      <ErrorPage
        frame={at("/x")}
        status={500}
        title="Something failed on our side"
        message="Nothing was charged. Try again in a minute."
      />
    ),
  }
}
